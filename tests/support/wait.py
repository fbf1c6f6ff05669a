"""Waiting for something to become true, instead of sleeping for a guessed time."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["wait_until"]


def wait_until(
    predicate: Callable[[], object], *, timeout_s: float = 10.0, every_s: float = 0.005, description: str
) -> None:
    """Return as soon as `predicate()` is true. Raises AssertionError with the description when it is not."""
    deadline = time.monotonic() + timeout_s
    while not predicate():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:g} s: {description}")
        time.sleep(every_s)
