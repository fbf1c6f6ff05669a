"""Lambda as the simulation sees it: environments of three functions under one account's limit.

Calls wait for room and are dropped when they are too old. Lambda does not say whose call it begins next and
tries throttled ones again after pauses; here a choice of the constants decides, and no call misses room.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field

from tests.bench.burst.constants import PHASES, Constants

__all__ = ["Fleet"]

SCALING_PERIOD_S = 10.0


@dataclass(slots=True)
class Fleet:
    """Environments by function (0 to 2, as the phases); each stands for `each` of them."""

    constants: Constants
    each: int = 1
    running: int = 0
    running_by: list[int] = field(default_factory=lambda: [0] * len(PHASES))
    peak: int = 0
    idle: list[int] = field(default_factory=lambda: [0] * len(PHASES))
    cold_starts: list[int] = field(default_factory=lambda: [0] * len(PHASES))
    dropped: int = 0
    pending: list[deque[tuple[float, int]]] = field(default_factory=lambda: [deque() for _ in PHASES])
    """Calls that wait, as (since when, how many), by function."""
    reserved: list[int] = field(init=False)
    """Calls that a function may run at once and that no other gets; 0: it shares with the others."""
    shared: int = field(init=False)
    """Calls at once of all functions without a reserved part."""
    allowed: list[float] = field(init=False)
    """New environments that each function may have now, as of `allowed_at_s`."""
    allowed_at_s: list[float] = field(default_factory=lambda: [0.0] * len(PHASES))

    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def __post_init__(self) -> None:
        constants = self.constants
        self.reserved = [-(-reserved // self.each) for reserved in constants.reserved]
        self.shared = max(1, (constants.limit - sum(constants.reserved)) // self.each)
        self.allowed = [self.most_new] * len(PHASES)

    def has_room(self, function: int) -> bool:
        """Whether one more call of a function may run: in its reserved part, or in what is left for all."""
        if self.reserved[function]:
            return self.running_by[function] < self.reserved[function]
        others = sum(running for running, own in zip(self.running_by, self.reserved, strict=True) if own)
        return self.running - others < self.shared

    @property
    def most_new(self) -> float:
        """New environments of a function within a moment."""
        return max(1.0, self.constants.new_environments_per_10_s / self.each)

    def call(self, function: int, calls: int, now_s: float) -> None:
        """Let calls wait for room."""
        self.pending[function].append((now_s, calls))

    def start(self, now_s: float) -> tuple[int, bool] | None:
        """The function of the next call that there is room for, and whether its environment is new.

        None when no call can begin now.
        """
        found = []
        for function, waiting in enumerate(self.pending):
            if not self.has_room(function):
                continue
            while waiting and now_s - waiting[0][0] > self.constants.call_age_s:
                self.dropped += waiting.popleft()[1]
            if waiting and (self.idle[function] or self.refill(function, now_s) >= 1.0):
                found.append(function)
        if not found:
            return None
        chosen = self.chosen(found)
        self.take_call(chosen)
        self.running += 1
        self.running_by[chosen] += 1
        self.peak = max(self.peak, self.running)
        if self.idle[chosen]:
            self.idle[chosen] -= 1
            return chosen, False
        self.allowed[chosen] -= 1.0
        self.cold_starts[chosen] += 1
        return chosen, True

    def chosen(self, functions: list[int]) -> int:
        """Whose call begins, of functions whose calls wait."""
        match self.constants.call_order:
            case "oldest":
                return min(functions, key=lambda function: self.pending[function][0][0])
            case "newest":
                return max(functions, key=lambda function: self.pending[function][-1][0])
        return self.chance.choice(functions)

    def take_call(self, function: int) -> None:
        """One waiting call less."""
        since_s, calls = self.pending[function][0]
        if calls > 1:
            self.pending[function][0] = (since_s, calls - 1)
        else:
            self.pending[function].popleft()

    def take_all_calls(self, function: int) -> int:
        """Forget all calls of a function that wait: how many."""
        calls = sum(calls for _, calls in self.pending[function])
        self.pending[function].clear()
        return calls

    def refill(self, function: int, now_s: float) -> float:
        """New environments that a function may have by now."""
        grown = (now_s - self.allowed_at_s[function]) * self.most_new / SCALING_PERIOD_S
        self.allowed[function] = min(self.most_new, self.allowed[function] + grown)
        self.allowed_at_s[function] = now_s
        return self.allowed[function]

    def next_start_s(self, now_s: float) -> float | None:
        """When a call that waits for a new environment may have one; None: that is not what it waits for."""
        missing = [
            1.0 - self.refill(function, now_s)
            for function, waiting in enumerate(self.pending)
            if waiting and self.has_room(function)
        ]
        return now_s + max(1e-6, min(missing) * SCALING_PERIOD_S / self.most_new) if missing else None

    def end(self, function: int) -> None:
        """A call has ended; its environment stays warm."""
        self.running -= 1
        self.running_by[function] -= 1
        self.idle[function] += 1
