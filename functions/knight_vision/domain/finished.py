"""Positions where the rules have already spoken, so that no engine is needed."""

from __future__ import annotations

import chess

from knight_vision.domain.evaluation import Evaluation

__all__ = ["evaluation_of_finished"]


def evaluation_of_finished(board: chess.Board) -> Evaluation | None:
    """Mate 0 for checkmate, 0 centipawns for a draw by rule; None while the game is on.

    Draws are those that need no claim: stalemate, insufficient material, 75 moves, and fivefold repetition,
    which is seen only on a board with its history.

    >>> evaluation_of_finished(chess.Board("k7/1Q6/1K6/8/8/8/8/8 b - - 0 1")).white_mate
    0
    >>> evaluation_of_finished(chess.Board("k7/8/1K6/8/8/8/8/8 b - - 0 1")).white_cp
    0
    """
    if board.is_checkmate():
        return Evaluation(white_mate=0)
    if (
        board.is_insufficient_material()
        or board.is_stalemate()
        or board.is_seventyfive_moves()
        or board.is_fivefold_repetition()
    ):
        return Evaluation(white_cp=0)
    return None
