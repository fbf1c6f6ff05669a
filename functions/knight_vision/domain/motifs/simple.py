"""Motifs that a single move shows by what it is: promotion, en passant, castling, checks, mate in so many."""

from __future__ import annotations

from collections.abc import Iterator

import chess

from knight_vision.domain.motifs.line import Line
from knight_vision.domain.motifs.motif import Motif, Sighting

__all__ = ["double_checks", "mate_distance", "pawn_moves", "special_moves"]

MATES_IN = (
    Motif.MATE_IN_1,
    Motif.MATE_IN_2,
    Motif.MATE_IN_3,
    Motif.MATE_IN_4,
    Motif.MATE_IN_5,
)
SEVENTH_RANK = 6
"""The last rank before promotion, counted from 0."""


def mate_distance(line: Line) -> Iterator[Sighting]:
    """Mate, and in how many of the solver's moves: five stands for more too."""
    if not line.ends_in_mate or len(line) % 2 == 0:
        return
    last = len(line) - 1
    king = line.boards[-1].king(not line.solver)
    targets = () if king is None else (king,)
    moves_needed = min(len(line) // 2 + 1, len(MATES_IN))
    for motif in (Motif.MATE, MATES_IN[moves_needed - 1]):
        yield Sighting(motif, last, line.landed[last], targets)


def pawn_moves(line: Line) -> Iterator[Sighting]:
    """Moves of advanced pawns, promotions and under-promotions."""
    for ply in line.solver_plies:
        move = line.moves[ply]
        square = move.to_square
        if move.promotion or (line.moved[ply] == chess.PAWN and line.relative_rank(ply) == SEVENTH_RANK):
            yield Sighting(Motif.ADVANCED_PAWN, ply, square, ())
        if move.promotion:
            yield Sighting(Motif.PROMOTION, ply, square, ())
            if move.promotion != chess.QUEEN:
                yield Sighting(Motif.UNDER_PROMOTION, ply, square, ())


def special_moves(line: Line) -> Iterator[Sighting]:
    """Castling and taking in passing."""
    for ply in line.solver_plies:
        board, move = line.boards[ply], line.moves[ply]
        if line.is_castling(ply):
            yield Sighting(Motif.CASTLING, ply, line.landed[ply], ())
        elif line.moved[ply] == chess.PAWN and board.is_en_passant(move):
            yield Sighting(Motif.EN_PASSANT, ply, move.to_square, ())


def double_checks(line: Line) -> Iterator[Sighting]:
    """Checks by two pieces at once."""
    for ply in line.solver_plies:
        if not line.checks[ply + 1]:
            continue
        after = line.boards[ply + 1]
        king = after.king(after.turn)
        if king is not None and after.checkers_mask().bit_count() > 1:
            yield Sighting(Motif.DOUBLE_CHECK, ply, line.landed[ply], (king,))
