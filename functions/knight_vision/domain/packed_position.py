"""A position as bytes, for hashing: what tells positions apart and nothing else."""

from __future__ import annotations

from struct import Struct

import chess

__all__ = ["packed_position"]

PACKED = Struct(">9QB")


def packed_position(board: chess.Board) -> bytes:
    """The same for the same pieces, side to move, rights to castle and legal capture en passant.

    As with EPDs, neither the counters of moves nor the way to the position count.

    >>> board, later, without = (
    ...     chess.Board(f"4k3/8/8/8/8/8/8/R3K3 w {fields}") for fields in ("Q - 0 1", "Q - 7 9", "- - 0 1")
    ... )
    >>> packed_position(board) == packed_position(later), packed_position(board) == packed_position(without)
    (True, False)
    """
    en_passant = board.ep_square if board.has_legal_en_passant() else None
    numbers = (board.pawns, board.knights, board.bishops, board.rooks, board.queens, board.kings,
               board.occupied_co[chess.WHITE], board.clean_castling_rights(),
               chess.BB_SQUARES[en_passant] if en_passant is not None else 0, board.turn)  # fmt: skip
    return PACKED.pack(*numbers)
