"""One chaos run: a stack, a plan, its end, and what was seen."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import redis

from tests.chaos.checks import FEW, Verdict, judge
from tests.chaos.customer import Customer
from tests.chaos.expected import ExpectedReports
from tests.chaos.outcome import Outcome, Row
from tests.chaos.plan import Batch, Plan
from tests.chaos.saboteur import EVENT_FAULT_KINDS, Saboteur, admin
from tests.chaos.stack_settings import template_for
from tests.chaos.sweeps import Sweeps
from tests.chaos.witness import (
    Witness,
    crashes_in,
    keys_left,
    notes_in,
    orphans,
    rows_of,
    saves_in,
    survivors,
)
from tests.support.stack import LocalStack

__all__ = ["ChaosRun", "Result"]

PROGRESS_EVERY_S = 5.0
BATCHES_AT_ONCE = 8
GIVE_UP_S = 120.0
"""Without any change for so long after the time for faults, what is not final never will be."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to."""

    counts: dict[str, Counter[str]]
    """What was done and seen, by sort."""
    seconds: float
    verdicts: list[Verdict]

    @property
    def is_ok(self) -> bool:
        """True when no check has a problem."""
        return not any(verdict.problems for verdict in self.verdicts)


class ChaosRun:
    """Runs a plan."""

    def __init__(self, plan: Plan, folder: Path, *, workers: int, say: Callable[[str], None]) -> None:
        """`folder` takes the stack's data and logs; they are left there when a check fails."""
        self.plan = plan
        self.folder = folder
        self.workers = workers
        self.began_at = time.monotonic()
        self.tell = say

    def say(self, text: str) -> None:
        """One line with the time since the faults began."""
        self.tell(f"[{time.monotonic() - self.began_at:6.1f} s] {text}")

    def run(self) -> Result:
        """Run it to its end."""
        self.folder.mkdir(parents=True)
        template = template_for(self.folder)
        stack = LocalStack(template=template, workers=self.workers, data=self.folder / "stack")
        expected = ExpectedReports()
        try:
            with stack:
                outcome, result = self.disturb(stack, expected)
            outcome.survivors = survivors(stack)
            result = replace(result, verdicts=judge(outcome))
        finally:
            expected.close()
        if result.is_ok:
            shutil.rmtree(self.folder)
        return result

    def disturb(self, stack: LocalStack, expected: ExpectedReports) -> tuple[Outcome, Result]:
        """Everything that needs the stack."""
        with contextlib.ExitStack() as closing:
            customers = [
                closing.enter_context(Customer(stack, is_premium=premium, patience_s=GIVE_UP_S))
                for premium in self.plan.premium
            ]
            witness = Witness(stack, self.plan.seed)
            saboteur = Saboteur(stack, self.plan, self.say)
            self.began_at = time.monotonic()
            with Sweeps(stack) as sweeps, witness.watching(customers), saboteur.at_work():
                problems = self.serve(customers, witness)
                self.say("all are accepted, and the time for faults is over")
                hanging = self.settle(stack, customers)
            outcome = look(stack, self.plan, customers, witness, expected)
            notes = notes_in(Path(stack.ready["logs"]))
        outcome.hanging = hanging
        outcome.surprises = [*problems, *outcome.surprises]
        outcome.faults_planned = Counter(fault.kind.value for fault in self.plan.faults)
        # Of the wake-up calls there are always more than enough.
        outcome.faults_planned.update(EVENT_FAULT_KINDS * (FEW + 1))
        outcome.faults_done = saboteur.done + Counter(
            {kind: saboteur.events[kind] for kind in EVENT_FAULT_KINDS}
        )
        outcome.fault_errors = saboteur.errors
        counts = {
            "faults": saboteur.done,
            "faults that found nobody at work": saboteur.idle,
            "wake-up calls": saboteur.events,
            "requests refused and repeated": sum((one.refusals for one in customers), Counter[str]()),
            "sweeps": sweeps.counts,
            "lines of the functions' logs": notes,
            "analyses": Counter(row.state for row in outcome.rows.values()),
            "generations": Counter(f"generation {row.generation}" for row in outcome.rows.values()),
        }
        return outcome, Result(counts, round(self.since_s(), 1), [])

    def serve(self, customers: list[Customer], witness: Witness) -> list[str]:
        """Submit every batch at its time; returns when all is accepted and the planned time is over."""
        futures: list[Future[None]] = []

        def submit(batch: Batch) -> None:
            customers[batch.user].serve(batch)

        with ThreadPoolExecutor(BATCHES_AT_ONCE) as pool:
            batches = list(self.plan.batches)
            shown_at = 0.0
            while batches or self.since_s() < self.plan.duration_s:
                while batches and batches[0].at_s <= self.since_s():
                    futures.append(pool.submit(submit, batches.pop(0)))
                if self.since_s() - shown_at >= PROGRESS_EVERY_S:
                    shown_at = self.since_s()
                    self.say(progress(customers, witness.latest, len(self.plan.errands)))
                time.sleep(0.05)
        return [f"{error!r}" for future in futures if (error := future.exception()) is not None]

    def since_s(self) -> float:
        """Seconds since the faults began."""
        return time.monotonic() - self.began_at

    def settle(self, stack: LocalStack, customers: list[Customer]) -> list[str]:
        """Wait until nothing is left to do; returns what is left when nothing changes any more."""
        before: object = None
        changed_at = shown_at = time.monotonic()
        while True:
            try:
                rows, keys = rows_of(stack), keys_left(stack)
            except (httpx.HTTPError, redis.RedisError) as error:
                # A last fault is still being undone, or it is slow, but not for long.
                rows, keys = {}, [repr(error)]
            unfinished = [row for row in rows.values() if not row.is_final]
            if not unfinished and not keys:
                self.say(progress(customers, rows, len(self.plan.errands)))
                return []
            if rows != before:
                before, changed_at = rows, time.monotonic()
            if time.monotonic() - changed_at > GIVE_UP_S:
                return [*map(str, unfinished), *keys, *jobs_in_redis(stack, unfinished)]
            if time.monotonic() - shown_at >= PROGRESS_EVERY_S:
                shown_at = time.monotonic()
                self.say(f"{progress(customers, rows, len(self.plan.errands))}, {len(keys)} keys in Redis")
            time.sleep(0.3)


