"""What got better or worse for a side between two positions: the material of sentences about a move.

The caller chooses the positions, best quiet ones: in the middle of an exchange material means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import chess

from knight_vision.domain.positional.king import EXPOSED
from knight_vision.domain.positional.position import PositionMetrics, SideMetrics, Squares

__all__ = ["Change", "ChangeKind", "changes"]


class ChangeKind(StrEnum):
    """What changed, the most important first."""

    MATERIAL = "material"
    """The side's points against the opponent's."""
    KING_EXPOSURE = "king_exposure"
    """The king has become, or is no longer, exposed."""
    PASSED_PAWN = "passed_pawn"
    """There are more, or fewer, passed pawns."""
    CASTLING = "castling"
    """Gain: the king has castled. Loss: it may not castle any more and stands in the centre."""
    BISHOP_PAIR = "bishop_pair"
    """The bishop pair, got or given up."""
    KING_SHIELD = "king_shield"
    """Pawns before the king."""
    KING_FILE = "king_file"
    """A file at the king without an own pawn: opened (loss) or closed."""
    KING_ATTACKERS = "king_attackers"
    """Enemy pieces that aim at the king: three or more, and more than before (loss), or fewer."""
    ROOK_ON_SEVENTH = "rook_on_seventh"
    """A rook has come to, or left, the seventh rank."""
    OUTPOST = "outpost"
    """A minor piece has come to, or left, an outpost."""
    ISOLATED_PAWN = "isolated_pawn"
    """Isolated pawns, more (loss) or fewer."""
    BACKWARD_PAWN = "backward_pawn"
    """Backward pawns, more (loss) or fewer."""
    DOUBLED_PAWNS = "doubled_pawns"
    """Doubled pawns, more (loss) or fewer."""
    HANGING_PAWNS = "hanging_pawns"
    """Hanging pawns: got (loss) or resolved."""
    WEAK_SQUARE = "weak_square"
    """Squares in the own half on the files c to f for enemy minor pieces to settle: more (loss) or fewer."""
    BAD_BISHOP = "bad_bishop"
    """Bad bishops, more (loss) or fewer."""
    ROOK_ON_OPEN_FILE = "rook_on_open_file"
    """Rooks on open files."""
    DEVELOPMENT = "development"
    """Two minor pieces or more won or lost in the race of development."""
    SPACE = "space"
    """Much more, or less, space against the opponent."""
    CENTRE = "centre"
    """Much more, or less, control of the centre against the opponent."""
    MOBILITY = "mobility"
    """Much more, or less, mobility against the opponent."""
    PAWN_ISLANDS = "pawn_islands"
    """More (loss) or fewer pawn islands."""


RANKING = {kind: rank for rank, kind in enumerate(ChangeKind)}
LEAST_ATTACKERS = 3
LEAST_DEVELOPMENT, LEAST_SPACE, LEAST_CENTRE, LEAST_MOBILITY = 2, 5, 4, 12
"""Smaller numbers and differences are the ebb and flow of play."""
CENTRAL_FILES = chess.BB_FILE_C | chess.BB_FILE_D | chess.BB_FILE_E | chess.BB_FILE_F
WHITE_CAMP = chess.BB_RANK_1 | chess.BB_RANK_2 | chess.BB_RANK_3 | chess.BB_RANK_4


@dataclass(frozen=True, slots=True)
class Change:
    """One feature of a side that differs between two positions."""

    kind: ChangeKind
    side: chess.Color
    """Whose feature it is."""
    is_gain: bool
    """True when this side is better for it."""
    squares: Squares
    """What appeared, or what is gone; for a file its square on the side's first rank; empty for a number."""

    def to_json(self) -> dict[str, Any]:
        """`{"kind": "isolated_pawn", "side": "black", "is_gain": false, "squares": ["d5"]}`."""
        return {
            "kind": self.kind.value,
            "side": "white" if self.side == chess.WHITE else "black",
            "is_gain": self.is_gain,
            "squares": [chess.SQUARE_NAMES[square] for square in self.squares],
        }


