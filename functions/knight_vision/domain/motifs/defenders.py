"""Motifs about defenders: drawn away, lured, taken or cut off from what they defend."""

from __future__ import annotations

from collections.abc import Iterator

import chess

from knight_vision.domain.motifs.board_facts import KING_VALUES, VALUES, is_defended, sliders
from knight_vision.domain.motifs.line import Line
from knight_vision.domain.motifs.motif import Motif, Sighting

__all__ = ["attractions", "captured_defenders", "deflections", "interferences"]

HEAVY = (chess.KING, chess.QUEEN, chess.ROOK)


def deflections(line: Line) -> Iterator[Sighting]:
    """The solver takes or promotes on a square whose guard the move before drew away.

    The guard was drawn away when it had to take the piece that moved, or to answer a check.
    """
    for ply in line.later_solver_plies:
        move, reply, lure = line.moves[ply], line.moves[ply - 1], line.moves[ply - 2]
        taken, bait = line.struck[ply], line.struck[ply - 2]
        if not taken and not move.promotion:
            continue
        if taken and KING_VALUES[taken] > KING_VALUES[line.moved[ply]]:
            continue
        if bait and not is_cheap_bait(bait, line.moved[ply - 2]):
            continue
        if move.to_square in (reply.to_square, lure.to_square):
            continue
        if reply.to_square != lure.to_square and not line.checks[ply - 1]:
            continue
        goal = chess.BB_SQUARES[move.to_square]
        before, after = line.boards[ply - 1], line.boards[ply + 1]
        guarded = before.attacks_mask(reply.from_square)
        held_pawn = (
            move.promotion
            and chess.square_file(move.to_square) == chess.square_file(reply.from_square)
            and guarded & chess.BB_SQUARES[move.from_square]
        )
        if (guarded & goal or held_pawn) and not after.attacks_mask(reply.to_square) & goal:
            targets = (reply.from_square, move.to_square)
            yield Sighting(Motif.DEFLECTION, ply - 2, line.landed[ply - 2], targets)


def is_cheap_bait(taken: chess.PieceType, by: chess.PieceType) -> bool:
    """True when a luring piece took so little that it was still a lure and not an exchange."""
    if taken == chess.PAWN:
        return by != chess.PAWN
    return taken in (chess.KNIGHT, chess.BISHOP) and by in (chess.ROOK, chess.QUEEN)


def attractions(line: Line) -> Iterator[Sighting]:
    """A piece given up so that king, queen or rook takes it, and is hit where it then stands."""
    for ply in line.later_solver_plies:
        reply, lure = line.moves[ply - 1], line.moves[ply - 2]
        lured = line.moved[ply - 1]
        if lured not in HEAVY or reply.to_square != lure.to_square:
            continue
        after = line.boards[ply + 1]
        if not after.attackers_mask(line.solver, reply.to_square) & chess.BB_SQUARES[line.landed[ply]]:
            continue
        if lured == chess.KING or (ply + 2 < len(line) and line.moves[ply + 2].to_square == reply.to_square):
            yield Sighting(Motif.ATTRACTION, ply - 2, lure.to_square, (reply.from_square,))


def captured_defenders(line: Line) -> Iterator[Sighting]:
    """The solver takes, or mates on, what a piece defended that the move before took."""
    for ply in line.later_solver_plies:
        move, reply, first = line.moves[ply], line.moves[ply - 1], line.moves[ply - 2]
        before_first = line.boards[ply - 2]
        if not line.captured[ply - 2] or line.checks[ply - 2] or line.checks[ply - 1]:
            continue
        if first.to_square == move.from_square:
            continue
        goal = chess.BB_SQUARES[move.to_square]
        if not before_first.attacks_mask(first.to_square) & goal:
            continue
        mates = ply == len(line) - 1 and line.ends_in_mate
        taken = line.struck[ply]
        wins = (
            taken
            and line.moved[ply] != chess.KING
            and VALUES[taken] <= VALUES[line.moved[ply]]
            and reply.to_square != move.to_square
            and not is_defended(line.boards[ply], move.to_square, not line.solver)
        )
        if mates or wins:
            yield Sighting(
                Motif.CAPTURING_DEFENDER, ply - 2, first.to_square, (first.to_square, move.to_square)
            )


def interferences(line: Line) -> Iterator[Sighting]:
    """The solver takes what a slider alone defended until a piece, of either side, came between them.

    The king that steps between does not count as another defender: it stops being one by that.
    """
    for ply in line.later_solver_plies:
        move = line.moves[ply]
        if not line.struck[ply] or is_defended(line.boards[ply], move.to_square, not line.solver):
            continue
        for by in (ply - 2, ply - 1):
            earlier, step = line.boards[by], line.moves[by]
            defenders = earlier.attackers_mask(not line.solver, move.to_square)
            if line.moved[by] == chess.KING:
                defenders &= ~chess.BB_SQUARES[step.from_square]
            if defenders.bit_count() != 1 or not defenders & sliders(earlier):
                continue
            defender = chess.msb(defenders)
            if chess.BB_SQUARES[step.to_square] & chess.between(defender, move.to_square):
                yield Sighting(Motif.INTERFERENCE, by, step.to_square, (defender, move.to_square))
