"""The queue as a pure state machine: every transition, with the time as an argument and no input or output.

The Lua scripts of `adapters/redis_queue` do the same to Redis under the same names; a model test compares
the two step by step. What each transition promises is said in `ports.JobQueue`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.job import (
    MAX_DEAD_LETTERS,
    REPORT_UNIT,
    Advanced,
    Claim,
    DeadLetter,
    EnqueueAnswer,
    ExpiredLeases,
    FenceAnswer,
    FinishAnswer,
    GameId,
    Job,
    JobProgress,
    PhaseCounts,
    QueueCounts,
    RetryAnswer,
    SegmentResult,
    Unit,
    order_score,
)
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_tables import Attempts, JobState, QueueTables
from knight_vision.domain.segments import PhasePlan

__all__ = ["QueueState"]


class QueueState(QueueTables):
    """The whole queue and what may happen to it."""

    def enqueue(self, job: Job, *, call_id: str, now_ms: int) -> EnqueueAnswer:
        """See ports.JobQueue; `call_id` is the same when a client repeats one and the same call."""
        present = self.jobs.get(job.game_id)
        if present is not None:
            if present.enqueue_call == call_id:
                return present.enqueue_answer
            if present.job.generation > job.generation:
                return EnqueueAnswer.STALE
            if present.job.generation == job.generation:
                if job.priority <= present.job.priority:
                    return EnqueueAnswer.JOINED
                self.promote(present, job.priority)
                present.enqueue_call, present.enqueue_answer = call_id, EnqueueAnswer.PROMOTED
                return EnqueueAnswer.PROMOTED
            self.drop(present)
        enqueued_at_ms = now_ms if job.enqueued_at_ms is None else job.enqueued_at_ms
        unfinished = self.users.get(job.user_id, 0)
        score = order_score(
            enqueued_at_ms,
            job.priority,
            unfinished,
            priority_boost_ms=self.priority_boost_ms,
            fair_share_ms=self.fair_share_ms,
        )
        state = JobState(replace(job, enqueued_at_ms=enqueued_at_ms), score, call_id, EnqueueAnswer.ENQUEUED)
        self.users[job.user_id] = unfinished + 1
        self.jobs[job.game_id] = state
        self.let_segments_wait(state)
        return EnqueueAnswer.ENQUEUED

    def claim(self, phase: Phase, *, token: str, lease_ms: int, now_ms: int) -> Claim | None:
        """See ports.JobQueue."""
        unit = self.holders.get(token)
        if unit is None:
            waiting = [unit for unit in self.waiting if unit.phase is phase]
            if not waiting:
                return None
            unit = min(waiting, key=self.place)
            del self.waiting[unit]
            before = self.attempts.get(unit)
            self.attempts[unit] = Attempts((before.count if before else 0) + 1, 0, token)
            self.leases[unit] = now_ms + lease_ms
            self.holders[token] = unit
        return Claim(unit, token, self.attempts[unit].count, self.jobs[unit.game_id].job)

    def report_progress(self, claim: Claim, positions_done: int, *, now_ms: int) -> FenceAnswer:
        """See ports.JobQueue."""
        if not self.holds(claim, now_ms):
            return FenceAnswer.STALE
        self.attempts[claim.unit] = replace(self.attempts[claim.unit], positions_done=positions_done)
        return FenceAnswer.OK

    def finish_segment(
        self, claim: Claim, result: SegmentResult, search_ms: int, *, now_ms: int
    ) -> FinishAnswer:
        """See ports.JobQueue."""
        unit = claim.unit
        state = self.jobs.get(unit.game_id)
        if state is None or state.unit(unit.index) != unit:
            return FinishAnswer.STALE
        if unit.index in state.finished_by:  # a repeated call, or a late one
            if state.finished_by[unit.index] != claim.token:
                return FinishAnswer.STALE
            is_last = state.closed_by == claim.token
            return FinishAnswer.PHASE_READY if is_last else FinishAnswer.SEGMENT_FINISHED
        if not self.holds(claim, now_ms):
            return FinishAnswer.STALE
        lease_end_ms = self.leases[unit]
        self.forget([unit])
        state.evaluations[unit.index] = result
        state.finished_by[unit.index] = claim.token
        state.positions_finished += len(result)
        self.measure(unit.phase, search_ms / len(result))
        if len(state.finished_by) < state.job.plan.segment_count:
            return FinishAnswer.SEGMENT_FINISHED
        report = state.unit(REPORT_UNIT)
        state.closed_by = claim.token
        self.attempts[report] = Attempts(1, 0, claim.token)
        self.leases[report] = lease_end_ms
        self.holders[claim.token] = report
        return FinishAnswer.PHASE_READY

    def read_evaluations(self, claim: Claim, *, now_ms: int) -> tuple[Evaluation, ...] | None:
        """See ports.JobQueue."""
        if not self.holds(claim, now_ms):
            return None
        stored = self.jobs[claim.unit.game_id].evaluations
        return tuple(evaluation for index in sorted(stored) for evaluation in stored[index])

    def advance(self, claim: Claim, next_plan: PhasePlan | None, *, now_ms: int) -> Advanced:
        """See ports.JobQueue."""
        unit = claim.unit
        state = self.jobs.get(unit.game_id)
        if state is not None and state.unit(unit.index) != unit and state.opened_by == claim.token:
            return Advanced.ADVANCED  # a repeated call
        if state is None or not self.holds(claim, now_ms):
            return Advanced.STALE
        if next_plan is None:
            self.drop(state)
            return Advanced.FINISHED
        self.forget([unit])
        fresh = JobState(
            replace(state.job, plan=next_plan),
            state.score,
            state.enqueue_call,
            state.enqueue_answer,
            opened_by=claim.token,
        )
        self.jobs[unit.game_id] = fresh
        self.let_segments_wait(fresh)
        return Advanced.ADVANCED

    def fail_unit(self, claim: Claim, *, max_attempts: int, now_ms: int) -> RetryAnswer:
        """See ports.JobQueue."""
        unit = claim.unit
        if not self.holds(claim, now_ms):
            if not self.was_given_back_by(claim):
                return RetryAnswer.STALE
            return RetryAnswer.EXHAUSTED if unit in self.exhausted else RetryAnswer.RETRYING
        self.let_go(unit)
        if self.attempts[unit].count >= max_attempts:
            self.exhausted[unit] = now_ms
            return RetryAnswer.EXHAUSTED
        self.let_wait(unit)
        return RetryAnswer.RETRYING

    def release(self, claim: Claim, *, now_ms: int) -> FenceAnswer:
        """See ports.JobQueue."""
        unit = claim.unit
        if not self.holds(claim, now_ms):
            return FenceAnswer.OK if self.was_given_back_by(claim) else FenceAnswer.STALE
        self.let_go(unit)
        before = self.attempts[unit]
        self.attempts[unit] = Attempts(before.count - 1, 0, before.token)
        self.let_wait(unit)
        return FenceAnswer.OK

    def expire_leases(self, *, max_attempts: int, at_most: int, now_ms: int) -> ExpiredLeases:
        """See ports.JobQueue."""
        ended = [unit for unit, end_ms in self.leases.items() if end_ms <= now_ms]
        ended.sort(key=lambda unit: (unit.phase.rank, self.leases[unit], str(unit)))
        requeued = []
        for unit in ended[:at_most]:
            self.let_go(unit)
            self.attempts[unit] = replace(self.attempts[unit], token="")
            if self.attempts[unit].count >= max_attempts:
                self.exhausted[unit] = now_ms
            else:
                self.let_wait(unit)
                requeued.append(unit)
        exhausted = sorted(self.exhausted, key=lambda unit: (self.exhausted[unit], str(unit)))
        return ExpiredLeases(tuple(requeued), tuple(exhausted[:at_most]))

    def bury(self, unit: Unit, reason: str, *, now_ms: int) -> bool:
        """See ports.JobQueue."""
        state = self.jobs.get(unit.game_id)
        if state is None or not self.remove(unit.game_id, unit.generation):
            return False
        self.dead_letters.append(DeadLetter(unit, state.job.user_id, reason, now_ms))
        del self.dead_letters[:-MAX_DEAD_LETTERS]
        return True

    def remove(self, game_id: GameId, generation: int) -> bool:
        """See ports.JobQueue."""
        state = self.jobs.get(game_id)
        if state is None or state.job.generation != generation:
            return False
        self.drop(state)
        return True

    def read(self, game_id: GameId) -> JobProgress | None:
        """See ports.JobQueue."""
        state = self.jobs.get(game_id)
        if state is None:
            return None
        phase = state.job.plan.phase
        under_way = sum(self.attempts[unit].positions_done for unit in state.units if unit in self.leases)
        waiting = [self.place(unit) for unit in state.units if unit in self.waiting]
        order = sorted(self.place(unit) for unit in self.waiting if unit.phase is phase)
        was_claimed = bool(
            state.opened_by or state.finished_by or any(unit in self.attempts for unit in state.units)
        )
        return JobProgress(
            generation=state.job.generation,
            phase=phase,
            is_running=was_claimed,
            positions_done=state.positions_finished + under_way,
            position_count=state.job.plan.position_count,
            units_ahead=order.index(min(waiting)) if waiting else None,
            units_in_flight=sum(unit.phase is phase for unit in self.leases),
            priority=state.job.priority,
            ms_per_position=self.rates.get(phase),
        )

    def known(self, game_ids: Iterable[GameId]) -> set[GameId]:
        """See ports.JobQueue."""
        return {game_id for game_id in game_ids if game_id in self.jobs}

    def counts(self, *, now_ms: int) -> QueueCounts:
        """See ports.JobQueue."""
        times = [state.job.enqueued_at_ms or 0 for state in self.jobs.values()]
        return QueueCounts(
            phases={
                phase: PhaseCounts(
                    waiting=sum(unit.phase is phase for unit in self.waiting),
                    in_flight=sum(unit.phase is phase for unit in self.leases),
                )
                for phase in Phase
            },
            jobs=len(self.jobs),
            oldest_age_ms=max(0, now_ms - min(times)) if times else 0,
            dead_letters=len(self.dead_letters),
        )