def changes(before: PositionMetrics, after: PositionMetrics, side: chess.Color) -> tuple[Change, ...]:
    """What got better or worse in `side`'s own features, the most important first, at most one of a kind.

    What its move gave the opponent (a passed pawn, an outpost) is in the changes of the other side. A pawn
    that only moved on is no change, and weak pawns are not got rid of by losing material.
    """
    found = [
        *material_changes(before, after, side),
        *king_changes(before.of(side), after.of(side), side),
        *pawn_changes(before, after, side),
        *piece_changes(before, after, side),
        *balance_changes(before, after, side),
    ]
    return tuple(sorted(found, key=lambda change: RANKING[change.kind]))


def balance(position: PositionMetrics, side: chess.Color, name: str) -> int:
    """A number of the side less that of the opponent."""
    own: int = getattr(position.of(side), name)
    other: int = getattr(position.of(not side), name)
    return own - other


def material_changes(before: PositionMetrics, after: PositionMetrics, side: chess.Color) -> Iterator[Change]:
    """Points won or lost, and the bishop pair."""
    won = balance(after, side, "material") - balance(before, side, "material")
    if won:
        yield Change(ChangeKind.MATERIAL, side, won > 0, ())
    own_before, own_after = before.of(side), after.of(side)
    if own_before.has_bishop_pair != own_after.has_bishop_pair:
        yield Change(ChangeKind.BISHOP_PAIR, side, own_after.has_bishop_pair, ())


def king_changes(before: SideMetrics, after: SideMetrics, side: chess.Color) -> Iterator[Change]:
    """The king's safety; nothing about shields and files where the enemy cannot attack."""
    if (before.king_exposure >= EXPOSED) != (after.king_exposure >= EXPOSED):
        yield Change(ChangeKind.KING_EXPOSURE, side, after.king_exposure < EXPOSED, ())
    if before.can_castle and not after.can_castle:
        yield Change(ChangeKind.CASTLING, side, not after.is_king_in_centre, ())
    if before.king_exposure or after.king_exposure:
        yield from shelter_changes(before, after, side)


def shelter_changes(before: SideMetrics, after: SideMetrics, side: chess.Color) -> Iterator[Change]:
    """Shield, files and attackers. A king that has yet to leave the centre does without a shield."""
    if is_settled(before) and is_settled(after):
        yield from shield_changes(before, after, side)
    more = len(after.king_attackers) - len(before.king_attackers)
    if more and max(len(after.king_attackers), len(before.king_attackers)) >= LEAST_ATTACKERS:
        one, other = (after, before) if more > 0 else (before, after)
        yield Change(
            ChangeKind.KING_ATTACKERS, side, more < 0, without(one.king_attackers, other.king_attackers)
        )


def is_settled(own: SideMetrics) -> bool:
    """True when the king is where its shield matters: out of the centre, or in it without a way out."""
    return not own.is_king_in_centre or not own.can_castle


def shield_changes(before: SideMetrics, after: SideMetrics, side: chess.Color) -> Iterator[Change]:
    """Pawns before the king, and files without them."""
    lost = len(before.shield_pawns) - len(after.shield_pawns)
    if lost:
        one, other = (before, after) if lost > 0 else (after, before)
        yield Change(ChangeKind.KING_SHIELD, side, lost < 0, without(one.shield_pawns, other.shield_pawns))
    opened = len(after.king_open_files) - len(before.king_open_files)
    if opened:
        one, other = (after, before) if opened > 0 else (before, after)
        files = sorted(set(one.king_open_files) - set(other.king_open_files))
        rank = "1" if side == chess.WHITE else "8"
        yield Change(
            ChangeKind.KING_FILE, side, opened < 0, tuple(chess.parse_square(file + rank) for file in files)
        )


WEAKNESSES = (
    (ChangeKind.ISOLATED_PAWN, "isolated_pawns"),
    (ChangeKind.BACKWARD_PAWN, "backward_pawns"),
    (ChangeKind.DOUBLED_PAWNS, "doubled_pawns"),
    (ChangeKind.HANGING_PAWNS, "hanging_pawns"),
)


