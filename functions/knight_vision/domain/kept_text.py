"""A text that is kept for a while beside the queue: the answer to a request, for its repetitions."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KeptText"]


@dataclass(frozen=True, slots=True)
class KeptText:
    """What is to be kept under a key, and for how long."""

    key: str
    text: str
    ttl_s: int
