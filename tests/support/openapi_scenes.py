"""The requests whose answers are the examples of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx

from api import dependencies
from api.auth import User
from knight_vision.domain.job import GameId
from knight_vision.errors import QueueUnavailableError
from tests.support.small_world import OTHER
from tests.unit.api.conftest import SmallApi

PGN_TYPE = "application/x-chess-pgn"
FOOLS_MATE = (
    '[White "Bob"]\n[Black "Alice"]\n[Date "2026.11.21"]\n[Result "0-1"]\n\n1. f3 e5 2. g4 Qh4# 0-1\n'
)
OTHER_GAME = '[White "Alice"]\n[Black "Bob"]\n\n1. e4 e5 2. Qh5 Ke7 3. Qxe5# 1-0\n'
NO_GAME = "1. e4 e5 2. Qxh9 *\n"
UNKNOWN = "00000000-0000-4000-8000-000000000000"

Ask = Callable[..., httpx.Response]


def play(ask: Ask, api: SmallApi) -> None:
    """One request for each operation and each kind of answer that is a success."""
    api.world.store.operators.add(api.user.id)
    ask("GET", "/health")
    ask("GET", "/health/ready")
    api.world.bus.is_away = True
    ask("GET", "/health/ready")
    api.world.bus.is_away = False

    submitted = ask("POST", "/v1/games", json={"pgn": f"{FOOLS_MATE}\n{NO_GAME}"})
    game = f"/v1/games/{submitted.json()['games'][0]['id']}"
    ask("POST", "/v1/games", content=FOOLS_MATE, headers={"Content-Type": PGN_TYPE})
    other = ask("POST", "/v1/games", content=OTHER_GAME, headers={"Content-Type": "text/plain"})
    filters = {"player": "alice", "white": "bob", "black": "alice", "opening": "A00", "result": "0-1"}
    days = {"played_from": "2026-11-01", "played_to": "2026-11-30"}
    ask("GET", "/v1/games", params={**filters, **days, "analysed": "false", "sort": "-played_on"})
    page = ask("GET", "/v1/games", params={"limit": "1"}).json()
    ask("GET", "/v1/games", params={"limit": "1", "cursor": page["next_cursor"]})
    ask("GET", game)
    ask("POST", f"{game}/enhanced-annotate", params={"wait_for_analysis": "false"})
    ask("GET", f"{game}/analysis/status")
    api.world.answer_calls()
    ask("POST", f"{game}/enhanced-annotate")
    ask("GET", f"{game}/analysis")
    ask("GET", f"{game}/analysis", headers={"Accept": PGN_TYPE})
    ask("POST", f"{game}/analysis/feedback", json={"rating": 5, "comment": "Now I see what g4 did."})
    begun = ask("POST", "/v1/games/process-unannotated", params={"limit": "50"})
    ask("GET", begun.headers["Location"])
    ask(
        "POST",
        "/v1/games",
        content=FOOLS_MATE,
        headers={"Content-Type": PGN_TYPE},
        params={"annotate": "true"},
    )
    ask("DELETE", f"/v1/games/{other.json()['games'][0]['id']}/analysis")
    ask("GET", "/v1/me/quota", headers=api.sign_in())

    for pgn in (FOOLS_MATE, OTHER_GAME):
        given_up = api.world.submit(pgn, user=OTHER)
        api.world.request(given_up, user=OTHER)
        api.world.store.fail(given_up, 1, "segment 0 was given up after 3 attempts")
        api.world.queue.remove(given_up, 1)
    ask("GET", "/v1/operations/metrics")
    page = ask("GET", "/v1/operations/dead-letters", params={"limit": "1"}).json()
    ask("GET", "/v1/operations/dead-letters", params={"limit": "1", "cursor": page["next_cursor"]})
    ask("POST", "/v1/operations/dead-letters/redrive", json={"game_ids": [given_up]})


def play_the_end(ask: Ask, api: SmallApi) -> None:
    """Take everything along, and delete it."""
    for number in range(30):
        api.world.submit(f'[White "{number}"]\n\n1. e4 e5 *')
    page = ask("GET", "/v1/me/export")
    ask("GET", "/v1/me/export", params={"cursor": page.json()["next_cursor"]})
    ask("DELETE", f"/v1/games/{page.json()['games'][0]['id']}")
    ask("DELETE", "/v1/me", headers={"Confirm-Delete": "everything"})


def provoke(ask: Ask, api: SmallApi) -> None:
    """One request for each problem that can be asked for."""
    [game, unasked] = [GameId(row.id) for row in list(api.world.store.rows.values())[:2]]
    ask("GET", f"/v1/games/{UNKNOWN}")
    ask("GET", f"/v1/batches/{UNKNOWN}")
    ask("GET", "/v1/games", params={"limit": "1000"})
    ask("GET", f"/v1/games/{api.world.submit()}/analysis")
    ask("DELETE", f"/v1/games/{game}/analysis")
    ask("GET", f"/v1/games/{game}/analysis", headers={"Accept": "image/png"})
    ask("POST", "/v1/games", content=NO_GAME, headers={"Content-Type": PGN_TYPE})
    ask("POST", "/v1/games", content="<game/>", headers={"Content-Type": "application/xml"})
    provoke_the_gate(ask, api)
    settings = api.world.settings
    api.world.settings = replace(settings, max_body_bytes=10)
    ask("POST", "/v1/games", content=OTHER_GAME, headers={"Content-Type": PGN_TYPE})
    api.world.settings = replace(settings, max_unfinished_games=0)
    ask("POST", f"/v1/games/{unasked}/enhanced-annotate")
    api.world.settings = settings
    api.world.queue.unfinished_games = not_there  # type: ignore[assignment,method-assign]
    ask("POST", f"/v1/games/{unasked}/enhanced-annotate")
    api.world.store.is_away = True
    ask("GET", "/v1/games")
    api.world.store.is_away = False
    api.user = User(OTHER, "token")
    ask("GET", "/v1/operations/metrics")
    del api.app.dependency_overrides[dependencies.current_user]
    ask("GET", "/v1/games")


def not_there(*_: object) -> int:
    """As when Redis is away."""
    raise QueueUnavailableError("Redis does not answer: connection refused")


def provoke_the_gate(ask: Ask, api: SmallApi) -> None:
    """What is answered around the routes: too fast, too many in a day, a key that is in use or used up."""
    settings = api.world.settings
    headers = {**api.sign_in(), "Content-Type": PGN_TYPE, "Idempotency-Key": "3f1c"}
    add_games = api.world.store.add_games

    def and_meanwhile_again(*args: Any, **how: Any) -> Any:
        api.world.store.add_games = add_games  # type: ignore[method-assign]
        ask("POST", "/v1/games", content=FOOLS_MATE, headers=headers)
        return add_games(*args, **how)

    api.world.store.add_games = and_meanwhile_again  # type: ignore[method-assign]
    ask("POST", "/v1/games", content=FOOLS_MATE, headers=headers)
    ask("POST", "/v1/games", content=OTHER_GAME, headers=headers)
    api.world.settings = replace(settings, max_games_per_day=0)
    ask("POST", "/v1/games", content="1. b3 *", headers={"Content-Type": PGN_TYPE})
    api.world.settings = replace(settings, address_requests_burst=1)
    ask("GET", "/v1/games")
    ask("GET", "/v1/games")
    api.world.settings = settings
