"""Motifs of moves that force nothing at first sight: quiet and defensive moves, clearances."""

from __future__ import annotations

from collections.abc import Iterator

import chess

from knight_vision.domain.motifs.board_facts import is_in_bad_spot
from knight_vision.domain.motifs.line import Line
from knight_vision.domain.motifs.motif import Motif, Sighting
from knight_vision.domain.motifs.rays import SLIDERS

__all__ = ["clearances", "defensive_moves", "quiet_moves"]

FREE_CHOICE = 3
"""With fewer legal moves than this there was little to find."""

FAR_RANK = 5
"""A pawn that reaches the sixth rank, counted from 0 at the solver's side, threatens to promote."""


def quiet_moves(line: Line) -> Iterator[Sighting]:
    """Moves, but the last and none of the king's, that force nothing and answer no check."""
    for ply in line.solver_plies[: len(line) // 2]:
        if line.moved[ply] != chess.KING and not line.checks[ply] and forces_nothing(line, ply):
            yield Sighting(Motif.QUIET_MOVE, ply, line.landed[ply], ())


def defensive_moves(line: Line) -> Iterator[Sighting]:
    """The last move forces nothing, or the line answers a check before it gives one or takes anything."""
    last = len(line) - 1
    if last % 2 == 0 and has_choice(line.boards[last]) and forces_nothing(line, last):
        yield Sighting(Motif.DEFENSIVE_MOVE, last, line.landed[last], ())
    for ply in line.solver_plies:
        if line.checks[ply + 1] or line.captured[ply] or not has_choice(line.boards[ply]):
            return
        if line.checks[ply]:
            yield Sighting(Motif.DEFENSIVE_MOVE, ply, line.landed[ply], ())
            return


def forces_nothing(line: Line, ply: int) -> bool:
    """True of a move that gives no check, takes and attacks nothing and advances no pawn in enemy land."""
    if line.checks[ply + 1] or line.captured[ply] or line.moves[ply].promotion:
        return False
    if line.moved[ply] == chess.PAWN and line.relative_rank(ply) >= FAR_RANK:
        return False
    after = line.boards[ply + 1]
    return not after.attacks_mask(line.landed[ply]) & after.occupied_co[after.turn]


def has_choice(board: chess.Board) -> bool:
    """True when there are at least three legal moves."""
    moves = board.generate_legal_moves()
    return sum(1 for _ in zip(range(FREE_CHOICE), moves, strict=False)) == FREE_CHOICE


def clearances(line: Line) -> Iterator[Sighting]:
    """A slider moves, taking nothing, to or through the square that the solver's move before has left.

    The move before was no capture, or put its piece where it could be lost.
    """
    for ply in line.later_solver_plies:
        move, clearing = line.moves[ply], line.moves[ply - 2]
        if line.struck[ply] or line.moved[ply] not in SLIDERS or clearing.promotion:
            continue
        if clearing.to_square in (move.from_square, move.to_square) or line.checks[ply]:
            continue
        if line.checks[ply + 1] and line.moved[ply - 1] == chess.KING:
            continue
        way = chess.between(move.from_square, move.to_square) | chess.BB_SQUARES[move.to_square]
        if not way & chess.BB_SQUARES[clearing.from_square]:
            continue
        if not line.struck[ply - 2] or is_in_bad_spot(line.boards[ply - 1], clearing.to_square):
            yield Sighting(Motif.CLEARANCE, ply - 2, line.landed[ply - 2], (move.to_square,))
