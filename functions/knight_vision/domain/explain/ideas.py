"""How a line wins material: its motifs, each checked on the boards of the line and put into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import chess

from knight_vision.domain.explain.statement import Theme
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import listed, piece_name
from knight_vision.domain.motifs import Motif, Sighting
from knight_vision.domain.motifs.board_facts import is_trapped

__all__ = ["Idea", "idea_that_wins"]

LATEST = 2
"""Ideas that come later in a line than with its second move do not explain its first."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A motif in words."""

    index: int
    """The move of the variation that shows it."""
    words: str
    """What that move does: `forks king and rook`."""
    theme: Theme


def idea_that_wins(
    variation: Variation, sightings: Sequence[Sighting], first: int, last: int, won: Sequence[chess.PieceType]
) -> Idea | None:
    """The first motif that the line bears out and that leads to the capture of a piece among those `won`.

    `first`: index of the move at which the sightings' line begins; `last`: of the last move that may count.
    """
    for sighting in sightings:
        if sighting.motif not in CHECKS:
            continue
        check, theme = CHECKS[sighting.motif]
        index = first + sighting.ply
        if sighting.ply > LATEST or index + 2 > last:
            continue
        taken = variation.line.captured[index + 2]
        if taken is None or taken not in won:
            continue
        words = check(variation, index, sighting)
        if words is not None:
            return Idea(index, words, theme)
    return None


def named(board: chess.Board, square: chess.Square) -> str:
    """`the knight on e5`."""
    return f"the {piece_name(board.piece_type_at(square) or chess.PAWN)} on {chess.square_name(square)}"


def bare_names(board: chess.Board, squares: Sequence[chess.Square]) -> str:
    """`king and rook`, the most valuable first; `both rooks`, `two knights`."""
    types = sorted((board.piece_type_at(square) or chess.PAWN for square in squares), reverse=True)
    if len(types) == 2 and types[0] == types[1]:
        color = board.color_at(squares[0])
        count = board.pieces_mask(types[0], bool(color)).bit_count()
        return f"{'both' if count == 2 else 'two'} {piece_name(types[0])}s"
    return listed([piece_name(piece) for piece in types])


def fork(variation: Variation, index: int, sighting: Sighting) -> str | None:
    """One piece attacks several, and takes one of them next."""
    line = variation.line
    board, square = line.boards[index + 1], line.landed[index]
    attacked = board.attacks_mask(square) & board.occupied_co[board.turn]
    targets = [target for target in sighting.targets if attacked & chess.BB_SQUARES[target]]
    taking = line.moves[index + 2]
    if square != sighting.square or len(targets) < 2:
        return None
    if taking.from_square != square or taking.to_square not in targets:
        return None
    return f"forks {bare_names(board, targets)}"


def pin(variation: Variation, index: int, sighting: Sighting) -> str | None:
    """A piece cannot leave its line to the king, and is taken next."""
    line = variation.line
    board, pinned = line.boards[index + 1], sighting.targets[0]
    if line.moves[index + 2].to_square != pinned or line.moves[index + 1].to_square == pinned:
        return None
    if not board.is_pinned(board.turn, pinned) or line.boards[index].is_pinned(board.turn, pinned):
        return None
    return f"pins {named(board, pinned)} to the king"


def skewer(variation: Variation, index: int, sighting: Sighting) -> str | None:
    """A slider attacks a piece, and takes the one behind it when that has moved away."""
    line = variation.line
    front, back = sighting.targets
    board = line.boards[index + 1]
    if (
        line.landed[index] != sighting.square
        or not board.attacks_mask(sighting.square) & chess.BB_SQUARES[front]
    ):
        return None
    if line.moves[index + 1].from_square != front or line.moves[index + 2].to_square != back:
        return None
    if not chess.BB_SQUARES[front] & chess.between(sighting.square, back):
        return None
    first, second = (piece_name(board.piece_type_at(square) or chess.PAWN) for square in (front, back))
    return f"skewers {first} and {second}"


