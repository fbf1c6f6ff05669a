"""What is left for whoever asks, in IETF's RateLimit headers (draft-ietf-httpapi-ratelimit-headers).

Structured fields (RFC 9651): a list of policies, each a name with its parameters. An answer names every
policy that counted it; one whose count is not known is in `RateLimit-Policy` alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from knight_vision.domain.quota import DAY_MS, DayUsage, RateCount, RequestRate

__all__ = ["WhatIsLeft"]

DAY_S = DAY_MS // 1000


@dataclass(slots=True)
class WhatIsLeft:
    """The policies that an answer is told of, and what is left under each."""

    rates: Sequence[RequestRate] = ()
    counts: Sequence[RateCount] | None = None
    """None: Redis did not count."""
    day: tuple[int, DayUsage] | None = None
    """New games of a day, and what is used of them; None where it did not matter."""
    headers: dict[str, str] = field(default_factory=dict)
    """What an answer carries besides."""

    def all_headers(self) -> dict[str, str]:
        """The headers of an answer; none where nothing is limited."""
        policies = [f'"{rate.name}";q={rate.burst};w={rate.window_s}' for rate in self.rates]
        left = [
            f'"{count.rate.name}";r={count.left};t={math.ceil(count.full_in_s)}'
            for count in self.counts or ()
        ]
        if self.day is not None:
            most, usage = self.day
            policies.append(f'"games-per-day";q={most};w={DAY_S}')
            left.append(f'"games-per-day";r={max(0, most - usage.games)};t={usage.resets_in_s}')
        shown = {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}
        return {name: value for name, value in shown.items() if value} | self.headers
