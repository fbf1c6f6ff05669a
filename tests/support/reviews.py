"""Single moves, judged and ready to be explained, for tests of the words."""

from __future__ import annotations

from dataclasses import replace

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import Explanation, explain
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import judged_moves
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.reviewed_moves import review

__all__ = ["Line", "explained", "text"]

Line = tuple[int | str, str]
"""White's centipawns, or a mate such as `#-3`, and moves in SAN."""


def explained(
    fen: str,
    played: str,
    before: Line,
    after: Line,
    move_class: MoveClass = MoveClass.BLUNDER,
    *,
    first: str = "",
    second_cp: int | None = None,
) -> Explanation | None:
    """What is said of the move `played` (SAN), which follows the moves `first` (SAN) from the position `fen`.

    `before` and `after` are what the engine finds around the move, `second_cp` the score of the second best.
    """
    board = chess.Board(fen)
    moves = [board.push_san(san).uci() for san in first.split()]
    best = replace(evaluation(board, before), second_white_cp=second_cp)
    moves.append(board.push_san(played).uci())
    game = Game(tuple(moves), fen)
    unknown = [Evaluation(white_cp=0)] * (len(moves) - 1)
    judged = judged_moves(game, [*unknown, best, evaluation(board, after)])
    reviewed = review(judged, [*[MoveClass.GOOD] * (len(moves) - 1), move_class])
    return explain(game, reviewed[-1], reviewed[-2] if len(reviewed) > 1 else None)


def text(
    fen: str,
    played: str,
    before: Line,
    after: Line,
    move_class: MoveClass = MoveClass.BLUNDER,
    *,
    first: str = "",
    second_cp: int | None = None,
) -> str:
    """The text of the same; empty when nothing is said."""
    found = explained(fen, played, before, after, move_class, first=first, second_cp=second_cp)
    return found.text if found else ""


def evaluation(board: chess.Board, line: Line) -> Evaluation:
    """An evaluation of a position."""
    score, sans = line
    walk = board.copy()
    moves = tuple(walk.push_san(san).uci() for san in sans.split())
    if isinstance(score, str):
        return Evaluation(white_mate=int(score.removeprefix("#")), line=moves)
    return Evaluation(white_cp=score, line=moves)
