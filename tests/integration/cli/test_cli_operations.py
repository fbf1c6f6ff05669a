"""`operations`: numbers, dead letters and starting them again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.fake_api import FakeApi

Run = Callable[..., Any]

GAMES = [f"{number:08x}-aaaa-bbbb-cccc-0123456789ab" for number in range(1, 8)]


def test_the_numbers_fit_a_terminal_and_leave_out_what_is_idle(api: FakeApi, run: Run) -> None:
    api.operations.failed = GAMES[:2]
    ran = run("operations", "metrics")
    assert (ran.exit_code, ran.stderr) == (0, "")
    lines = [line.rstrip() for line in ran.stdout.splitlines()]
    assert all(len(line) <= 80 for line in lines)
    assert lines[:7] == [
        "unfinished     1234 games, the oldest since 1:01 h",
        "given up       2 games",
        "satisfaction   4.3 of 5 by 31 ratings",
        "store          does not answer, functions wait for it",
        "first result   812 ms",
        "complete       1:01 min",
        "errors         0.1%",
    ]
    rows = [line.split() for line in lines[8:]]
    assert rows[0] == ["phase", "held", "claims", "errors", "died", "spent", "short", "medium", "long"]
    assert rows[1] == ["initial", "10", "10000", "7", "3", "1", "1.3", "s", "1.3", "s", "-"]
    assert rows[4:6] == [[], ["phase", "priority", "line", "later", "oldest", "wait", "done", "after"]]
    assert len(rows) == 7
    assert " ".join(rows[6]) == "intermediate premium bulk 12345 678 59:59 min 59:59 min 9999 59:59 min"


def test_numbers_that_could_not_be_had_are_told(api: FakeApi, run: Run) -> None:
    api.operations.is_queue_away = True
    ran = run("operations", "metrics")
    assert ran.exit_code == 0
    assert ran.stdout.split() == ["unfinished", "unknown", "given", "up", "0", "games"]
    assert ran.stderr == "Not all numbers could be had: Redis does not answer.\n"


def test_numbers_as_json_are_the_server_s_answer(api: FakeApi, run: Run) -> None:
    assert json.loads(run("operations", "metrics", "--json").stdout) == api.operations.metrics()


def test_dead_letters_are_listed_over_pages_with_their_reasons(api: FakeApi, run: Run) -> None:
    api.operations.failed, api.operations.page_size = GAMES, 2
    ran = run("operations", "dead-letters", "--limit", "5")
    lines = ran.stdout.splitlines()
    assert lines[0].split() == ["game", "given", "up", "at", "readable"]
    assert [line.split() for line in lines[1::2]] == [
        [game, "2026-11-23", "14:00:00", "initial"] for game in GAMES[:5]
    ]
    assert set(lines[2::2]) == {"  3 workers died [31m over it"}
    assert len(api.requests) == 3
    letters = json.loads(run("operations", "dead-letters", "--json").stdout)
    assert [letter["game_id"] for letter in letters] == GAMES


def test_no_dead_letters_is_told(run: Run) -> None:
    ran = run("operations", "dead-letters")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (0, "", "No analysis was given up.\n")


def test_named_games_are_started_again_and_those_left_out_are_told(api: FakeApi, run: Run) -> None:
    api.operations.failed = GAMES[:2]
    ran = run("operations", "redrive", GAMES[0], GAMES[1])
    assert (ran.exit_code, ran.stdout) == (0, "2 games started again.\n")
    ran = run("operations", "redrive", GAMES[0])
    assert (ran.exit_code, ran.stdout) == (1, "0 games started again.\n")
    assert ran.stderr == f"{GAMES[0]}: left out, its analysis was not given up.\n"


def test_all_are_started_again_a_hundred_at_a_time(api: FakeApi, run: Run) -> None:
    api.operations.failed = [f"game-{number}" for number in range(230)]
    ran = run("operations", "redrive", "--all", "--json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["redriven"] == 230
    assert [len(asked) for asked in api.operations.redriven] == [100, 100, 30]
    assert api.operations.failed == []
    assert run("operations", "redrive", "--all").stdout == "0 games started again.\n"


@pytest.mark.parametrize("arguments", [(), ("--all", GAMES[0])])
def test_what_to_start_again_must_be_said_in_one_way(api: FakeApi, run: Run, arguments: Any) -> None:
    assert run("operations", "redrive", *arguments).exit_code == 2
    assert api.requests == []


@pytest.mark.parametrize("command", [("metrics",), ("dead-letters",), ("redrive", "--all")])
def test_who_is_no_operator_is_told_so(api: FakeApi, run: Run, command: Any) -> None:
    api.operations.is_operator = False
    ran = run("operations", *command)
    assert ran.exit_code == 4
    assert "You are not an operator: This is for operators." in ran.stderr
    assert "--token" not in ran.stderr
