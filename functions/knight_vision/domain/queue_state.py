"""The queue as a pure state machine: every transition, with the time as an argument and no input or output.

The Lua scripts of `adapters/redis_queue` do the same to Redis under the same names; a model test compares
the two step by step. What each transition promises is said in `ports.JobQueue`.
"""

from __future__ import annotations

from dataclasses import replace

from knight_vision.domain.job import (
    FULL_BUDGET,
    REPORT_UNIT,
    Advanced,
    Claim,
    EnqueueAnswer,
    ExpiredLeases,
    FenceAnswer,
    FinishAnswer,
    FoundPhase,
    GameId,
    Job,
    RetryAnswer,
    SegmentResult,
    StorePause,
    UserId,
)
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import GameLength
from knight_vision.domain.queue_tables import Attempts, JobState, StoreAway
from knight_vision.domain.queue_views import QueueViews
from knight_vision.domain.segments import PhasePlan

__all__ = ["FIRST_PAUSE_MS", "LONGEST_PAUSE_MS", "PROBE_MS", "QueueState"]

FIRST_PAUSE_MS = 2_000
LONGEST_PAUSE_MS = 60_000
"""A store that stays away is looked for about as often as the sweeper runs."""
PROBE_MS = 10_000
"""Whoever was asked to look for the store has this long before another is asked."""


