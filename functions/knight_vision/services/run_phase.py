"""The work of a phase function: claim units of its phase until nothing waits or the time is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from knight_vision.config import Settings
from knight_vision.domain.game import Game
from knight_vision.domain.job import Claim, FenceAnswer, FinishAnswer, RetryAnswer
from knight_vision.domain.phase import Phase
from knight_vision.errors import EngineError, EngineTimeoutError, StoreUnavailableError
from knight_vision.ports import AnalysisStore, Clock, Engine, EventBus, Ids, JobQueue, Observer
from knight_vision.services.finish_phase import FinishPhase
from knight_vision.services.request_analysis import RequestAnalysis

__all__ = ["PhaseRun", "RunPhase"]

CLOSING_S = 3.0
"""Kept free at the end of a function's time for storing and for the way out."""
LEAST_S = 10.0
"""With less than this left, no further unit is claimed."""
PROGRESS_EVERY_S = 0.3
"""Progress is for people to look at; more often only costs round trips."""


@dataclass(slots=True)
class PhaseRun:
    """What one invocation did."""

    segments: int = 0
    reports: int = 0
    failures: int = 0
    longest_s: float = 0.0
    """The longest a segment took in this invocation."""


class LeaseLostError(Exception):
    """Somebody else has the unit now; raised to leave the search."""


@dataclass(slots=True)
class RunPhase:
    """The use case of a phase function."""

    queue: JobQueue
    store: AnalysisStore
    bus: EventBus
    engine: Engine
    clock: Clock
    ids: Ids
    observer: Observer
    settings: Settings
    finish: FinishPhase = field(init=False)
    requests: RequestAnalysis = field(init=False)

    def __post_init__(self) -> None:
        self.requests = RequestAnalysis(self.store, self.queue, self.bus, self.observer, self.settings)
        self.finish = FinishPhase(self.queue, self.store, self.clock, self.observer, self.requests)

    def run(self, phase: Phase, remaining_s: Callable[[], float]) -> PhaseRun:
        """What was done until nothing waited or `remaining_s` (of this function's life) ran low.

        Work left behind is called for again. A store that is away ends the run: its finished segments stay
        in the queue. Raises QueueUnavailableError.
        """
        run = PhaseRun()
        while True:
            left_s = remaining_s()
            if left_s < max(LEAST_S, run.longest_s * 1.5) + CLOSING_S:
                self.requests.wake(phase, 1)
                return run
            # A little longer than this function can live: nobody else starts while we may still work.
            lease_ms = int(left_s * 1000) + self.settings.lease_margin_ms
            claim = self.queue.claim(phase, token=self.ids(), lease_ms=lease_ms)
            if claim is None:
                return run
            try:
                self._work(claim, run, left_s)
            except StoreUnavailableError as error:
                self.queue.release(claim.for_report())
                self.observer.went_wrong("store_unavailable", error, **about(claim))
                return run

    def _work(self, claim: Claim, run: PhaseRun, left_s: float) -> None:
        self.observer.happened("unit_claimed", attempt=claim.attempt, unit=claim.unit.index, **about(claim))
        if claim.is_report:
            self.finish.finish(claim, self.engine.name)
            run.reports += 1
            return
        is_first = run.segments + run.failures == 0
        try:
            answer, took_s = self._search(claim, left_s - CLOSING_S)
        except LeaseLostError:
            self.observer.happened("lease_lost", **about(claim))
            return
        except EngineError as error:
            run.failures += 1
            self._give_back(claim, error, had_full_time=is_first)
            return
        run.segments += 1
        run.longest_s = max(run.longest_s, took_s)
        if answer is FinishAnswer.STALE:
            self.observer.happened("lease_lost", **about(claim))
        elif answer is FinishAnswer.PHASE_READY:
            self.finish.finish(claim.for_report(), self.engine.name)
            run.reports += 1

    def _search(self, claim: Claim, deadline_s: float) -> tuple[FinishAnswer, float]:
        job = claim.job
        started_s = reported_s = self.clock.monotonic_s()
        game = Game(moves=job.moves, start_fen=job.start_fen, is_chess960=job.is_chess960)
        segment = job.plan.segment(claim.unit.index)

        def on_position(done: int) -> None:
            nonlocal reported_s
            now_s = self.clock.monotonic_s()
            if now_s - reported_s >= PROGRESS_EVERY_S and done < segment.position_count:
                reported_s = now_s
                if self.queue.report_progress(claim, done) is FenceAnswer.STALE:
                    raise LeaseLostError

        result = self.engine.search_segment(
            game, segment, job.plan.limit, deadline_s=deadline_s, on_position=on_position
        )
        took_s = self.clock.monotonic_s() - started_s
        took_ms = round(took_s * 1000)
        answer = self.queue.finish_segment(claim, result, took_ms)
        nodes = sum(evaluation.nodes or 0 for evaluation in result)
        phase = job.plan.phase
        self.observer.happened(
            "segment_finished", answer=answer, unit=segment.index, ms=took_ms, nodes=nodes, **about(claim)
        )
        self.observer.measured("SegmentTime", took_ms, "Milliseconds", phase)
        self.observer.measured("NodesSearched", nodes, "Count", phase)
        return answer, took_s

    def _give_back(self, claim: Claim, error: EngineError, *, had_full_time: bool) -> None:
        phase = claim.job.plan.phase
        self.observer.went_wrong("search_failed", error, attempt=claim.attempt, **about(claim))
        self.observer.measured("SearchFailures", 1, "Count", phase)
        if isinstance(error, EngineTimeoutError) and not had_full_time:
            # It was given only what an earlier unit had left: that is no fault of this one.
            self.queue.release(claim)
            return
        answer = self.queue.fail_unit(claim, max_attempts=self.settings.max_attempts)
        if answer is RetryAnswer.EXHAUSTED:
            self.finish.give_up(claim.unit, f"{error} (after {claim.attempt} attempts)")


def about(claim: Claim) -> dict[str, object]:
    """The fields that every log line about a claim carries."""
    unit = claim.unit
    return {
        "game_id": unit.game_id,
        "generation": unit.generation,
        "phase": unit.phase,
        "correlation_id": claim.job.correlation_id,
    }
