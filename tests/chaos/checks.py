"""What must hold at the end of a chaos run. Each check tells what is wrong, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from knight_vision.domain.phase import Phase
from tests.chaos.games import Toxin
from tests.chaos.outcome import Accepted, Outcome, Reading, Row
from tests.chaos.plan import LANES

__all__ = ["CHECKS", "FEW", "Verdict", "judge"]


FEW = 3
"""So few faults of a kind may all have found nobody at work: a slow machine seldom saves a report."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's answer."""

    name: str
    looked_at: int
    """How many things were checked; nothing to check is not a pass where there should be something."""
    problems: tuple[str, ...]


def all_are_final(outcome: Outcome) -> Iterator[str]:
    """Every accepted analysis is in a final state that its user can explain, and nothing else is there."""
    if len(outcome.games) != outcome.asked:
        yield f"{len(outcome.games)} of {outcome.asked} games were accepted"
    for game in outcome.games:
        row = outcome.rows.get(game.game_id)
        if row is None:
            yield f"{name_of(game)}: accepted, and not in the store"
        elif row.state not in game.wanted:
            wanted = " or ".join(sorted(game.wanted))
            yield f"{name_of(game)}: {row.state} ({row.failure}), not {wanted}"
    yield from (f"gave up waiting: {text}" for text in outcome.hanging)
    known = {game.game_id for game in outcome.games}
    yield from (f"nobody asked for {game_id}" for game_id in outcome.rows if game_id not in known)


def poison_is_told(outcome: Outcome) -> Iterator[str]:
    """Every toxic game is failed with its reason; what was finished before stays readable."""
    for game in outcome.games:
        row = outcome.rows.get(game.game_id)
        if game.game.toxin is None or row is None:
            continue
        if row.state != "failed" or not row.failure:
            yield f"{name_of(game)}: it {game.game.toxin}, and is {row.state} with the reason {row.failure!r}"
        late = game.game.toxin is Toxin.KILLS_WORKER_LATE
        if row.report_phase != (Phase.INTERMEDIATE if late else None):
            yield f"{name_of(game)}: it {game.game.toxin}, and its report is of the phase {row.report_phase}"


def dead_letters_are_the_failed(outcome: Outcome) -> Iterator[str]:
    """Operators are told of every failed analysis and of no other."""
    failed = {row.game_id: row.failure for row in outcome.rows.values() if row.state == "failed"}
    for game_id in failed.keys() | outcome.dead_letters.keys():
        reason, told = failed.get(game_id), outcome.dead_letters.get(game_id)
        if reason != told:
            yield f"{game_id}: failed with {reason!r}, and operators are told {told!r}"


def reports_are_right(outcome: Outcome) -> Iterator[str]:
    """Every finished analysis' report is the one that is made without faults."""
    read = {reading.game_id: reading for reading in outcome.final_reports}
    for game in outcome.games:
        row = outcome.rows.get(game.game_id)
        if row is None or (row.report_phase is None and row.state != "done"):
            continue
        phase = "complete" if row.state == "done" else row.report_phase
        reading = read.get(game.game_id)
        if reading is None or reading.report is None:
            yield f"{name_of(game)}: {row.state}, and has no report"
        elif reading.report["phase"] != phase:
            yield f"{name_of(game)}: {row.state}, and its report is of the phase {reading.report['phase']}"
        else:
            yield from differences(outcome, game, reading)


def early_reports_are_right(outcome: Outcome) -> Iterator[str]:
    """Every report that was read in the middle of it all is a whole finished phase's."""
    games = {game.game_id: game for game in outcome.games}
    for reading in outcome.early_reports:
        if reading.report is not None and reading.game_id in games:
            yield from differences(outcome, games[reading.game_id], reading)


def saved_once(outcome: Outcome) -> Iterator[str]:
    """No phase of a generation was saved twice, and none of a generation that the store never had."""
    for save, times in Counter(outcome.saves).items():
        if times > 1:
            yield f"{save.game_id}: generation {save.generation}, {save.phase} was saved {times} times"
        row = outcome.rows.get(save.game_id)
        if row is None or save.generation > row.generation:
            yield f"{save.game_id}: generation {save.generation} was saved, the store has {row}"


def nothing_goes_back(outcome: Outcome) -> Iterator[str]:
    """No older generation replaces a newer one, no finished phase becomes unfinished, what is final stays."""
    last: dict[str, Row] = {}
    for row in (*outcome.samples, *outcome.rows.values()):
        before = last.get(row.game_id, row)
        last[row.game_id] = row
        if progress(row) < progress(before):
            yield f"{row.game_id}: went back from {before} to {row}"
        elif report_age(row) < report_age(before):
            yield f"{row.game_id}: an older report replaced a newer one: from {before} to {row}"
        elif before.is_final and row.generation == before.generation and row.state != before.state:
            yield f"{row.game_id}: was final and changed from {before} to {row}"


