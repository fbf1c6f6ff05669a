"""End a phase: build the report, save it, open the next phase. Also: give an analysis up."""

from __future__ import annotations

from dataclasses import dataclass, field

from knight_vision.domain.cost import FunctionSize, PhaseCost, billed_ms, phase_cost
from knight_vision.domain.job import REPORT_UNIT, Advanced, Claim, FenceAnswer, Unit
from knight_vision.domain.phase import Limit, NoSearch
from knight_vision.domain.queue_counts import GameLength
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
    size: FunctionSize = field(default_factory=FunctionSize)

    def finish(self, claim: Claim, engine: str, *, phase_began_s: float) -> Advanced:
        """Save the phase's report and go on to the next phase, which is called for.

        `phase_began_s` is when the phase could begin, on the clock's monotonic seconds.

        The order matters: saved first, then opened in the queue, then called. Whoever repeats it after a
        crash finds ALREADY_SAVED and goes on from there. Raises StoreUnavailableError with nothing lost.
        """
        # A third of a function's start: not before there is a report to build, and never for mere segments.
        from knight_vision.domain.imported_evaluations import IMPORTED, report_from_pgn
        from knight_vision.domain.pgn_reader import read_game
        from knight_vision.domain.report import build_report

        started_s = self.clock.monotonic_s()
        job = claim.job
        found = self.queue.read_evaluations(claim)
        if found is None:
            return Advanced.STALE
        pgn = self.store.read_pgn(job.game_id)
        if pgn is None:
            return self._drop(claim, SaveAnswer.UNKNOWN)
        # Whatever the limit is by now: this game was accepted.
        game = read_game(pgn, max_plies=job.plan.position_count)
        limit: Limit | NoSearch = claim.limit
        imported = report_from_pgn(game) if claim.may_be_imported else None
        if imported is not None:
            engine, limit = IMPORTED, NoSearch.IMPORTED
        report = imported or build_report(
            game, found.evaluations, phase=job.plan.phase, engine=engine, limit=claim.limit
        )
        cost = self._cost(claim, found.search_ms + (self.clock.monotonic_s() - started_s) * 1000)
        now_ms = self.clock.now_ms()
        since_request_ms = now_ms - (job.enqueued_at_ms or now_ms)
        # Once more, now that time has passed: who lost the lease changes nothing, in the store neither.
        if self.queue.report_progress(claim, 0) is FenceAnswer.STALE:
            return Advanced.STALE
        saved = self.store.save_phase(
            PhaseResult(
                game_id=job.game_id,
                generation=job.generation,
                phase=job.plan.phase,
                report={**report.summary, "cost": cost.to_json()},
                moves=report.moves,
                engine=engine,
                limit=limit,
                is_degraded=claim.is_degraded and imported is None,
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
            budget_percent=claim.budget_percent,
        )
        if saved is SaveAnswer.SAVED:
            self._measure(claim, since_request_ms, (self.clock.monotonic_s() - phase_began_s) * 1000)
            microdollars = cost.dollars * 1_000_000
            self.observer.measured("PhaseMicrodollars", microdollars, "None", phase=job.plan.phase)
        if advanced is Advanced.ADVANCED and next_plan is not None:
            self.requests.wake(next_plan.phase, next_plan.segment_count)
        return advanced

    def _cost(self, claim: Claim, worked_ms: float) -> PhaseCost:
        """What the phase cost so far: its searches and its report, and the functions that it may have called.

        Left out are saving, the queue's answers (a millisecond each) and cold starts.
        """
        calls = min(self.requests.settings.phase_fanout, claim.job.plan.segment_count)
        size = self.size
        return phase_cost(billed_ms(worked_ms / 1000), size.memory_mb, size.architecture, requests=calls)

    def give_up(self, unit: Unit, reason: str) -> None:
        """Make an analysis FAILED in the store, a dead letter; then remove its job: in this order, so that
        neither is lost."""
        failed = self.store.fail(unit.game_id, unit.generation, f"{name_of(unit)}: {reason}")
        self.queue.remove(unit.game_id, unit.generation)
        self.observer.happened(
            "job_given_up", game_id=unit.game_id, generation=unit.generation, phase=unit.phase, reason=reason
        )
        if failed is SaveAnswer.SAVED:
            self.observer.measured("DeadLetters", 1, "Count", phase=unit.phase)

    def _measure(self, claim: Claim, since_request_ms: int, phase_ms: float) -> None:
        phase, priority = claim.job.plan.phase, claim.job.priority.label
        length = GameLength.of(claim.job.plan.position_count)
        self.observer.measured(
            "TimeToPhase", since_request_ms, "Milliseconds", phase=phase, priority=priority
        )
        self.observer.measured("PhaseTime", phase_ms, "Milliseconds", phase=phase, length=length)
        if claim.is_degraded:
            self.observer.measured("PhasesDegraded", 1, "Count", phase=phase)

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


def name_of(unit: Unit) -> str:
    """A unit in words, for whoever reads why an analysis failed."""
    part = "report" if unit.index == REPORT_UNIT else f"segment {unit.index}"
    return f"{part} of the {unit.phase} phase"
