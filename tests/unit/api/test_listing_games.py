"""GET /v1/games: filters and orders as parameters, and cursors that are taken back by their own list only."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from api.auth import User
from tests.support.small_world import OTHER
from tests.unit.api.conftest import SmallApi


@pytest.fixture
def games(api: SmallApi) -> list[str]:
    """Five games, the first stored first."""
    return [
        str(
            api.world.submit(
                f'[White "White {n}"]\n[Black "Bl,ack (x)"]\n[Date "200{n}.01.01"]\n\n1. e4 c5 *'
            )
        )
        for n in range(5)
    ]


def page(api: SmallApi, **params: Any) -> Any:
    answer = api.ask("GET", "/v1/games", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_list_is_walked_through_by_cursors_in_every_order(api: SmallApi, games: list[str]) -> None:
    for sort, expected in {
        "-created_at": games[::-1],
        "created_at": games,
        "played_on": games,
        "-played_on": games[::-1],
        "ply_count": sorted(games),
        "-ply_count": sorted(games, reverse=True),
    }.items():
        seen, cursor = [], None
        while True:
            answer = page(api, limit=2, sort=sort, **({"cursor": cursor} if cursor else {}))
            seen += [game["id"] for game in answer["games"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
        assert seen == expected, sort


def test_filters_are_parameters(api: SmallApi, games: list[str]) -> None:
    api.world.request(api.world.store.rows[games[2]].id)  # type: ignore[index]
    api.world.answer_calls()
    for params, expected in (
        ({"player": "white 3"}, [games[3]]),
        ({"black": "bl,ack (x)", "white": "4"}, [games[4]]),
        ({"black": "%"}, []),
        ({"opening": "B2", "sort": "created_at"}, games),
        ({"opening": "sicilian", "limit": "1"}, [games[4]]),
        ({"opening": "C"}, games[::-1]),
        ({"opening": "C2"}, []),
        ({"result": "1-0"}, []),
        ({"played_from": "2003-01-01"}, [games[4], games[3]]),
        ({"played_from": "2001-01-01", "played_to": "2002-12-31"}, [games[2], games[1]]),
        ({"analysed": "true"}, [games[2]]),
        ({"analysed": "false", "player": "white 2"}, []),
    ):
        assert [game["id"] for game in page(api, **params)["games"]] == expected, params


@pytest.mark.parametrize("name", ["player", "white", "black", "opening"])
def test_a_name_with_nul_is_refused(api: SmallApi, games: list[str], name: str) -> None:
    """The store leaves NUL out, and nothing but NUL would be no filter at all."""
    answer = api.ask("GET", "/v1/games", params={name: "\x00"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == f"query.{name}"


def test_a_listed_game_says_its_opening(api: SmallApi, games: list[str]) -> None:
    listed = page(api, limit=1)["games"][0]
    assert (listed["eco"], listed["opening"]) == ("B20", "Sicilian Defense")
    assert api.ask("GET", f"/v1/games/{games[0]}").json()["eco"] == "B20"


def test_a_listed_game_says_how_well_both_sides_played(api: SmallApi, games: list[str]) -> None:
    api.world.request(api.world.store.rows[games[0]].id)  # type: ignore[index]
    api.world.answer_calls()
    report = api.ask("GET", f"/v1/games/{games[0]}/analysis").json()["report"]
    by_id = {game["id"]: game["accuracy"] for game in page(api)["games"]}
    assert by_id[games[0]] == {side: report[side]["accuracy"] for side in ("white", "black")}
    assert by_id[games[1]] is None


def test_a_cursor_of_another_list_is_refused(api: SmallApi, games: list[str]) -> None:
    cursor = page(api, limit=1)["next_cursor"]
    assert page(api, limit=3, cursor=cursor)["games"][0]["id"] == games[3], "any length of page will do"
    for others in ({"sort": "created_at"}, {"player": "white"}, {"analysed": "false"}):
        answer = api.ask("GET", "/v1/games", params={"cursor": cursor, **others})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), others
    api.user = User(OTHER, "token")
    assert api.ask("GET", "/v1/games", params={"cursor": cursor}).status_code == 422


def test_a_cursor_that_was_tampered_with_is_refused(api: SmallApi, games: list[str]) -> None:
    cursor = page(api, limit=1)["next_cursor"]
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    forged = [
        cursor[:-1],
        cursor + "A",
        cursor.swapcase(),
        base64.urlsafe_b64encode(raw[:12] + raw[12:].replace(b"20", b"19")).decode(),
        base64.urlsafe_b64encode(raw[12:]).decode(),
        "2026-11-23T14:00:00+00:00|00000000-0000-4000-8000-000000000000",
        "A" * 40,
        "é",
        "",
    ]
    for one in forged:
        answer = api.ask("GET", "/v1/games", params={"cursor": one})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), one
