"""Polling is cheap: what a caller has is not sent again, and it is told when to come back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.conditional import is_known
from knight_vision.domain.job import GameId
from knight_vision.domain.phase import Limit
from tests.support.openapi_scenes import PGN_TYPE
from tests.unit.api.conftest import SmallApi


@pytest.fixture
def game_id(api: SmallApi) -> GameId:
    game_id = api.world.submit()
    api.world.request(game_id)
    return game_id


def paths(game_id: GameId) -> tuple[str, str]:
    return f"/v1/games/{game_id}/analysis", f"/v1/games/{game_id}/analysis/status"


def test_what_has_not_changed_is_not_sent_again(api: SmallApi, game_id: GameId) -> None:
    for path in paths(game_id):
        answer = api.ask("GET", path)
        assert answer.headers["ETag"].startswith('"'), "a strong one"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Vary"] == "Accept, Authorization"
        again = api.ask("GET", path, headers={"If-None-Match": f'"other", {answer.headers["ETag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary", "Retry-After"):
            assert again.headers[name] == answer.headers[name]


def test_whatever_changes_changes_the_tag_and_the_same_answer_has_the_same(
    api: SmallApi, game_id: GameId
) -> None:
    analysis, status = paths(game_id)
    bodies: dict[str, set[str]] = {}
    for step in range(60):
        for path in (analysis, status):
            answer = api.ask("GET", path)
            bodies.setdefault(path + answer.headers["ETag"], set()).add(answer.text)
            changed = api.ask("GET", path, headers={"If-None-Match": '"none of ours"'})
            assert (changed.status_code, changed.json()) == (200, answer.json())
            assert changed.headers["ETag"] == answer.headers["ETag"]
        if api.world.bus.calls and step % 2:
            api.world.run(api.world.bus.calls.pop(0))
    assert all(len(texts) == 1 for texts in bodies.values()), "one tag never stands for two answers"
    assert len(bodies) >= 8
    assert api.ask("GET", status).json()["state"] == "done"


def test_pgn_has_a_tag_of_its_own_that_only_a_new_report_changes(api: SmallApi, game_id: GameId) -> None:
    path, _ = paths(game_id)
    pgn = {"Accept": PGN_TYPE}
    assert api.ask("GET", path, headers={**pgn, "If-None-Match": '"x"'}).status_code == 404
    api.world.run(api.world.bus.calls.pop(0))
    first = api.ask("GET", path, headers=pgn)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["ETag"] != api.ask("GET", path).headers["ETag"]
    api.world.clock.advance(10_000)
    assert api.ask("GET", path, headers={**pgn, **tag}).status_code == 304
    assert api.ask("GET", path, headers=tag).status_code == 200, "JSON is not what the caller has"
    api.world.answer_calls()
    second = api.ask("GET", path, headers={**pgn, **tag})
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]


def test_a_304_reads_no_report(api: SmallApi, game_id: GameId, monkeypatch: pytest.MonkeyPatch) -> None:
    api.world.answer_calls()
    reads: list[bool] = []
    read = api.world.store.analysis

    def spy(*args: object, with_report: bool) -> object:
        reads.append(with_report)
        return read(*args, with_report=with_report)  # type: ignore[arg-type]

    monkeypatch.setattr(api.world.store, "analysis", spy)
    for path in paths(game_id):
        tag = {"If-None-Match": api.ask("GET", path).headers["ETag"]}
        reads.clear()
        assert api.ask("GET", path, headers=tag).status_code == 304
        assert reads == [False]
    reads.clear()
    assert api.ask("GET", paths(game_id)[0], headers={"If-None-Match": '"old"'}).status_code == 200
    assert reads == [False, True]


def test_nothing_is_asked_again_when_nothing_more_will_come(api: SmallApi, game_id: GameId) -> None:
    assert 1 <= int(api.ask("GET", paths(game_id)[1]).headers["Retry-After"]) <= 60
    api.world.answer_calls()
    for path in paths(game_id):
        assert "Retry-After" not in api.ask("GET", path).headers


def test_a_long_line_asks_its_callers_to_come_back_later(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, initial_limit=Limit(nodes=1_000_000))
    games = [api.world.submit(f'[White "{number}"]\n\n1. e4 e5 *') for number in range(100)]
    for game_id in games:
        api.world.request(game_id)
    # Those of one millisecond stand in line by their random ids.
    first, *_, last = sorted(
        int(api.ask("GET", f"/v1/games/{game_id}/analysis/status").headers["Retry-After"])
        for game_id in games
    )
    assert first == 2, "a fourth of three positions"
    assert 10 < last <= 60


@pytest.mark.parametrize(
    ("accept", "is_pgn"),
    [
        ("", False),
        ("*/*", False),
        ("application/*", False),
        ("application/json", False),
        (PGN_TYPE, True),
        ("application/vnd.chess-pgn", True),
        ("text/plain", True),
        ("text/*", True),
        (f"{PGN_TYPE}, application/json", True),
        (f"application/json, {PGN_TYPE}", False),
        (f"application/json;q=0.1, {PGN_TYPE}", True),
        (f"{PGN_TYPE};q=0, */*", False),
        (f"*/*;q=0.1, {PGN_TYPE};q=0.2", True),
        ("image/png, text/plain;q=0.1", True),
    ],
)
def test_the_form_is_the_one_that_is_liked_best(
    api: SmallApi, game_id: GameId, accept: str, is_pgn: bool
) -> None:
    api.world.answer_calls()
    answer = api.ask("GET", paths(game_id)[0], headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith(PGN_TYPE if is_pgn else "application/json")


@pytest.mark.parametrize("accept", ["image/png", f"{PGN_TYPE};q=0, application/json;q=0", "text/html"])
def test_a_form_that_is_not_to_be_had_is_refused(api: SmallApi, game_id: GameId, accept: str) -> None:
    answer = api.ask("GET", paths(game_id)[0], headers={"Accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"b"', True),
        ('"a", W/"b"', True),
        ("*", True),
        ('"abc"', False),
        ("b", False),
        ("", False),
        ('"', False),
    ],
)
def test_tags_are_compared_whole_and_weakly(header: str, expected: bool) -> None:
    assert is_known(header, "b") is expected
