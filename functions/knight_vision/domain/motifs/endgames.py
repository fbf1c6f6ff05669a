"""Which endgame a line begins in: the one kind of piece that is left besides kings and pawns."""

from __future__ import annotations

from collections.abc import Sequence

import chess

from knight_vision.domain.motifs.motif import Motif

__all__ = ["endgame"]


def endgame(boards: Sequence[chess.Board]) -> Motif | None:
    """The endgame that both the first board of a line and the one after its first move belong to.

    None for positions with several kinds of pieces (queen and rooks excepted), and for a line without a move.
    """
    if len(boards) < 2:
        return None
    first = endgame_of(boards[0])
    return first if first and first == endgame_of(boards[1]) else None


def endgame_of(board: chess.Board) -> Motif | None:
    """The endgame of a position: by the pieces on it, or pawns alone; bare kings are none."""
    knights, bishops, rooks, queens = board.knights, board.bishops, board.rooks, board.queens
    match bool(knights), bool(bishops), bool(rooks), bool(queens):
        case (False, False, False, False):
            return Motif.PAWN_ENDGAME if board.pawns else None
        case (True, False, False, False):
            return Motif.KNIGHT_ENDGAME
        case (False, True, False, False):
            return Motif.BISHOP_ENDGAME
        case (False, False, True, False):
            return Motif.ROOK_ENDGAME
        case (False, False, False, True):
            return Motif.QUEEN_ENDGAME
        case (False, False, True, True) if queens.bit_count() == 1:
            return Motif.QUEEN_ROOK_ENDGAME
    return None
