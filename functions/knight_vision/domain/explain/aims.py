"""What a move plainly does on the board: it trades, castles, pushes a passed pawn, takes an open file …

True of the move whatever comes after it, but for trades, which the next move of the line completes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import chess

from knight_vision.domain.division import ENDGAME_PIECES, MIDDLEGAME_PIECES, officer_count
from knight_vision.domain.explain.threats import gain_on, targets
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import piece_name
from knight_vision.domain.positional import PositionMetrics, metrics
from knight_vision.domain.positional.pieces import CENTRE
from knight_vision.domain.sacrifice import VALUES, exchange_gain

__all__ = ["Aim", "AimKind", "aims"]

MINOR = (chess.KNIGHT, chess.BISHOP)
WINGS = ("queenside",) * 2 + ("centre",) * 3 + ("kingside",) * 3
"""Where a pawn on each file gains space."""
FOURTH, FIFTH, SEVENTH = 3, 4, 6
"""Ranks from the mover's side; the first is 0."""


class AimKind(Enum):
    """What a move does, the most telling first."""

    TRADE = "trade"
    TRADE_PAWNS = "trade pawns"
    TAKE = "take"
    TAKE_BACK = "take back"
    CASTLE = "castle"
    PASSED_PAWN = "passed pawn"
    BEHIND_PASSED_PAWN = "behind passed pawn"
    SEVENTH_RANK = "seventh rank"
    OPEN_FILE = "open file"
    BLOCKADE = "blockade"
    OUTPOST = "outpost"
    CENTRALISE = "centralise"
    PROTECT = "protect"
    CHALLENGE = "challenge"
    DEVELOP = "develop"
    ACTIVATE_KING = "activate king"
    CENTRE = "centre"
    SPACE = "space"


@dataclass(frozen=True, slots=True)
class Aim:
    """One thing that a move does, as a verb and what follows it."""

    kind: AimKind
    verb: str
    what: str

    def words(self, ending: str = "s") -> str:
        """`develops the knight`, or `developing the knight` with the ending `ing`."""
        if ending == "ing":
            return f"{self.verb.removesuffix('e')}ing {self.what}"
        return f"{self.verb}{'es' if self.verb.endswith('sh') else 's'} {self.what}"


class Step:
    """One move of a line with the boards around it."""

    def __init__(self, variation: Variation, index: int) -> None:
        self.line = variation.line
        self.index = index
        self.before, self.after = self.line.boards[index : index + 2]
        self.color: chess.Color = self.before.turn
        self.piece = self.line.moved[index]
        self.start, self.end = self.line.moves[index].from_square, self.line.landed[index]

    @cached_property
    def was(self) -> PositionMetrics:
        """The metrics before the move."""
        return metrics(self.before)

    @cached_property
    def now(self) -> PositionMetrics:
        """The metrics after it."""
        return metrics(self.after)

    @cached_property
    def officers(self) -> int:
        """How many pieces besides kings and pawns are on the board before the move."""
        return officer_count(self.before)

    def rank(self, square: chess.Square) -> int:
        """The rank of a square from the mover's side, 0 to 7."""
        return chess.square_rank(square) if self.color == chess.WHITE else 7 - chess.square_rank(square)


def aims(variation: Variation, index: int) -> Iterator[Aim]:
    """All that a move of the line does, the most telling first; of a trade nothing else."""
    step = Step(variation, index)
    for find in FINDERS:
        found = find(step)
        if found is not None:
            yield found
            if found.kind in (AimKind.TRADE, AimKind.TRADE_PAWNS):
                return


def exchange(step: Step) -> Aim | None:
    """It takes something; nothing where the line breaks off before the other side could take back."""
    line, taken = step.line, step.line.captured[step.index]
    is_last = step.index + 1 == len(line)
    if taken is None or (is_last and exchange_gain(step.after, step.end)):
        return None
    is_retaken = not is_last and line.moves[step.index + 1].to_square == step.end
    if is_retaken and taken == step.piece:
        kind = AimKind.TRADE_PAWNS if taken == chess.PAWN else AimKind.TRADE
        return Aim(kind, "trade", f"{piece_name(taken)}s")
    if is_retaken and taken in MINOR and step.piece in MINOR:
        return Aim(AimKind.TRADE, "trade", f"the {piece_name(step.piece)} for the {piece_name(taken)}")
    before = line.taken_on(step.end, step.index - 1)
    if before is not None and VALUES[taken] <= VALUES[before]:
        return Aim(AimKind.TAKE_BACK, "take", "back")
    return Aim(AimKind.TAKE, "take", f"the {piece_name(taken)}")


def castling(step: Step) -> Aim | None:
    """It castles a king out of the centre."""
    own = step.now.of(step.color)
    is_safer = step.line.is_castling(step.index) and not own.is_king_in_centre
    return Aim(AimKind.CASTLE, "bring", "the king out of the centre") if is_safer else None


def passed_pawn(step: Step) -> Aim | None:
    """It pushes a passed pawn, or makes one."""
    if step.piece != chess.PAWN or step.end not in step.now.of(step.color).passed_pawns:
        return None
    pawn = f"{chess.FILE_NAMES[chess.square_file(step.end)]}-pawn"
    if step.start in step.was.of(step.color).passed_pawns:
        return Aim(AimKind.PASSED_PAWN, "push", f"the passed {pawn}")
    if step.start in step.was.of(step.color).doubled_pawns:
        return None  # perhaps only an own pawn was before it
    return Aim(AimKind.PASSED_PAWN, "make", f"the {pawn} a passed pawn")


