"""End a phase: build the report, save it, open the next phase. Also: give an analysis up."""

from __future__ import annotations

from dataclasses import dataclass

from knight_vision.domain.job import Advanced, Claim, Unit
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.report import build_report
from knight_vision.ports import AnalysisStore, Clock, JobQueue, Observer, PhaseResult, SaveAnswer
from knight_vision.services.request_analysis import RequestAnalysis, plan_of

__all__ = ["FinishPhase"]


@dataclass(frozen=True, slots=True)
class FinishPhase:
    """The use case of whoever holds a report unit. Everything in it may happen twice."""

    queue: JobQueue
    store: AnalysisStore
    clock: Clock
    observer: Observer
    requests: RequestAnalysis

    def finish(self, claim: Claim, engine: str) -> Advanced:
        """Save the phase's report and go on to the next phase, which is called for.

        The order matters: saved first, then opened in the queue, then called. Whoever repeats it after a
        crash finds ALREADY_SAVED and goes on from there. Raises StoreUnavailableError with nothing lost.
        """
        started_s = self.clock.monotonic_s()
        job = claim.job
        evaluations = self.queue.read_evaluations(claim)
        if evaluations is None:
            return Advanced.STALE
        pgn = self.store.read_pgn(job.game_id)
        if pgn is None:
            return self._drop(claim, SaveAnswer.UNKNOWN)
        # Whatever the limit is by now: this game was accepted.
        game = read_game(pgn, max_plies=job.plan.position_count)
        report = build_report(game, evaluations, phase=job.plan.phase, engine=engine, limit=job.plan.limit)
        now_ms = self.clock.now_ms()
        since_request_ms = now_ms - (job.enqueued_at_ms or now_ms)
        saved = self.store.save_phase(
            PhaseResult(
                game_id=job.game_id,
                generation=job.generation,
                phase=job.plan.phase,
                report=report.summary,
                moves=report.moves,
                engine=engine,
                limit=job.plan.limit,
                timings={"since_request_ms": since_request_ms},
            )
        )
        if saved in (SaveAnswer.STALE, SaveAnswer.UNKNOWN):
            return self._drop(claim, saved)
        following = job.plan.phase.next
        next_plan = plan_of(self.requests.settings, following, game.position_count) if following else None
        advanced = self.queue.advance(claim, next_plan)
        self.observer.happened(
            "phase_finished",
            game_id=job.game_id,
            generation=job.generation,
            phase=job.plan.phase,
            correlation_id=job.correlation_id,
            saved=saved,
            advanced=advanced,
            ms=round((self.clock.monotonic_s() - started_s) * 1000),
            since_request_ms=since_request_ms,
        )
        if saved is SaveAnswer.SAVED:
            self.observer.measured("PhaseFinished", 1, "Count", job.plan.phase)
            self.observer.measured("TimeToPhase", since_request_ms, "Milliseconds", job.plan.phase)
        if advanced is Advanced.ADVANCED and next_plan is not None:
            self.requests.wake(next_plan.phase, next_plan.segment_count)
        return advanced

    def give_up(self, unit: Unit, reason: str) -> None:
        """Make an analysis FAILED in the store, then bury its job: in this order, so that neither is lost."""
        self.store.fail(unit.game_id, unit.generation, reason)
        self.queue.bury(unit, reason)
        self.observer.happened(
            "job_buried", game_id=unit.game_id, generation=unit.generation, phase=unit.phase, reason=reason
        )
        self.observer.measured("DeadLetters", 1, "Count", unit.phase)

    def _drop(self, claim: Claim, why: SaveAnswer) -> Advanced:
        """Forget a job that the store no longer wants."""
        job = claim.job
        self.queue.remove(job.game_id, job.generation)
        self.observer.happened(
            "job_dropped",
            game_id=job.game_id,
            generation=job.generation,
            phase=job.plan.phase,
            correlation_id=job.correlation_id,
            why=why,
        )
        return Advanced.STALE