def discovered_attack(variation: Variation, index: int, sighting: Sighting) -> str | None:
    """A piece opens the line of another, which then takes what stands on it."""
    line = variation.line
    target = sighting.targets[0]
    before, after = line.boards[index], line.boards[index + 1]
    goal = chess.BB_SQUARES[target]
    if line.landed[index] == sighting.square or line.moves[index + 2].to_square != target:
        return None
    if before.attacks_mask(sighting.square) & goal or not after.attacks_mask(sighting.square) & goal:
        return None
    if after.king(after.turn) == target or line.moves[index + 1].to_square == target:
        return None
    opener = piece_name(after.piece_type_at(sighting.square) or chess.PAWN)
    return f"opens the {opener}'s attack on {named(after, target)}"


def discovered_check(variation: Variation, index: int, sighting: Sighting) -> str | None:
    """Check by a piece that did not move, while the one that moved takes something next."""
    line = variation.line
    board = line.boards[index + 1]
    if not board.is_check() or board.checkers_mask() & chess.BB_SQUARES[line.landed[index]]:
        return None
    if line.moves[index + 2].from_square != line.landed[index]:
        return None
    return "gives a discovered check"


def trapped_piece(variation: Variation, index: int, sighting: Sighting) -> str | None:
    """A piece is attacked, has no safe square, and is taken next, there or where it went."""
    line = variation.line
    square = sighting.targets[0]
    board = line.boards[index + 1]
    if not is_trapped(board, square) or line.captured[index] is not None:
        return None
    reply = line.moves[index + 1]
    now = reply.to_square if reply.from_square == square else square
    if line.moves[index + 2].to_square != now or (reply.to_square == now and reply.from_square != square):
        return None
    return f"traps {named(board, square)}"


def capturing_defender(variation: Variation, index: int, sighting: Sighting) -> str | None:
    """A guard is taken, then what it guarded."""
    line = variation.line
    guard, goal = sighting.targets
    before = line.boards[index]
    if line.moves[index].to_square != guard or not before.attacks_mask(guard) & chess.BB_SQUARES[goal]:
        return None
    if line.moves[index + 2].to_square != goal or line.captured[index] is None:
        return None
    if before.color_at(goal) == variation.line.boards[index].turn or before.piece_at(goal) is None:
        return None
    return f"removes the guard of {named(before, goal)}"


def deflection(variation: Variation, index: int, sighting: Sighting) -> str | None:
    """A guard has to leave, and what it guarded is taken."""
    line = variation.line
    guard, goal = sighting.targets
    board, reply = line.boards[index + 1], line.moves[index + 1]
    if reply.from_square != guard or line.moves[index + 2].to_square != goal:
        return None
    if not board.attacks_mask(guard) & chess.BB_SQUARES[goal] or board.piece_at(goal) is None:
        return None
    name = piece_name(board.piece_type_at(guard) or chess.PAWN)
    return f"draws the {name} away from the defence of {named(board, goal)}"


def interference(variation: Variation, index: int, sighting: Sighting) -> str | None:
    """The move cuts a guard off from what it guards, which is taken."""
    line = variation.line
    guard, goal = sighting.targets
    before, after = line.boards[index], line.boards[index + 1]
    if line.landed[index] != sighting.square or line.moves[index + 2].to_square != goal:
        return None
    if not before.attacks_mask(guard) & chess.BB_SQUARES[goal] or before.piece_at(goal) is None:
        return None
    if after.attacks_mask(guard) & chess.BB_SQUARES[goal]:
        return None
    name = piece_name(before.piece_type_at(guard) or chess.PAWN)
    return f"cuts the {name} off from {named(before, goal)}"


CHECKS: dict[Motif, tuple[Callable[[Variation, int, Sighting], str | None], Theme]] = {
    Motif.FORK: (fork, Theme.FORK),
    Motif.PIN: (pin, Theme.PIN),
    Motif.SKEWER: (skewer, Theme.SKEWER),
    Motif.DISCOVERED_ATTACK: (discovered_attack, Theme.DISCOVERY),
    Motif.DISCOVERED_CHECK: (discovered_check, Theme.DISCOVERY),
    Motif.TRAPPED_PIECE: (trapped_piece, Theme.TRAP),
    Motif.CAPTURING_DEFENDER: (capturing_defender, Theme.DEFENDER),
    Motif.DEFLECTION: (deflection, Theme.DEFENDER),
    Motif.INTERFERENCE: (interference, Theme.DEFENDER),
}
"""For each motif that can win material, what must be true on the boards, and its theme."""
