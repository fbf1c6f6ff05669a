"""How much a caller may use: requests by rate, games by plan. Pure numbers; who counts them is elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["DAY_MS", "ByPlan", "DayUsage", "Plan", "RateCount", "RequestRate"]

DAY_MS = 86_400_000


class Plan(StrEnum):
    """What a user pays for; kept where users cannot write."""

    FREE = "free"
    PREMIUM = "premium"


@dataclass(frozen=True, slots=True)
class ByPlan:
    """A number for each plan."""

    free: int
    premium: int

    def of(self, plan: Plan) -> int:
        """The plan's number."""
        return self.premium if plan is Plan.PREMIUM else self.free

    @property
    def least(self) -> int:
        """What every plan allows: up to here nobody needs to know the plan."""
        return min(self.free, self.premium)


@dataclass(frozen=True, slots=True)
class RequestRate:
    """So many requests a second on average, and so many at once.

    >>> RequestRate("user", per_s=20, burst=60).window_s
    3
    """

    name: str
    """Whose requests: `user` or `address`."""
    per_s: int
    """Requests a second that come back; 0: not limited."""
    burst: int
    """Requests that may come at once after a pause."""

    @property
    def window_s(self) -> int:
        """Seconds in which a whole burst comes back."""
        return math.ceil(self.burst / self.per_s)


@dataclass(frozen=True, slots=True)
class RateCount:
    """A rate after one more request was counted, or refused."""

    rate: RequestRate
    left: int
    """Requests that may come at once now."""
    full_in_s: float
    """Until the whole burst is there again."""
    retry_in_s: float = 0.0
    """Until the next request is let in; 0 when this one was."""

    @property
    def is_refused(self) -> bool:
        """True when the request was one too many."""
        return self.retry_in_s > 0


@dataclass(frozen=True, slots=True)
class DayUsage:
    """What a user has used of a UTC day."""

    plan: Plan
    games: int
    """New games stored since midnight."""
    resets_in_s: int
    """Until the next midnight in UTC, at least 1."""

    @classmethod
    def at(cls, plan: Plan, games: int, now_ms: int) -> DayUsage:
        """The usage at a time in Unix ms.

        >>> DayUsage.at(Plan.FREE, 3, now_ms=86_390_500).resets_in_s
        10
        """
        return cls(plan, games, math.ceil((DAY_MS - now_ms % DAY_MS) / 1000))
