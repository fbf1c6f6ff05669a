"""The shapes of answers, for the OpenAPI document. docs/protocol.md explains them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.report_schemas import PhaseName, Report

State = Literal["queued", "running", "done", "failed", "cancelled"]
PriorityName = Literal["bulk", "premium_bulk", "standard", "premium"]


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None


class Health(BaseModel):
    """The function runs."""

    status: str
    version: str


class PartHealth(BaseModel):
    """One part of the system."""

    ok: bool
    ms: float


class Readiness(Health):
    """Each part of the system."""

    checks: dict[str, PartHealth]


class Refusal(BaseModel):
    """Why a game was refused."""

    code: str
    detail: str


class GameVerdict(BaseModel):
    """What became of one game of a submission."""

    index: int = Field(description="Place in the submission, from 0")
    verdict: Literal["accepted", "duplicate", "refused"]
    id: str | None = Field(None, description="Null when refused")
    white: str | None = None
    black: str | None = None
    ply_count: int | None = None
    problem: Refusal | None = None


class Submission(BaseModel):
    """A verdict on every game, in the order sent."""

    accepted: int
    duplicates: int
    refused: int
    games: list[GameVerdict]


class GameSummary(BaseModel):
    """A stored game."""

    id: str
    white: str | None
    black: str | None
    result: str | None
    event: str | None
    played_on: str | None = Field(description="As in the PGN, such as 1956.10.17 or 1956.??.??")
    ply_count: int
    created_at: str
    analysis_state: State | None = Field(description="Null when nobody asked for an analysis")
    analysis_phase: PhaseName | None = Field(description="The best finished phase")


class GameDetail(GameSummary):
    """A stored game with its PGN."""

    pgn: str
    headers: dict[str, str]


class GamePage(BaseModel):
    """Games, newest first."""

    games: list[GameSummary]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last")


class Progress(BaseModel):
    """Progress of the running phase."""

    plies_done: int
    plies_total: int
    percent: float


class Status(BaseModel):
    """An analysis at one moment."""

    game_id: str
    state: State
    generation: int
    phase: PhaseName | None = Field(description="The running or next phase; null when final")
    finished_phase: PhaseName | None
    progress: Progress | None
    queue_position: int | None = Field(description="Units of work ahead; null when nothing waits")
    estimated_seconds_left: int | None = Field(description="Until the last phase is finished")
    priority: PriorityName
    degraded: bool = Field(
        description="The stored report ran with a smaller limit; it is done again when the queue is idle"
    )
    requested_at: str
    failure: str | None


class Analysis(BaseModel):
    """The status, and the report of the best finished phase (null while there is none)."""

    status: Status
    report: Report | None


class BulkRequest(BaseModel):
    """How many analyses a bulk request began."""

    queued: int


class LimitLeft(BaseModel):
    """One limit."""

    limit: int
    used: int | None = Field(description="Null while Redis is away")
    left: int | None
    resets_at: str | None = Field(description="When it is whole again; null where that depends on the user")


class Sizes(BaseModel):
    """How large requests may be."""

    body_bytes: int
    games_per_request: int
    game_characters: int = Field(description="Of one game's PGN")
    game_plies: int


class QuotaAnswer(BaseModel):
    """What a user may use, and what is left."""

    plan: Literal["free", "premium"]
    limits: dict[Literal["games_per_day", "unfinished_games", "user_requests", "address_requests"], LimitLeft]
    sizes: Sizes


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries for error answers."""
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {status: {"description": "Problem", "content": content} for status in statuses}
