"""The evaluation of a position with a single legal move: that of the position after it, without a search."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import chess

from knight_vision.domain.evaluation import Evaluation

__all__ = ["evaluation_of_forced", "is_forced"]


def is_forced(board: chess.Board) -> bool:
    """True when there is exactly one legal move."""
    return len(list(islice(board.legal_moves, 2))) == 1


def evaluation_of_forced(board: chess.Board, following: Evaluation) -> Evaluation | None:
    """The evaluation of a position from the next one's; None unless there is exactly one legal move.

    The line begins with that move, and a mate of the mover takes one more move. No nodes are counted.
    """
    if not is_forced(board):
        return None
    uci = board.uci(next(iter(board.legal_moves)))
    return replace(
        following,
        white_mate=mate_before(board, following.white_mate),
        line=(uci, *following.line),
        depth=None if following.depth is None else following.depth + 1,
        nodes=0,
        second_white_cp=None,
        second_white_mate=None,
    )


def mate_before(board: chess.Board, white_mate: int | None) -> int | None:
    """White's mate one ply earlier: checkmate on the next board is the mover's mate in one."""
    if white_mate is None:
        return None
    if white_mate == 0:
        return 1 if board.turn else -1
    is_movers = (white_mate > 0) == board.turn
    return white_mate + (1 if white_mate > 0 else -1) * is_movers
