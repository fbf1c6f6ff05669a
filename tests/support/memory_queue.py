"""The JobQueue port in memory: the pure state machine with a clock. For tests of what uses the queue."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Protocol

from knight_vision.domain.job import (
    Admitted,
    Advanced,
    Claim,
    EnqueueAnswer,
    ExpiredLeases,
    FenceAnswer,
    FinishAnswer,
    FoundPhase,
    GameId,
    Job,
    JobProgress,
    RetryAnswer,
    SegmentResult,
    StorePause,
    UserId,
)
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import QueueActivity, QueueCounts
from knight_vision.domain.queue_state import QueueState
from knight_vision.domain.queue_tables import OrderSettings
from knight_vision.domain.segments import PhasePlan
from knight_vision.ports import JobQueue

__all__ = ["MemoryQueue"]


DEFAULT_ORDER = OrderSettings(priority_boost_ms=60_000, fair_share_ms=5_000)


class HasNow(Protocol):
    """As much of a clock as the queue needs."""

    def now_ms(self) -> int:
        """Unix time in milliseconds."""


class MemoryQueue(JobQueue):
    """A queue in this process. `state` may be looked into; nothing is safe for threads."""

    def __init__(self, clock: HasNow, order: OrderSettings = DEFAULT_ORDER) -> None:
        self.clock = clock
        self.state = QueueState(order)
        self.call_ids = itertools.count()
        self.kept_along: list[KeptText] = []
        """For the gate, which is the one that reads them."""

    def enqueue(self, job: Job) -> EnqueueAnswer:
        return self.state.enqueue(job, call_id=f"call-{next(self.call_ids)}", now_ms=self.clock.now_ms())

    def admit(
        self,
        jobs: Sequence[Job],
        *,
        wanted: int,
        most: Mapping[Phase, int],
        along: KeptText | None = None,
    ) -> Admitted:
        if along is not None:
            self.kept_along.append(along)
        answers = tuple(self.enqueue(job) for job in jobs)
        new = {job.plan.phase: 0 for job in jobs}
        for job, answer in zip(jobs, answers, strict=True):
            new[job.plan.phase] += job.plan.segment_count * (answer is EnqueueAnswer.ENQUEUED)
        calls = {
            phase: self.allow_calls(phase, min(units, wanted), most=most[phase])
            for phase, units in new.items()
        }
        progress = self.read(jobs[0].game_id) if len(jobs) == 1 else None
        return Admitted(answers, calls, progress, is_kept=along is not None)

    def unfinished_games(self, user_id: UserId) -> int:
        return self.state.unfinished_games(user_id)

    def store_is_away(self) -> None:
        self.state.store_is_away(now_ms=self.clock.now_ms())

    def store_is_back(self) -> None:
        self.state.store_is_back()

    def allow_calls(self, phase: Phase, wanted: int, *, most: int, least: int = 0) -> int:
        call_id, now_ms = f"call-{next(self.call_ids)}", self.clock.now_ms()
        return self.state.allow_calls(phase, wanted, most=most, least=least, call_id=call_id, now_ms=now_ms)

    def claim(
        self, phase: Phase, *, token: str, lease_ms: int, answers_call: bool = False
    ) -> Claim | StorePause | None:
        now_ms = self.clock.now_ms()
        return self.state.claim(
            phase, token=token, lease_ms=lease_ms, answers_call=answers_call, now_ms=now_ms
        )

    def report_progress(self, claim: Claim, positions_done: int) -> FenceAnswer:
        return self.state.report_progress(claim, positions_done, now_ms=self.clock.now_ms())

    def finish_segment(
        self, claim: Claim, result: SegmentResult, search_ms: int, *, known: int = 0
    ) -> FinishAnswer:
        return self.state.finish_segment(claim, result, search_ms, known=known, now_ms=self.clock.now_ms())

    def finish_and_claim(
        self,
        claim: Claim,
        result: SegmentResult,
        search_ms: int,
        *,
        known: int = 0,
        token: str,
        lease_ms: int,
    ) -> tuple[FinishAnswer, Claim | StorePause | None]:
        now_ms = self.clock.now_ms()
        return self.state.finish_and_claim(
            claim, result, search_ms, known=known, token=token, lease_ms=lease_ms, now_ms=now_ms
        )

    def read_evaluations(self, claim: Claim) -> FoundPhase | None:
        return self.state.read_evaluations(claim, now_ms=self.clock.now_ms())

    def advance(self, claim: Claim, next_plan: PhasePlan | None) -> Advanced:
        return self.state.advance(claim, next_plan, now_ms=self.clock.now_ms())

    def fail_unit(self, claim: Claim, *, max_attempts: int) -> RetryAnswer:
        return self.state.fail_unit(claim, max_attempts=max_attempts, now_ms=self.clock.now_ms())

    def release(self, claim: Claim) -> FenceAnswer:
        return self.state.release(claim, now_ms=self.clock.now_ms())

    def expire_leases(self, *, max_attempts: int, at_most: int = 100) -> ExpiredLeases:
        return self.state.expire_leases(
            max_attempts=max_attempts, at_most=at_most, now_ms=self.clock.now_ms()
        )

    def remove(self, game_id: GameId, generation: int) -> bool:
        return self.state.remove(game_id, generation, now_ms=self.clock.now_ms())

    def remove_all(self, jobs: Sequence[tuple[GameId, int]]) -> int:
        return sum(self.remove(game_id, generation) for game_id, generation in jobs)

    def read(self, game_id: GameId) -> JobProgress | None:
        return self.state.read(game_id)

    def known(self, game_ids: Sequence[GameId]) -> set[GameId]:
        return self.state.known(game_ids)

    def counts(self) -> QueueCounts:
        return self.state.counts(now_ms=self.clock.now_ms())

    def activity(self) -> QueueActivity:
        return self.state.activity(now_ms=self.clock.now_ms())

    def counts_and_activity(self) -> tuple[QueueCounts, QueueActivity]:
        return self.counts(), self.activity()

    def ping(self) -> None:
        """Memory always answers."""
