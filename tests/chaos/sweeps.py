"""Calls the sweeper every second, where the schedule would every minute."""

from __future__ import annotations

import threading
from collections import Counter

import httpx

from tests.support.stack import LocalStack

__all__ = ["Sweeps"]

EVERY_S = 1.0


class Sweeps:
    """Runs while used as a context manager."""

    def __init__(self, stack: LocalStack) -> None:
        self.stack = stack
        self.counts: Counter[str] = Counter()
        """Sweeps done and failed, and the sum of all that they say they did."""
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.sweep, name="sweeps")

    def sweep(self) -> None:
        """One after the other, until the end."""
        while not self.is_over.wait(EVERY_S):
            try:
                outcome = self.stack.invoke("SweeperFunction")
            except httpx.HTTPError as error:
                self.counts[f"lost: {type(error).__name__}"] += 1
                continue
            self.counts["failed" if outcome.error else "done"] += 1
            if outcome.error is None:
                self.counts.update(outcome.payload)

    def __enter__(self) -> Sweeps:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()
