"""The operators' routes: who may, what they show, and what they show while something is down."""

from __future__ import annotations

from typing import Any

import pytest

from api.auth import User
from knight_vision.domain.job import Claim, GameId, Priority
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import QueueCounts
from knight_vision.errors import QueueUnavailableError
from knight_vision.services.operate import RECALLED_S
from tests.support.memory_queue import MemoryQueue
from tests.support.small_world import OTHER, USER
from tests.unit.api.conftest import SmallApi

METRICS = "/v1/operations/metrics"
LETTERS = "/v1/operations/dead-letters"
REDRIVE = "/v1/operations/dead-letters/redrive"
ROUTES: list[tuple[str, str, Any]] = [
    ("GET", METRICS, None),
    ("GET", LETTERS, None),
    ("POST", REDRIVE, {"game_ids": ["x"]}),
]


class QueueThatIsAway(MemoryQueue):
    def counts(self) -> QueueCounts:
        raise QueueUnavailableError("Redis does not answer.")


@pytest.fixture
def operator(api: SmallApi) -> SmallApi:
    api.world.store.operators.add(USER)
    return api


def metrics_of(api: SmallApi) -> dict[str, Any]:
    answer = api.ask("GET", METRICS)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def failed_games(api: SmallApi, count: int) -> list[GameId]:
    """Games of somebody else whose analysis was given up, the last one first."""
    games: list[GameId] = []
    for _ in range(count):
        number = len(api.world.store.rows)
        game_id = api.world.submit(f'[White "{number}"]\n\n1. e4 e5 *', user=OTHER)
        api.world.request(game_id, user=OTHER)
        api.world.store.fail(game_id, 1, "3 workers died over it")
        api.world.queue.remove(game_id, 1)
        games.insert(0, game_id)
    api.world.bus.calls.clear()
    return games


