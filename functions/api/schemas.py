"""The shapes of answers, for the OpenAPI document. docs/protocol.md explains them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

State = Literal["queued", "running", "done", "failed", "cancelled"]
PhaseName = Literal["initial", "intermediate", "complete"]
PriorityName = Literal["bulk", "premium_bulk", "standard", "premium"]
Judgement = Literal["inaccuracy", "mistake", "blunder"]


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


class Opening(BaseModel):
    """The opening played."""

    eco: str
    name: str
    ply: int = Field(description="The last ply that is still in the opening table")


class Division(BaseModel):
    """Where the middlegame and the endgame begin."""

    middlegame_ply: int | None
    endgame_ply: int | None


class Score(BaseModel):
    """An evaluation from White's point of view: centipawns or moves to mate."""

    white_cp: int | None
    white_mate: int | None


class SideReport(BaseModel):
    """One side's numbers."""

    accuracy: float | None = Field(description="Percent; null when it cannot be told")
    acpl: int | None = Field(description="Average centipawn loss")
    inaccuracies: int
    mistakes: int
    blunders: int


class TurningPoint(BaseModel):
    """A move that lost much."""

    ply: int
    move_number: int
    side: Literal["white", "black"]
    san: str
    judgement: Judgement
    white_cp_before: int | None
    white_mate_before: int | None
    white_cp_after: int | None
    white_mate_after: int | None
    win_percent_lost: float
    best_san: str | None


class MoveReport(BaseModel):
    """One move. Scores are of the position after it, `best_*` and `variation` of the one before."""

    ply: int
    san: str
    uci: str
    fen: str
    white_cp: int | None
    white_mate: int | None
    win_percent: float | None
    accuracy: float | None
    judgement: Judgement | None
    judgement_reason: Literal["centipawns", "mate_created", "mate_lost"] | None
    best_uci: str | None
    best_san: str | None
    variation: list[str]
    depth: int | None
    nodes: int | None
    clock_s: float | None


class Report(BaseModel):
    """The report of one finished phase."""

    schema_: int = Field(alias="schema")
    phase: PhaseName
    engine: str
    limit: str
    start_fen: str
    ply_count: int
    result: str
    opening: Opening | None
    division: Division
    start: Score
    white: SideReport
    black: SideReport
    turning_points: list[TurningPoint]
    moves: list[MoveReport]


class Analysis(BaseModel):
    """The status, and the report of the best finished phase (null while there is none)."""

    status: Status
    report: Report | None


class BulkRequest(BaseModel):
    """How many analyses a bulk request began."""

    queued: int


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries for error answers."""
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {status: {"description": "Problem", "content": content} for status in statuses}
