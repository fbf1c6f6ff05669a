"""Which positions deserve a second search, for the best move other than the engine's choice.

It costs nodes, so only where the answer can make the move that was played great or brilliant: see
docs/decisions/0020-take-a-second-look.md.
"""

from __future__ import annotations

from dataclasses import replace

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.move_class import NOT_LOSING, WINNING
from knight_vision.domain.obvious import is_obvious, is_recapture
from knight_vision.domain.openings import LAST_PLY, book_ply
from knight_vision.domain.phase import Limit
from knight_vision.domain.sacrifice import VALUES, can_win_material, is_sacrifice
from knight_vision.domain.win_percent import white_win_percent

__all__ = ["deserves_second_look", "second_look_limit"]

PERCENT_OF_NODES = 20
"""Share of the main search's nodes: the hash is warm, and the margins asked for are coarse."""
WON = 0.90
"""From these expected points a side that is also ahead by a piece has won anyhow: other moves do as well."""
AHEAD = 3
"""Pawns ahead that make a won position an easy one."""
FEW_PIECES = 12
"""With so few pieces, pawns and kings among them, a quiet move can be the only one."""


def second_look_limit(limit: Limit) -> Limit:
    """How far the second search goes."""
    return replace(limit.scaled(PERCENT_OF_NODES), is_adaptive=False)


def deserves_second_look(game: Game, position: int, evaluation: Evaluation, limit: Limit) -> bool:
    """True when the score of the second best move may make the move played here great or brilliant.

    Never where the limit is a depth: such a phase is for a first verdict. Otherwise the move must be the
    engine's choice among several, no book move, no recapture and no checkmate, the game neither lost nor
    already won, and the move a sacrifice, or one that is not obvious and where something is at stake.
    """
    if limit.nodes is None or position >= game.ply_count or evaluation.best_move is None:
        return False
    board = game.boards[position]
    move = chess.Move.from_uci(game.moves[position])
    points = points_to_move(evaluation, board)
    if points <= 1 - WINNING or evaluation.best_move != game.moves[position]:
        return False
    if board.legal_moves.count() == 1 or game.boards[position + 1].is_checkmate():
        return False
    last = last_capture(game, position)
    if is_recapture(move, last) or is_book(game, position):
        return False
    if points >= NOT_LOSING and is_sacrifice(board, move):
        return True
    if points >= WON and material_ahead(board) >= AHEAD:
        return False
    return something_is_at_stake(board, move) and not is_obvious(board, move, last)


def points_to_move(evaluation: Evaluation, board: chess.Board) -> float:
    """The expected points of the side to move, 0 to 1."""
    white = white_win_percent(evaluation, white_to_move=board.turn) / 100
    return white if board.turn == chess.WHITE else 1 - white


def last_capture(game: Game, position: int) -> chess.Move | None:
    """The move that led to a position, if it captured something."""
    if position == 0:
        return None
    move = chess.Move.from_uci(game.moves[position - 1])
    return move if game.boards[position - 1].is_capture(move) else None


def is_book(game: Game, position: int) -> bool:
    """True when the position after the move is known, or a later one is."""
    return position < LAST_PLY and position < book_ply(game.boards)


def material_ahead(board: chess.Board) -> int:
    """By how many pawns the side to move is ahead."""
    return material(board, board.turn) - material(board, not board.turn)


def material(board: chess.Board, color: chess.Color) -> int:
    """What a side has, in pawns."""
    return sum(value * board.pieces_mask(piece, color).bit_count() for piece, value in VALUES.items())


def something_is_at_stake(board: chess.Board, move: chess.Move) -> bool:
    """True for a check given or parried, a capture, a threat of the opponent's, and in bare positions.

    Elsewhere several moves are nearly always about as good.
    """
    if board.is_check() or board.is_capture(move) or board.gives_check(move):
        return True
    if board.occupied.bit_count() <= FEW_PIECES:
        return True
    passed = board.copy(stack=False)
    passed.push(chess.Move.null())
    return can_win_material(passed)
