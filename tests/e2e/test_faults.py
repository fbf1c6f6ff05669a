"""What dies and comes back in the middle of the work: the same final report, nothing half-stored."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.http import request
from knight_vision.domain.phase import Limit, Phase
from tests.e2e.test_errors import assert_problem
from tests.e2e.test_main_job import FISCHER, OPERA, expected_report, without_cost
from tests.support.altered_template import altered_template
from tests.support.stack import LocalStack
from tests.support.users import Api
from tests.support.wait import wait_until

COMPLETE_LIMIT = "nodes 40000"
"""About three seconds of search for the whole game: time enough to break something in the middle."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack whose functions live shortly, so that what they held or knew is given up soon."""
    parameters = {
        "InitialLimit": "depth 4",
        "IntermediateLimit": "nodes 1000",
        "CompleteLimit": COMPLETE_LIMIT,
        "PositionCacheTtlS": "0",  # each test searches the game anew
    }
    template = altered_template(
        tmp_path_factory.mktemp("faults"),
        {"LEASE_MARGIN_MS": "1000", "REBUILD_AFTER_MS": "3000"},
        phase_timeout_s=15,
    )
    with LocalStack(parameters=parameters, template=template) as stack:
        yield stack


@pytest.fixture
def api(stack: LocalStack) -> Iterator[Api]:
    with Api.of_new_user(stack) as api:
        yield api


def sweep_until_done(stack: LocalStack, api: Api, game_id: str, timeout_s: float = 90) -> dict[str, Any]:
    """The final report; sweeps often, where the schedule would take a minute."""

    def is_done() -> bool:
        stack.invoke("SweeperFunction")
        return bool(api.status(game_id)["state"] == "done")

    wait_until(is_done, timeout_s=timeout_s, every_s=0.5, description="the analysis is done after the fault")
    return dict(api.analysis(game_id)["report"])


def wait_for_deep_search(api: Api, game_id: str) -> None:
    """Return when the complete phase is under way."""

    def is_under_way() -> bool:
        status = api.status(game_id)
        return bool(status["phase"] == "complete" and status["progress"]["plies_done"] > 0)

    wait_until(is_under_way, timeout_s=60, every_s=0.02, description="the complete phase runs")


def test_a_killed_phase_process_costs_time_only(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(FISCHER)
    api.annotate(game_id)
    wait_for_deep_search(api, game_id)
    killed = 0
    for pids in stack.function_state("CompletePhaseFunction")["busy"]:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            killed += 1
    assert killed
    report = sweep_until_done(stack, api, game_id)
    assert without_cost(report) == expected_report(FISCHER, Phase.COMPLETE, Limit.parse(COMPLETE_LIMIT))


def test_a_restarted_valkey_costs_time_only(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(FISCHER)
    api.annotate(game_id)
    wait_for_deep_search(api, game_id)
    stack.part("valkey", "restart")
    before = api.analysis(game_id)
    assert before["report"]["phase"] == "intermediate"
    report = sweep_until_done(stack, api, game_id)
    assert without_cost(report) == expected_report(FISCHER, Phase.COMPLETE, Limit.parse(COMPLETE_LIMIT))


def test_an_unreachable_redis_is_said_and_nothing_is_half_stored(stack: LocalStack, api: Api) -> None:
    other = api.submit(OPERA)
    api.annotate(other)
    api.finished(other)
    stack.part("valkey", "kill")
    try:
        game_id = api.submit(FISCHER)
        answer = api.annotate(game_id)
        assert_problem(answer, 503, "queue_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        # not asked for: the request was refused as a whole
        assert_problem(api.get(f"/v1/games/{game_id}/analysis"), 404, "analysis_not_found")
        assert_problem(api.post("/v1/games/process-unannotated"), 503, "queue_unavailable")
        # what is stored is served all the same
        assert api.analysis(other)["report"]["phase"] == "complete"
        ready = api.get("/health/ready")
        assert ready.status_code == 503
        assert {name: part["ok"] for name, part in ready.json()["checks"].items()} == {
            "redis": False,
            "supabase": True,
            "event_bus": True,
        }
    finally:
        stack.part("valkey", "start")
    assert api.annotate(game_id).status_code == 202
    assert sweep_until_done(stack, api, game_id)["phase"] == "complete"


def test_progress_is_left_out_while_redis_is_away(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(FISCHER)
    api.annotate(game_id)
    wait_until(
        lambda: api.status(game_id)["finished_phase"] is not None, timeout_s=30, description="a first phase"
    )
    stack.part("valkey", "kill")
    try:
        status = api.status(game_id)
        assert status["state"] == "running"
        assert status["progress"] is None
    finally:
        stack.part("valkey", "start")
    sweep_until_done(stack, api, game_id)


def test_an_unreachable_supabase_is_said_and_comes_back(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(OPERA)
    stack.part("supabase", "kill")
    try:
        for answer in (
            api.post("/v1/games", json={"pgn": FISCHER}),
            api.annotate(game_id),
            api.get("/v1/games"),
            api.get(f"/v1/games/{game_id}/analysis/status"),
        ):
            assert_problem(answer, 503, "store_unavailable")
            assert int(answer.headers["Retry-After"]) > 0
        assert api.get("/health").status_code == 200
        assert api.get("/health/ready").json()["checks"]["supabase"]["ok"] is False
    finally:
        stack.part("supabase", "start")
    assert len(api.get("/v1/games").json()["games"]) == 1
    assert api.annotate(game_id).status_code == 202
    assert sweep_until_done(stack, api, game_id)["phase"] == "complete"


def test_supabase_away_in_mid_analysis_loses_nothing(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(FISCHER)
    api.annotate(game_id)
    wait_for_deep_search(api, game_id)
    stack.part("supabase", "kill")
    try:
        wait_until(
            lambda: not stack.function_state("CompletePhaseFunction")["busy"],
            timeout_s=60,
            every_s=0.2,
            description="the phase functions have given up on Supabase",
        )
    finally:
        stack.part("supabase", "start")
    report = sweep_until_done(stack, api, game_id)
    assert without_cost(report) == expected_report(FISCHER, Phase.COMPLETE, Limit.parse(COMPLETE_LIMIT))


def test_an_unreachable_bus_costs_time_only(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(OPERA)
    stack.part("bus", "kill")
    try:
        answer = api.annotate(game_id)
        assert answer.status_code == 202
        assert request("GET", f"{stack.api_url}/health/ready").json()["checks"]["event_bus"]["ok"] is False
    finally:
        stack.part("bus", "start")
    assert sweep_until_done(stack, api, game_id)["phase"] == "complete"
