"""What the queue hands around: jobs, claims and its answers. One job is one analysis of one game.

Words: a job is split into *units*: one for each segment of the running phase, then one *report* unit
which whoever finishes the last segment holds. Only the holder's token may change anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.phase import Phase
from knight_vision.domain.segments import PhasePlan

__all__ = [
    "MAX_DEAD_LETTERS",
    "RATE_WEIGHT",
    "REPORT_UNIT",
    "Advanced",
    "Claim",
    "DeadLetter",
    "EnqueueAnswer",
    "ExpiredLeases",
    "FenceAnswer",
    "FinishAnswer",
    "GameId",
    "Job",
    "JobProgress",
    "PhaseCounts",
    "QueueCounts",
    "RetryAnswer",
    "Unit",
    "UserId",
    "order_score",
]

GameId = NewType("GameId", str)
UserId = NewType("UserId", str)

REPORT_UNIT = -1
"""The unit number of building and saving the report, claimed like a segment when its holder died."""
RATE_WEIGHT = 0.2
"""Weight of the newest segment in the moving mean of the search time."""
MAX_DEAD_LETTERS = 1_000
"""Older dead letters are dropped: they are for people to read, the store knows what failed."""


@dataclass(frozen=True, slots=True)
class Job:
    """One analysis as it is put into the queue, everything a phase function needs to search."""

    game_id: GameId
    generation: int
    """Fencing token: a new generation replaces everything of an older one, in Redis and in Postgres."""
    user_id: UserId
    plan: PhasePlan
    """The phase to begin with (not always the first: a rebuilt job goes on where it was)."""
    moves: tuple[str, ...]
    start_fen: str
    is_chess960: bool = False
    priority: int = 0
    """Higher is served earlier."""
    enqueued_at_ms: int | None = None
    """When the analysis was asked for, Unix ms; None: now, by the queue's clock. A rebuilt job keeps its
    place."""
    correlation_id: str = ""
    """The request that asked for it; on every log line of its work."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The address of one unit of work; its text is the member in the queue's sorted sets."""

    game_id: GameId
    generation: int
    phase: Phase
    index: int
    """Segment number, or REPORT_UNIT."""

    def __str__(self) -> str:
        return f"{self.game_id}:{self.generation}:{self.phase}:{self.index}"

    @classmethod
    def parse(cls, text: str) -> Unit:
        """The unit written by `str`.

        >>> Unit.parse("g1:2:initial:-1")
        Unit(game_id='g1', generation=2, phase=<Phase.INITIAL: 'initial'>, index=-1)
        """
        game_id, generation, phase, index = text.rsplit(":", 3)
        return cls(GameId(game_id), int(generation), Phase(phase), int(index))


@dataclass(frozen=True, slots=True)
class Claim:
    """A unit held by one worker until its lease ends."""

    unit: Unit
    token: str
    """Names this claim; every later call about the unit must carry it."""
    attempt: int
    """1 for the first claim of this unit; counted when claimed, so that a crash counts."""
    job: Job
    """The job as of the unit's phase: `job.plan` is the plan of the running phase."""

    @property
    def is_report(self) -> bool:
        """True when every segment is stored and the report is to be built and saved."""
        return self.unit.index == REPORT_UNIT

    def for_report(self) -> Claim:
        """The claim on the report that the finisher of the last segment holds from then on, same token."""
        return replace(self, unit=replace(self.unit, index=REPORT_UNIT), attempt=1)


class EnqueueAnswer(StrEnum):
    """What `enqueue` did."""

    ENQUEUED = "enqueued"
    """A new job, or a newer generation which replaced an older one."""
    JOINED = "joined"
    """The same generation was there already; nothing changed."""
    PROMOTED = "promoted"
    """It was there with less priority and now waits further ahead."""
    STALE = "stale"
    """A newer generation is there; nothing changed."""


class FenceAnswer(StrEnum):
    """Answer to a call under a claim."""

    OK = "ok"
    STALE = "stale"
    """The lease was lost, or the job was cancelled or replaced: drop the work, change nothing elsewhere."""


class FinishAnswer(StrEnum):
    """What `finish_segment` did."""

    SEGMENT_FINISHED = "segment_finished"
    PHASE_READY = "phase_ready"
    """It was the last one: the same token now holds the report unit (`claim.for_report()`)."""
    STALE = "stale"


class Advanced(StrEnum):
    """What `advance` did."""

    ADVANCED = "advanced"
    """The next phase's segments wait."""
    FINISHED = "finished"
    """There was no next phase; nothing of the job is left in the queue."""
    STALE = "stale"
    """The token no longer holds the report (or a retried call finds the job gone, which is just as well)."""


class RetryAnswer(StrEnum):
    """What `fail_unit` did."""

    RETRYING = "retrying"
    """It waits again, in its old place."""
    EXHAUSTED = "exhausted"
    """It had its last attempt: it is kept aside (no one can claim it) until `bury`."""
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class ExpiredLeases:
    """What `expire_leases` found."""

    requeued: tuple[Unit, ...]
    exhausted: tuple[Unit, ...]
    """Out of attempts: mark the analysis as failed, then `bury`. Reported again until buried."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What is kept of a job that was buried."""

    unit: Unit
    """The unit that could not be done."""
    user_id: UserId
    reason: str
    buried_at_ms: int
    """Unix ms by the queue's clock."""


@dataclass(frozen=True, slots=True)
class JobProgress:
    """A job as seen from outside while it is in the queue."""

    generation: int
    phase: Phase
    """The running phase."""
    is_running: bool
    """False while no unit of this job was ever claimed."""
    positions_done: int
    """Positions searched in the running phase."""
    position_count: int
    units_ahead: int | None
    """Units that will be claimed before this job's first waiting one; None when none of it waits."""
    units_in_flight: int
    """Units of this phase, of all jobs, claimed right now."""
    priority: int
    ms_per_position: float | None
    """Recent mean search time of a position in this phase; None when nothing was measured yet."""


@dataclass(frozen=True, slots=True)
class PhaseCounts:
    """The queue of one phase at one moment."""

    waiting: int
    in_flight: int


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """The whole queue at one moment."""

    phases: dict[Phase, PhaseCounts]
    jobs: int
    oldest_age_ms: int
    """Age of the oldest unfinished job, 0 when there is none."""
    dead_letters: int


def order_score(
    enqueued_at_ms: int, priority: int, games_waiting: int, *, priority_boost_ms: int, fair_share_ms: int
) -> int:
    """The place of a job in its phase's sorted set; the lowest is claimed first.

    A step of priority is worth `priority_boost_ms` of waiting, every unfinished game the same user already
    has costs `fair_share_ms`; waiting time always wins in the end.

    >>> order_score(1000, 0, 0, priority_boost_ms=60, fair_share_ms=5)
    1000
    >>> order_score(1000, 10, 2, priority_boost_ms=60, fair_share_ms=5)
    410
    """
    return enqueued_at_ms - priority * priority_boost_ms + games_waiting * fair_share_ms


SegmentResult = tuple[Evaluation, ...]
"""The evaluations of a segment's positions, from `first` to `last`."""
