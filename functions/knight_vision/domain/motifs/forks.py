"""Forks: one piece that attacks several at once."""

from __future__ import annotations

from collections.abc import Iterator

import chess

from knight_vision.domain.motifs.board_facts import KING_VALUES, is_defended, is_in_bad_spot
from knight_vision.domain.motifs.line import Line
from knight_vision.domain.motifs.motif import Motif, Sighting

__all__ = ["forks"]


def forks(line: Line) -> Iterator[Sighting]:
    """Moves, but the last, with which a piece that is safe there attacks two or more pieces worth taking.

    Pawns and kings do not count: a pawn is no target, a king no forking piece.
    """
    for ply in line.solver_plies:
        if ply == len(line) - 1 or line.moved[ply] == chess.KING:
            continue
        after, square = line.boards[ply + 1], line.landed[ply]
        targets = after.attacks_mask(square) & after.occupied_co[after.turn] & ~after.pawns
        if targets.bit_count() < 2 or is_in_bad_spot(after, square):
            continue
        worthwhile = tuple(
            target
            for target in chess.scan_forward(targets)
            if is_worth_taking(after, square, target, line.moved[ply])
        )
        if len(worthwhile) > 1:
            yield Sighting(Motif.FORK, ply, square, worthwhile)


def is_worth_taking(
    board: chess.Board, square: chess.Square, target: chess.Square, attacker: chess.PieceType
) -> bool:
    """True when the target is worth more than its attacker, or undefended and no threat to it."""
    if KING_VALUES[board.piece_type_at(target) or 0] > KING_VALUES[attacker]:
        return True
    strikes_back = board.attackers_mask(board.turn, square) & chess.BB_SQUARES[target]
    return not strikes_back and not is_defended(board, target, board.turn)
