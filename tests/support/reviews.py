"""Moves in single positions, judged and ready to be explained, for tests of the words."""

from __future__ import annotations

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import Explanation, explain
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import judged_moves
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.reviewed_moves import review

__all__ = ["explained", "scored"]


def explained(
    fen: str,
    played: str,
    before: Evaluation,
    after: Evaluation,
    move_class: MoveClass = MoveClass.BLUNDER,
    *,
    first: str = "",
) -> Explanation | None:
    """What is said of the move `played` (SAN), which follows the moves `first` (SAN) from the position `fen`.

    The evaluations are those around the move; those before them count for nothing.
    """
    board = chess.Board(fen)
    moves = tuple(board.push_san(san).uci() for san in [*first.split(), played])
    game = Game(moves, fen)
    unknown = [Evaluation(white_cp=before.white_cp or 0)] * (len(moves) - 1)
    judged = judged_moves(game, [*unknown, before, after])
    reviewed = review(judged, [*[MoveClass.GOOD] * (len(moves) - 1), move_class])
    return explain(game, reviewed[-1], reviewed[-2] if len(reviewed) > 1 else None)


def scored(fen: str, line: str, white_cp: int | None = None, white_mate: int | None = None) -> Evaluation:
    """An evaluation of the position `fen` with a line in SAN."""
    board = chess.Board(fen)
    return Evaluation(white_cp, white_mate, tuple(board.push_san(san).uci() for san in line.split()))
