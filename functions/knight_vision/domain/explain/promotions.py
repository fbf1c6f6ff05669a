"""Statements about pawns that get through to promote."""

from __future__ import annotations

import chess

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.variation import Variation

__all__ = ["allowed_promotion", "missed_promotion"]

MOST_CITED = 5
PLAIN = 4
"""Characters of a move in UCI notation that does not promote."""


def allowed_promotion(evidence: Evidence) -> Statement | None:
    """What follows the move after which an enemy pawn promotes and lives, as it would not have otherwise."""
    opponent = not evidence.color
    index = promotion(evidence.played, opponent)
    better = evidence.better
    if index is None or better is None or any_promotion(better, opponent):
        return None
    if any_promotion(evidence.played, evidence.color):
        return None  # both sides get a queen: that is not what the move costs
    return Statement(
        f"lets {pawn_words(evidence.played, index)} promote{moves_words(evidence.played, 1, index)}",
        Theme.PROMOTION,
    )


def missed_promotion(evidence: Evidence) -> Statement | None:
    """What follows the move that misses getting a pawn through."""
    better = evidence.better
    is_later = any(len(move) > PLAIN for move in evidence.move.reply[1::2])  # than we look elsewhere
    if better is None or any_promotion(evidence.played, evidence.color) or is_later:
        return None
    index = promotion(better, evidence.color)
    if index is None or any_promotion(better, not evidence.color):
        return None
    return Statement(
        f"misses the chance to promote {pawn_words(better, index)}{moves_words(better, 0, index)}",
        Theme.PROMOTION,
    )


def any_promotion(variation: Variation, color: chess.Color) -> bool:
    """True when a pawn of this side promotes in the line."""
    moves = zip(variation.line.boards, variation.line.moves, strict=False)
    return any(move.promotion and board.turn == color for board, move in moves)


def promotion(variation: Variation, color: chess.Color) -> int | None:
    """The move with which a pawn of `color` promotes to a piece that is not taken in the rest of the line."""
    line = variation.line
    for index, move in enumerate(line.moves):
        if move.promotion and line.boards[index].turn == color:
            later = line.moves[index + 1 :]
            return (
                None if not later or any(other.to_square == move.to_square for other in later[:1]) else index
            )
    return None


def pawn_words(variation: Variation, index: int) -> str:
    """`the e-pawn`, by the file from which it steps to the last rank."""
    return f"the {chess.FILE_NAMES[chess.square_file(variation.line.moves[index].from_square)]}-pawn"


def moves_words(variation: Variation, first: int, index: int) -> str:
    """The moves up to the promotion, or the first of a long way."""
    if index - first >= MOST_CITED:
        return f", beginning with {variation.cite(first)}"
    return f": {variation.cite(first, index)}"
