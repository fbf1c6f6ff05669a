"""What was seen of the queue when a request came in, so that its use case need not ask again."""

from __future__ import annotations

from dataclasses import dataclass

from knight_vision.domain.job import GameId, JobProgress

__all__ = ["NOTHING_SEEN", "QueueGlance"]


@dataclass(frozen=True, slots=True)
class QueueGlance:
    """One look at the queue. What was not looked at, or could not be seen, is asked for by who needs it."""

    unfinished_games: int | None = None
    """The user's unfinished games; None when not seen."""
    game_id: GameId | None = None
    """The game whose progress was seen, whoever it belongs to; None when none was."""
    progress: JobProgress | None = None
    """That game's; None when it was not in the queue."""


NOTHING_SEEN = QueueGlance()
