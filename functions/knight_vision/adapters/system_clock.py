"""The Clock port on the machine's own clocks."""

from __future__ import annotations

import time

__all__ = ["SystemClock"]


class SystemClock:
    """Real time."""

    def now_ms(self) -> int:
        """See ports.Clock."""
        return time.time_ns() // 1_000_000

    def monotonic_s(self) -> float:
        """See ports.Clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """See ports.Clock."""
        time.sleep(seconds)
