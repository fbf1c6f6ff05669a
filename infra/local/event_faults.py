"""Events that get lost, doubled or late on their way to a function, as EventBridge's may: for tests."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field

__all__ = ["EventFaults"]


@dataclass(slots=True, kw_only=True)
class EventFaults:
    """A policy for every event; by default nothing happens to any. May be asked from several threads."""

    drop: float = 0.0
    """Share of the events that never arrive, 0 to 1."""
    double: float = 0.0
    """Share of the others that arrive twice."""
    delay: float = 0.0
    """Share of the arrivals that are late."""
    longest_delay_s: float = 0.0
    seed: int = 0
    counts: Counter[str] = field(default_factory=Counter, init=False)
    """What was done so far: `events`, `dropped`, `doubled`, `delayed`."""
    chance: random.Random = field(init=False)
    lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def arrivals(self) -> list[float]:
        """When the next event arrives, in seconds from now: not at all, once or twice."""
        with self.lock:
            self.counts["events"] += 1
            if self.chance.random() < self.drop:
                self.counts["dropped"] += 1
                return []
            is_doubled = self.chance.random() < self.double
            self.counts["doubled"] += is_doubled
            return [self.lateness_s() for _ in range(1 + is_doubled)]

    def lateness_s(self) -> float:
        """Seconds until one arrival."""
        if self.chance.random() >= self.delay:
            return 0.0
        self.counts["delayed"] += 1
        return self.chance.uniform(0, self.longest_delay_s)
