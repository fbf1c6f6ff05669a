"""A game in, three phases out, through every real part of the system."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import chess.pgn
import httpx
import pytest

from infra.local.engine import engine_path
from infra.local.http import request
from knight_vision.adapters.stockfish import Stockfish
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import build_report
from knight_vision.domain.segments import PhasePlan
from tests.e2e.conftest import SMALL_LIMITS
from tests.support.stack import ROOT, LocalStack
from tests.support.users import PGN_TYPE, Api
from tests.support.wait import wait_until

EXAMPLES = ROOT / "examples"
FISCHER = (EXAMPLES / "byrne-fischer-1956.pgn").read_text()
OPERA = (EXAMPLES / "morphy-opera-1858.pgn").read_text()
POSITIONS_PER_SEGMENT = {Phase.INITIAL: 50, Phase.INTERMEDIATE: 9, Phase.COMPLETE: 9}


def expected_report(pgn: str, phase: Phase, limit: Limit) -> dict[str, Any]:
    """The report made in this process, by the engine and the domain alone: no queue, store or function."""
    game = read_game(pgn, max_plies=600)
    plan = PhasePlan.of(phase, limit, game.position_count, POSITIONS_PER_SEGMENT[phase])
    engine = Stockfish(engine_path(), hash_mb=32)
    try:
        evaluations = [
            evaluation
            for index in range(plan.segment_count)
            for evaluation in engine.search_segment(game, plan.segment(index), limit, deadline_s=120)
        ]
        report = build_report(game, evaluations, phase=phase, engine=engine.name, limit=limit)
    finally:
        engine.close()
    return {**report.summary, "moves": report.moves}


def without_cost(report: dict[str, Any]) -> dict[str, Any]:
    """A report as nobody measured it: what it cost is never the same twice."""
    assert report["cost"]["billed_ms"] > 0
    assert report["cost"]["dollars"] > 0
    return {**report, "cost": None}


def test_a_game_goes_through_three_phases_and_ends_as_computed_by_hand(api: Api) -> None:
    game_id = api.submit(FISCHER)
    answer = api.annotate(game_id)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/v1/games/{game_id}/analysis/status"
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json()["status"]["state"] in ("queued", "running")
    report = api.finished(game_id)
    assert without_cost(report) == expected_report(
        FISCHER, Phase.COMPLETE, Limit.parse(SMALL_LIMITS["CompleteLimit"])
    )
    status = api.status(game_id)
    assert (status["phase"], status["finished_phase"], status["progress"]) == (None, "complete", None)
    again = api.annotate(game_id)
    assert again.status_code == 200
    assert again.json()["report"] == report


def test_each_phase_is_readable_as_a_whole_while_the_next_runs(api: Api) -> None:
    game_id = api.submit(OPERA)
    api.annotate(game_id)
    seen = {}
    deadline = time.monotonic() + 60
    while "complete" not in seen and time.monotonic() < deadline:
        analysis = api.analysis(game_id)
        if analysis["report"] is not None:
            assert analysis["status"]["finished_phase"] == analysis["report"]["phase"]
            seen[analysis["report"]["phase"]] = analysis["report"]
    assert "complete" in seen
    for name, report in seen.items():
        limit = Limit.parse(SMALL_LIMITS[f"{name.title()}Limit"])
        assert without_cost(report) == expected_report(OPERA, Phase(name), limit)


def test_waiting_gives_the_complete_report_in_one_request(api: Api) -> None:
    answer = api.annotate(api.submit(OPERA), wait_for_analysis="true")
    assert answer.status_code == 200
    assert answer.json()["report"]["phase"] == "complete"


def test_the_annotated_pgn_is_read_by_others(api: Api) -> None:
    game_id = api.submit(FISCHER)
    api.annotate(game_id)
    api.finished(game_id)
    answer = api.get(f"/v1/games/{game_id}/analysis", headers={"Accept": PGN_TYPE})
    assert answer.headers["Content-Type"].startswith(PGN_TYPE)
    game = chess.pgn.read_game(io.StringIO(answer.text))
    assert game is not None
    assert not game.errors
    assert game.headers["Black"].startswith("Fischer")
    assert all(node.eval() is not None for node in list(game.mainline())[:-1])


def test_submitting_by_json_and_as_text_is_the_same(api: Api) -> None:
    first = api.post("/v1/games", json={"pgn": OPERA})
    assert first.status_code == 201
    (verdict,) = first.json()["games"]
    assert verdict["verdict"] == "accepted"
    assert verdict["ply_count"] == 33
    second = api.post("/v1/games", content=OPERA, headers={"Content-Type": "text/plain"})
    assert second.status_code == 200
    assert second.json()["games"][0] == {**verdict, "verdict": "duplicate"}


def test_many_games_in_one_request_have_a_verdict_each(api: Api) -> None:
    text = (EXAMPLES / "several-games.pgn").read_text() + "\n\n1. e4 e5 2. Ke3 *\n"
    answer = api.post("/v1/games", content=text, headers={"Content-Type": PGN_TYPE})
    assert answer.status_code == 201
    body = answer.json()
    assert (body["refused"], body["duplicates"]) == (1, 0)
    assert body["accepted"] == len(body["games"]) - 1 >= 3
    assert "Ke3" in body["games"][-1]["problem"]["detail"]


def test_games_are_listed_newest_first_page_by_page(api: Api, stranger: Api) -> None:
    ids = [api.submit(path.read_text()) for path in (EXAMPLES / "morphy-opera-1858.pgn", *some_examples())]
    seen: list[str] = []
    cursor = None
    while True:
        page = api.get("/v1/games", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [game["id"] for game in page["games"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids[::-1]
    assert stranger.get("/v1/games").json() == {"games": [], "next_cursor": None}
    game = api.get(f"/v1/games/{ids[0]}").json()
    assert (game["white"], game["analysis_state"]) == ("Morphy, Paul", None)
    assert chess.pgn.read_game(io.StringIO(game["pgn"])) is not None


def some_examples() -> list[Path]:
    return [EXAMPLES / f"{name}.pgn" for name in ("anderssen-kieseritzky-1851", "kasparov-topalov-1999")]


def test_bulk_queues_what_was_never_asked_for(api: Api) -> None:
    ids = [api.submit(path.read_text()) for path in some_examples()]
    answer = api.post("/v1/games/process-unannotated", params={"limit": 10})
    assert (answer.status_code, answer.json()["queued"]) == (202, 2)
    batch = api.get(answer.headers["Location"]).json()
    assert (batch["id"], batch["total"]) == (answer.json()["batch_id"], 2)
    nothing = {"queued": 0, "batch_id": None}
    assert api.post("/v1/games/process-unannotated").json() == nothing
    for game_id in ids:
        api.finished(game_id)
    listed = api.get("/v1/games").json()["games"]
    assert {(game["analysis_state"], game["analysis_phase"]) for game in listed} == {("done", "complete")}


def test_a_premium_users_games_have_priority(stack: LocalStack, api: Api) -> None:
    answer = request(
        "PATCH",
        f"{stack.supabase_url}/rest/v1/profiles",
        params={"user_id": f"eq.{api.user_id}"},
        headers={"apikey": stack.ready["supabase_secret_key"]},
        json={"plan": "premium"},
    )
    answer.raise_for_status()
    assert api.annotate(api.submit(OPERA)).json()["status"]["priority"] == "premium"


def test_nobody_makes_himself_premium(stack: LocalStack, api: Api) -> None:
    answer = request(
        "PATCH",
        f"{stack.supabase_url}/rest/v1/profiles",
        params={"user_id": f"eq.{api.user_id}"},
        headers={
            "apikey": stack.ready["supabase_publishable_key"],
            "Authorization": f"Bearer {api.token}",
            "Prefer": "return=representation",
        },
        json={"plan": "premium"},
    )
    # Refused for want of a grant; where a server grants by default, the policies leave no row to change.
    assert answer.status_code in (401, 403) or answer.json() == []
    assert api.annotate(api.submit(OPERA)).json()["status"]["priority"] == "standard"


def test_a_lost_call_is_made_good_by_the_sweeper(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(OPERA)
    with stack.without_schedules():
        stack.wait_until_idle()
        with stack.without_events():
            assert api.annotate(game_id).status_code == 202
        assert api.status(game_id)["state"] == "queued"
        stack.sweep_until_woken()
        assert api.finished(game_id)["phase"] == "complete"


def test_the_queue_is_empty_when_everything_is_done(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(OPERA)
    api.annotate(game_id)
    api.finished(game_id)
    wait_until(
        lambda: stack.invoke("SweeperFunction").payload["woken"] == 0,
        every_s=0.2,
        description="no work is left",
    )


def test_the_openapi_document_names_every_operation(nobody: httpx.Client) -> None:
    document = nobody.get("/openapi.json").json()
    operations = {
        operation["operationId"] for path in document["paths"].values() for operation in path.values()
    }
    assert operations >= {
        "submit_games",
        "list_games",
        "get_game",
        "enhanced_annotate_game",
        "get_analysis",
        "get_analysis_status",
        "process_unannotated_games",
        "get_health",
        "get_readiness",
    }


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_health_needs_no_token(nobody: httpx.Client, path: str) -> None:
    answer = nobody.get(path)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