def rook_work(step: Step) -> Aim | None:
    """A rook goes to the file of a passed pawn and behind it, to the seventh rank or to an open file."""
    if step.piece != chess.ROOK:
        return None
    own, file = step.now.of(step.color), chess.square_file(step.end)
    is_new_file = file != chess.square_file(step.start)
    for color in (step.color, not step.color):
        for pawn in step.now.of(color).passed_pawns if is_new_file else ():
            is_behind = chess.square_file(pawn) == file and (pawn > step.end) == (color == chess.WHITE)
            if is_behind and not chess.between(step.end, pawn) & step.after.occupied:
                where = chess.square_name(pawn)
                return Aim(AimKind.BEHIND_PASSED_PAWN, "bring", f"the rook behind the passed pawn on {where}")
    if step.end in own.rooks_on_seventh and step.rank(step.start) != SEVENTH:
        return Aim(AimKind.SEVENTH_RANK, "bring", "the rook to the seventh rank")
    is_for_the_file = is_new_file and not step.line.checks[step.index + 1]
    if step.end in own.rooks_on_open_files and is_for_the_file:
        return Aim(AimKind.OPEN_FILE, "take", f"the open {chess.FILE_NAMES[file]}-file")
    return None


def blockade(step: Step) -> Aim | None:
    """It steps right before an enemy passed pawn."""
    pawn = step.end + (8 if step.color == chess.WHITE else -8)
    if pawn not in step.now.of(not step.color).passed_pawns:
        return None
    return Aim(AimKind.BLOCKADE, "block", f"the passed pawn on {chess.square_name(pawn)}")


def placement(step: Step) -> Aim | None:
    """A minor piece goes to an outpost; a knight, in endgames a queen or the king, to the centre."""
    if step.piece in MINOR and step.end in step.now.of(step.color).outposts:
        return Aim(AimKind.OUTPOST, "bring", f"the {piece_name(step.piece)} to an outpost")
    central = (chess.KNIGHT, chess.QUEEN, chess.KING) if step.officers <= ENDGAME_PIECES else (chess.KNIGHT,)
    is_new = CENTRE & chess.BB_SQUARES[step.end] and not CENTRE & chess.BB_SQUARES[step.start]
    if step.piece in central and is_new:
        return Aim(AimKind.CENTRALISE, "centralise", f"the {piece_name(step.piece)}")
    return None


def protection(step: Step) -> Aim | None:
    """It protects what could have been taken at a profit, and now can't."""
    reached = step.after.attacks_mask(step.end) & step.after.occupied_co[step.color] & ~step.after.kings
    kept = [
        square
        for square in chess.scan_forward(reached)
        if gain_on(step.before, square, not step.color) and not gain_on(step.after, square, not step.color)
    ]
    return Aim(AimKind.PROTECT, "protect", targets(step.after, kept)) if kept else None


def lever(step: Step) -> Aim | None:
    """A pawn attacks a pawn."""
    if step.piece != chess.PAWN:
        return None
    enemies = step.after.pawns & step.after.occupied_co[not step.color]
    struck = list(chess.scan_forward(step.after.attacks_mask(step.end) & enemies))
    return Aim(AimKind.CHALLENGE, "challenge", targets(step.after, struck)) if struck else None


def development(step: Step) -> Aim | None:
    """A minor piece leaves its first rank in the opening."""
    if step.piece not in MINOR or step.officers <= MIDDLEGAME_PIECES:
        return None
    is_first = step.rank(step.start) == 0 < step.rank(step.end)
    return Aim(AimKind.DEVELOP, "develop", f"the {piece_name(step.piece)}") if is_first else None


def king_walk(step: Step) -> Aim | None:
    """In an endgame the king steps next to the centre, of its own will."""
    if step.piece != chess.KING or step.officers > ENDGAME_PIECES or step.line.checks[step.index]:
        return None
    is_nearer = ring(step.end) < ring(step.start) and ring(step.end) <= 1
    return Aim(AimKind.ACTIVATE_KING, "activate", "the king") if is_nearer else None


def ring(square: chess.Square) -> int:
    """How far a square is from the four in the centre: 0 to 3."""
    return max(abs(2 * chess.square_file(square) - 7), abs(2 * chess.square_rank(square) - 7)) // 2


def space(step: Step) -> Aim | None:
    """Before the endgame a pawn steps to the fifth rank, in the centre to the fourth."""
    is_step = step.piece == chess.PAWN and step.line.captured[step.index] is None
    if not is_step or step.officers <= ENDGAME_PIECES:
        return None
    where = WINGS[chess.square_file(step.end)]
    if step.rank(step.end) < (FOURTH if where == "centre" else FIFTH):
        return None
    kind = AimKind.CENTRE if where == "centre" else AimKind.SPACE
    return Aim(kind, "gain", f"space {'in' if where == 'centre' else 'on'} the {where}")


FINDERS: tuple[Callable[[Step], Aim | None], ...] = (
    exchange,
    castling,
    passed_pawn,
    rook_work,
    blockade,
    placement,
    protection,
    lever,
    development,
    king_walk,
    space,
)
