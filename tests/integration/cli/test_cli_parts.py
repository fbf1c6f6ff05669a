"""Parts of the client by themselves: the picture of many games, the pace of questions, lenient reading."""

from __future__ import annotations

import doctest
import importlib
import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from knight_vision_cli import picture
from knight_vision_cli.answers import Report, Status, Verdict
from knight_vision_cli.follow import LONGEST_RETRY_AFTER_S, FollowedGame, pause
from tests.support.fake_api import FAILING, FakeApi, Step, analysis_json, report_json


def a_followed_game(step: Step | None, number: int = 0, white: str = "Carlsen, Magnus") -> FollowedGame:
    verdict = Verdict(0, "accepted", f"id{number}", white, "Nepomniachtchi, Ian", 1200, "")
    game = FollowedGame("games.pgn", verdict, "complete", number)
    if step:
        stored = FakeApi().add_game("", "")
        stored.steps, stored.at = (step,), 0
        answer = analysis_json(stored)
        game.status = Status.of(answer["status"])
        game.report = Report.of(answer["report"]) if answer["report"] else None
    return game


def drawn(games: list[FollowedGame], width: int = 80, height: int = 24) -> list[str]:
    """The lines of the picture."""
    console = Console(file=io.StringIO(), width=width, height=height, force_terminal=True, color_system=None)
    console.print(picture.picture(games, height))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


RUNNING = Step("running", "complete", "intermediate", 30)
WAITING = Step("queued", "initial", None, 0, queue_position=123456)
DONE = Step("done", None, "complete")


@pytest.mark.parametrize("number_of_games", [1, 2, 3, 4, 20, 100])
@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 8), (300, 60)])
def test_the_picture_fits_the_terminal(number_of_games: int, width: int, height: int) -> None:
    steps = (RUNNING, WAITING, DONE, FAILING[-1], None)
    games = [
        a_followed_game(steps[number % len(steps)], number, "W" * 90) for number in range(number_of_games)
    ]
    lines = drawn(games, width, height)
    assert len(lines) <= height
    assert all(cell_len(line) <= min(width, 80) for line in lines)


def test_of_many_games_those_that_run_are_shown_and_all_are_counted() -> None:
    games = [a_followed_game(DONE, number) for number in range(1, 41)]
    games += [a_followed_game(WAITING, number) for number in range(41, 81)]
    games += [a_followed_game(RUNNING, 81), a_followed_game(FAILING[-1], 82), a_followed_game(None, 83)]
    lines = drawn(games)
    assert lines[0].startswith("83 games: 40 done, 1 running, 41 waiting, 1 failed (63 not shown)")
    assert any("81. Carlsen - Nepomniach" in line and "92% - 70%" in line for line in lines)


def test_a_waiting_and_a_failed_game_say_so_in_full() -> None:
    waiting = "\n".join(drawn([a_followed_game(WAITING)]))
    assert "123456 units ahead" in waiting
    failed = drawn([a_followed_game(FAILING[-1])])
    assert failed[1].split()[-1] == "done"
    assert failed[2].split()[-1] == "failed"


def test_the_server_s_wish_counts_within_reason_and_a_first_verdict_is_waited_for_eagerly() -> None:
    assert pause(0.5, retry_after_s=1) < 0.5
    assert pause(0.5, retry_after_s=5) == 5
    assert pause(10, retry_after_s=3) == 3
    assert pause(10, retry_after_s=3600) == LONGEST_RETRY_AFTER_S


def test_a_report_with_holes_is_read_and_unknown_fields_are_ignored() -> None:
    fields: dict[str, Any] = report_json("initial") or {}
    fields |= {"opening": None, "news": 1, "moves": [], "turning_points": []}
    fields["white"] = fields["white"] | {"accuracy": None, "acpl": None}
    report = Report.of(fields)
    assert report.opening == ""
    assert report.white.accuracy is None
    assert report.last == (30, None)
    assert picture.so_far(report).startswith("White - 0 blunders")


@pytest.mark.parametrize("module", ["text", "files", "follow"])
def test_the_examples_in_the_docstrings_are_true(module: str) -> None:
    results = doctest.testmod(importlib.import_module(f"knight_vision_cli.{module}"))
    assert results.attempted > 0
    assert results.failed == 0
