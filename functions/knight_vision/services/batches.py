"""Many analyses asked for at once: begin them as a batch, and say how far they are together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from knight_vision.domain.estimate import extrapolated_seconds_left, poll_after_s
from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_glance import NOTHING_SEEN, QueueGlance
from knight_vision.errors import BatchNotFoundError
from knight_vision.ports import GameLibrary, StartedBatch
from knight_vision.services.request_analysis import RequestAnalysis

__all__ = ["BatchView", "Batches", "BegunBatch", "view_batch"]


@dataclass(frozen=True, slots=True)
class BegunBatch:
    """What a bulk request began."""

    batch_id: str | None
    """None when there was nothing to begin."""
    queued: int
    """Games in the batch."""


@dataclass(frozen=True, slots=True)
class Batches:
    """The use cases of asking for many analyses at once."""

    requests: RequestAnalysis

    def require_room(self, user_id: UserId, glance: QueueGlance, wanted: int) -> int:
        """How many more analyses a user who wants so many may have. Raises QueueLimitError for none."""
        return self.requests.require_room(user_id, wanted, glance)

    def of_unannotated(
        self, user_id: UserId, at_most: int, correlation_id: str, glance: QueueGlance = NOTHING_SEEN
    ) -> BegunBatch:
        """Up to so many games never asked for, oldest first, and no more than there is room for.

        Raises StoreUnavailableError, QueueUnavailableError or QueueLimitError with nothing stored.
        """
        room = self.require_room(user_id, glance, at_most)
        return self._begin(user_id, None, min(at_most, room), correlation_id)

    def of_games(self, user_id: UserId, game_ids: Sequence[GameId], correlation_id: str) -> BegunBatch:
        """These games of the user's, the first ones that there is room for. Raises as `of_unannotated`."""
        room = self.require_room(user_id, NOTHING_SEEN, len(game_ids))
        return self._begin(user_id, game_ids, room, correlation_id)

    def _begin(
        self, user_id: UserId, game_ids: Sequence[GameId] | None, at_most: int, correlation_id: str
    ) -> BegunBatch:
        return self.begun(self.requests.store.start_batch(user_id, game_ids, at_most), correlation_id)

    def begun(self, batch: StartedBatch, correlation_id: str) -> BegunBatch:
        """A batch that the store has begun, put into the queue."""
        batch_id, analyses = batch
        self.requests.put_in_queue(analyses, correlation_id)
        return BegunBatch(batch_id, len(analyses))


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch at one moment."""

    json: dict[str, Any]
    """As docs/protocol.md shows it."""
    is_final: bool
    """True when nothing more will come."""
    retry_after_s: int
    """When it is worth asking again."""


def view_batch(library: GameLibrary, user_id: UserId, batch_id: str) -> BatchView:
    """How far a batch is. Raises BatchNotFoundError."""
    row = library.batch(user_id, batch_id)
    if row is None:
        raise BatchNotFoundError(f"There is no batch {batch_id} of yours.")
    left, total = row["unfinished_phases"], row["total"] * len(Phase)
    share = 1 - left / total if total else 1.0
    seconds_left = extrapolated_seconds_left(share, row["age_s"])
    shown = {name: row[name] for name in SHOWN}
    shown["created_at"] = datetime.fromisoformat(row["created_at"]).isoformat()
    shown |= {"percent": round(100 * share, 1), "estimated_seconds_left": seconds_left}
    return BatchView(shown, left == 0, poll_after_s(seconds_left))


SHOWN = ("id", "source", "created_at", "total", "queued", "running", "done", "failed", "cancelled")
