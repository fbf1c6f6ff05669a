"""What the queue remembers, as plain data. Each field of `QueueTables` is one key of docs/protocol.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from knight_vision.domain.job import (
    RATE_WEIGHT,
    REPORT_UNIT,
    Claim,
    EnqueueAnswer,
    GameId,
    Job,
    Priority,
    SegmentResult,
    Unit,
    UserId,
)
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import ACTIVITY_MINUTES, Tally

__all__ = ["Attempts", "JobState", "Line", "OrderSettings", "QueueTables", "StoreAway"]

MINUTE_MS = 60_000
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSettings:
    """The settings that the order of work follows; see config.Settings."""

    priority_boost_ms: int
    fair_share_ms: int
    degrade_after_ms: int = 0
    degrade_floor_percent: int = 100


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
    place_ms: int
    """Its place in the line, Unix ms: the smaller, the earlier."""
    ready_ms: int
    """Since when the running phase could be claimed, or waits behind another game."""
    enqueue_call: str
    """The last call of `enqueue` that changed this job, and its answer: a repeated one gets it again."""
    enqueue_answer: EnqueueAnswer
    budget_percent: int = 0
    """Of the running phase; 0 until its first claim."""
    positions_finished: int = 0
    finished_by: dict[int, str] = field(default_factory=dict)
    """Segment of the running phase -> token of its finisher."""
    closed_by: str = ""
    """Token of the one who finished the last segment of the running phase."""
    opened_by: str = ""
    """Token of the report that opened the running phase, empty in the phase the job began with."""
    evaluations: dict[int, SegmentResult] = field(default_factory=dict)
    search_ms: dict[int, int] = field(default_factory=dict)
    """What the search of each finished segment took."""

    def unit(self, index: int) -> Unit:
        """The address of one of the running phase's units."""
        return Unit(self.job.game_id, self.job.generation, self.job.plan.phase, index)

    @property
    def units(self) -> list[Unit]:
        """The running phase's units, the report last."""
        return [self.unit(index) for index in (*range(self.job.plan.segment_count), REPORT_UNIT)]

    @property
    def enqueued_at_ms(self) -> int:
        """When the analysis was asked for, Unix ms."""
        return self.job.enqueued_at_ms or 0


class Line(NamedTuple):
    """A user stands in line once for each phase and priority."""

    phase: Phase
    priority: Priority
    user_id: UserId


@dataclass(frozen=True, slots=True)
class StoreAway:
    """Remembered from the moment the store did not answer until it does."""

    failures: int
    until_ms: int
    """Nobody is asked to look before, Unix ms."""
    probe_token: str = ""
    """Of the one who was asked to look."""


@dataclass(slots=True)
class QueueTables:
    """The whole queue."""

    settings: OrderSettings
    jobs: dict[GameId, JobState] = field(default_factory=dict)
    waiting: dict[Unit, int] = field(default_factory=dict)
    """Unit in line -> its job's place; of equal places the first by the unit's text goes first."""
    lines: dict[Line, GameId] = field(default_factory=dict)
    """The game that stands in line for its user; its units wait."""
    behind: dict[Line, list[tuple[int, GameId]]] = field(default_factory=dict)
    """The user's further games as (enqueued at, game id), in order: they wait for their turn."""
    leases: dict[Unit, int] = field(default_factory=dict)
    """Unit -> end of its lease, Unix ms."""
    calls: dict[Phase, dict[str, int]] = field(default_factory=lambda: {phase: {} for phase in Phase})
    """Call on its way to a function -> when it was sent, Unix ms."""
    attempts: dict[Unit, Attempts] = field(default_factory=dict)
    holders: dict[str, tuple[Unit, int]] = field(default_factory=dict)
    """Token -> the unit it holds and how long that had waited, so that a repeated claim finds it."""
    exhausted: dict[Unit, int] = field(default_factory=dict)
    """Unit out of attempts -> since when, Unix ms."""
    users: dict[UserId, int] = field(default_factory=dict)
    """User -> unfinished games."""
    rates: dict[Phase, float] = field(default_factory=dict)
    """Phase -> moving mean of the search time of a position, ms."""
    happened: dict[str, dict[int, Tally]] = field(default_factory=dict)
    """What happened -> minute since 1970 -> how often."""
    store_away: StoreAway | None = None

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

    def measure(self, phase: Phase, ms_per_position: float) -> None:
        """Let a finished segment count in the mean of its phase."""
        mean = self.rates.get(phase, ms_per_position)
        self.rates[phase] = float(f"{mean + (ms_per_position - mean) * RATE_WEIGHT:.3f}")

    def tally(self, what: str, ms: int, *, now_ms: int) -> None:
        """Count something that happened; minutes out of sight are forgotten."""
        minute = now_ms // MINUTE_MS
        minutes = self.happened.setdefault(what, {})
        before = minutes.get(minute, Tally())
        minutes[minute] = Tally(before.count + 1, before.total_ms + min(ms, DAY_MS))
        minutes.pop(minute - ACTIVITY_MINUTES, None)
