"""Motifs about what is taken, and when: hanging and trapped pieces, moves in between, sacrifices."""

from __future__ import annotations

from collections.abc import Iterator

import chess

from knight_vision.domain.motifs.board_facts import VALUES, is_defended, is_trapped
from knight_vision.domain.motifs.line import Line
from knight_vision.domain.motifs.motif import Motif, Sighting

__all__ = ["hanging_pieces", "intermezzos", "sacrifices", "trapped_pieces"]

SACRIFICED = 2
"""At least so many pawns less than at the start of the line."""


def hanging_pieces(line: Line) -> Iterator[Sighting]:
    """The first move takes an undefended piece, not as a recapture, and two plies later it is still won."""
    taken, square = line.captured[0], line.moves[0].to_square
    if not taken or taken == chess.PAWN or is_defended(line.boards[0], square, not line.solver):
        return
    recaptured = line.taken_on(square, -1)
    if recaptured and VALUES[recaptured] >= VALUES[taken]:
        return
    if len(line) < 3 or line.balance[3] >= line.balance[1]:
        yield Sighting(Motif.HANGING_PIECE, 0, square, (square,))


def trapped_pieces(line: Line) -> Iterator[Sighting]:
    """The solver takes a piece that had no safe square before the opponent's move."""
    for ply in line.later_solver_plies:
        taken, square, reply = line.captured[ply], line.moves[ply].to_square, line.moves[ply - 1]
        if not taken or taken == chess.PAWN:
            continue
        if reply.to_square == square:
            square = reply.from_square
        if is_trapped(line.boards[ply - 1], square):
            yield Sighting(Motif.TRAPPED_PIECE, ply - 2, line.landed[ply - 2], (square,))


def intermezzos(line: Line) -> Iterator[Sighting]:
    """A recapture that was possible a move earlier; another move came in between.

    Only the first capture that answers neither a capture nor a defence there is looked at.
    """
    for ply in line.later_solver_plies:
        move, reply, between = line.moves[ply], line.moves[ply - 1], line.moves[ply - 2]
        square = move.to_square
        if not line.captured[ply] or between.to_square == square:
            continue
        guards = line.boards[ply - 1].attackers_mask(not line.solver, square)
        if guards & chess.BB_SQUARES[reply.from_square]:
            continue
        was_taken_on = line.taken_on(square, ply - 3) or (ply == 2 and line.may_have_been_taken_on(square))
        if was_taken_on and line.boards[ply - 2].is_legal(move):
            yield Sighting(Motif.INTERMEZZO, ply - 2, line.landed[ply - 2], (square,))
        return


def sacrifices(line: Line) -> Iterator[Sighting]:
    """From the second move on the solver stands two pawns or more below the start; not after a promotion."""
    if any(move.promotion for move in line.moves[1::2]):
        return
    for ply in line.later_solver_plies:
        if line.balance[ply + 1] - line.balance[0] <= -SACRIFICED:
            given = line.moves[ply - 1].to_square
            yield Sighting(Motif.SACRIFICE, ply - 2, line.landed[ply - 2], (given,))
            return
