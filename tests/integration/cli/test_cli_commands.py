"""`status`, `cancel`, `report` and `games`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.fake_api import FAILING, FakeApi, Step

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("step", "lines"),
    [
        (
            Step("queued", "initial", None, 0, queue_position=2),
            [
                "state            queued",
                "finished phase   none",
                "next phase       initial, 0 of 40 plies, 2 units ahead",
            ],
        ),
        (
            Step("queued", "initial", None, 0, queue_position=0),
            [
                "state            queued",
                "finished phase   none",
                "next phase       initial, 0 of 40 plies, next in the queue",
            ],
        ),
        (
            Step("running", "complete", "intermediate", 30),
            [
                "state            running",
                "finished phase   intermediate",
                "running phase    complete, 30 of 40 plies, ready in 1:01 min",
            ],
        ),
        (
            Step("running", "complete", "intermediate", None),
            ["state            running", "finished phase   intermediate", "next phase       complete"],
        ),
        (Step("done", None, "complete"), ["state            done", "finished phase   complete"]),
    ],
)
def test_status_tells_how_far_the_analysis_is(api: FakeApi, run: Run, step: Step, lines: list[str]) -> None:
    game = api.add_game("Tal", "Botvinnik")
    game.steps, game.at = (step,), 0
    ran = run("status", game.game_id)
    assert ran.exit_code == 0
    assert [line.rstrip() for line in ran.stdout.splitlines()] == lines


def test_status_of_a_failed_analysis_says_why_and_exits_with_1(api: FakeApi, run: Run) -> None:
    api.steps = FAILING
    ran = run("status", api.add_game("Tal", "Botvinnik", analysed=True).game_id)
    assert ran.exit_code == 1
    assert "failure          The engine ended three times at ply 12." in ran.stdout


def test_status_as_json_is_the_server_s_answer(api: FakeApi, run: Run) -> None:
    game = api.add_game("Tal", "Botvinnik", analysed=True)
    answer = json.loads(run("status", game.game_id, "--json").stdout)
    assert answer["game_id"] == game.game_id
    assert answer["generation"] == 1


def test_status_tells_the_priority_only_when_it_is_not_the_usual_one(api: FakeApi, run: Run) -> None:
    game = api.add_game("Tal", "Botvinnik")
    game.steps, game.at = (Step("running", "complete", "intermediate", None),), 0
    assert "priority" not in run("status", game.game_id).stdout
    game.priority = "premium_bulk"
    assert "priority         premium bulk\n" in re.sub(r" +\n", "\n", run("status", game.game_id).stdout)


def test_status_tells_that_a_report_is_not_the_best_one_to_come(api: FakeApi, run: Run) -> None:
    game = api.add_game("Tal", "Botvinnik", analysed=True)
    assert "under load" not in run("status", game.game_id).stdout
    game.is_degraded = True
    assert "searched less deeply under load" in run("status", game.game_id).stdout


def test_cancel_shows_the_status_afterwards_and_may_be_repeated(api: FakeApi, run: Run) -> None:
    game = api.add_game("Tal", "Botvinnik")
    game.at = 2
    for _ in range(2):
        ran = run("cancel", game.game_id)
        assert ran.exit_code == 0
        lines = [line.split() for line in ran.stdout.splitlines()]
        assert lines == [["state", "cancelled"], ["finished", "phase", "initial"]]
    assert json.loads(run("cancel", game.game_id, "--json").stdout)["state"] == "cancelled"
    assert {request.method for request in api.requests} == {"DELETE"}


def test_cancel_of_what_has_ended_says_how_to_look_at_it(api: FakeApi, run: Run) -> None:
    ran = run("cancel", api.add_game("Tal", "Botvinnik", analysed=True).game_id)
    assert ran.exit_code == 6
    assert "Nothing to cancel: The analysis has ended." in ran.stderr
    assert "knight-vision report" in ran.stderr
    assert run("cancel", "unknown").exit_code == 5


def test_whatever_is_typed_as_a_game_stays_one_part_of_the_path(api: FakeApi, run: Run) -> None:
    run("status", "../a?b=c#d")
    assert api.requests[0].path == "/v1/games/..%2Fa%3Fb%3Dc%23d/analysis/status"


def test_report_shows_the_summary_with_the_players(api: FakeApi, run: Run) -> None:
    ran = run("report", api.add_game("Tal", "Botvinnik", analysed=True).game_id)
    assert ran.exit_code == 0
    assert ran.stdout.startswith("Tal - Botvinnik  1-0\n")
    assert "Turning points" in ran.stdout


def test_report_tells_the_game_and_why_moves_were_bad_but_not_every_inaccuracy(
    api: FakeApi, run: Run
) -> None:
    ran = run("report", api.add_game("Tal", "Botvinnik", analysed=True).game_id)
    assert "The opening was the Philidor Defense (C41)" in ran.stdout
    assert re.search(r"^  blunder +9\.\.\.b5 hangs the knight on d7\.$", ran.stdout, re.MULTILINE)
    assert "slow" not in ran.stdout


def test_report_says_that_the_counts_are_lichess_s_where_the_words_name_fewer_moves(
    api: FakeApi, run: Run
) -> None:
    ran = run("report", api.add_game("Tal", "Botvinnik", analysed=True).game_id)
    assert "Counted as Lichess counts; 1 of them was theory, or no loss after all." in ran.stdout


def test_report_as_json_is_the_report_and_as_pgn_the_annotated_game(api: FakeApi, run: Run) -> None:
    game_id = api.add_game("Tal", "Botvinnik", "1. e4 \x1b[2J\n\n1-0", analysed=True).game_id
    assert json.loads(run("report", game_id, "--json").stdout)["phase"] == "complete"
    assert run("report", game_id, "--pgn").stdout == "1. e4 [2J\n\n1-0 { annotated }\n"


def test_report_before_the_first_phase_is_finished_says_so(api: FakeApi, run: Run) -> None:
    game = api.add_game("Tal", "Botvinnik")
    game.at = 0
    ran = run("report", game.game_id)
    assert ran.exit_code == 5
    assert "No phase of the analysis is finished yet." in ran.stderr
    assert f"knight-vision status {game.game_id}" in ran.stderr


def test_games_lists_the_newest_first_over_pages_up_to_the_limit(api: FakeApi, run: Run) -> None:
    api.page_size = 2
    for number in range(6):
        api.add_game(f"White{number}", f"Black{number}", analysed=number == 5)
    ran = run("games", "--limit", "5")
    assert ran.exit_code == 0
    rows = [line.split() for line in ran.stdout.splitlines()]
    assert rows[0] == ["game", "players", "analysis"]
    assert [row[1] for row in rows[1:]] == ["White5", "White4", "White3", "White2", "White1"]
    assert rows[1] == ["00000006-aaaa-bbbb-cccc-0123456789ab", "White5", "-", "Black5", "complete"]
    assert rows[2][-1] == "-"
    assert len(api.requests) == 3


def test_games_lists_players_by_their_surnames(api: FakeApi, run: Run) -> None:
    api.add_game("Carlsen, Magnus", "Nepomniachtchi, Ian")
    line = run("games").stdout.splitlines()[1]
    assert line.split()[1:] == ["Carlsen", "-", "Nepomniachtchi", "-"]
    assert len(line) <= 80


def test_games_as_json_are_the_server_s_answers_over_pages(api: FakeApi, run: Run) -> None:
    api.page_size = 1
    api.add_game("Tal", "Botvinnik")
    api.add_game("Anand", "Kramnik")
    games = json.loads(run("games", "--json").stdout)
    assert [game["white"] for game in games] == ["Anand", "Tal"]
    assert games[0]["created_at"] == "2026-11-23T14:00:00+00:00"


def test_no_games_yet_is_told_with_what_to_do(run: Run) -> None:
    ran = run("games")
    assert ran.exit_code == 0
    assert ran.stdout == ""
    assert "knight-vision analyze FILE" in ran.stderr
    assert run("games", "--json").stdout == "[]\n"