# Who may


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_everybody_else_is_refused_and_asked_about_each_time(
    api: SmallApi, method: str, path: str, body: Any
) -> None:
    answer = api.ask(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    api.world.store.operators.add(USER)
    assert api.ask(method, path, json=body).status_code == 200
    api.world.store.operators.clear()
    assert api.ask(method, path, json=body).status_code == 403


def test_while_the_store_is_away_only_a_known_operator_sees_the_numbers_and_nothing_else(
    operator: SmallApi,
) -> None:
    operator.world.store.is_away = True
    assert operator.ask("GET", METRICS).status_code == 503, "nobody has confirmed it yet"
    operator.world.store.is_away = False
    metrics_of(operator)
    operator.world.store.is_away = True
    metrics = metrics_of(operator)
    assert metrics["dead_letters"] is None
    assert [problem["code"] for problem in metrics["problems"]] == ["store_unavailable"]
    assert metrics["queue"]["jobs"] == 0
    for method, path, body in ROUTES[1:]:
        assert operator.ask(method, path, json=body).status_code == 503
    operator.user = User(OTHER, "token")
    assert operator.ask("GET", METRICS).status_code == 503
    operator.user = User(USER, "token")
    operator.world.clock.advance(RECALLED_S * 1000 + 1)
    assert operator.ask("GET", METRICS).status_code == 503


def test_a_right_that_was_taken_away_is_not_recalled(operator: SmallApi) -> None:
    metrics_of(operator)
    operator.world.store.operators.clear()
    operator.ask("GET", METRICS)
    operator.world.store.is_away = True
    assert operator.ask("GET", METRICS).status_code == 503


# Metrics


def test_the_numbers_of_an_idle_service_are_all_there(operator: SmallApi) -> None:
    metrics = metrics_of(operator)
    assert (metrics["dead_letters"], metrics["problems"]) == (0, [])
    queue, last_hour = metrics["queue"], metrics["last_hour"]
    assert (queue["jobs"], queue["oldest_job_ms"], queue["exhausted_units"]) == (0, 0, 0)
    assert queue["is_store_away"] is False
    assert list(queue["phases"]) == list(last_hour["phases"]) == [phase.value for phase in Phase]
    labels = [priority.label for priority in Priority]
    for phase in Phase:
        assert list(queue["phases"][phase]["priorities"]) == labels
        assert list(last_hour["phases"][phase]["priorities"]) == labels
        assert list(last_hour["phases"][phase]["game_lengths"]) == ["short", "medium", "long"]
    assert last_hour["error_rate"] is None
    assert last_hour["mean_time_to_first_result_ms"] is None


def test_what_waits_is_counted_by_phase_and_priority(operator: SmallApi) -> None:
    world = operator.world
    world.store.plans[OTHER] = "premium"
    world.request(world.submit())
    world.request(world.submit(user=OTHER), user=OTHER)
    world.clock.advance(5_000)
    queue = metrics_of(operator)["queue"]
    assert (queue["jobs"], queue["oldest_job_ms"]) == (2, 5_001)
    lines = queue["phases"]["initial"]["priorities"]
    assert {label: line["units_in_line"] for label, line in lines.items()} == {
        "bulk": 0,
        "premium_bulk": 0,
        "standard": 1,
        "premium": 1,
    }
    assert lines["premium"]["oldest_ms"] >= 5_000
    assert queue["phases"]["initial"]["units_in_flight"] == 0


def test_what_was_done_is_counted_with_its_times(operator: SmallApi) -> None:
    world = operator.world
    world.request(world.submit())
    world.clock.advance(2_000)
    world.answer_calls()
    last_hour = metrics_of(operator)["last_hour"]
    assert last_hour["claims"] >= last_hour["segments_finished"] > 0
    assert (last_hour["failed_attempts"], last_hour["expired_leases"], last_hour["error_rate"]) == (0, 0, 0)
    assert 2_000 <= last_hour["mean_time_to_first_result_ms"] < last_hour["mean_time_to_complete_ms"]
    initial = last_hour["phases"]["initial"]
    assert initial["priorities"]["standard"]["mean_wait_ms"] >= 2_000
    assert initial["priorities"]["standard"]["phases_finished"] == 1
    assert initial["priorities"]["premium"] == {
        "claims": 0,
        "mean_wait_ms": None,
        "phases_finished": 0,
        "mean_since_request_ms": None,
    }
    assert sum(one["phases_finished"] for one in initial["game_lengths"].values()) == 1
    assert initial["game_lengths"]["short"]["phases_finished"] == 1
    assert (initial["positions"], initial["known_positions"], initial["cache_hit_rate"]) == (34, 0, 0)


def test_failed_attempts_and_ended_leases_make_the_error_rate(operator: SmallApi) -> None:
    world = operator.world
    world.request(world.submit())
    for token in ("first", "second"):
        claim = world.queue.claim(Phase.INITIAL, token=token, lease_ms=1_000)
        assert isinstance(claim, Claim)
        if token == "first":
            world.queue.fail_unit(claim, max_attempts=3)
    world.clock.advance(2_000)
    world.queue.expire_leases(max_attempts=3)
    initial = metrics_of(operator)["last_hour"]["phases"]["initial"]
    assert (initial["claims"], initial["failed_attempts"], initial["expired_leases"]) == (1, 1, 1)
    assert initial["error_rate"] == 1.0
    world.answer_calls()
    initial = metrics_of(operator)["last_hour"]["phases"]["initial"]
    assert (initial["segments_finished"], initial["error_rate"]) == (1, 0.6667)


def test_numbers_of_the_store_are_had_while_the_queue_is_away(operator: SmallApi) -> None:
    failed_games(operator, 2)
    operator.world.queue = QueueThatIsAway(operator.world.clock)
    metrics = metrics_of(operator)
    assert (metrics["queue"], metrics["last_hour"], metrics["dead_letters"]) == (None, None, 2)
    assert metrics["problems"] == [{"code": "queue_unavailable", "detail": "Redis does not answer."}]


# Dead letters


def test_dead_letters_of_all_users_are_listed_page_by_page(operator: SmallApi) -> None:
    games = failed_games(operator, 5)
    first = operator.ask("GET", LETTERS, params={"limit": 3}).json()
    second = operator.ask("GET", LETTERS, params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert second["next_cursor"] is None
    letters = first["dead_letters"] + second["dead_letters"]
    assert [letter["game_id"] for letter in letters] == games
    assert letters[0] == {
        "game_id": games[0],
        "user_id": OTHER,
        "generation": 1,
        "finished_phase": None,
        "reason": "3 workers died over it",
        "failed_at": letters[0]["failed_at"],
    }
    assert letters[0]["failed_at"].endswith("+00:00")
    assert metrics_of(operator)["dead_letters"] == 5


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"cursor": "'; drop table games"}])
def test_parameters_of_the_list_are_checked(operator: SmallApi, params: dict[str, Any]) -> None:
    answer = operator.ask("GET", LETTERS, params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_redriven_analyses_are_done_after_all(operator: SmallApi) -> None:
    games = failed_games(operator, 3)
    chosen = [games[2], games[0], "unknown"]
    answer = operator.ask("POST", REDRIVE, json={"game_ids": chosen})
    assert answer.json() == {"redriven": 2, "game_ids": [games[2], games[0]]}
    assert operator.ask("POST", REDRIVE, json={"game_ids": chosen}).json()["redriven"] == 0
    operator.world.answer_calls()
    assert [operator.world.view(game_id, OTHER).status["state"] for game_id in games] == [
        "done",
        "failed",
        "done",
    ]
    assert operator.world.observer.names().count("analysis_redriven") == 2


@pytest.mark.parametrize(
    "body", [{}, {"game_ids": []}, {"game_ids": "all"}, {"game_ids": ["x"] * 101}, {"game_ids": [1]}, None]
)
def test_what_to_redrive_is_checked(operator: SmallApi, body: Any) -> None:
    failed_games(operator, 1)
    answer = operator.ask("POST", REDRIVE, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert operator.world.queue.counts().jobs == 0


# What users see of it


def test_the_status_names_the_priority_and_says_whether_the_report_is_degraded(api: SmallApi) -> None:
    game_id = api.world.submit()
    api.world.request(game_id)
    status = api.ask("GET", f"/v1/games/{game_id}/analysis/status").json()
    assert (status["priority"], status["degraded"]) == ("standard", False)
    row = api.world.store.rows[game_id].analysis
    assert row is not None
    row.priority, row.degraded = Priority.PREMIUM_BULK, True
    status = api.ask("GET", f"/v1/games/{game_id}/analysis/status").json()
    assert (status["priority"], status["degraded"]) == ("premium_bulk", True)
