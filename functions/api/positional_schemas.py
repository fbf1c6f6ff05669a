"""The shape of positional metrics in a report. docs/analysis-positional.md explains each."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from knight_vision.domain.vocabulary import Feature

Squares = list[str]


class Part(BaseModel):
    """A part of a report: exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class SideMetrics(Part):
    """One side of a position. What is 0, false or empty is left out."""

    material: int = Field(0, description="Queen 9, rook 5, bishop and knight 3, pawn 1")
    has_bishop_pair: bool = False
    isolated_pawns: Squares = []
    doubled_pawns: Squares = []
    backward_pawns: Squares = []
    hanging_pawns: Squares = []
    passed_pawns: Squares = []
    pawn_islands: int = 0
    queenside_majority: int = 0
    kingside_majority: int = 0
    shield_pawns: Squares = []
    king_open_files: str = ""
    king_attackers: Squares = []
    king_exposure: int = 0
    is_king_in_centre: bool = False
    can_castle: bool = False
    mobility: int = 0
    space: int = 0
    centre_pawns: Squares = []
    centre_control: int = 0
    undeveloped: Squares = []
    rooks_on_open_files: Squares = []
    rooks_on_half_open_files: Squares = []
    rooks_on_seventh: Squares = []
    outpost_squares: Squares = []
    outposts: Squares = []
    bad_bishops: Squares = []


class Imbalance(Part):
    """What each side has that the other has not, in words."""

    white: str | None = None
    black: str | None = None


class PositionMetrics(Part):
    """Both sides of a position."""

    white: SideMetrics
    black: SideMetrics
    imbalance: Imbalance | None = Field(None, description="Left out when material is the same")


class Stretch(Part):
    """A feature that lasted, from one ply to another."""

    feature: Feature
    side: Literal["white", "black"]
    first_ply: int
    last_ply: int


class PositionalStory(Part):
    """The metrics over the game: for each name one number for each position from the start on."""

    white: dict[str, list[int]]
    black: dict[str, list[int]]
    stretches: list[Stretch]
