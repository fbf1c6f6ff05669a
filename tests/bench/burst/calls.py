"""Calls on their way and functions at work, as the queue counts them: domain/queue_calls.py."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from knight_vision.domain.queue_calls import CALL_LIFE_MS
from tests.bench.burst.constants import PHASES, Constants

__all__ = ["Calls"]


@dataclass(slots=True)
class Calls:
    """By function, in units of `each`."""

    constants: Constants
    each: int = 1
    at_work: list[int] = field(default_factory=lambda: [0] * len(PHASES))
    """Functions that hold a unit."""
    on_their_way: list[deque[float]] = field(default_factory=lambda: [deque() for _ in PHASES])
    """When each call was sent."""

    def allow(self, function: int, wanted: int, now_s: float, *, least: int = 0) -> int:
        """How many functions to call; they count as on their way from now on."""
        calls = self.on_their_way[function]
        while calls and calls[0] <= now_s - CALL_LIFE_MS / 1000:
            calls.popleft()
        most = self.constants.settings.concurrency_of(PHASES[function])
        room = max(1, most // self.each) - self.at_work[function] - len(calls)
        allowed = max(0, min(wanted, max(room, 0 if calls else least)))
        calls.extend([now_s] * allowed)
        return allowed

    def arrived(self, function: int) -> None:
        """A called function has asked the queue for work."""
        if self.on_their_way[function]:
            self.on_their_way[function].popleft()
