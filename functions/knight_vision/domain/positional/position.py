"""The positional metrics of one position, for both sides, from its men and castling rights alone.

Each side is measured as if it played up the board, by the same code. docs/analysis-positional.md gives every
definition and its source.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import chess

from knight_vision.domain.positional.army import Army, armies
from knight_vision.domain.positional.bits import squares_of
from knight_vision.domain.positional.king import king_safety
from knight_vision.domain.positional.material import Imbalance, Men, imbalance_of, points_of
from knight_vision.domain.positional.pawns import pawn_structure
from knight_vision.domain.positional.pieces import (
    CENTRE,
    bad_bishops,
    centre_control,
    has_bishop_pair,
    mobility,
    outpost_squares,
    rooks_on_files,
    rooks_on_seventh,
    space,
)

__all__ = ["PositionMetrics", "SideMetrics", "Squares", "metrics"]

Squares = tuple[chess.Square, ...]
"""Squares in order from a1 to h8."""


@dataclass(frozen=True, slots=True)
class SideMetrics:
    """One side of a position in numbers and squares."""

    material: int
    """Points: queen 9, rook 5, bishop and knight 3, pawn 1."""
    has_bishop_pair: bool
    """Bishops on both colours."""
    isolated_pawns: Squares
    """Without an own pawn on a neighbouring file."""
    doubled_pawns: Squares
    """All pawns that share their file with another own one."""
    backward_pawns: Squares
    """On a half-open file, unable to step forward safely, beyond the help of other pawns."""
    hanging_pawns: Squares
    """Two abreast on the fourth rank on half-open files, without own pawns beside them; or none."""
    passed_pawns: Squares
    """With no enemy pawn before them on three files; of doubled ones the foremost."""
    pawn_islands: int
    """Groups of pawns on neighbouring files."""
    queenside_majority: int
    """How many pawns more than the opponent on the files a to d, or 0."""
    kingside_majority: int
    """How many pawns more than the opponent on the files e to h, or 0."""
    shield_pawns: Squares
    """Own pawns before the king, on its three files."""
    king_open_files: str
    """The king's files without an own pawn, such as `gh`."""
    king_attackers: Squares
    """Enemy pieces that attack the king's surroundings."""
    king_exposure: int
    """Missing shield files, open files and attackers together; from 5 on the king is exposed."""
    is_king_in_centre: bool
    """The king is on the d-, e- or f-file."""
    can_castle: bool
    """Some castling right is left."""
    mobility: int
    """Squares the pieces can go to, safe from pawns."""
    space: int
    """Safe squares in the own half of the four central files, doubled behind the own pawns."""
    centre_pawns: Squares
    """Own pawns on d4, e4, d5, e5."""
    centre_control: int
    """Attacks on d4, e4, d5, e5."""
    undeveloped: Squares
    """Knights and bishops on the first rank."""
    rooks_on_open_files: Squares
    """Rooks on files without pawns."""
    rooks_on_half_open_files: Squares
    """Rooks on files with enemy pawns only."""
    rooks_on_seventh: Squares
    """Rooks on the seventh rank that attack pawns there or shut in the king."""
    outpost_squares: Squares
    """Squares where a minor piece would stand protected by a pawn and out of reach of enemy pawns."""
    outposts: Squares
    """Minor pieces on such squares."""
    bad_bishops: Squares
    """Bishops hindered by their own fixed central pawns."""

    def to_json(self) -> dict[str, Any]:
        """Each metric by its name, squares as in `["d4","f3"]`; what is 0, false or empty is left out."""
        return {
            name: [chess.SQUARE_NAMES[square] for square in value] if isinstance(value, tuple) else value
            for name in NAMES
            if (value := getattr(self, name))
        }


NAMES = tuple(field.name for field in fields(SideMetrics))
FILE_LETTERS = tuple(
    "".join(name for file, name in enumerate(chess.FILE_NAMES) if files >> file & 1) for files in range(256)
)
"""The letters of every set of files."""


@dataclass(frozen=True, slots=True)
class PositionMetrics:
    """Both sides of a position."""

    white: SideMetrics
    black: SideMetrics
    imbalance: Imbalance | None
    """What each side has that the other has not; None when material is the same."""

    def of(self, color: chess.Color) -> SideMetrics:
        """One side's metrics."""
        return self.white if color == chess.WHITE else self.black

    def to_json(self) -> dict[str, Any]:
        """`white`, `black` and, where there is one, `imbalance`: some 0.6 kB when written compactly."""
        sides = {"white": self.white.to_json(), "black": self.black.to_json()}
        return {**sides, "imbalance": self.imbalance.to_json()} if self.imbalance else sides


def metrics(board: chess.Board) -> PositionMetrics:
    """The metrics of a position. The board is only read; its history does not matter."""
    white, black = armies(board)
    white_men, black_men = men_of(white), men_of(black)
    castling = board.clean_castling_rights()
    return PositionMetrics(
        side_metrics(chess.WHITE, white, black, points_of(white_men), castling & chess.BB_RANK_1),
        side_metrics(chess.BLACK, black.turned(), white.turned(), points_of(black_men), castling >> 56),
        imbalance_of(white_men, black_men),
    )


def men_of(army: Army) -> Men:
    """How many men of each kind."""
    return (
        army.queens.bit_count(),
        army.rooks.bit_count(),
        army.bishops.bit_count(),
        army.knights.bit_count(),
        army.pawns.bit_count(),
    )


def side_metrics(color: chess.Color, own: Army, enemy: Army, material: int, castling: int) -> SideMetrics:
    """One side's metrics, both armies and the rooks it may castle with seen from its side."""

    def squares(view: int) -> Squares:
        return squares_of(view, color) if view else ()

    pawns = pawn_structure(own.pawns, enemy.pawns)
    king = king_safety(own, enemy, pawns.files, castling)
    open_file, half_open = rooks_on_files(own, pawns)
    outposts = outpost_squares(own, pawns)
    minors = own.knights | own.bishops
    return SideMetrics(
        material=material,
        has_bishop_pair=has_bishop_pair(own),
        isolated_pawns=squares(pawns.isolated),
        doubled_pawns=squares(pawns.doubled),
        backward_pawns=squares(pawns.backward),
        hanging_pawns=squares(pawns.hanging),
        passed_pawns=squares(pawns.passed),
        pawn_islands=pawns.islands,
        queenside_majority=pawns.queenside_majority,
        kingside_majority=pawns.kingside_majority,
        shield_pawns=squares(king.shield),
        king_open_files=FILE_LETTERS[king.open_files],
        king_attackers=squares(king.attackers),
        king_exposure=king.exposure,
        is_king_in_centre=king.in_centre,
        can_castle=bool(castling),
        mobility=mobility(own, pawns),
        space=space(own, enemy, pawns),
        centre_pawns=squares(own.pawns & CENTRE),
        centre_control=centre_control(own),
        undeveloped=squares(minors & chess.BB_RANK_1),
        rooks_on_open_files=squares(open_file),
        rooks_on_half_open_files=squares(half_open),
        rooks_on_seventh=squares(rooks_on_seventh(own, enemy)),
        outpost_squares=squares(outposts),
        outposts=squares(outposts & minors),
        bad_bishops=squares(bad_bishops(own, enemy, pawns)),
    )
