"""Every check of a chaos run can fail: each is shown a run that went wrong in the way that it looks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from knight_vision.domain.phase import Phase
from tests.chaos.checks import CHECKS, FEW, judge
from tests.chaos.games import SmallGame, Toxin
from tests.chaos.outcome import Accepted, Outcome, Reading, Row, Save
from tests.chaos.plan import FaultKind

DONE, POISON, DROPPED = "game-0", "game-1", "game-2"


def report(phase: Phase, name: str) -> dict[str, Any]:
    return {"phase": phase.value, "white": {"accuracy": 93.1}, "moves": [{"ply": 1, "san": name}]}


def a_row(game_id: str, generation: int, state: str, phase: Phase | None, failure: str | None = None) -> Row:
    saved = None if phase is None else generation
    return Row(game_id, generation, state, phase, phase, saved, failure)


def accepted(game_id: str, toxin: Toxin | None, generation: int, wanted: str) -> Accepted:
    return Accepted(game_id, SmallGame(int(game_id[-1]), ("e2e4",), toxin), generation, frozenset({wanted}))


def a_good_run() -> Outcome:
    """A game that was cancelled and asked for again, a late toxic one, and one that stayed cancelled."""
    games = [
        accepted(DONE, None, 2, "done"),
        accepted(POISON, Toxin.KILLS_WORKER_LATE, 1, "failed"),
        accepted(DROPPED, None, 1, "cancelled"),
    ]
    rows = {
        DONE: a_row(DONE, 2, "done", Phase.COMPLETE),
        POISON: a_row(POISON, 1, "failed", Phase.INTERMEDIATE, "4 workers died over it"),
        DROPPED: a_row(DROPPED, 1, "cancelled", None),
    }
    pgns = {game.game.pgn: game.game_id for game in games}
    return Outcome(
        games=games,
        asked=3,
        rows=rows,
        expected=lambda pgn, phase: report(phase, pgns[pgn]),
        samples=[
            a_row(DONE, 1, "queued", None),
            a_row(DONE, 1, "running", Phase.INITIAL),
            a_row(DONE, 1, "cancelled", Phase.INITIAL),
            Row(DONE, 2, "queued", None, Phase.INITIAL, 1, None),
            a_row(DONE, 2, "running", Phase.INTERMEDIATE),
        ],
        final_reports=[
            Reading(DONE, report(Phase.COMPLETE, DONE)),
            Reading(POISON, report(Phase.INTERMEDIATE, POISON)),
            Reading(DROPPED, None),
        ],
        early_reports=[Reading(DONE, report(Phase.INITIAL, DONE))],
        dead_letters={POISON: "4 workers died over it"},
        saves=[
            Save(DONE, 1, "initial"),
            Save(DONE, 2, "initial"),
            Save(DONE, 2, "intermediate"),
            Save(DONE, 2, "complete"),
        ],
        faults_planned={"FLUSHALL": 2, "SIGKILL": 1},
        faults_done={"FLUSHALL": 2},
    )


def verdict(outcome: Outcome, name: str) -> tuple[str, ...]:
    return next(one.problems for one in judge(outcome) if name in one.name)


def test_a_good_run_passes_every_check() -> None:
    assert [one for one in judge(a_good_run()) if one.problems] == []


def with_row(game_id: str, row: Row) -> Callable[[Outcome], None]:
    def break_it(outcome: Outcome) -> None:
        outcome.rows = {**outcome.rows, game_id: row}

    return break_it


def without_row(outcome: Outcome) -> None:
    outcome.rows = {game_id: row for game_id, row in outcome.rows.items() if game_id != DONE}


def with_report(game_id: str, shown: dict[str, Any] | None) -> Callable[[Outcome], None]:
    def break_it(outcome: Outcome) -> None:
        others = [reading for reading in outcome.final_reports if reading.game_id != game_id]
        outcome.final_reports = [*others, Reading(game_id, shown)]

    return break_it


def with_change(**changes: Any) -> Callable[[Outcome], None]:
    """An outcome with a field replaced, or made from what it was."""

    def break_it(outcome: Outcome) -> None:
        for name, value in changes.items():
            setattr(outcome, name, value(getattr(outcome, name)) if callable(value) else value)

    return break_it


def added(*more: object) -> Callable[[Any], list[object]]:
    return lambda before: [*before, *more]


GOOD = a_good_run()
LATE_SAMPLE = a_row(DONE, 2, "running", Phase.INTERMEDIATE)
STATES, TOXIC, LETTERS, STORED, EARLY, TWICE, BACK, STALE, KEY, PROCESS, ANSWER, FAULTS = (
    "right final state",
    "toxic game",
    "dead letters",
    "every stored report",
    "read during the faults",
    "saved twice",
    "went back",
    "stale generation",
    "key is left",
    "process is orphaned",
    "answer of the API",
    "the faults happened",
)
BROKEN = {
    "unfinished": (STATES, with_row(DONE, a_row(DONE, 2, "running", Phase.INTERMEDIATE))),
    "failed without being toxic": (STATES, with_row(DONE, a_row(DONE, 2, "failed", None, "died"))),
    "done though cancelled": (STATES, with_row(DROPPED, a_row(DROPPED, 1, "done", Phase.COMPLETE))),
    "lost from the store": (STATES, without_row),
    "never accepted": (STATES, with_change(asked=4)),
    "hangs": (STATES, with_change(hanging=["game-0"])),
    "nobody asked for it": (STATES, with_row("game-9", a_row("game-9", 1, "done", Phase.COMPLETE))),
    "poison done": (TOXIC, with_row(POISON, a_row(POISON, 1, "done", Phase.COMPLETE))),
    "poison without a reason": (TOXIC, with_row(POISON, a_row(POISON, 1, "failed", Phase.INTERMEDIATE, ""))),
    "poison took the earlier phases": (TOXIC, with_row(POISON, a_row(POISON, 1, "failed", None, "died"))),
    "no poison at all": (TOXIC, with_change(games=lambda games: [games[0], games[2]])),
    "nobody is told": (LETTERS, with_change(dead_letters={})),
    "told another reason": (LETTERS, with_change(dead_letters={POISON: "unknown"})),
    "told of what is done": (LETTERS, with_change(dead_letters=lambda told: {**told, DONE: "died"})),
    "a report with other numbers": (
        STORED,
        with_report(DONE, {**report(Phase.COMPLETE, DONE), "white": {"accuracy": 93.2}}),
    ),
    "another game's moves": (STORED, with_report(DONE, report(Phase.COMPLETE, POISON))),
    "an earlier phase's report": (STORED, with_report(DONE, report(Phase.INITIAL, DONE))),
    "no report": (STORED, with_report(DONE, None)),
    "the failed one's report is gone": (STORED, with_report(POISON, None)),
    "a mixture while it ran": (
        EARLY,
        with_change(early_reports=[Reading(DONE, {**report(Phase.INITIAL, DONE), "moves": []})]),
    ),
    "nobody read anything": (EARLY, with_change(early_reports=[])),
    "saved twice": (TWICE, with_change(saves=added(Save(DONE, 2, "complete")))),
    "saved from the future": (TWICE, with_change(saves=added(Save(DONE, 3, "initial")))),
    "an old generation came back": (
        BACK,
        with_change(samples=added(a_row(DONE, 1, "running", Phase.INITIAL))),
    ),
    "a finished phase became unfinished": (
        BACK,
        with_change(samples=added(a_row(DONE, 2, "running", Phase.INITIAL))),
    ),
    "an old report replaced a new one": (
        BACK,
        with_change(samples=added(LATE_SAMPLE, replace(LATE_SAMPLE, report_generation=1))),
    ),
    "final and changed": (BACK, with_change(samples=added(a_row(DROPPED, 1, "done", None)))),
    "the report of the generation before": (
        STALE,
        with_row(DONE, replace(GOOD.rows[DONE], report_generation=1)),
    ),
    "a generation forgotten": (STALE, with_row(DONE, a_row(DONE, 1, "done", Phase.COMPLETE))),
    "a report from the future": (
        STALE,
        with_row(DROPPED, Row(DROPPED, 1, "cancelled", None, Phase.INITIAL, 2, None)),
    ),
    "a key": (KEY, with_change(keys_left=["{kv}:job:game-0"])),
    "an orphan": (PROCESS, with_change(orphans=["12: stockfish"])),
    "a survivor": (PROCESS, with_change(survivors=["12: stockfish"])),
    "an internal error": (ANSWER, with_change(surprises=["POST /v1/games: 500"])),
    "a fault never done": (FAULTS, with_change(faults_planned={"FLUSHALL": 2, "SIGSTOP": FEW + 1})),
    "a lane in which nothing was done": (
        FAULTS,
        with_change(
            faults_planned={"FLUSHALL": 2, FaultKind.KILL_WORKER.value: 1, FaultKind.KILL_ENGINE.value: 1}
        ),
    ),
    "a fault that could not be undone": (FAULTS, with_change(fault_errors=["Valkey did not start"])),
    "no fault at all": (FAULTS, with_change(faults_planned={}, faults_done={})),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_run_that_went_wrong_fails_the_check_for_it(what: str) -> None:
    name, break_it = BROKEN[what]
    outcome = a_good_run()
    break_it(outcome)
    assert verdict(outcome, name)


def test_every_check_is_shown_to_fail() -> None:
    shown = {name for name, _ in BROKEN.values()}
    assert all(any(name in check for name in shown) for check, _, _ in CHECKS)


def test_a_problem_says_where_the_reports_part() -> None:
    outcome = a_good_run()
    with_report(DONE, {**report(Phase.COMPLETE, DONE), "moves": [{"ply": 1, "san": "Nf3"}]})(outcome)
    [problem] = verdict(outcome, STORED)
    assert problem == "game 0 (game-0): the complete report differs: .moves[0].san is 'Nf3', not 'game-0'"
