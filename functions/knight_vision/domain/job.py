"""What the queue hands around: jobs, claims and its answers. One job is one analysis of one game.

Words: a job is split into *units*: one for each segment of the running phase, then one *report* unit
which whoever finishes the last segment holds. Only the holder's token may change anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import NewType

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.segments import PhasePlan

__all__ = [
    "FULL_BUDGET",
    "RATE_WEIGHT",
    "REPORT_UNIT",
    "Admitted",
    "Advanced",
    "Claim",
    "EnqueueAnswer",
    "ExpiredLeases",
    "FenceAnswer",
    "FinishAnswer",
    "FoundPhase",
    "GameId",
    "Job",
    "JobProgress",
    "Priority",
    "RetryAnswer",
    "StorePause",
    "Unit",
    "UserId",
]

GameId = NewType("GameId", str)
UserId = NewType("UserId", str)

REPORT_UNIT = -1
"""The unit number of building and saving the report, claimed like a segment when its holder died."""
RATE_WEIGHT = 0.2
"""Weight of the newest segment in the moving mean of the search time."""
FULL_BUDGET = 100
"""Per cent of the configured search limit that a phase gets while the queue keeps up."""


class Priority(IntEnum):
    """How urgent a job is; a step is worth `PRIORITY_BOOST_MS` of waiting. Interactive goes before bulk."""

    BULK = 0
    """One of many that nobody looks at right now."""
    PREMIUM_BULK = 1
    STANDARD = 2
    """A user waits for it."""
    PREMIUM = 3

    @property
    def label(self) -> str:
        """The word for people and metrics: `premium_bulk`."""
        return self.name.lower()


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
    priority: Priority = Priority.STANDARD
    enqueued_at_ms: int | None = None
    """When the analysis was asked for, Unix ms; None: now, by the queue's clock. A rebuilt job keeps its
    place."""
    correlation_id: str = ""
    """The request that asked for it; on every log line of its work."""
    is_redo: bool = False
    """Done again because it was degraded: it keeps its whole budget however long it waits."""
    brings_evaluations: bool = False
    """The PGN has evaluations, perhaps of every move: its initial phase may need no search."""


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
    """The job as of the unit's phase: `job.plan` is the plan of the running phase, with its full limit."""
    waited_ms: int = 0
    """From the moment it could be claimed until it was."""
    budget_percent: int = FULL_BUDGET
    """Share of the limit that this phase of this job gets: less than 100 under backlog."""

    @property
    def limit(self) -> Limit:
        """The search limit that every segment of this phase of this job is given."""
        return self.job.plan.limit.scaled(self.budget_percent)

    @property
    def is_degraded(self) -> bool:
        """True when the limit is smaller than configured."""
        return self.limit != self.job.plan.limit

    @property
    def may_be_imported(self) -> bool:
        """True when the PGN may answer in the engine's place: see imported_evaluations.py."""
        return self.job.brings_evaluations and self.unit.phase is Phase.INITIAL

    @property
    def is_report(self) -> bool:
        """True when every segment is stored and the report is to be built and saved."""
        return self.unit.index == REPORT_UNIT

    def for_report(self) -> Claim:
        """The claim on the report that the finisher of the last segment holds from then on, same token."""
        return replace(self, unit=replace(self.unit, index=REPORT_UNIT), attempt=1, waited_ms=0)


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


@dataclass(frozen=True, slots=True)
class Admitted:
    """What `admit` did."""

    answers: tuple[EnqueueAnswer, ...]
    """On each job, in the order given."""
    calls: Mapping[Phase, int]
    """How many functions to call for what is new in each phase."""
    progress: JobProgress | None = None
    """Of a single job."""
    is_kept: bool = False
    """Whether the text that went along is kept. Where it is not, its sender has to see to it."""


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
    """It had its last attempt: it is kept aside (no one can claim it) until `remove`."""
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class ExpiredLeases:
    """What `expire_leases` found."""

    requeued: tuple[Unit, ...]
    exhausted: tuple[Unit, ...]
    """Out of attempts: mark the analysis as failed, then `remove`. Told again until removed."""
    ended: int = field(default=0, compare=False)
    """How many leases had ended: as many as asked for, and there may be more."""


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
    """Units in line before this job's first waiting one, and all units of the user's own games that come
    before it; None when none of it waits."""
    units_in_flight: int
    """Units of this phase, of all jobs, claimed right now."""
    priority: Priority
    ms_per_position: float | None
    """Recent mean search time of a position in this phase; None when nothing was measured yet."""


class StorePause(StrEnum):
    """Why `claim` gives nothing although work may wait: the store did not answer a moment ago."""

    WAIT = "wait"
    """Leave: claiming now would burn engine time on what cannot be saved."""
    PROBE = "probe"
    """Ask the store whether it is back, for all the others; then `store_is_back` or `store_is_away`."""


SegmentResult = tuple[Evaluation, ...]
"""The evaluations of a segment's positions, from `first` to `last`."""


@dataclass(frozen=True, slots=True)
class FoundPhase:
    """What the segments of a phase found, all together."""

    evaluations: tuple[Evaluation, ...]
    """Of all positions, in their order."""
    search_ms: int
    """What their searches took, one after the other."""
