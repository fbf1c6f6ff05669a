"""A burst of games on AWS, event by event: calls, environments, claims, searches, reports, the next phase.

What a phase function does is services/run_phase.py in short: claim, search, finish and claim again, build the
report after a phase's last segment, call for the next phase, and call for a successor when time runs low.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

from knight_vision.domain.cost import billed_ms
from knight_vision.services.run_phase import CLOSING_S, LEAST_S
from tests.bench.burst.calls import Calls
from tests.bench.burst.constants import PHASES, Constants
from tests.bench.burst.fleet import Fleet
from tests.bench.burst.lines import Lines
from tests.bench.burst.outcome import Outcome, Usage

__all__ = ["Simulation", "simulate"]

LAST = len(PHASES) - 1
LEAST_ENVIRONMENTS = 10
QUEUE_CALLS_OF_REPORT = 3
"""read_evaluations, report_progress, advance."""


@dataclass(slots=True)
class Worker:
    """A running function."""

    function: int
    began_s: float
    """When its handler began: its timeout counts from here."""
    init_s: float
    """Of its environment's start, when that was for this call."""
    longest_s: float = 0.0
    """The longest segment so far."""
    is_at_work: bool = False
    """It holds a unit, or its report."""


@dataclass
class Simulation:
    """`games` at once; every game, call and environment stands for `each` of them, exact when that is 1."""

    constants: Constants
    games: int
    each: int = 1
    now_s: float = 0.0
    fleet: Fleet = field(init=False)
    lines: Lines = field(init=False)
    calls: Calls = field(init=False)
    usage: Usage = field(default_factory=Usage)
    first_s: list[float] = field(default_factory=list)
    done_s: list[float] = field(default_factory=list)
    coming: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    number: int = 0
    queue_free_s: float = 0.0
    store_free_s: float = 0.0
    next_start_s: float | None = None
    swept_calls: float = 0.0

    def __post_init__(self) -> None:
        self.fleet = Fleet(self.constants, self.each)
        self.lines = Lines(self.constants, self.games)
        self.calls = Calls(self.constants, self.each)

    def run(self) -> Outcome:
        """Everything until the last report is saved."""
        self.at(self.constants.request_s, self.arrive)
        self.at(self.constants.sweep_every_s, self.sweep)
        while len(self.done_s) < self.games:
            self.now_s, _, happen = heapq.heappop(self.coming)
            happen()
        return Outcome.of(self)

    def at(self, time_s: float, happen: Callable[[], None]) -> None:
        """Let something happen later; of the same time, what was planned first."""
        self.number += 1
        heapq.heappush(self.coming, (time_s, self.number, happen))

    def arrive(self) -> None:
        """All games are in the queue, and functions are called for each."""
        segments = 0
        for game in range(self.games):
            segments = self.lines.open(0, game, self.now_s)
        self.usage.queue_calls += 2 * self.games
        self.wake(0, self.games * min(segments, self.constants.settings.phase_fanout))

    def wake(self, function: int, wanted: int, *, least: int = 0) -> None:
        """Send events that call a function, as many as have room."""
        self.usage.queue_calls += 1
        calls = self.calls.allow(function, wanted, self.now_s, least=least)
        if calls:
            self.usage.events += calls
            self.at(self.now_s + self.constants.event_s, lambda: self.called(function, calls))

    def called(self, function: int, calls: int) -> None:
        """Events have reached Lambda."""
        self.fleet.call(function, calls, self.now_s)
        self.start_all()

    def start_all(self) -> None:
        """Begin every call that there is room for; come back when more environments may be made."""
        for function in range(len(PHASES)):
            # Warm environments answer these within milliseconds; they are counted, not played.
            if (
                self.fleet.pending[function]
                and self.fleet.idle[function]
                and not self.lines.waiting[function]
            ):
                calls = self.fleet.take_all_calls(function)
                for _ in range(calls):
                    self.calls.arrived(function)
                self.usage.requests[function] += calls
                self.usage.billed_ms[function] += calls * billed_ms(self.constants.call_s)
                self.usage.queue_calls += calls
        while (started := self.fleet.start(self.now_s)) is not None:
            function, is_cold = started
            init_s = self.constants.init_s / self.constants.speed if is_cold else 0.0
            begins_s = self.now_s + (self.constants.prepare_s if is_cold else 0.0) + init_s
            worker = Worker(function, begins_s, init_s)
            self.usage.requests[function] += 1
            self.at(begins_s + self.constants.call_s, lambda worker=worker: self.begin(worker))  # type: ignore[misc]
        again_s = self.fleet.next_start_s(self.now_s)
        if again_s is not None and (self.next_start_s is None or self.next_start_s <= self.now_s):
            self.next_start_s = again_s
            self.at(again_s, self.start_all)

    def begin(self, worker: Worker) -> None:
        """A function's first claim, which answers its call."""
        self.calls.arrived(worker.function)
        self.claim(worker)

    def claim(self, worker: Worker, ready_s: float | None = None) -> None:
        """Take the next unit; end when nothing waits or the time is up."""
        self.calls.at_work[worker.function] -= worker.is_at_work
        worker.is_at_work = False
        left_s = self.constants.timeouts_s[worker.function] - (self.now_s - worker.began_s)
        if left_s < max(LEAST_S, worker.longest_s * 1.5) + CLOSING_S:
            self.wake(worker.function, 1)
            self.end(worker)
            return
        answered_s = self.queue_call() if ready_s is None else ready_s
        unit = self.lines.claim(worker.function, self.now_s)
        if unit is None:
            self.end(worker)
            return
        worker.is_at_work = True
        self.calls.at_work[worker.function] += 1
        game, segment = unit
        budget = self.lines.budget[game]
        search_s = self.constants.search_s(worker.function, segment, budget)
        worker.longest_s = max(worker.longest_s, search_s)
        self.usage.search_s[worker.function] += search_s
        if segment == 0:
            limit = self.constants.plans[worker.function].limit
            self.usage.degraded += limit.scaled(budget) != limit
        self.at(answered_s + search_s, lambda: self.searched(worker, game))

    def searched(self, worker: Worker, game: int) -> None:
        """Store a segment and claim the next in one call; after the last, build and save the report."""
        answered_s = self.queue_call()
        if not self.lines.finish(game):
            self.claim(worker, answered_s)
            return
        reading_s = self.constants.read_s + self.constants.report_s / self.constants.speed
        saving_s = answered_s + reading_s
        if self.constants.saves_per_s:
            saving_s = max(saving_s, self.store_free_s)
            self.store_free_s = saving_s + self.each / self.constants.saves_per_s
        saved_s = saving_s + self.constants.save_s + QUEUE_CALLS_OF_REPORT * self.constants.queue_call_s
        self.usage.queue_calls += QUEUE_CALLS_OF_REPORT
        self.at(saved_s, lambda: self.saved(worker, game))

    def saved(self, worker: Worker, game: int) -> None:
        """A phase's report can be read; the next phase can be claimed."""
        if worker.function == 0:
            self.first_s.append(self.now_s)
        if worker.function == LAST:
            self.done_s.append(self.now_s)
        else:
            segments = self.lines.open(worker.function + 1, game, self.now_s)
            self.wake(worker.function + 1, min(segments, self.constants.settings.phase_fanout))
        self.claim(worker)

    def end(self, worker: Worker) -> None:
        """A function returns."""
        self.usage.billed_ms[worker.function] += billed_ms(worker.init_s + self.now_s - worker.began_s)
        self.fleet.end(worker.function)
        self.start_all()

    def queue_call(self) -> float:
        """When the queue has answered a call of now: scripts run one after the other."""
        self.usage.queue_calls += 1
        self.queue_free_s = max(self.queue_free_s, self.now_s) + self.constants.queue_script_s * self.each
        return self.queue_free_s + self.constants.queue_call_s

    def sweep(self) -> None:
        """Once a minute: call for waiting work that too few functions are at."""
        for function in range(len(PHASES)):
            calls = min(self.lines.in_line(function) * self.each, self.constants.settings.phase_fanout)
            # In whole calls of `each`, so that as many are sent in the long run.
            self.swept_calls += calls / self.each
            whole, self.swept_calls = int(self.swept_calls), self.swept_calls % 1
            if whole:
                self.wake(function, whole, least=1)
        self.at(self.now_s + self.constants.sweep_every_s, self.sweep)


def simulate(constants: Constants, games: int, *, most_played: int = 20_000) -> Outcome:
    """What a burst of that many games comes to.

    Beyond `most_played` games each game, call and environment that is played stands for several: the same
    queue in a smaller picture, as long as some environments are left in it.
    """
    each = min(-(-games // most_played), constants.limit // LEAST_ENVIRONMENTS)
    return Simulation(constants, -(-games // max(1, each)), max(1, each)).run()
