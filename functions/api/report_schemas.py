"""The shape of a report, for the OpenAPI page and docs/report.schema.json. docs/analysis.md explains it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.positional_schemas import PositionalStory, PositionMetrics
from knight_vision.domain.judgement import Judgement, Reason
from knight_vision.domain.vocabulary import GamePhase, Motif, MoveClass

PhaseName = Literal["initial", "intermediate", "complete"]


class Part(BaseModel):
    """A part of a report: exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class Opening(Part):
    """The opening played."""

    eco: str
    name: str
    ply: int = Field(description="The last ply whose position bears a name")
    book_ply: int = Field(description="The last ply on the way to a named position: the last book move")


class Division(Part):
    """Where the middlegame and the endgame begin."""

    middlegame_ply: int | None
    endgame_ply: int | None


class Score(Part):
    """An evaluation from White's point of view: centipawns or moves to mate."""

    white_cp: int | None
    white_mate: int | None


class AccuracyByPhase(Part):
    """Accuracy in each part of the game; null where the side made no move in it."""

    opening: float | None
    middlegame: float | None
    endgame: float | None


class SideReport(Part):
    """One side's numbers."""

    accuracy: float | None = Field(description="Percent; null when it cannot be told")
    accuracy_by_phase: AccuracyByPhase
    acpl: int | None = Field(description="Average centipawn loss")
    inaccuracies: int
    mistakes: int
    blunders: int
    classes: dict[MoveClass, int] = Field(description="How many moves of each class")


class TurningPoint(Part):
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


class Sighting(Part):
    """A motif and the squares that show it, on the board after move `ply` of its line."""

    motif: Motif
    ply: int = Field(description="Index in the line of the move that shows it, 0 is the first")
    square: str = Field(description="Where the acting piece stands")
    targets: list[str] = Field(description="Where the pieces concerned stand")


class MoveReport(Part):
    """One move. Scores are of the position after it; `best_*`, `second_*`, `variation` of the one before."""

    ply: int
    san: str
    uci: str
    fen: str
    white_cp: int | None
    white_mate: int | None
    win_percent: float | None = Field(description="White's, 0 to 100")
    accuracy: float | None = Field(description="The mover's, 0 to 100")
    judgement: Judgement | None
    judgement_reason: Reason | None
    move_class: MoveClass | None = Field(alias="class", description="Null in reports of schema 1")
    explanation: str | None = Field(description="Why the move is bad or very good, in one or two sentences")
    best_uci: str | None
    best_san: str | None
    variation: list[str]
    second_white_cp: int | None = Field(description="After the best other move; null where not searched")
    second_white_mate: int | None
    missed: list[Sighting] | None = Field(description="Motifs of `variation`, from the position before")
    allowed: list[Sighting] | None = Field(description="Motifs of the opponent's best line after the move")
    positional: PositionMetrics | None
    depth: int | None
    nodes: int | None
    clock_s: float | None
    spent_s: float | None = Field(description="Seconds thought; null when the clocks do not tell")


class TimeShare(Part):
    """The known times of some of a player's moves."""

    moves: int
    total_s: float
    mean_s: float | None
    share: float | None = Field(description="Part of all the player's known time, 0 to 1")


class PlayerTime(Part):
    """How one player used the time."""

    base_s: float | None = Field(description="Seconds before the first move")
    total: TimeShare
    median_s: float | None
    phases: dict[GamePhase, TimeShare]
    judged: TimeShare = Field(description="Inaccuracies, mistakes and blunders")
    unjudged: TimeShare
    longest_ply: int | None
    longest_s: float | None
    trouble_s: float | None = Field(description="With less than this left a player is in time trouble")
    trouble_moves: int
    trouble_first_ply: int | None
    trouble_judgements: dict[Judgement, int] = Field(description="What was judged of the moves made in it")
    hasty_plies: list[int] = Field(description="Judged moves made in haste with time enough to think")


class PlayersTime(Part):
    """How both players used the time."""

    white: PlayerTime
    black: PlayerTime


class PhaseCost(Part):
    """What the functions of this phase cost, estimated."""

    billed_ms: int = Field(description="Milliseconds that its searches and its report took")
    memory_mb: int
    requests: int = Field(description="Functions called for it")
    dollars: float


class Report(Part):
    """The report of one finished phase, the whole answer of `get_analysis` under `report`."""

    schema_: int = Field(alias="schema")
    phase: PhaseName
    engine: str
    limit: str
    cost: PhaseCost | None = Field(description="Null where nothing was searched")
    start_fen: str
    ply_count: int
    result: str
    opening: Opening | None
    division: Division
    start: Score
    white: SideReport
    black: SideReport
    turning_points: list[TurningPoint]
    words: list[str] = Field(description="The game in a few sentences")
    time: PlayersTime | None = Field(description="Null when the game came without clocks")
    positional: PositionalStory
    moves: list[MoveReport]
