"""What the queue remembers, as plain data, and the small steps that its transitions are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from knight_vision.domain.job import (
    RATE_WEIGHT,
    REPORT_UNIT,
    Claim,
    DeadLetter,
    EnqueueAnswer,
    GameId,
    Job,
    SegmentResult,
    Unit,
    UserId,
)
from knight_vision.domain.phase import Phase

__all__ = ["Attempts", "JobState", "QueueTables"]


@dataclass(frozen=True, slots=True)
class Attempts:
    """What is remembered of a unit from its first claim until it is finished."""

    count: int
    """Claims so far, the released ones not counted."""
    positions_done: int
    """By the present holder."""
    token: str
    """Of the present holder, or of the one who gave it back; empty when the lease ended."""


@dataclass(slots=True)
class JobState:
    """A job in the queue."""

    job: Job
    """As it was enqueued, with the running plan, the present priority and the time filled in."""
    score: int
    enqueue_call: str
    """The last call of `enqueue` that changed this job, and its answer: a repeated one gets it again."""
    enqueue_answer: EnqueueAnswer
    positions_finished: int = 0
    finished_by: dict[int, str] = field(default_factory=dict)
    """Segment of the running phase -> token of its finisher."""
    closed_by: str = ""
    """Token of the one who finished the last segment of the running phase."""
    opened_by: str = ""
    """Token of the report that opened the running phase, empty in the phase the job began with."""
    evaluations: dict[int, SegmentResult] = field(default_factory=dict)

    def unit(self, index: int) -> Unit:
        """The address of one of the running phase's units."""
        return Unit(self.job.game_id, self.job.generation, self.job.plan.phase, index)

    @property
    def units(self) -> list[Unit]:
        """The running phase's units, the report last."""
        return [self.unit(index) for index in (*range(self.job.plan.segment_count), REPORT_UNIT)]


@dataclass(slots=True)
class QueueTables:
    """The whole queue. Each field is one key of docs/protocol.md, `jobs` and `evaluations` aside."""

    priority_boost_ms: int
    fair_share_ms: int
    jobs: dict[GameId, JobState] = field(default_factory=dict)
    waiting: dict[Unit, int] = field(default_factory=dict)
    """Unit -> score; of equal scores the first by the unit's text goes first."""
    leases: dict[Unit, int] = field(default_factory=dict)
    """Unit -> end of its lease, Unix ms."""
    attempts: dict[Unit, Attempts] = field(default_factory=dict)
    holders: dict[str, Unit] = field(default_factory=dict)
    """Token -> the unit it holds, so that a repeated claim finds it."""
    exhausted: dict[Unit, int] = field(default_factory=dict)
    """Unit out of attempts -> since when, Unix ms."""
    users: dict[UserId, int] = field(default_factory=dict)
    """User -> unfinished games."""
    rates: dict[Phase, float] = field(default_factory=dict)
    """Phase -> moving mean of the search time of a position, ms."""
    dead_letters: list[DeadLetter] = field(default_factory=list)

    def place(self, unit: Unit) -> tuple[int, str]:
        """The order in which waiting units are claimed."""
        return self.waiting[unit], str(unit)

    def holds(self, claim: Claim, now_ms: int) -> bool:
        """True while the claim's lease has not ended and nobody took the unit away."""
        attempts = self.attempts.get(claim.unit)
        is_holder = attempts is not None and attempts.token == claim.token
        return is_holder and self.leases.get(claim.unit, 0) > now_ms

    def was_given_back_by(self, claim: Claim) -> bool:
        """True when this very claim gave the unit back and nobody claimed it since: a repeated call."""
        attempts = self.attempts.get(claim.unit)
        is_last_holder = attempts is not None and attempts.token == claim.token
        return is_last_holder and claim.unit not in self.leases

    def let_segments_wait(self, state: JobState) -> None:
        """Queue every segment of the job's running phase."""
        for index in range(state.job.plan.segment_count):
            self.let_wait(state.unit(index))

    def let_wait(self, unit: Unit) -> None:
        """Queue a unit at its job's place."""
        self.waiting[unit] = self.jobs[unit.game_id].score

    def let_go(self, unit: Unit) -> None:
        """End the lease of a unit; its attempts stay."""
        del self.leases[unit]
        self.holders.pop(self.attempts[unit].token, None)

    def promote(self, state: JobState, priority: int) -> None:
        """Move a job ahead, with all of it that waits and all that comes back later."""
        state.score -= (priority - state.job.priority) * self.priority_boost_ms
        state.job = replace(state.job, priority=priority)
        for unit in state.units:
            if unit in self.waiting:
                self.waiting[unit] = state.score

    def forget(self, units: Iterable[Unit]) -> None:
        """Remove every trace of units."""
        for unit in units:
            attempts = self.attempts.pop(unit, None)
            if attempts is not None and self.holders.get(attempts.token) == unit:
                del self.holders[attempts.token]
            for table in (self.waiting, self.leases, self.exhausted):
                table.pop(unit, None)

    def drop(self, state: JobState) -> None:
        """Remove every trace of a job."""
        self.forget(state.units)
        del self.jobs[state.job.game_id]
        self.users[state.job.user_id] -= 1
        if not self.users[state.job.user_id]:
            del self.users[state.job.user_id]

    def measure(self, phase: Phase, ms_per_position: float) -> None:
        """Let a finished segment count in the mean of its phase."""
        mean = self.rates.get(phase, ms_per_position)
        self.rates[phase] = float(f"{mean + (ms_per_position - mean) * RATE_WEIGHT:.3f}")
