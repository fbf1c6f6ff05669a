"""Cancel an analysis: the truth first, then the queue, so that nothing puts it back."""

from __future__ import annotations

from dataclasses import dataclass

from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import AnalysisFinalError, AnalysisNotFoundError, QueueUnavailableError
from knight_vision.ports import AnalysisStore, JobQueue, Observer, SaveAnswer
from knight_vision.services.read_analysis import AnalysisView, ReadAnalysis

__all__ = ["CancelAnalysis"]


@dataclass(frozen=True, slots=True)
class CancelAnalysis:
    """The use case of a user who does not want an analysis any more."""

    store: AnalysisStore
    queue: JobQueue
    reader: ReadAnalysis
    observer: Observer

    def cancel(self, user_id: UserId, game_id: GameId, correlation_id: str) -> AnalysisView:
        """The analysis, cancelled now or before; what finished phases found stays readable.

        Raises GameNotFoundError, AnalysisNotFoundError, AnalysisFinalError when it is done or failed, and
        StoreUnavailableError, after which the call can be repeated.
        """
        cancelled = self.store.cancel(user_id, game_id)
        view = self.reader.cancelled(game_id, cancelled.game)  # raises for whichever is missing
        if cancelled.answer is SaveAnswer.UNKNOWN:
            raise AnalysisNotFoundError("The analysis was asked for only just now: cancel it again.")
        if cancelled.answer is SaveAnswer.STALE:
            raise AnalysisFinalError(f"The analysis of game {game_id} has ended: nothing is left to cancel.")
        self._forget(game_id, cancelled.generation)
        self.observer.happened(
            "analysis_cancelled",
            game_id=game_id,
            generation=cancelled.generation,
            correlation_id=correlation_id,
            saved=cancelled.answer,
        )
        return view

    def _forget(self, game_id: GameId, generation: int) -> None:
        """Take the job out of the queue. A queue that is away does not matter: workers find out when they
        save, and the sweeper puts nothing back that is cancelled."""
        try:
            self.queue.remove(game_id, generation)
        except QueueUnavailableError as error:
            self.observer.went_wrong("queue_unavailable", error, game_id=game_id)
