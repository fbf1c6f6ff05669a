"""Ask for analyses: write the row (the truth), then the queue, then the wake-up call, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knight_vision.config import Settings
from knight_vision.domain.job import Admitted, GameId, Job, JobProgress, UserId
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_glance import NOTHING_SEEN, QueueGlance
from knight_vision.domain.segments import PhasePlan
from knight_vision.errors import (
    EventBusUnavailableError,
    GameNotFoundError,
    QueueLimitError,
    QueueUnavailableError,
)
from knight_vision.ports import AnalysisStore, EventBus, JobQueue, Observer, RequestedAnalysis
from knight_vision.services.later import Later

__all__ = ["BegunAnalysis", "RequestAnalysis", "plan_of"]

NOBODY_ADMITTED = Admitted((), {})


def plan_of(settings: Settings, phase: Phase, position_count: int) -> PhasePlan:
    """The plan of a phase over a game."""
    per_segment = settings.positions_per_segment_of(phase)
    return PhasePlan.of(phase, settings.limit_of(phase), position_count, per_segment)


@dataclass(frozen=True, slots=True)
class BegunAnalysis:
    """An analysis that was asked for just now, and what there is to show of it."""

    requested: RequestedAnalysis
    game: dict[str, Any]
    """The game with its analysis, as `GameLibrary.analysis` has it."""
    progress: JobProgress | None
    """What the queue said; None when it did not, or the analysis is final."""


@dataclass(frozen=True, slots=True)
class RequestAnalysis:
    """The use cases that put analyses into the queue."""

    store: AnalysisStore
    queue: JobQueue
    bus: EventBus
    observer: Observer
    settings: Settings
    later: Later | None = None
    """Where putting into the queue is put off until the answer is known; None: it is done at once."""

    def of_game(
        self, user_id: UserId, game_id: GameId, correlation_id: str, glance: QueueGlance = NOTHING_SEEN
    ) -> BegunAnalysis:
        """The analysis of one game, asked for or joined.

        Raises GameNotFoundError for an unknown or foreign game, and StoreUnavailableError,
        QueueUnavailableError or QueueLimitError with nothing stored.
        """
        # Before anything is written: what cannot be kept in the queue is not accepted.
        limit, unfinished = self._unfinished(user_id, 1, glance)
        if unfinished >= limit and not self.queue.known([game_id]):
            raise QueueLimitError(limit, unfinished)
        found = self.store.request_analysis(user_id, game_id)
        if found is None:
            raise GameNotFoundError(f"There is no game {game_id} of yours.")
        requested, game = found
        return BegunAnalysis(requested, game, self.put_in_queue([requested], correlation_id))

    def of_unannotated(self, user_id: UserId | None, at_most: int, correlation_id: str) -> int:
        """The number of analyses begun for games never asked for, oldest first; of every user when None.

        A user gets no more than there is room for. Raises as `of_game`.
        """
        if user_id is None:
            self.queue.ping()
        else:
            at_most = min(at_most, self.require_room(user_id, at_most))
        requested = self.store.request_unannotated(user_id, at_most)
        self.put_in_queue(requested, correlation_id)
        return len(requested)

    def require_room(self, user_id: UserId, wanted: int, glance: QueueGlance = NOTHING_SEEN) -> int:
        """How many more analyses a user who wants so many may have. Raises QueueLimitError for none."""
        limit, unfinished = self._unfinished(user_id, wanted, glance)
        if unfinished >= limit:
            raise QueueLimitError(limit, unfinished)
        return limit - unfinished

    def of_degraded(self, at_most: int, correlation_id: str) -> int:
        """The number of finished analyses whose complete phase is done again with its full budget."""
        requested = self.store.request_degraded(at_most)
        self._enqueue(requested, correlation_id)
        return len(requested)

    def _unfinished(self, user_id: UserId, wanted: int, glance: QueueGlance) -> tuple[int, int]:
        """How many unfinished analyses the user may have, and has. The plan is asked for only where it
        matters: beyond what every plan allows."""
        limits, unfinished = self.settings.unfinished_games, glance.unfinished_games
        if unfinished is None:
            unfinished = self.queue.unfinished_games(user_id)
        if unfinished + wanted <= limits.least:
            return limits.least, unfinished
        return limits.of(self.store.usage(user_id).plan), unfinished

    def put_in_queue(self, analyses: Sequence[RequestedAnalysis], correlation_id: str) -> JobProgress | None:
        """Enqueue the unfinished ones of these analyses and wake functions for what was new to the queue. If
        it was one, and is not put off: how far it is.

        The rows are written by now, so nothing here fails the request: the sweeper makes up for a queue
        or a bus that went away in this very moment.
        """
        unfinished = [analysis for analysis in analyses if not analysis.state.is_final]
        if self.later is None:
            return self._enqueue(unfinished, correlation_id).progress
        self.later.put_off(lambda along: self._enqueue(unfinished, correlation_id, along).is_kept)
        return None

    def _enqueue(
        self, analyses: Sequence[RequestedAnalysis], correlation_id: str, along: KeptText | None = None
    ) -> Admitted:
        if not analyses:
            return NOBODY_ADMITTED
        jobs = [self.job_of(analysis, correlation_id) for analysis in analyses]
        most = {phase: self.settings.concurrency_of(phase) for phase in Phase}
        try:
            admitted = self.queue.admit(jobs, wanted=self.settings.phase_fanout, most=most, along=along)
        except QueueUnavailableError as error:
            self.observer.went_wrong("enqueue_failed", error, games=[job.game_id for job in jobs])
            return NOBODY_ADMITTED
        for job, answer in zip(jobs, admitted.answers, strict=True):
            self.observer.happened(
                f"job_{answer}",
                game_id=job.game_id,
                generation=job.generation,
                phase=job.plan.phase,
                priority=job.priority.label,
                correlation_id=correlation_id,
            )
        for phase, calls in admitted.calls.items():
            self._call(phase, calls)
        return admitted

    def wake(self, phase: Phase, units: int, *, least: int = 0) -> int:
        """Call functions for that many waiting units, up to the fan-out: how many were called.

        None where as many are at work or on their way as may be: those take these units, too. `least` are
        called all the same while none is on its way. A lost call is made good later.
        """
        calls = min(units, self.settings.phase_fanout)
        try:
            most = self.settings.concurrency_of(phase)
            calls = self.queue.allow_calls(phase, calls, most=most, least=least)
        except QueueUnavailableError as error:
            # Better a call too many than none.
            self.observer.went_wrong("queue_unavailable", error, phase=phase)
        return self._call(phase, calls)

    def _call(self, phase: Phase, calls: int) -> int:
        """Call so many functions; how many were called."""
        if calls == 0:
            return 0
        try:
            self.bus.phase_ready(phase, calls)
        except EventBusUnavailableError as error:
            self.observer.went_wrong("wake_up_failed", error, phase=phase)
            return 0
        return calls

    def job_of(self, analysis: RequestedAnalysis, correlation_id: str) -> Job:
        """The job that goes on where the analysis is; of a done one, its last phase again."""
        done = analysis.finished_phase
        phase = Phase.INITIAL if done is None else done.next or done
        return Job(
            game_id=analysis.game_id,
            generation=analysis.generation,
            user_id=analysis.user_id,
            plan=plan_of(self.settings, phase, len(analysis.moves) + 1),
            moves=analysis.moves,
            start_fen=analysis.start_fen,
            is_chess960=analysis.is_chess960,
            priority=analysis.priority,
            enqueued_at_ms=analysis.requested_at_ms,
            correlation_id=correlation_id,
            is_redo=analysis.state.is_final,
            brings_evaluations=analysis.brings_evaluations,
        )
