"""Motifs of the pieces that work along lines: pin, skewer, x-ray, discovered attack and check, and more."""

from __future__ import annotations

from collections.abc import Iterator

import chess

from knight_vision.domain.motifs.board_facts import (
    KING_VALUES,
    VALUES,
    is_defended,
    is_in_bad_spot,
    pins,
)
from knight_vision.domain.motifs.line import Line
from knight_vision.domain.motifs.motif import Motif, Sighting

__all__ = ["collinear_moves", "discovered_attacks", "discovered_checks", "pins_seen", "skewers", "x_rays"]

SLIDERS = (chess.BISHOP, chess.ROOK, chess.QUEEN)


def pins_seen(line: Line) -> Iterator[Sighting]:
    """Enemy pieces that cannot do what they would because their king stands behind them."""
    for ply in line.solver_plies:
        after = line.boards[ply + 1]
        for pinned, pinner, pin_line in pins(after, after.turn):
            if pin_prevents_attack(after, pinned, pin_line) or pin_prevents_escape(after, pinned, pin_line):
                king = after.king(after.turn)
                targets = (pinned,) if king is None else (pinned, king)
                yield Sighting(Motif.PIN, ply, pinner, targets)


def pin_prevents_attack(board: chess.Board, pinned: chess.Square, pin_line: chess.Bitboard) -> bool:
    """True when the pinned piece could otherwise take a piece that is worth more than it, or undefended."""
    value = VALUES[board.piece_type_at(pinned) or 0]
    color = not board.turn
    within_reach = board.attacks_mask(pinned) & board.occupied_co[color] & ~pin_line
    return any(
        VALUES[board.piece_type_at(target) or 0] > value or not is_defended(board, target, color)
        for target in chess.scan_forward(within_reach)
    )


def pin_prevents_escape(board: chess.Board, pinned: chess.Square, pin_line: chess.Bitboard) -> bool:
    """True when the pinned piece is attacked along the pin and would otherwise move away.

    The attacker must be cheaper, or the piece undefended, unable to hit back and able to move off the line.
    """
    value = VALUES[board.piece_type_at(pinned) or 0]
    color = board.turn
    attackers = board.attackers_mask(not color, pinned) & pin_line
    for attacker in chess.scan_forward(attackers):
        if value > KING_VALUES[board.piece_type_at(attacker) or 0]:
            return True
        if (
            not board.attackers_mask(color, attacker) & chess.BB_SQUARES[pinned]
            and not is_defended(board, pinned, color)
            and any(
                not chess.BB_SQUARES[move.to_square] & pin_line
                for move in board.generate_pseudo_legal_moves(from_mask=chess.BB_SQUARES[pinned])
            )
        ):
            return True
    return False


def skewers(line: Line) -> Iterator[Sighting]:
    """A slider takes what stood behind a more valuable piece that has just stepped out of its line."""
    for ply in line.later_solver_plies:
        taken, move, reply = line.captured[ply], line.moves[ply], line.moves[ply - 1]
        if (
            taken
            and line.moved[ply] in SLIDERS
            and reply.to_square != move.to_square
            and chess.BB_SQUARES[reply.from_square] & chess.between(move.from_square, move.to_square)
            and KING_VALUES[line.moved[ply - 1]] > KING_VALUES[taken]
            and is_in_bad_spot(line.boards[ply], move.to_square)
            and not (ply == len(line) - 1 and line.ends_in_mate)
        ):
            yield Sighting(Motif.SKEWER, ply - 2, move.from_square, (reply.from_square, move.to_square))


def x_rays(line: Line) -> Iterator[Sighting]:
    """The third move in a row to one square: the enemy who took there had stood in the slider's way."""
    for ply in line.later_solver_plies:
        move, reply, before = line.moves[ply], line.moves[ply - 1], line.moves[ply - 2]
        if (
            line.captured[ply]
            and before.to_square == reply.to_square == move.to_square
            and line.moved[ply - 1] != chess.KING
            and chess.BB_SQUARES[reply.from_square] & chess.between(move.from_square, move.to_square)
        ):
            yield Sighting(Motif.X_RAY_ATTACK, ply - 2, move.from_square, (reply.from_square, move.to_square))


def discovered_checks(line: Line) -> Iterator[Sighting]:
    """Checks by a piece that did not move."""
    for ply in line.solver_plies:
        if not line.checks[ply + 1]:
            continue
        after = line.boards[ply + 1]
        king = after.king(after.turn)
        checkers = after.checkers_mask()
        unmoved = checkers & ~chess.BB_SQUARES[line.landed[ply]]
        if king is None or not unmoved:
            continue
        yield Sighting(Motif.DISCOVERED_CHECK, ply, chess.msb(unmoved), (king,))
        if unmoved == checkers:
            yield Sighting(Motif.DISCOVERED_ATTACK, ply, chess.msb(unmoved), (king,))


def discovered_attacks(line: Line) -> Iterator[Sighting]:
    """Captures through the square that the solver's move before has left, up to the first recapture."""
    for ply in line.later_solver_plies:
        if not line.captured[ply]:
            continue
        move, reply, before = line.moves[ply], line.moves[ply - 1], line.moves[ply - 2]
        if reply.to_square == move.to_square:
            return
        if (
            chess.BB_SQUARES[before.from_square] & chess.between(move.from_square, move.to_square)
            and move.to_square != before.to_square
            and move.from_square != before.to_square
            and not line.is_castling(ply - 2)
        ):
            yield Sighting(Motif.DISCOVERED_ATTACK, ply - 2, move.from_square, (move.to_square,))


def collinear_moves(line: Line) -> Iterator[Sighting]:
    """A slider moves along the line on which it and an enemy slider could take each other, taking nothing."""
    for ply in line.solver_plies:
        move = line.moves[ply]
        if line.moved[ply] not in SLIDERS or line.captured[ply] or line.checks[ply]:
            continue
        before = line.boards[ply]
        way = chess.ray(move.from_square, move.to_square)
        facing = (
            before.attacks_mask(move.from_square)
            & way
            & before.occupied_co[not line.solver]
            & (before.bishops | before.rooks | before.queens)
        )
        for target in chess.scan_forward(facing):
            if before.attacks_mask(target) & chess.BB_SQUARES[move.from_square]:
                yield Sighting(Motif.COLLINEAR_MOVE, ply, move.to_square, (target,))
