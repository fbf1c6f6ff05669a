"""A POST with an Idempotency-Key is answered once; its repetitions are given the same answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from knight_vision.domain.job import Admitted, GameId, JobProgress
from knight_vision.errors import QueueUnavailableError
from tests.support.memory_queue import MemoryQueue
from tests.support.small_world import OPERA, OTHER, USER
from tests.unit.api.conftest import SmallApi

OTHER_GAME = "1. d4 d5 *"


def submit(api: SmallApi, key: str = "k1", pgn: str = OPERA, **how: Any) -> httpx.Response:
    headers = {**api.sign_in(*how.pop("user", ())), "Idempotency-Key": key, **how.pop("headers", {})}
    return api.ask("POST", how.pop("path", "/v1/games"), content=pgn, headers=headers, **how)


def test_a_repetition_is_given_the_same_answer(api: SmallApi) -> None:
    first, again = submit(api), submit(api)
    assert first.status_code == again.status_code == 201, "not the 200 of a duplicate"
    assert first.content == again.content
    assert first.headers["Content-Type"] == again.headers["Content-Type"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]
    assert '"user"' in again.headers["RateLimit"], "what is left is told anew"
    assert len(api.world.store.rows) == 1


def test_a_new_key_costs_one_call_more_and_a_repetition_none(api: SmallApi) -> None:
    submit(api)
    assert api.gate.calls == ["enter", "keep"]
    api.gate.calls.clear()
    submit(api)
    assert api.gate.calls == ["enter"]


ASKING: dict[str, Callable[[SmallApi], dict[str, Any]]] = {
    "one": lambda api: {"path": f"/v1/games/{api.world.submit()}/enhanced-annotate", "pgn": ""},
    "those never asked for": lambda api: {
        "path": f"/v1/games/process-unannotated?limit={some(api)}",
        "pgn": "",
    },
    "with their games": lambda api: {"path": "/v1/games?annotate=true"},
    "given up ones": lambda api: {
        "path": "/v1/operations/dead-letters/redrive",
        "pgn": json.dumps({"game_ids": [given_up(api)]}),
        "headers": {"Content-Type": "application/json"},
    },
}


def some(api: SmallApi) -> int:
    """Two games that nobody asked for."""
    for pgn in (OPERA, OTHER_GAME):
        api.world.submit(pgn)
    return 2


def given_up(api: SmallApi) -> GameId:
    """A game whose analysis failed; the user is an operator."""
    world = api.world
    game_id = world.submit()
    world.request(game_id)
    world.queue.remove_all([(game_id, 1)])
    world.store.fail(game_id, 1, "for a test")
    world.bus.calls.clear()
    world.store.operators.add(USER)
    return game_id


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
def test_who_asks_for_an_analysis_with_a_key_costs_no_call_more(
    api: SmallApi, ask: Callable[[SmallApi], dict[str, Any]]
) -> None:
    how = ask(api)
    first = submit(api, **how)
    assert first.is_success, first.text
    assert api.gate.calls == ["enter"], "the answer is kept where the jobs are put into the queue"
    assert api.world.bus.calls, "somebody is called"
    jobs = api.world.queue.counts().jobs
    assert jobs >= 1
    again = submit(api, **how)
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert api.world.queue.counts().jobs == jobs


def test_an_answer_that_is_too_large_to_be_kept_is_followed_by_its_jobs(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, idempotency_answer_bytes=10)
    assert submit(api, **ASKING["one"](api)).status_code == 202
    assert api.world.queue.counts().jobs == 1
    assert api.gate.kept == {}


def test_while_the_queue_is_away_the_answer_is_kept_by_a_call_of_its_own(api: SmallApi) -> None:
    how = ASKING["one"](api)
    api.world.queue = AwayQueue(api.world.clock)
    first, again = submit(api, **how), submit(api, **how)
    assert first.status_code == 202
    assert api.gate.calls == ["enter", "keep", "enter"]
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert "enqueue_failed" in api.world.observer.names()


def test_while_redis_is_away_a_key_does_not_keep_the_jobs_from_the_queue(api: SmallApi) -> None:
    how = ASKING["one"](api)
    api.gate.is_away = True
    assert submit(api, **how).status_code == 202
    assert api.world.queue.counts().jobs == 1, "as without a key"


def test_who_waits_has_the_analysis_begun_before_the_answer(
    api: SmallApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    how, read = ASKING["one"](api), api.world.queue.read

    def read_when_all_is_done(game_id: GameId) -> JobProgress | None:
        api.world.answer_calls()
        return read(game_id)

    monkeypatch.setattr(api.world.queue, "read", read_when_all_is_done)
    answer = submit(api, **{**how, "path": f"{how['path']}?wait_for_analysis=true"})
    assert answer.status_code == 200
    assert answer.json()["report"]["phase"] == "complete"


class AwayQueue(MemoryQueue):
    """Counts games, as the gate has them, and takes none."""

    def admit(self, *args: Any, **named: Any) -> Admitted:
        raise QueueUnavailableError("away")


def test_an_answer_with_headers_of_its_own_comes_back_whole(api: SmallApi) -> None:
    game_id = api.world.submit()
    path = f"/v1/games/{game_id}/enhanced-annotate"
    first, again = (submit(api, path=path, pgn="") for _ in range(2))
    assert first.status_code == again.status_code == 202
    assert first.headers["Location"] == again.headers["Location"]
    assert first.headers["Retry-After"] == again.headers["Retry-After"]
    api.world.answer_calls()
    later = submit(api, path=path, pgn="")
    assert later.content == first.content, "what is repeated is the answer, not the question"
    assert submit(api, "k2", path=path, pgn="").status_code == 200


@pytest.mark.parametrize("change", ["body", "query", "type"])
def test_a_key_belongs_to_one_request(api: SmallApi, change: str) -> None:
    submit(api)
    if change == "body":
        refused = submit(api, pgn=OTHER_GAME)
    elif change == "query":
        refused = submit(api, path="/v1/games?x=1")
    else:
        refused = submit(api, headers={"Content-Type": "text/plain"})
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert len(api.world.store.rows) == 1
    assert submit(api).headers["Idempotency-Replayed"] == "true", "the first answer is still kept"


def test_a_key_is_one_users_for_one_path(api: SmallApi) -> None:
    submit(api)
    theirs = submit(api, user=(OTHER,))
    assert (theirs.status_code, theirs.json()["accepted"]) == (201, 1)
    assert "Idempotency-Replayed" not in theirs.headers
    bulk = submit(api, path="/v1/games/process-unannotated", pgn="")
    assert bulk.json()["queued"] == 1


def test_while_the_first_is_under_way_the_second_is_told_to_come_back(api: SmallApi) -> None:
    seen: list[httpx.Response] = []
    add_games = api.world.store.add_games

    def and_meanwhile_again(*args: Any, **how: Any) -> Any:
        api.world.store.add_games = add_games  # type: ignore[method-assign]
        seen.append(submit(api))
        seen.append(submit(api, pgn=OTHER_GAME))
        return add_games(*args, **how)

    api.world.store.add_games = and_meanwhile_again  # type: ignore[method-assign]
    assert submit(api).status_code == 201
    under_way, other = seen
    assert (under_way.status_code, under_way.json()["code"]) == (409, "idempotency_key_in_use")
    assert int(under_way.headers["Retry-After"]) >= 1
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert submit(api).headers["Idempotency-Replayed"] == "true"


def test_a_refusal_is_repeated_too(api: SmallApi) -> None:
    first, again = submit(api, pgn="1. e5 *"), submit(api, pgn="1. e5 *")
    assert first.status_code == again.status_code == 422
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"


def test_an_error_of_ours_is_not_repeated(api: SmallApi) -> None:
    api.world.store.is_away = True
    assert submit(api).status_code == 503
    api.world.store.is_away = False
    answer = submit(api)
    assert (answer.status_code, answer.json()["accepted"]) == (201, 1)


def test_too_much_for_today_is_not_repeated(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, max_games_per_day=0)
    assert submit(api).json()["code"] == "daily_limit_reached"
    api.world.settings = replace(api.world.settings, max_games_per_day=1)
    assert submit(api).status_code == 201


def test_too_fast_is_not_kept_and_a_repetition_can_be_too_fast(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, user_requests_per_s=1, user_requests_burst=1)
    submit(api, "k0")
    assert submit(api, "k1", pgn=OTHER_GAME).status_code == 429
    assert submit(api, "k0").status_code == 429
    assert len(api.world.store.rows) == 1
    api.world.clock.sleep(1)
    assert submit(api, "k1", pgn=OTHER_GAME).status_code == 201
    api.world.clock.sleep(1)
    assert submit(api, "k0").headers["Idempotency-Replayed"] == "true"


def test_a_crash_is_answered_once_and_not_kept(api: SmallApi) -> None:
    runs: list[int] = []

    @api.app.post("/v1/crash")
    def crash() -> None:
        runs.append(1)
        raise RuntimeError("secret detail")

    for count in (1, 2):
        with pytest.raises(RuntimeError):
            submit(api, path="/v1/crash")
        assert len(runs) == count


def test_while_redis_is_away_requests_are_answered_without(api: SmallApi) -> None:
    api.gate.is_away = True
    first, again = submit(api), submit(api)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["games"][0]["id"] == again.json()["games"][0]["id"], "the same PGN is one game"
    assert "Idempotency-Replayed" not in again.headers
    assert "answer_not_kept" in api.world.observer.names()
    assert ("AnswersNotKept", 1, {}) in api.world.observer.metrics


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(api: SmallApi) -> None:
    add_games = api.world.store.add_games

    def and_lose_redis(*args: Any, **how: Any) -> Any:
        api.gate.is_away = True
        return add_games(*args, **how)

    api.world.store.add_games = and_lose_redis  # type: ignore[method-assign]
    answer = submit(api)
    assert (answer.status_code, answer.json()["accepted"]) == (201, 1)


def test_a_large_answer_is_not_kept(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, idempotency_answer_bytes=10)
    submit(api)
    assert api.gate.kept == {}
    assert submit(api).status_code == 200


def test_an_answer_is_kept_for_its_time(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, idempotency_ttl_s=100)
    submit(api)
    api.world.clock.sleep(101)
    assert submit(api).status_code == 200, "a duplicate by now"


def test_no_key_is_heeded_where_none_are_kept(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, idempotency_ttl_s=0)
    submit(api)
    assert "Idempotency-Replayed" not in submit(api).headers


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\tin", "\x7f"])
def test_a_key_has_1_to_255_printable_characters(api: SmallApi, key: str) -> None:
    answer = submit(api, key)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("key", ["x", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "with space ~"])
def test_any_printable_key_will_do(api: SmallApi, key: str) -> None:
    submit(api, key)
    assert submit(api, key).headers["Idempotency-Replayed"] == "true"


def test_a_get_has_no_use_for_a_key(api: SmallApi) -> None:
    headers = {**api.sign_in(), "Idempotency-Key": "k1"}
    for _ in range(2):
        answer = api.ask("GET", "/v1/games", headers=headers)
    assert "Idempotency-Replayed" not in answer.headers
    assert api.gate.kept == {}


def test_without_a_user_there_is_no_key(api: SmallApi) -> None:
    answer = api.ask("POST", "/v1/games", content=OPERA, headers={"Idempotency-Key": "k1"})
    assert "Idempotency-Replayed" not in answer.headers
    assert api.gate.kept == {}
