"""How soon a Redis that is away is reported."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from knight_vision.errors import QueueUnavailableError

__all__ = ["REFUSED_WITHIN_S", "SILENT_WITHIN_S", "assert_unavailable"]

REFUSED_WITHIN_S = 0.3
"""Twice refused with a pause of 0.05 s; the rest is for a busy machine."""
SILENT_WITHIN_S = 3.0
"""Two answers are waited for, 1 s each."""


def assert_unavailable(call: Callable[[], object], within_s: float) -> None:
    """The call says that the queue is not available, and soon."""
    start_s = time.monotonic()
    with pytest.raises(QueueUnavailableError):
        call()
    assert time.monotonic() - start_s < within_s