def pawn_changes(before: PositionMetrics, after: PositionMetrics, side: chess.Color) -> Iterator[Change]:
    """Weak and passed pawns, told apart by their files, and islands."""
    own_before, own_after = before.of(side), after.of(side)
    is_down = balance(after, side, "material") < balance(before, side, "material")
    for kind, name in WEAKNESSES:
        old, new = getattr(own_before, name), getattr(own_after, name)
        if len(new) > len(old):
            yield Change(kind, side, False, on_other_files(new, old))
        elif len(new) < len(old) and not is_down:
            yield Change(kind, side, True, on_other_files(old, new))
    old, new = own_before.passed_pawns, own_after.passed_pawns
    if len(new) > len(old):
        yield Change(ChangeKind.PASSED_PAWN, side, True, on_other_files(new, old))
    elif len(new) < len(old) and own_after.material <= own_before.material:  # it has not been promoted
        yield Change(ChangeKind.PASSED_PAWN, side, False, on_other_files(old, new))
    islands = own_after.pawn_islands - own_before.pawn_islands
    if islands > 0 or (islands < 0 and not is_down):
        yield Change(ChangeKind.PAWN_ISLANDS, side, islands < 0, ())


def piece_changes(before: PositionMetrics, after: PositionMetrics, side: chess.Color) -> Iterator[Change]:
    """Rooks, outposts, holes and bad bishops."""
    own_before, own_after = before.of(side), after.of(side)
    for kind, name, is_good in PIECES:
        yield from count_change(kind, side, getattr(own_before, name), getattr(own_after, name), is_good)
    holes = [central(position.of(not side).outpost_squares, side) for position in (before, after)]
    yield from count_change(ChangeKind.WEAK_SQUARE, side, holes[0], holes[1], is_good=False)


PIECES = (
    (ChangeKind.ROOK_ON_SEVENTH, "rooks_on_seventh", True),
    (ChangeKind.OUTPOST, "outposts", True),
    (ChangeKind.ROOK_ON_OPEN_FILE, "rooks_on_open_files", True),
    (ChangeKind.BAD_BISHOP, "bad_bishops", False),
)


def count_change(
    kind: ChangeKind, side: chess.Color, old: Squares, new: Squares, is_good: bool
) -> Iterator[Change]:
    """The change from `old` to `new` squares when their number differs."""
    if len(new) > len(old):
        yield Change(kind, side, is_good, without(new, old))
    elif len(new) < len(old):
        yield Change(kind, side, not is_good, without(old, new))


def balance_changes(before: PositionMetrics, after: PositionMetrics, side: chess.Color) -> Iterator[Change]:
    """Numbers that are told only when they change much against the opponent's."""
    for kind, name, least in BALANCES:
        won = balance(after, side, name) - balance(before, side, name)
        if abs(won) >= least:
            yield Change(kind, side, won > 0, ())
    behind = len(after.of(side).undeveloped) - len(after.of(not side).undeveloped)
    caught_up = len(before.of(side).undeveloped) - len(before.of(not side).undeveloped) - behind
    if abs(caught_up) >= LEAST_DEVELOPMENT:
        yield Change(ChangeKind.DEVELOPMENT, side, caught_up > 0, ())


BALANCES = (
    (ChangeKind.SPACE, "space", LEAST_SPACE),
    (ChangeKind.CENTRE, "centre_control", LEAST_CENTRE),
    (ChangeKind.MOBILITY, "mobility", LEAST_MOBILITY),
)


def without(these: Squares, those: Squares) -> Squares:
    """The squares of the first that are not in the second."""
    return tuple(square for square in these if square not in those)


def on_other_files(these: Squares, those: Squares) -> Squares:
    """The squares of the first whose files the second has not; all new ones where the files are the same."""
    files = {chess.square_file(square) for square in those}
    others = tuple(square for square in these if chess.square_file(square) not in files)
    return others or without(these, those)


def central(squares: Squares, side: chess.Color) -> Squares:
    """The squares on the files c to f in the half of a side."""
    camp = WHITE_CAMP if side == chess.WHITE else chess.BB_ALL & ~WHITE_CAMP
    return tuple(square for square in squares if chess.BB_SQUARES[square] & camp & CENTRAL_FILES)
