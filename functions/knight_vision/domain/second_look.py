"""Which positions deserve a second search, for the best move other than the engine's choice.

It costs nodes, so only where the answer can make the played move great or brilliant: see
docs/decisions/0020-take-a-second-look.md.
"""

from __future__ import annotations

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.phase import Limit
from knight_vision.domain.win_percent import white_win_percent

__all__ = ["deserves_second_look", "second_look_limit"]

PERCENT_OF_NODES = 25
"""Share of the main search's nodes. The hash is warm, and a margin of 0.05 is coarse."""
LEAST_POINTS = 0.30
"""Below these expected points nothing can be great or brilliant any more."""


def second_look_limit(limit: Limit) -> Limit:
    """How far the second search goes."""
    return limit.scaled(PERCENT_OF_NODES)


def deserves_second_look(game: Game, position: int, evaluation: Evaluation, limit: Limit) -> bool:
    """True when the score of the second best move may make the move played here great or brilliant.

    Never where the limit is a depth: such a phase is for a first verdict.
    """
    if limit.nodes is None or position >= game.ply_count or evaluation.best_move is None:
        return False
    board = game.boards[position]
    move = chess.Move.from_uci(game.moves[position])
    if board.parse_uci(evaluation.best_move) != move or board.legal_moves.count() == 1:
        return False
    white = white_win_percent(evaluation, white_to_move=board.turn) / 100
    points = white if board.turn == chess.WHITE else 1 - white
    return points > LEAST_POINTS
