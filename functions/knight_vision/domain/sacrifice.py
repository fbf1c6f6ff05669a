"""Material on offer: static exchanges, and whether a move gives up material that the mover could have kept.

Says nothing of whether a sacrifice is sound: that takes an engine.
"""

from __future__ import annotations

import chess

__all__ = [
    "REAL_SACRIFICE",
    "VALUES",
    "best_capture_gain",
    "can_win_material",
    "exchange_gain",
    "given_up",
    "is_sacrifice",
    "offered_pieces",
    "wins_material",
]

VALUES = {chess.PAWN: 1, chess.KNIGHT: 3, chess.BISHOP: 3, chess.ROOK: 5, chess.QUEEN: 9, chess.KING: 0}
"""The usual values in pawns; a king is never captured."""
REAL_SACRIFICE = 2
"""Pawns' worth from which material counts as given up, or as won: an exchange, or a piece for one pawn."""


def exchange_gain(board: chess.Board, square: chess.Square) -> int:
    """What the side to move wins by capturing on a square, in pawns; 0 when it had better not.

    Both sides capture with the least valuable piece that legally can, and either may stop.
    """
    capture = cheapest_capture(board, square)
    if capture is None:
        return 0
    gain = captured_value(board, capture)
    board.push(capture)
    try:
        return max(0, gain - exchange_gain(board, square))
    finally:
        board.pop()


def wins_material(board: chess.Board, move: chess.Move) -> bool:
    """True when a capture or promotion gains an exchange or more, less what is taken back at once.

    >>> wins_material(chess.Board("4k3/8/8/3n4/8/8/8/3RK3 w - - 0 1"), chess.Move.from_uci("d1d5"))
    True
    """
    gain = captured_value(board, move)
    if gain < REAL_SACRIFICE:
        return False
    after = board.copy(stack=False)
    after.push(move)
    return gain - exchange_gain(after, move.to_square) >= REAL_SACRIFICE


def given_up(board: chess.Board, move: chess.Move) -> int:
    """Pawns' worth of pieces that the opponent can win by the best capture after a move, net.

    Net of what the move itself takes, and of the most the mover can then win back at once, on that square or
    elsewhere. Pawns are no offers; and where the move takes a piece only the piece that took it is one, since
    to take one thing and leave another is a trade.
    """
    taken = captured_value(board, move)
    after = board.copy(stack=False)
    after.push(move)
    most = 0
    for capture in after.generate_legal_captures(chess.BB_ALL, offered_pieces(after, move, taken)):
        gain = captured_value(after, capture)
        if gain - taken <= most:
            continue
        after.push(capture)
        most = max(most, gain - taken - best_capture_gain(after))
        after.pop()
    return most


def offered_pieces(after: chess.Board, move: chess.Move, taken: int) -> chess.Bitboard:
    """The pieces, no pawns, that a move which took so much leaves to be taken on the board after it."""
    own = (
        after.occupied_co[not after.turn]
        if taken < VALUES[chess.KNIGHT]
        else chess.BB_SQUARES[move.to_square]
    )
    return own & ~after.pawns & ~after.kings


def is_sacrifice(board: chess.Board, move: chess.Move) -> bool:
    """True when the move gives up at least an exchange, or a piece for a pawn, and another move would not.

    The other move gives up at least two pawns less, and less than two in all. So neither trades nor
    recaptures count, nor pieces that were lost in any case.

    >>> board = chess.Board("4k3/3n1p2/8/8/8/8/8/1Q2K3 w - - 0 1")
    >>> is_sacrifice(board, chess.Move.from_uci("b1b8")), is_sacrifice(board, chess.Move.from_uci("b1b7"))
    (True, False)
    """
    offer = given_up(board, move)
    if offer < REAL_SACRIFICE:
        return False
    kept = min(offer - REAL_SACRIFICE, REAL_SACRIFICE - 1)
    return any(given_up(board, other) <= kept for other in board.legal_moves if other != move)


def best_capture_gain(board: chess.Board) -> int:
    """The most that the side to move can win by exchanges on one square."""
    most = 0
    for square in attacked_men(board):
        if most_to_take(board, square) > most:
            most = max(most, exchange_gain(board, square))
    return most


def most_to_take(board: chess.Board, square: chess.Square) -> int:
    """What the first capture on a square wins at most."""
    promoted = (
        VALUES[chess.QUEEN] - VALUES[chess.PAWN] if chess.BB_BACKRANKS & chess.BB_SQUARES[square] else 0
    )
    return VALUES[board.piece_type_at(square) or chess.PAWN] + promoted


def can_win_material(board: chess.Board) -> bool:
    """True when the side to move can win anything by exchanges on one square."""
    return any(exchange_gain(board, square) for square in attacked_men(board))


def attacked_men(board: chess.Board) -> list[chess.Square]:
    """The squares of the opponent's men, kings left out, that the side to move attacks."""
    targets = board.occupied_co[not board.turn] & ~board.kings
    attacks = chess.BB_EMPTY
    for square in chess.scan_reversed(board.occupied_co[board.turn]):
        attacks |= board.attacks_mask(square)
    return list(chess.scan_reversed(attacks & targets))


def cheapest_capture(board: chess.Board, square: chess.Square) -> chess.Move | None:
    """The legal capture on a square by the least valuable piece, the king last; None when there is none."""
    attackers = board.attackers_mask(board.turn, square) & board.occupied_co[board.turn]
    if not attackers:
        return None
    captures = board.generate_legal_captures(attackers, chess.BB_SQUARES[square])
    return min(captures, key=lambda move: attacker_rank(board, move), default=None)


def attacker_rank(board: chess.Board, move: chess.Move) -> tuple[int, int]:
    """Order of capturers: cheap ones first, the king last; of promotions the queen first."""
    piece = board.piece_type_at(move.from_square) or chess.KING
    return piece, -(move.promotion or 0)


def captured_value(board: chess.Board, move: chess.Move) -> int:
    """What a move takes from the board, and by how much a promotion raises the pawn."""
    promoted = VALUES[move.promotion] - VALUES[chess.PAWN] if move.promotion else 0
    if not board.is_capture(move):
        return promoted
    captured = board.piece_type_at(move.to_square) or chess.PAWN  # en passant
    return VALUES[captured] + promoted
