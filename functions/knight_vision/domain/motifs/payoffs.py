"""Whether a line bears a motif out: the move with which it pays, or nothing.

Stricter than the motifs themselves, which are named from the geometry of puzzles, where every move is forced.
"""

from __future__ import annotations

from collections.abc import Callable

import chess

from knight_vision.domain.motifs.board_facts import KING_VALUES, VALUES, is_defended
from knight_vision.domain.motifs.line import Line, taken_type
from knight_vision.domain.motifs.motif import Motif, Sighting
from knight_vision.domain.sacrifice import REAL_SACRIFICE, exchange_gain

__all__ = ["PAYOFFS", "balance_before", "is_offer"]


def fork(line: Line, sighting: Sighting) -> int | None:
    """The forking piece takes one of the forked, which it could not have had before."""
    ply = sighting.ply + 2
    if not takes_what_stood_there(line, ply) or line.moves[ply].from_square != sighting.square:
        return None
    before, taken = line.boards[sighting.ply], line.moves[ply].to_square
    had = before.attacks_mask(line.moves[sighting.ply].from_square) & chess.BB_SQUARES[taken]
    if had and exchange_gain(before, taken) >= exchange_gain(line.boards[ply], taken):
        return None
    return ply if taken in sighting.targets else None


def pin(line: Line, sighting: Sighting) -> int | None:
    """The pinned piece is taken, or something that only the pinned piece could retake.

    The move must make the pin, attack what is pinned already, or take what that cannot retake.
    """
    pinned, ply = sighting.targets[0], sighting.ply
    hits = line.boards[ply + 1].attacks_mask(line.landed[ply]) & chess.BB_SQUARES[pinned]
    is_old = line.boards[ply].is_pinned(not line.solver, pinned)
    if is_old and (ply or not (hits or line.captured[ply])):
        return None
    if takes_what_stood_there(line, ply + 2) and line.moves[ply + 2].to_square == pinned:
        return ply + 2
    taken, square, after = line.captured[ply], line.landed[ply], line.boards[ply + 1]
    if not taken or VALUES[taken] - VALUES[line.moved[ply]] >= REAL_SACRIFICE:
        return None
    if chess.ray(pinned, sighting.square) & chess.BB_SQUARES[square]:
        return None  # along the line of the pin it may retake
    retakers = after.attackers_mask(after.turn, square)
    return ply if retakers == chess.BB_SQUARES[pinned] else None


def skewer(line: Line, sighting: Sighting) -> int | None:
    """The piece in front had to go, and the one behind is taken."""
    front, _ = sighting.targets
    before, after = line.boards[sighting.ply], line.boards[sighting.ply + 1]
    if not after.attacks_mask(sighting.square) & chess.BB_SQUARES[front]:
        return None
    arrived = line.landed[sighting.ply] == sighting.square
    if not arrived and before.attacks_mask(sighting.square) & chess.BB_SQUARES[front]:
        return None
    threatened = KING_VALUES[after.piece_type_at(front) or 0] > VALUES[
        after.piece_type_at(sighting.square) or 0
    ] or not is_defended(after, front, after.turn)
    return sighting.ply + 2 if threatened and takes_what_stood_there(line, sighting.ply + 2) else None


def discovered_attack(line: Line, sighting: Sighting) -> int | None:
    """The slider whose line was opened takes what stood on it, and could not be had for as much before."""
    target = sighting.targets[0]
    goal = chess.BB_SQUARES[target]
    before, after = line.boards[sighting.ply], line.boards[sighting.ply + 1]
    ply = sighting.ply + 2
    if not takes_what_stood_there(line, ply) or line.moves[ply].to_square != target:
        return None
    if exchange_gain(line.boards[ply], target) <= exchange_gain(before, target):
        return None
    opened = after.attacks_mask(sighting.square) & goal and not before.attacks_mask(sighting.square) & goal
    return ply if opened else None


def check(line: Line, sighting: Sighting) -> int | None:
    """With a discovered or double check the piece that moved takes something, at once or next."""
    ply = sighting.ply + 2
    if takes_what_stood_there(line, ply) and line.moves[ply].from_square == line.landed[sighting.ply]:
        return ply
    return sighting.ply if line.captured[sighting.ply] else None


def next_capture(line: Line, sighting: Sighting) -> int | None:
    """The solver's next move takes what the motif is about."""
    ply = sighting.ply + 2
    return ply if ply < len(line) and line.captured[ply] else None


def intermezzo(line: Line, sighting: Sighting) -> int | None:
    """The recapture comes a move later; it must be known that the opponent took there."""
    ply = sighting.ply + 2
    return ply if line.taken_on(sighting.targets[0], sighting.ply - 1) else None