def look(
    stack: LocalStack, plan: Plan, customers: list[Customer], witness: Witness, expected: ExpectedReports
) -> Outcome:
    """All that is to be seen at the end, but for what shows only after the stack's."""
    readings = [customer.read(game_id) for customer in customers for game_id in customer.accepted]
    logs = Path(stack.ready["logs"])
    crashes = crashes_in(logs)
    surprises = [one.described(crashes) for customer in customers for one in customer.surprises]
    return Outcome(
        games=[game for customer in customers for game in customer.accepted.values()],
        asked=len(plan.errands),
        rows=rows_of(stack),
        expected=expected.of,
        samples=witness.samples,
        final_reports=[reading for reading in readings if reading is not None],
        early_reports=witness.readings,
        saves=saves_in(logs),
        dead_letters=customers[0].dead_letters(),
        keys_left=keys_left(stack),
        orphans=orphans(stack),
        surprises=surprises,
    )


def progress(customers: list[Customer], rows: Mapping[str, Row], asked: int) -> str:
    """How far it is, in words."""
    states = Counter(row.state for row in rows.values())
    accepted = sum(len(customer.accepted) for customer in customers)
    counted = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return f"{accepted} of {asked} accepted: {counted or 'none seen'}"


def jobs_in_redis(stack: LocalStack, rows: list[Row]) -> list[str]:
    """What Redis holds of analyses that hang."""
    with admin(stack) as connection:
        found = []
        for row in rows:
            for name in connection.scan_iter(match=f"*{row.game_id}*", count=1000):
                kind = connection.type(name)
                value = connection.hgetall(name) if kind == b"hash" else kind
                found.append(f"{name.decode()} = {value}")
        return found