class QueueState(QueueViews):
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
                self.promote(present, job.priority, now_ms)
                present.enqueue_call, present.enqueue_answer = call_id, EnqueueAnswer.PROMOTED
                return EnqueueAnswer.PROMOTED
            self.drop(present, now_ms)
        enqueued_at_ms = now_ms if job.enqueued_at_ms is None else job.enqueued_at_ms
        self.users[job.user_id] = self.users.get(job.user_id, 0) + 1
        state = JobState(
            replace(job, enqueued_at_ms=enqueued_at_ms),
            place_ms=enqueued_at_ms,
            ready_ms=now_ms,
            enqueue_call=call_id,
            enqueue_answer=EnqueueAnswer.ENQUEUED,
            budget_percent=FULL_BUDGET if job.is_redo else 0,
        )
        self.jobs[job.game_id] = state
        self.line_up(state, now_ms)
        return EnqueueAnswer.ENQUEUED

    def unfinished_games(self, user_id: UserId) -> int:
        """See ports.JobQueue."""
        return self.users.get(user_id, 0)

    def claim(
        self, phase: Phase, *, token: str, lease_ms: int, answers_call: bool = False, now_ms: int
    ) -> Claim | StorePause | None:
        """See ports.JobQueue."""
        if answers_call and token not in self.holders:
            self.call_arrived(phase)
        if token in self.holders:
            unit, waited_ms = self.holders[token]
            state = self.jobs[unit.game_id]
        else:
            pause = self.pause(token, now_ms)
            if pause is not None:
                return pause
            first = self.first_in_line(phase)
            if first is None:
                return None
            unit, state = first, self.jobs[first.game_id]
            del self.waiting[unit]
            before = self.attempts.get(unit)
            attempt = (before.count if before else 0) + 1
            waited_ms = max(0, now_ms - state.ready_ms)
            self.attempts[unit] = Attempts(attempt, 0, token)
            self.leases[unit] = now_ms + lease_ms
            self.holders[token] = (unit, waited_ms)
            if not state.budget_percent:
                state.budget_percent = self.budget_percent(waited_ms)
            if before is None and unit.index != REPORT_UNIT:
                self.tally(f"waited {phase} {state.job.priority:d}", waited_ms, now_ms=now_ms)
            self.pass_on(self.line_of(state), state, now_ms)
        return Claim(unit, token, self.attempts[unit].count, state.job, waited_ms, state.budget_percent)

    def pause(self, token: str, now_ms: int) -> StorePause | None:
        """What a worker is told while the store is away."""
        away = self.store_away
        if away is None:
            return None
        if away.probe_token == token:
            return StorePause.PROBE
        if now_ms < away.until_ms:
            return StorePause.WAIT
        self.store_away = StoreAway(away.failures, now_ms + PROBE_MS, token)
        return StorePause.PROBE

    def store_is_away(self, *, now_ms: int) -> None:
        """See ports.JobQueue. During a pause only the one who was asked to look makes it longer."""
        away = self.store_away
        if away is not None and not away.probe_token and now_ms < away.until_ms:
            return
        failures = 1 if away is None else away.failures + 1
        pause_ms = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** min(failures - 1, 10))
        self.store_away = StoreAway(failures, now_ms + pause_ms)

    def store_is_back(self) -> None:
        """See ports.JobQueue."""
        self.store_away = None

    def report_progress(self, claim: Claim, positions_done: int, *, now_ms: int) -> FenceAnswer:
        """See ports.JobQueue."""
        if not self.holds(claim, now_ms):
            return FenceAnswer.STALE
        self.attempts[claim.unit] = replace(self.attempts[claim.unit], positions_done=positions_done)
        return FenceAnswer.OK

    def finish_segment(
        self, claim: Claim, result: SegmentResult, search_ms: int, *, known: int = 0, now_ms: int
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
        state.search_ms[unit.index] = search_ms
        state.finished_by[unit.index] = claim.token
        state.positions_finished += len(result)
        self.measure(unit.phase, search_ms / len(result))
        self.tally(f"searched {unit.phase}", search_ms, now_ms=now_ms)
        self.tally(f"positions {unit.phase}", len(result), now_ms=now_ms)
        if known:
            self.tally(f"known {unit.phase}", known, now_ms=now_ms)
        if len(state.finished_by) < state.job.plan.segment_count:
            return FinishAnswer.SEGMENT_FINISHED
        report = state.unit(REPORT_UNIT)
        state.closed_by = claim.token
        self.attempts[report] = Attempts(1, 0, claim.token)
        self.leases[report] = lease_end_ms
        self.holders[claim.token] = (report, 0)
        return FinishAnswer.PHASE_READY

    def finish_and_claim(
        self,
        claim: Claim,
        result: SegmentResult,
        search_ms: int,
        *,
        known: int = 0,
        token: str,
        lease_ms: int,
        now_ms: int,
    ) -> tuple[FinishAnswer, Claim | StorePause | None]:
        """See ports.JobQueue."""
        finished = self.finish_segment(claim, result, search_ms, known=known, now_ms=now_ms)
        if finished is not FinishAnswer.SEGMENT_FINISHED and token not in self.holders:
            return finished, None
        return finished, self.claim(claim.unit.phase, token=token, lease_ms=lease_ms, now_ms=now_ms)

    def read_evaluations(self, claim: Claim, *, now_ms: int) -> FoundPhase | None:
        """See ports.JobQueue."""
        if not self.holds(claim, now_ms):
            return None
        state = self.jobs[claim.unit.game_id]
        stored = state.evaluations
        evaluations = tuple(evaluation for index in sorted(stored) for evaluation in stored[index])
        return FoundPhase(evaluations, sum(state.search_ms.values()))

    def advance(self, claim: Claim, next_plan: PhasePlan | None, *, now_ms: int) -> Advanced:
        """See ports.JobQueue."""
        unit = claim.unit
        state = self.jobs.get(unit.game_id)
        if state is not None and state.unit(unit.index) != unit and state.opened_by == claim.token:
            return Advanced.ADVANCED  # a repeated call
        if state is None or not self.holds(claim, now_ms):
            return Advanced.STALE
        length = GameLength.of(state.job.plan.position_count)
        since_request_ms = max(0, now_ms - state.enqueued_at_ms)
        self.tally(f"finished {unit.phase} {state.job.priority:d}", since_request_ms, now_ms=now_ms)
        self.tally(f"took {unit.phase} {length}", max(0, now_ms - state.ready_ms), now_ms=now_ms)
        if next_plan is None:
            self.drop(state, now_ms)
            return Advanced.FINISHED
        self.forget([unit])
        fresh = JobState(
            replace(state.job, plan=next_plan),
            state.place_ms,
            now_ms,
            state.enqueue_call,
            state.enqueue_answer,
            opened_by=claim.token,
        )
        self.jobs[unit.game_id] = fresh
        self.line_up(fresh, now_ms)
        return Advanced.ADVANCED

    def fail_unit(self, claim: Claim, *, max_attempts: int, now_ms: int) -> RetryAnswer:
        """See ports.JobQueue."""
        unit = claim.unit
        if not self.holds(claim, now_ms):
            if not self.was_given_back_by(claim):
                return RetryAnswer.STALE
            return RetryAnswer.EXHAUSTED if unit in self.exhausted else RetryAnswer.RETRYING
        self.let_go(unit)
        self.tally(f"failed {unit.phase}", 0, now_ms=now_ms)
        if self.attempts[unit].count >= max_attempts:
            self.exhausted[unit] = now_ms
            self.tally(f"exhausted {unit.phase}", 0, now_ms=now_ms)
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
            self.tally(f"expired {unit.phase}", 0, now_ms=now_ms)
            self.attempts[unit] = replace(self.attempts[unit], token="")
            if self.attempts[unit].count >= max_attempts:
                self.exhausted[unit] = now_ms
                self.tally(f"exhausted {unit.phase}", 0, now_ms=now_ms)
            else:
                self.let_wait(unit)
                requeued.append(unit)
        exhausted = sorted(self.exhausted, key=lambda unit: (self.exhausted[unit], str(unit)))
        return ExpiredLeases(tuple(requeued), tuple(exhausted[:at_most]), len(ended[:at_most]))

    def remove(self, game_id: GameId, generation: int, *, now_ms: int) -> bool:
        """See ports.JobQueue."""
        state = self.jobs.get(game_id)
        if state is None or state.job.generation != generation:
            return False
        self.drop(state, now_ms)
        return True
