"""The work of a phase function: claim units of its phase until nothing waits or the time is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from knight_vision.config import Settings
from knight_vision.domain.game import Game
from knight_vision.domain.job import (
    Advanced,
    Claim,
    FenceAnswer,
    FinishAnswer,
    RetryAnswer,
    SegmentResult,
    StorePause,
)
from knight_vision.domain.phase import Phase
from knight_vision.errors import EngineTimeoutError, QueueUnavailableError, StoreUnavailableError
from knight_vision.ports import AnalysisStore, Clock, Engine, EventBus, Ids, JobQueue, Observer
from knight_vision.services.finish_phase import FinishPhase
from knight_vision.services.request_analysis import RequestAnalysis

__all__ = ["PhaseRun", "RunPhase"]

CLOSING_S = 3.0
"""Kept free at the end of a function's time for storing and for the way out."""
LEAST_S = 10.0
"""With less than this left, no further unit is claimed."""
STORE_PAUSES_S = (0.2, 0.5, 1.0)
"""Pauses before a finished segment is offered to the queue again."""
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

        Work left behind is called for again. A store that is away ends the run and stops all claims until it
        is back: finished segments stay in the queue, and no engine time is burnt on what cannot be saved.
        Raises QueueUnavailableError, and EngineError when there is no usable engine: before anything is
        claimed, so that a broken deployment does not use up the attempts of all that waits.
        """
        self.engine.start()
        run = PhaseRun()
        while True:
            left_s = remaining_s()
            if left_s < max(LEAST_S, run.longest_s * 1.5) + CLOSING_S:
                self.requests.wake(phase, 1)
                return run
            # A little longer than this function can live: nobody else starts while we may still work.
            lease_ms = int(left_s * 1000) + self.settings.lease_margin_ms
            claim = self.queue.claim(phase, token=self.ids(), lease_ms=lease_ms)
            if claim is StorePause.PROBE:
                if not self._store_answers():
                    return run
            elif not isinstance(claim, Claim) or not self._work(claim, run, left_s):
                return run

    def _store_answers(self) -> bool:
        """Look whether the store is back, for all the others, and tell them."""
        try:
            self.store.ping()
        except StoreUnavailableError as error:
            self._store_is_away(error)
            return False
        self.queue.store_is_back()
        self.observer.happened("store_is_back")
        return True

    def _store_is_away(self, error: StoreUnavailableError, **fields: object) -> None:
        self.observer.went_wrong("store_unavailable", error, **fields)
        self.observer.measured("StoreUnavailable", 1, "Count")
        self.queue.store_is_away()

    def _work(self, claim: Claim, run: PhaseRun, left_s: float) -> bool:
        """Do one unit; False when there is no sense in claiming another now."""
        self._say_claimed(claim)
        phase_began_s = self.clock.monotonic_s() - claim.waited_ms / 1000
        had_full_time = run.segments + run.failures == 0
        held = claim
        try:
            if not claim.is_report:
                answer = self._search(claim, run, left_s - CLOSING_S)
                if answer is FinishAnswer.STALE:
                    self.observer.happened("lease_lost", **about(claim))
                if answer is not FinishAnswer.PHASE_READY:
                    return True
                held = claim.for_report()
            if self.finish.finish(held, self.engine.name, phase_began_s=phase_began_s) is not Advanced.STALE:
                run.reports += 1
        except LeaseLostError:
            self.observer.happened("lease_lost", **about(claim))
        except QueueUnavailableError:
            raise
        except StoreUnavailableError as error:
            self._store_is_away(error, **about(held))
            self.queue.release(held)
            return False
        except Exception as error:
            # Whatever it is, one unit must not take the others down: it waits again until its attempts end.
            run.failures += 1
            return self._give_back(held, error, had_full_time=had_full_time)
        return True

    def _say_claimed(self, claim: Claim) -> None:
        self.observer.happened(
            "unit_claimed",
            attempt=claim.attempt,
            unit=claim.unit.index,
            waited_ms=claim.waited_ms,
            budget_percent=claim.budget_percent,
            **about(claim),
        )
        if claim.attempt == 1 and not claim.is_report:
            priority = claim.job.priority.label
            self.observer.measured(
                "WaitTime", claim.waited_ms, "Milliseconds", phase=claim.unit.phase, priority=priority
            )

    def _search(self, claim: Claim, run: PhaseRun, deadline_s: float) -> FinishAnswer:
        job = claim.job
        started_s = reported_s = self.clock.monotonic_s()
        game = Game(moves=job.moves, start_fen=job.start_fen, is_chess960=job.is_chess960)
        segment = job.plan.segment(claim.unit.index)

        def on_position(done: int) -> None:
            nonlocal reported_s
            now_s = self.clock.monotonic_s()
            if now_s - reported_s >= PROGRESS_EVERY_S and done < segment.position_count:
                reported_s = now_s
                if self._report_progress(claim, done) is FenceAnswer.STALE:
                    raise LeaseLostError

        result = self.engine.search_segment(
            game, segment, claim.limit, deadline_s=deadline_s, on_position=on_position
        )
        took_s = self.clock.monotonic_s() - started_s
        took_ms = round(took_s * 1000)
        answer = self._store(claim, result, took_ms)
        nodes = sum(evaluation.nodes or 0 for evaluation in result)
        phase = job.plan.phase
        self.observer.happened(
            "segment_finished", answer=answer, unit=segment.index, ms=took_ms, nodes=nodes, **about(claim)
        )
        self.observer.measured("SegmentTime", took_ms, "Milliseconds", phase=phase)
        self.observer.measured("NodesSearched", nodes, "Count", phase=phase)
        run.segments += 1
        run.longest_s = max(run.longest_s, took_s)
        return answer

    def _report_progress(self, claim: Claim, done: int) -> FenceAnswer:
        try:
            return self.queue.report_progress(claim, done)
        except QueueUnavailableError as error:
            # It is for display: a search is not thrown away for it.
            self.observer.went_wrong("queue_unavailable", error, **about(claim))
            return FenceAnswer.OK

    def _store(self, claim: Claim, result: SegmentResult, took_ms: int) -> FinishAnswer:
        """Store what was searched; a queue that is away for seconds (a failover) is waited for."""
        for pause_s in STORE_PAUSES_S:
            try:
                return self.queue.finish_segment(claim, result, took_ms)
            except QueueUnavailableError as error:
                self.observer.went_wrong("queue_unavailable", error, **about(claim))
                self.clock.sleep(pause_s)
        return self.queue.finish_segment(claim, result, took_ms)

    def _give_back(self, held: Claim, error: Exception, *, had_full_time: bool) -> bool:
        phase = held.unit.phase
        self.observer.went_wrong("unit_failed", error, attempt=held.attempt, **about(held))
        self.observer.measured("UnitFailures", 1, "Count", phase=phase)
        if isinstance(error, EngineTimeoutError) and not had_full_time:
            # It was given only what earlier units had left: no fault of its own. A fresh function takes it.
            self.queue.release(held)
            self.requests.wake(phase, 1)
            return False
        answer = self.queue.fail_unit(held, max_attempts=self.settings.max_attempts)
        if answer is RetryAnswer.EXHAUSTED:
            try:
                self.finish.give_up(held.unit, f"{error} (attempt {held.attempt})")
            except StoreUnavailableError as away:
                # The unit stays aside; the sweeper gives it up later.
                self._store_is_away(away, **about(held))
                return False
        return True


def about(claim: Claim) -> dict[str, object]:
    """The fields that every log line about a claim carries."""
    unit = claim.unit
    return {
        "game_id": unit.game_id,
        "generation": unit.generation,
        "phase": unit.phase,
        "correlation_id": claim.job.correlation_id,
    }
