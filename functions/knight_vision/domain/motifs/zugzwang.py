"""Zugzwang: having to move is what hurts. Told from two evaluations that the caller got; searches nothing."""

from __future__ import annotations

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.win_percent import winning_chances

__all__ = ["can_be_zugzwang", "is_zugzwang"]

MOST_MOVES = 15
"""With more legal moves than this, one that harms nothing is nearly always among them (lichess-puzzler)."""
CHANCES_GAINED = 0.3
"""Passing has to gain more than this much of the winning chances, from -1 to 1 (lichess-puzzler)."""


def can_be_zugzwang(board: chess.Board) -> bool:
    """Whether it is worth evaluating the position with the move passed: few legal moves, and no check.

    >>> can_be_zugzwang(chess.Board()), can_be_zugzwang(chess.Board("8/8/8/3Kp3/4Pk2/8/8/8 w - - 0 1"))
    (False, True)
    """
    if board.is_check():
        return False
    moves = 0
    for _ in board.legal_moves:
        moves += 1
        if moves > MOST_MOVES:
            return False
    return moves > 0


def is_zugzwang(board: chess.Board, *, now: Evaluation, passed: Evaluation) -> bool:
    """Whether the side to move would be much better off if it could pass.

    `now` is the evaluation of the board, `passed` that of the same position after a null move; both from
    White's point of view, as ever, and of the same search depth, or the answer means little.
    """
    if not can_be_zugzwang(board):
        return False
    return mover_chances(board, passed) - mover_chances(board, now) > CHANCES_GAINED


def mover_chances(board: chess.Board, evaluation: Evaluation) -> float:
    """The winning chances, from -1 to 1, of the side to move on the board; a forced mate is certain."""
    sign = 1 if board.turn == chess.WHITE else -1
    if evaluation.white_cp is not None:
        return sign * winning_chances(evaluation.white_cp)
    return float(sign if (evaluation.white_mate or 0) > 0 else -sign)