def at_once(line: Line, sighting: Sighting) -> int | None:
    """The first move itself wins."""
    return sighting.ply if sighting.ply == 0 else None


def hanging(line: Line, sighting: Sighting) -> int | None:
    """The first move takes the piece; no mere recapture that wins no more than an exchange."""
    just_lost = balance_before(line) - line.balance[0] if line.taken_on(sighting.square, -1) else 0
    won = VALUES[line.captured[0] or 0] - just_lost
    return None if just_lost and won < VALUES[chess.KNIGHT] else at_once(line, sighting)


def under_promotion(line: Line, sighting: Sighting) -> int | None:
    """The first move promotes, and not to a piece that is taken at once: there any would do."""
    is_taken = len(line) > 1 and line.moves[1].to_square == line.landed[0]
    return None if is_taken else at_once(line, sighting)


def guard_gone(line: Line, sighting: Sighting) -> int | None:
    """What a guard defended is taken, and was not to be had, or not for as much, before."""
    goal, ply = sighting.targets[1], sighting.ply + 2
    if sighting.ply % 2 or not takes_what_stood_there(line, ply):
        return None
    before, now = line.boards[sighting.ply], line.boards[ply]
    if before.piece_type_at(goal) is None:
        return None
    gain = exchange_gain(before, goal)
    return ply if gain < REAL_SACRIFICE and gain < exchange_gain(now, goal) else None


def interference(line: Line, sighting: Sighting) -> int | None:
    """The same of a guard that is cut off, where what it guarded was attacked before."""
    was_attacked = line.boards[sighting.ply].attackers_mask(line.solver, sighting.targets[1])
    return guard_gone(line, sighting) if was_attacked else None


def attraction(line: Line, sighting: Sighting) -> int | None:
    """A piece was offered for less, its taker is hit, and what that wins is taken."""
    if not is_offer(line, sighting.ply):
        return None
    plies = (ply for ply in (sighting.ply + 2, sighting.ply + 4) if ply < len(line) and line.captured[ply])
    return max(plies, default=None)


def sacrifice(line: Line, sighting: Sighting) -> int | None:
    """The piece that moved was offered, and taken; the last capture or promotion completes the gain."""
    if not is_offer(line, sighting.ply):
        return None
    gains = (ply for ply in line.solver_plies if line.captured[ply] or line.moves[ply].promotion)
    last = max(gains, default=0)
    return last if last > sighting.ply else None


def is_offer(line: Line, ply: int) -> bool:
    """True when the piece that moved at the ply is taken at once and had taken much less than it is worth.

    Not where it stands protected and costs its taker as much.
    """
    after, square = line.boards[ply + 1], line.landed[ply]
    if line.moves[ply + 1].to_square != square or exchange_gain(after, square) < REAL_SACRIFICE:
        return False
    taken = line.captured[ply]
    return VALUES[line.moved[ply]] - (VALUES[taken] if taken else 0) >= REAL_SACRIFICE


def balance_before(line: Line) -> int:
    """The solver's balance of material before the opponent's last capture, if that was no recapture.

    So what the solver merely takes back is no gain.
    """
    balance, board = line.balance[0], line.boards[0]
    if not board.move_stack:
        return balance
    earlier = board.copy(stack=2)
    last = earlier.pop()
    balance += VALUES[taken_type(earlier, last) or 0]
    if earlier.move_stack and (answered := earlier.pop()).to_square == last.to_square:
        balance -= VALUES[taken_type(earlier, answered) or 0]
    return balance


def takes_what_stood_there(line: Line, ply: int) -> bool:
    """True when the move at the ply takes a piece that the move before did not bring there."""
    return (
        ply < len(line)
        and bool(line.captured[ply])
        and line.moves[ply - 1].to_square != line.moves[ply].to_square
    )


PAYOFFS: dict[Motif, Callable[[Line, Sighting], int | None]] = {
    Motif.FORK: fork,
    Motif.SKEWER: skewer,
    Motif.DOUBLE_CHECK: check,
    Motif.DISCOVERED_CHECK: check,
    Motif.DISCOVERED_ATTACK: discovered_attack,
    Motif.PIN: pin,
    Motif.TRAPPED_PIECE: next_capture,
    Motif.HANGING_PIECE: hanging,
    Motif.DEFLECTION: guard_gone,
    Motif.CAPTURING_DEFENDER: guard_gone,
    Motif.INTERFERENCE: interference,
    Motif.ATTRACTION: attraction,
    Motif.INTERMEZZO: intermezzo,
    Motif.X_RAY_ATTACK: next_capture,
    Motif.UNDER_PROMOTION: under_promotion,
    Motif.PROMOTION: at_once,
    Motif.SACRIFICE: sacrifice,
}
"""For each motif that can win material the ply at which the line shows it; the most telling first."""
