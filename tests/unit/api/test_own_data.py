"""What users do with what is theirs: rate it, take it along, delete it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from knight_vision.domain.job import GameId
from knight_vision.errors import QueueUnavailableError
from knight_vision.services import own_data
from tests.support.memory_queue import MemoryQueue
from tests.support.small_world import OTHER, USER
from tests.unit.api.conftest import SmallApi

EVERYTHING = {"Confirm-Delete": "everything"}


class QueueThatCannotRemove(MemoryQueue):
    def remove(self, game_id: GameId, generation: int) -> bool:
        raise QueueUnavailableError("away")


def a_requested_game(api: SmallApi) -> GameId:
    game_id = api.world.submit()
    api.world.request(game_id)
    return game_id


def rate(api: SmallApi, game_id: str, **body: Any) -> Any:
    return api.ask("POST", f"/v1/games/{game_id}/analysis/feedback", json=body)


# Feedback


def test_a_report_is_rated_once_and_the_rating_may_be_changed(api: SmallApi) -> None:
    game_id = a_requested_game(api)
    assert rate(api, game_id, rating=5).json()["code"] == "analysis_not_found", "there is no report yet"
    api.world.answer_calls()
    first = rate(api, game_id, rating=2, comment="It missed Qb8+!").json()
    assert (first["rating"], first["comment"], first["report_phase"]) == (2, "It missed Qb8+!", "complete")
    api.world.clock.advance(5_000)
    second = rate(api, game_id, rating=5).json()
    assert (second["rating"], second["comment"]) == (5, None)
    assert second["created_at"] == first["created_at"] < second["updated_at"]
    told = [
        (name, value, where) for name, value, where in api.world.observer.metrics if name == "Satisfaction"
    ]
    assert told == [("Satisfaction", 2, {"phase": "complete"}), ("Satisfaction", 5, {"phase": "complete"})]
    api.world.store.operators.add(USER)
    shown = api.ask("GET", "/v1/operations/metrics").json()["feedback"]
    assert shown == {"ratings": 1, "mean_rating": 5.0}
    api.world.clock.advance(31 * 86_400_000)
    shown = api.ask("GET", "/v1/operations/metrics").json()["feedback"]
    assert shown == {"ratings": 0, "mean_rating": None}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rating": 0},
        {"rating": 6},
        {"rating": "5"},
        {"rating": 4.5},
        {"rating": None},
        {"rating": True},
        {"rating": 5, "comment": "x" * 2001},
        {"rating": 5, "comment": 1},
    ],
)
def test_what_is_no_rating_is_refused(api: SmallApi, body: Any) -> None:
    game_id = a_requested_game(api)
    api.world.answer_calls()
    assert rate(api, game_id, **body).status_code == 422
    assert not api.world.store.feedback
    assert rate(api, game_id, rating=5, comment="x" * 2000).status_code == 200


def test_a_foreign_report_cannot_be_rated(api: SmallApi) -> None:
    foreign = api.world.submit(user=OTHER)
    api.world.request(foreign, user=OTHER)
    api.world.answer_calls()
    assert rate(api, foreign, rating=1).json()["code"] == "game_not_found"
    assert not api.world.store.feedback


# Deleting


def test_a_deleted_game_takes_all_that_hangs_on_it(api: SmallApi) -> None:
    game_id = a_requested_game(api)
    api.world.answer_calls()
    rate(api, game_id, rating=3)
    answer = api.ask("DELETE", f"/v1/games/{game_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/analysis"), ("GET", "/analysis/status")):
        again = api.ask(method, f"/v1/games/{game_id}{path}")
        assert (again.status_code, again.json()["code"]) == (404, "game_not_found")
    assert not api.world.store.rows
    assert not api.world.store.feedback


def test_a_deleted_game_leaves_the_queue_and_the_sweeper_puts_nothing_back(api: SmallApi) -> None:
    game_id = a_requested_game(api)
    api.world.run(api.world.bus.calls.pop(0))
    assert api.ask("DELETE", f"/v1/games/{game_id}").status_code == 204
    assert api.world.queue.counts().jobs == 0
    api.world.clock.advance(3_600_000)
    api.world.sweep()
    api.world.answer_calls()
    assert api.world.queue.counts().jobs == 0
    assert api.world.submit() != game_id, "it may be stored anew"


def test_a_queue_that_is_away_does_not_stop_deleting_and_its_worker_drops_the_job(api: SmallApi) -> None:
    api.world.queue = QueueThatCannotRemove(api.world.clock)
    game_id = a_requested_game(api)
    assert api.ask("DELETE", f"/v1/games/{game_id}").status_code == 204
    queue = MemoryQueue(api.world.clock)
    queue.state = api.world.queue.state
    api.world.queue = queue
    api.world.answer_calls()
    assert queue.counts().jobs == 0


def test_a_foreign_game_cannot_be_deleted(api: SmallApi) -> None:
    foreign = api.world.submit(user=OTHER)
    api.world.request(foreign, user=OTHER)
    assert api.ask("DELETE", f"/v1/games/{foreign}").json()["code"] == "game_not_found"
    assert api.world.queue.counts().jobs == 1
    assert api.world.store.rows


def test_everything_is_deleted_only_when_that_is_said(api: SmallApi) -> None:
    games = [a_requested_game(api), api.world.submit("1. d4 d5 *")]
    foreign = api.world.submit(user=OTHER)
    api.world.request(foreign, user=OTHER)
    api.world.store.profiles[USER] = {"plan": "free"}
    api.world.store.plans[USER] = "free"
    for headers in ({}, {"Confirm-Delete": "yes"}):
        assert api.ask("DELETE", "/v1/me", headers=headers).json()["code"] == "invalid_request"
    assert set(api.world.store.rows) == {*games, foreign}
    assert api.ask("DELETE", "/v1/me", headers=EVERYTHING).status_code == 204
    assert set(api.world.store.rows) == {foreign}
    assert api.world.queue.known([*games, foreign]) == {foreign}
    assert not api.world.store.profiles
    assert api.ask("DELETE", "/v1/me", headers=EVERYTHING).status_code == 204, "it may be repeated"
    assert USER in api.world.store.plans, "the account stays"
    assert api.ask("GET", "/v1/me/export").json() == {
        "user_id": USER,
        "profile": None,
        "batches": [],
        "games": [],
        "next_cursor": None,
    }


def test_the_account_is_deleted_only_when_that_is_said(api: SmallApi) -> None:
    game_id = a_requested_game(api)
    api.world.store.plans[USER] = api.world.store.plans[OTHER] = "free"
    for _ in range(2):
        assert api.ask("DELETE", "/v1/me", headers={"Confirm-Delete": "account"}).status_code == 204
        assert set(api.world.store.plans) == {OTHER}
    assert game_id not in api.world.store.rows


def test_a_redo_of_a_degraded_report_is_forgotten_with_everything_else(api: SmallApi) -> None:
    game_id = a_requested_game(api)
    api.world.answer_calls()
    row = api.world.store.rows[game_id].analysis
    assert row is not None
    row.degraded = True
    api.world.requests.of_degraded(1, "sweeper")
    assert api.world.queue.counts().jobs == 1
    api.ask("DELETE", "/v1/me", headers=EVERYTHING)
    assert api.world.queue.counts().jobs == 0


# Export


def test_everything_is_exported_page_by_page(api: SmallApi) -> None:
    games = [
        str(api.world.submit(f'[White "{n}"]\n\n1. e4 e5 *')) for n in range(2 * own_data.MOST_EXPORTED + 1)
    ]
    api.world.request(GameId(games[0]))
    api.world.answer_calls()
    rate(api, games[0], rating=4, comment="good")
    api.world.submit(user=OTHER)
    api.world.store.profiles[USER] = {
        "user_id": USER,
        "plan": "free",
        "is_operator": False,
        "created_at": "x",
    }
    pages = [api.ask("GET", "/v1/me/export").json()]
    while cursor := pages[-1]["next_cursor"]:
        answer = api.ask("GET", "/v1/me/export", params={"cursor": cursor})
        assert answer.headers["Cache-Control"] == "no-store"
        pages.append(answer.json())
    assert [len(page["games"]) for page in pages] == [own_data.MOST_EXPORTED, own_data.MOST_EXPORTED, 1]
    exported = [game for page in pages for game in page["games"]]
    assert [game["id"] for game in exported] == games
    first, second = exported[:2]
    assert [move["san"] for move in first["analysis"]["moves"]] == ["e4", "e5"]
    assert first["analysis"]["report"]["phase"] == "complete"
    assert (first["feedback"]["rating"], first["feedback"]["comment"]) == (4, "good")
    assert first["pgn"].startswith("[")
    assert (second["analysis"], second["feedback"]) == (None, None)
    assert [page.get("profile", {}).get("plan") for page in pages] == ["free", None, None]


def test_a_page_stays_below_what_lambda_gives_back(api: SmallApi, monkeypatch: pytest.MonkeyPatch) -> None:
    games = [str(api.world.submit(f'[White "{n}"]\n\n1. e4 e5 *')) for n in range(5)]
    size = len(json.dumps(api.ask("GET", "/v1/me/export").json()["games"][0]))
    for most, expected in ((2 * size + 20, [2, 2, 1]), (1, [1, 1, 1, 1, 1])):
        monkeypatch.setattr(own_data, "MOST_BYTES", most)
        seen, lengths, cursor = [], [], None
        while True:
            page = api.ask("GET", "/v1/me/export", params={"cursor": cursor} if cursor else {}).json()
            seen += [game["id"] for game in page["games"]]
            lengths.append(len(page["games"]))
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert (seen, lengths) == (games, expected)


def test_a_cursor_of_the_list_is_none_of_the_export(api: SmallApi) -> None:
    for number in range(2):
        api.world.submit(f'[White "{number}"]\n\n1. e4 e5 *')
    cursor = api.ask("GET", "/v1/games", params={"limit": 1, "sort": "created_at"}).json()["next_cursor"]
    assert api.ask("GET", "/v1/me/export", params={"cursor": cursor}).status_code == 422
