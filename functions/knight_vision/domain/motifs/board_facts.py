"""What motif detectors ask of one board: what a piece is worth, whether it is defended, safe, trapped.

Attack and defence are geometric, as in Lichess' puzzle themes: a pinned piece attacks and defends too.
"""

from __future__ import annotations

from collections.abc import Iterator

import chess

__all__ = [
    "KING_VALUES",
    "VALUES",
    "is_attacked_by_cheaper",
    "is_defended",
    "is_in_bad_spot",
    "is_trapped",
    "pins",
    "sliders",
]

VALUES = (0, 1, 3, 3, 5, 9, 0)
"""The usual values in pawns, indexed by piece type; the king counts nothing."""
KING_VALUES = (0, 1, 3, 3, 5, 9, 99)
"""The same where the king counts as more than all others."""


def sliders(board: chess.Board) -> chess.Bitboard:
    """The bishops, rooks and queens of both sides."""
    return board.bishops | board.rooks | board.queens


def is_defended(board: chess.Board, square: chess.Square, color: chess.Color) -> bool:
    """True when a piece of that colour attacks the square, be it through an enemy slider that attacks it."""
    if board.attackers_mask(color, square):
        return True
    shields = board.attackers_mask(not color, square) & sliders(board)
    return any(
        board.attackers_mask(color, square, board.occupied & ~chess.BB_SQUARES[shield])
        for shield in chess.scan_forward(shields)
    )


def is_attacked_by_cheaper(board: chess.Board, square: chess.Square) -> bool:
    """True when an enemy piece of less value, not the king, attacks the piece on the square."""
    color = bool(board.occupied_co[chess.WHITE] & chess.BB_SQUARES[square])
    piece_type = board.piece_type_at(square)
    attackers = board.attackers_mask(not color, square)
    if piece_type == chess.PAWN or piece_type is None:
        return False
    cheaper = board.pawns
    if piece_type >= chess.ROOK:
        cheaper |= board.knights | board.bishops
    if piece_type >= chess.QUEEN:
        cheaper |= board.rooks
    if piece_type == chess.KING:
        cheaper |= board.queens
    return bool(attackers & cheaper)


def is_in_bad_spot(board: chess.Board, square: chess.Square) -> bool:
    """True when the piece on the square is attacked, and undefended or attacked by a cheaper one."""
    color = bool(board.occupied_co[chess.WHITE] & chess.BB_SQUARES[square])
    if not board.attackers_mask(not color, square):
        return False
    return not is_defended(board, square, color) or is_attacked_by_cheaper(board, square)


def is_trapped(board: chess.Board, square: chess.Square) -> bool:
    """True when the piece on the square, of the side to move, can be taken and cannot get away.

    Wherever it goes it stands in a bad spot again, unless it takes something of its own value there. A piece
    that is pinned, or whose side is in check, does not count as trapped, nor do pawns and kings.
    """
    piece_type = board.piece_type_at(square)
    if piece_type is None or piece_type in (chess.PAWN, chess.KING) or board.is_check():
        return False
    if board.pin_mask(board.turn, square) != chess.BB_ALL or not is_in_bad_spot(board, square):
        return False
    value = VALUES[piece_type]
    for move in board.generate_legal_moves(from_mask=chess.BB_SQUARES[square]):
        taken = board.piece_type_at(move.to_square)
        if taken and VALUES[taken] >= value:
            return False
        after = board.copy(stack=False)
        after.push(move)
        if not is_in_bad_spot(after, move.to_square):
            return False
    return True


def pins(
    board: chess.Board, color: chess.Color
) -> Iterator[tuple[chess.Square, chess.Square, chess.Bitboard]]:
    """The pieces of that colour pinned to their king: (pinned, pinner, the whole line of the pin)."""
    king = board.king(color)
    if king is None:
        return
    straight = board.rooks | board.queens
    diagonal = board.bishops | board.queens
    snipers = (
        (chess.BB_RANK_ATTACKS[king][0] | chess.BB_FILE_ATTACKS[king][0]) & straight
        | chess.BB_DIAG_ATTACKS[king][0] & diagonal
    ) & board.occupied_co[not color]
    for sniper in chess.scan_forward(snipers):
        between = chess.between(king, sniper) & board.occupied
        if between.bit_count() == 1 and between & board.occupied_co[color]:
            yield chess.msb(between), sniper, chess.ray(king, sniper)
