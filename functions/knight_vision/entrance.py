"""The port of where requests come in: what the API needs before a use case begins.

Apart from ports.py, which is about the use cases: no service and no other function knows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.queue_glance import NOTHING_SEEN, QueueGlance
from knight_vision.domain.quota import RateCount, RequestRate

__all__ = ["Entry", "QueueLook", "RequestGate"]


@dataclass(frozen=True, slots=True)
class QueueLook:
    """What a request's use case will want to know of the queue: one of the two."""

    user_id: UserId | None = None
    """Whose unfinished games to count."""
    game_id: GameId | None = None
    """Which game's progress to read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the gate knows of a request that came in."""

    counts: tuple[RateCount, ...] | None
    """The rates in the order asked for; None when they could not be counted, and everybody is let in."""
    earlier: str | None = None
    """What was kept under the claim's key; None when it is ours now, or when there was no claim."""
    is_claim_known: bool = True
    """False when the claim could not be made: nobody knows whether somebody answers under that key."""
    glance: QueueGlance = NOTHING_SEEN
    """What the look saw; nothing when the queue did not answer."""


class RequestGate(Protocol):
    """Where requests come in: counts them and keeps answers to be repeated. Each call is one round trip."""

    def enter(
        self,
        rates: Sequence[tuple[RequestRate, str]],
        claim: KeptText | None = None,
        look: QueueLook | None = None,
    ) -> Entry:
        """Count a request of each of these subjects, claim a key by keeping a text there unless something is,
        look at the queue.

        Raises nothing: see Entry.
        A request that one rate refuses counts for the others all the same, and its claim is made.
        """

    def read(self, key: str) -> str | None:
        """What is kept under a key. Raises QueueUnavailableError, as `keep` and `forget`."""

    def keep(self, text: KeptText) -> None:
        """Keep a text in place of what is there."""

    def forget(self, key: str) -> None:
        """Keep nothing there."""
