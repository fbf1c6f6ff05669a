"""Moves that anybody would play: recaptures, even trades, captures of what hangs, flights."""

from __future__ import annotations

import chess

from knight_vision.domain.sacrifice import VALUES, exchange_gain, wins_material

__all__ = ["is_obvious", "is_recapture"]

BARE_MEN = 3
"""Kings and one man: a table of a few rules, known to whoever plays on."""
FEW_EVASIONS = 2
"""Where at most so many moves parry a check, the right one is found by elimination."""


def is_recapture(move: chess.Move, last_capture: chess.Move | None) -> bool:
    """True when the move takes back what the opponent has just taken; None: the last move took nothing."""
    return last_capture is not None and move.to_square == last_capture.to_square


def is_obvious(board: chess.Board, move: chess.Move, last_capture: chess.Move | None) -> bool:
    """True for a move that needs no thought.

    That is a recapture, a capture of something worth at least the piece that takes it, a capture or
    promotion that wins material at once, an evasion of check by a king's move or with hardly a choice, the
    only safe square of a piece in danger, and any move with one man besides the kings.
    """
    return (
        board.occupied.bit_count() <= BARE_MEN
        or is_recapture(move, last_capture)
        or takes_no_less(board, move)
        or wins_material(board, move)
        or (board.is_check() and is_plain_evasion(board, move))
        or is_only_flight(board, move)
    )


def takes_no_less(board: chess.Board, move: chess.Move) -> bool:
    """True for an even trade or better, as pawn takes pawn or queen takes queen, and where a king takes."""
    taker, taken = board.piece_type_at(move.from_square), board.piece_type_at(move.to_square)
    return board.is_capture(move) and VALUES[taker or chess.PAWN] <= VALUES[taken or chess.PAWN]


def is_plain_evasion(board: chess.Board, move: chess.Move) -> bool:
    """True for an answer to a check by moving the king, or where there are few answers."""
    return board.kings & chess.BB_SQUARES[move.from_square] != 0 or board.legal_moves.count() <= FEW_EVASIONS


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
