"""What comparisons count of either side of a position: see docs/analysis-positional.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import chess

from knight_vision.domain.division import ENDGAME_PIECES, MIDDLEGAME_PIECES
from knight_vision.domain.explain.words import plural
from knight_vision.domain.positional import SideMetrics, metrics

__all__ = ["MEASURES", "Measure", "Side", "sides"]


class Side(NamedTuple):
    """One side of a position."""

    board: chess.Board
    color: chess.Color
    metrics: SideMetrics


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of one side's pieces, where it is worth a word."""

    of: Callable[[Side], int | None]
    """None where there is nothing to count."""
    is_good: bool
    """True when more is better for the side."""
    least: int
    """Told from such a difference on."""
    fewest_officers: int
    """Told only with so many queens, rooks, bishops and knights on the board, or more."""
    words: Callable[[int, str], str]
    """The number of the better line with the name of the side."""
    most_officers: int = 30
    """And with no more of them than these: all, but for endgames."""


def steps_to_promotion(own: Side) -> int | None:
    """Of the foremost passed pawn."""
    pawns = own.metrics.passed_pawns
    ranks = (chess.square_rank(pawn) for pawn in pawns)
    return min((7 - rank if own.color else rank for rank in ranks), default=None)


MEASURES = (
    Measure(
        lambda own: len(own.metrics.king_attackers),
        is_good=False,
        least=1,
        fewest_officers=ENDGAME_PIECES + 1,
        words=lambda count, name: f"{plural(count, 'piece')} aimed at {name}'s king",
    ),
    Measure(
        lambda own: len(own.metrics.undeveloped),
        is_good=False,
        least=1,
        fewest_officers=MIDDLEGAME_PIECES + 1,
        words=lambda count, name: f"{plural(count, 'minor piece')} of {name}'s at home",
    ),
    Measure(
        lambda own: len(own.metrics.passed_pawns),
        is_good=True,
        least=1,
        fewest_officers=0,
        words=lambda count, name: f"{plural(count, 'passed pawn')} of {name}'s",
    ),
    Measure(
        lambda own: len(own.metrics.isolated_pawns),
        is_good=False,
        least=1,
        fewest_officers=0,
        words=lambda count, name: f"{plural(count, 'isolated pawn')} of {name}'s",
    ),
    Measure(
        lambda own: len(own.metrics.shield_pawns),
        is_good=True,
        least=1,
        fewest_officers=ENDGAME_PIECES + 1,
        words=lambda count, name: f"{plural(count, 'pawn')} before {name}'s king",
    ),
    Measure(
        lambda own: len(own.metrics.rooks_on_open_files + own.metrics.rooks_on_half_open_files),
        is_good=True,
        least=1,
        fewest_officers=0,
        words=lambda count, name: f"{plural(count, 'rook')} of {name}'s on files without own pawns",
    ),
    Measure(
        lambda own: own.metrics.mobility,
        is_good=True,
        least=4,
        fewest_officers=0,
        words=lambda count, name: f"{plural(count, 'square')} for {name}'s pieces to go to",
    ),
    Measure(
        lambda own: own.metrics.centre_control,
        is_good=True,
        least=2,
        fewest_officers=ENDGAME_PIECES + 1,
        words=lambda count, name: f"{plural(count, 'attack')} by {name} on the centre",
    ),
    Measure(
        lambda own: own.metrics.space,
        is_good=True,
        least=3,
        fewest_officers=ENDGAME_PIECES + 1,
        words=lambda count, name: f"{plural(count, 'square')} of space for {name}",
    ),
    Measure(
        steps_to_promotion,
        is_good=False,
        least=1,
        fewest_officers=0,
        most_officers=ENDGAME_PIECES,
        words=lambda count, name: f"{plural(count, 'step')} to go for {name}'s foremost passed pawn",
    ),
)


def sides(board: chess.Board) -> dict[chess.Color, Side]:
    """Both sides of a position."""
    found = metrics(board)
    return {color: Side(board, color, found.of(color)) for color in chess.COLORS}
