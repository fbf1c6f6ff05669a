"""Moves that anybody would play: recaptures, captures of what hangs, the one flight of an attacked piece."""

from __future__ import annotations

import chess

from knight_vision.domain.sacrifice import exchange_gain, wins_material

__all__ = ["is_obvious", "is_recapture"]

FEW_EVASIONS = 2
"""Where at most so many moves parry a check, the right one is found by elimination."""


def is_recapture(move: chess.Move, last_capture: chess.Move | None) -> bool:
    """True when the move takes back what the opponent has just taken; None: the last move took nothing."""
    return last_capture is not None and move.to_square == last_capture.to_square


def is_obvious(board: chess.Board, move: chess.Move, last_capture: chess.Move | None) -> bool:
    """True for a recapture, a capture or promotion that wins material at once, an evasion of check with
    hardly a choice, and the only safe square of a piece in danger.
    """
    return (
        is_recapture(move, last_capture)
        or wins_material(board, move)
        or (board.is_check() and board.legal_moves.count() <= FEW_EVASIONS)
        or is_only_flight(board, move)
    )


def is_only_flight(board: chess.Board, move: chess.Move) -> bool:
    """True when the moved piece stood in danger and no other move of it reaches safety."""
    if board.is_check() or board.piece_type_at(move.from_square) in (chess.PAWN, chess.KING):
        return False
    if not is_in_danger(board, move.from_square):
        return False
    flights = board.generate_legal_moves(chess.BB_SQUARES[move.from_square], chess.BB_ALL)
    return [flight for flight in flights if is_safe(board, flight)] == [move]


def is_in_danger(board: chess.Board, square: chess.Square) -> bool:
    """True when the opponent, were it on move, would win material on the square."""
    passed = board.copy(stack=False)
    passed.push(chess.Move.null())
    return exchange_gain(passed, square) > 0


def is_safe(board: chess.Board, move: chess.Move) -> bool:
    """True when the opponent wins nothing on the square the move goes to."""
    after = board.copy(stack=False)
    after.push(move)
    return exchange_gain(after, move.to_square) == 0
