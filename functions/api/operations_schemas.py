"""The shapes of the operators' answers. docs/protocol.md explains them. Times are milliseconds."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from api.report_schemas import PhaseName
from api.schemas import PriorityName


class Line(BaseModel):
    """What waits in one phase at one priority."""

    units_in_line: int = Field(description="Units that can be claimed now")
    games_behind: int = Field(description="Games that wait behind another game of the same user")
    oldest_ms: int = Field(description="How long the first in line has waited; 0 when nothing is in line")


class PhaseQueue(BaseModel):
    """One phase of the queue."""

    units_in_flight: int = Field(description="Units that functions hold")
    priorities: dict[PriorityName, Line]


class Queue(BaseModel):
    """The queue now."""

    jobs: int = Field(description="Unfinished analyses")
    oldest_job_ms: int = Field(description="Age of the oldest of them; 0 when there is none")
    exhausted_units: int = Field(description="Units out of attempts that wait for the store to hear of it")
    is_store_away: bool = Field(description="Functions are told to wait for the store")
    phases: dict[PhaseName, PhaseQueue]


class PriorityActivity(BaseModel):
    """One phase at one priority in the last hour."""

    claims: int = Field(description="Segments claimed for the first time")
    mean_wait_ms: float | None = Field(description="From when a unit could be claimed until it was")
    phases_finished: int
    mean_since_request_ms: float | None = Field(description="From the request until the phase was finished")


class LengthActivity(BaseModel):
    """One phase of the games of one class of length: short up to 40 plies, medium up to 80, long."""

    phases_finished: int
    mean_phase_ms: float | None = Field(description="From when the phase could begin until it was finished")


class PhaseActivity(BaseModel):
    """One phase in the last hour."""

    claims: int = Field(description="Segments claimed for the first time")
    segments_finished: int
    mean_segment_ms: float | None = Field(description="Search time of a segment")
    positions: int = Field(description="Of the finished segments")
    known_positions: int = Field(description="Those of them that other games' searches had found")
    cache_hit_rate: float | None = Field(description="Their share, 0 to 1; null without positions")
    failed_attempts: int
    expired_leases: int = Field(description="Attempts whose function died")
    exhausted_units: int = Field(description="Units that had their last attempt")
    error_rate: float | None = Field(
        description="Share of the attempts that ended in an error or with their lease, 0 to 1"
    )
    priorities: dict[PriorityName, PriorityActivity]
    game_lengths: dict[Literal["short", "medium", "long"], LengthActivity]


class LastHour(BaseModel):
    """What happened in the queue during the last hour."""

    claims: int = Field(description="Segments claimed for the first time")
    segments_finished: int
    failed_attempts: int
    expired_leases: int
    exhausted_units: int
    error_rate: float | None = Field(description="As in a phase, of all phases")
    mean_time_to_first_result_ms: float | None = Field(
        description="From the request until the initial phase was finished"
    )
    mean_time_to_complete_ms: float | None = Field(
        description="From the request until the complete phase was finished"
    )
    phases: dict[PhaseName, PhaseActivity]


class PartProblem(BaseModel):
    """Why some numbers are missing."""

    code: str
    detail: str


class FeedbackNumbers(BaseModel):
    """What users thought of their analyses in the last 30 days."""

    ratings: int
    mean_rating: float | None = Field(description="1 to 5; null without ratings")


class OperationsMetrics(BaseModel):
    """The service in numbers; null what could not be had, with the reason under `problems`."""

    queue: Queue | None
    last_hour: LastHour | None
    dead_letters: int | None = Field(description="Analyses that were given up")
    feedback: FeedbackNumbers | None
    problems: list[PartProblem]


class DeadLetterEntry(BaseModel):
    """An analysis that was given up."""

    game_id: str
    user_id: str
    generation: int
    finished_phase: PhaseName | None = Field(description="The best phase that can be read all the same")
    reason: str
    failed_at: str


class DeadLetterPage(BaseModel):
    """Analyses that were given up, the last one first."""

    dead_letters: list[DeadLetterEntry]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last")


class Redriven(BaseModel):
    """Those that were started again; games whose analysis has not failed are left out."""

    redriven: int
    game_ids: list[str]
