"""The shapes of answers, for the OpenAPI document alone: see answers.py. docs/protocol.md explains them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.errors import PROBLEMS
from api.report_schemas import PhaseName, Report

State = Literal["queued", "running", "done", "failed", "cancelled"]
PriorityName = Literal["bulk", "premium_bulk", "standard", "premium"]


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
    batch_id: str | None = Field(None, description="With `annotate=true`; null when there is none")
    queued: int | None = Field(None, description="With `annotate=true`: games in the batch")
    games: list[GameVerdict]


class InvalidField(BaseModel):
    """A part of a request that is not understood."""

    where: str = Field(description="Such as `query.limit`")
    why: str


class Problem(BaseModel):
    """An error (RFC 9457): what every route answers when it does not do what was asked."""

    type: str = Field(description="`urn:knight-vision:problem:` and the code")
    title: str = Field(description="The same for every problem of this code")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="What is wrong this time, and what to do")
    code: str = Field(description="Stable: programs go by it", json_schema_extra={"enum": [*PROBLEMS]})
    request_id: str | None = Field(description="Finds the request in the logs; also in `X-Request-Id`")
    errors: list[InvalidField] = Field([], description="Of `invalid_request`: each part that is wrong")
    limit: int | None = Field(None, description="Of `queue_limit_reached`: most unfinished analyses")
    unfinished: int | None = Field(None, description="Of `queue_limit_reached`: how many there are")
    games: list[GameVerdict] = Field([], description="Of `submit_games`: why each game was refused")


class GameSummary(BaseModel):
    """A stored game."""

    id: str
    white: str | None
    black: str | None
    result: str | None
    event: str | None
    played_on: str | None = Field(description="As in the PGN, such as 1956.10.17 or 1956.??.??")
    eco: str | None = Field(description="ECO code of the opening")
    opening: str | None = Field(description="Name of the opening")
    ply_count: int
    created_at: str
    analysis_state: State | None = Field(description="Null when nobody asked for an analysis")
    analysis_phase: PhaseName | None = Field(description="The best finished phase")


class Accuracies(BaseModel):
    """Both sides' accuracy, 0 to 100."""

    white: float | None = Field(description="Null when the side made no move that counts")
    black: float | None


class ListedGame(GameSummary):
    """A stored game in a list."""

    accuracy: Accuracies | None = Field(
        description="In the report that can be read; null while there is none"
    )


class GameDetail(GameSummary):
    """A stored game with its PGN."""

    pgn: str
    headers: dict[str, str]


class GamePage(BaseModel):
    """Games in the order asked for."""

    games: list[ListedGame]
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


class Feedback(BaseModel):
    """What is kept of it."""

    game_id: str
    rating: int
    comment: str | None
    report_phase: PhaseName = Field(description="Of the report that could be read when it was given")
    report_generation: int
    created_at: str
    updated_at: str


class Profile(BaseModel):
    """What is kept of the user, and may grow."""

    model_config = ConfigDict(extra="allow")

    user_id: str
    plan: str
    is_operator: bool
    created_at: str


class ExportedGame(BaseModel):
    """A game as it is stored, with all that hangs on it, column by column."""

    model_config = ConfigDict(extra="allow")

    id: str
    pgn: str
    headers: dict[str, str]
    created_at: str
    analysis: dict[str, Any] | None = Field(description="With the report, and under `moves` its moves")
    feedback: dict[str, Any] | None


class Export(BaseModel):
    """A page of everything that is kept of a user; the oldest game first."""

    user_id: str
    profile: Profile | None = Field(None, description="On the first page; null when there is none")
    batches: list[dict[str, Any]] | None = Field(None, description="On the first page, with `game_ids`")
    games: list[ExportedGame]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last")


class BulkRequest(BaseModel):
    """What a bulk request began."""

    queued: int = Field(description="Games in the batch")
    batch_id: str | None = Field(description="Null when there was nothing to begin")


class Batch(BaseModel):
    """How far many analyses are that were asked for at once."""

    id: str
    source: Literal["submission", "unannotated"]
    created_at: str
    total: int = Field(description="Its games, without those that were deleted")
    queued: int
    running: int
    done: int
    failed: int
    cancelled: int
    percent: float = Field(description="Phases that are finished or will never be, of all")
    estimated_seconds_left: int | None = Field(
        description="By what was done so far; null while that is nothing"
    )


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