def no_stale_report(outcome: Outcome) -> Iterator[str]:
    """The stored report is the generation's own, once that has saved any; generations are the API's."""
    for game in outcome.games:
        row = outcome.rows.get(game.game_id)
        if row is None:
            continue
        if row.generation < game.generation:
            yield f"{name_of(game)}: generation {game.generation} was accepted, {row.generation} is stored"
        if row.finished_phase is not None and row.report_generation != row.generation:
            yield f"{name_of(game)}: generation {row.generation} has the report of {row.report_generation}"
        if (row.report_generation or 0) > row.generation:
            yield f"{name_of(game)}: a report of generation {row.report_generation}, from the future"


def no_key_left(outcome: Outcome) -> Iterator[str]:
    """The queue is empty, and nothing else has a key that would stay for ever."""
    yield from (f"left in Redis: {key}" for key in outcome.keys_left)


def no_process_left(outcome: Outcome) -> Iterator[str]:
    """Nothing was orphaned in the run, nothing outlived the stack."""
    yield from (f"an orphan: {process}" for process in outcome.orphans)
    yield from (f"outlived the stack: {process}" for process in outcome.survivors)


def no_surprise(outcome: Outcome) -> Iterator[str]:
    """No answer of the API that no fault explains."""
    yield from outcome.surprises


def faults_happened(outcome: Outcome) -> Iterator[str]:
    """What was planned was done and undone: else the run shows less than it says."""
    yield from outcome.fault_errors
    for kind, planned in outcome.faults_planned.items():
        if planned > FEW and not outcome.faults_done.get(kind):
            yield f"planned {planned} times and never done: {kind}"
    for lane in LANES:
        planned = sum(outcome.faults_planned.get(kind, 0) for kind in lane.kinds)
        if planned > 1 and not any(outcome.faults_done.get(kind) for kind in lane.kinds):
            yield f"planned {planned} times and never done: any of the {lane.name}"


Check = Callable[[Outcome], Iterable[str]]
CHECKS: tuple[tuple[str, Check, Callable[[Outcome], int]], ...] = (
    ("every accepted analysis is in exactly one right final state", all_are_final, lambda o: len(o.games)),
    (
        "every toxic game is failed with its reason, the phases before stay readable",
        poison_is_told,
        lambda o: sum(game.game.toxin is not None for game in o.games),
    ),
    ("the dead letters are the failed ones", dead_letters_are_the_failed, lambda o: len(o.dead_letters)),
    (
        "every stored report equals the one made without faults",
        reports_are_right,
        lambda o: sum(reading.report is not None for reading in o.final_reports),
    ),
    (
        "every report read during the faults equals that phase's",
        early_reports_are_right,
        lambda o: sum(reading.report is not None for reading in o.early_reports),
    ),
    ("no phase of a generation was saved twice", saved_once, lambda o: len(o.saves)),
    ("no generation, phase or final state went back", nothing_goes_back, lambda o: len(o.samples)),
    ("no stale generation's report is stored", no_stale_report, lambda o: len(o.rows)),
    ("no key is left in Redis", no_key_left, lambda o: 1),
    ("no process is orphaned or outlives the stack", no_process_left, lambda o: 1),
    ("no answer of the API that no fault explains", no_surprise, lambda o: len(o.games)),
    ("the faults happened", faults_happened, lambda o: sum(o.faults_done.values())),
)


def judge(outcome: Outcome) -> list[Verdict]:
    """Every check's answer. One that had nothing to look at has a problem: it shows nothing."""
    verdicts = []
    for name, check, count in CHECKS:
        looked_at, problems = count(outcome), tuple(check(outcome))
        verdicts.append(Verdict(name, looked_at, problems or (() if looked_at else ("nothing to check",))))
    return verdicts


def progress(row: Row) -> tuple[int, int]:
    return row.generation, rank(row.finished_phase)


def report_age(row: Row) -> tuple[int, int]:
    return row.report_generation or 0, rank(row.report_phase)


def rank(phase: str | None) -> int:
    return 0 if phase is None else Phase(phase).rank


def differences(outcome: Outcome, game: Accepted, reading: Reading) -> Iterator[str]:
    """How a report differs from the right one of its phase."""
    # What a phase cost is never the same twice.
    report = {**(reading.report or {}), "cost": None}
    expected = {**outcome.expected(game.game.pgn, Phase(report["phase"])), "cost": None}
    if report != expected:
        yield f"{name_of(game)}: the {report['phase']} report differs: {first_difference(expected, report)}"


def first_difference(expected: Any, found: Any, place: str = "") -> str:
    """Where two JSON values part."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in (*expected, *found):
            if expected.get(key) != found.get(key):
                return first_difference(expected.get(key), found.get(key), f"{place}.{key}")
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (one, other) in enumerate(zip(expected, found, strict=True)):
            if one != other:
                return first_difference(one, other, f"{place}[{index}]")
    return f"{place or 'the whole'} is {found!r:.200}, not {expected!r:.200}"


def name_of(game: Accepted) -> str:
    return f"game {game.game.number} ({game.game_id})"
