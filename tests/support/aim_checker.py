"""Reads what explanations say that a move plainly does: trades, files, passed pawns, outposts, development.

Shares no code with what writes them, beyond python-chess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import chess

from tests.support.cited_lines import PIECES, RUN, TYPES, Played, at, landing, names, place
from tests.support.threat_checker import passed, won_on

__all__ = ["aims"]

CLAIM = re.compile(rf"({RUN.pattern}), (?:which )?([a-z]+?)(?:e?s|ing) (.*?)(?:, would|, is|, and |$)")


@dataclass(frozen=True)
class Done:
    """The move that something is said of."""

    before: chess.Board
    after: chess.Board
    then: chess.Board | None
    """After the move that follows in the line."""
    earlier: chess.Board | None
    """Before the move that precedes it in the line."""

    @property
    def square(self) -> chess.Square:
        """Where the piece that moved stands; of castling, the king."""
        king = self.after.king(self.color)
        moved = king is not None and king != self.before.king(self.color)
        return king if king is not None and moved else landing(self.before, self.after)

    @property
    def color(self) -> chess.Color:
        """Who moved."""
        return self.before.turn

    def is_piece(self, name: str) -> bool:
        """True when that is what moved."""
        return self.after.piece_type_at(self.square) == TYPES[name]

    def rank(self, square: chess.Square) -> int:
        """1 to 8 as the mover counts."""
        rank = chess.square_rank(square) + 1
        return rank if self.color else 9 - rank

    @property
    def left(self) -> chess.Square:
        """The square that the piece left."""
        return next(
            square
            for square in chess.SQUARES
            if self.before.color_at(square) == self.color
            and self.after.color_at(square) != self.color
            and (not self.is_piece("king") or self.before.piece_type_at(square) == chess.KING)
        )


def aims(sentence: str, played: Played, better: Played) -> Iterator[str]:
    """What a move is said to do, it does on the board."""
    for run, verb, what in CLAIM.findall(sentence):
        check = CHECKS.get(verb)
        if check is not None and not check(done(run, played, better), what):
            yield f"{run} does not {verb} {what}"


def done(run: str, played: Played, better: Played) -> Done:
    """The last move of a run with its boards."""
    for line in (played, better):
        found = place(line, run)
        if found is not None:
            boards, last = line.boards, found[1]
            then = boards[last + 2] if last + 2 < len(boards) else None
            return Done(boards[last], boards[last + 1], then, boards[last - 1] if last else None)
    raise AssertionError(f"{run} is in neither line")


def lost(before: chess.Board, after: chess.Board) -> str | None:
    """The piece that the side not to move loses between two boards."""
    side = not before.turn
    for name, kind in TYPES.items():
        if len(after.pieces(kind, side)) < len(before.pieces(kind, side)):
            return name
    return None


def trades(one: Done, what: str) -> bool:
    """What moved takes the one and is taken back on the same square, or takes back what has taken the same.

    Queens may be traded later in the line: that is checked with the manner of a move.
    """
    if what == "queens" and lost(one.before, one.after) is None:
        return True
    taken = {lost(one.before, one.after), one.earlier and lost(one.earlier, one.before)}
    if taken == {what.removesuffix("s")}:
        return True
    swap = re.fullmatch(rf"the ({PIECES}) for the ({PIECES})", what)
    own, other = swap.groups() if swap else (what.removesuffix("s"), what.removesuffix("s"))
    is_taken = one.is_piece(own) and lost(one.before, one.after) == other
    return is_taken and one.then is not None and one.then.color_at(one.square) != one.color


def takes(one: Done, what: str) -> bool:
    """A piece, what had just taken, or a file."""
    file = re.fullmatch(r"the open ([a-h])-file", what)
    if file:
        pawns = [square for square in chess.SquareSet(one.after.pawns) if name(square)[0] == file[1]]
        return one.is_piece("rook") and name(one.square)[0] == file[1] != name(one.left)[0] and not pawns
    taken = lost(one.before, one.after)
    if what == "back":
        return taken is not None and (one.earlier is None or lost(one.earlier, one.before) is not None)
    return what == f"the {taken}"


def name(square: chess.Square) -> str:
    """`e4`."""
    return chess.square_name(square)


def is_passed(board: chess.Board, square: chess.Square) -> bool:
    """True of a pawn that no enemy pawn can stop or take on its way."""
    pawn = board.piece_at(square)
    if pawn is None or pawn.piece_type != chess.PAWN:
        return False
    way = range(square + 8, 64, 8) if pawn.color else range(square - 8, -1, -8)
    return not any(
        board.piece_at(ahead) == chess.Piece(chess.PAWN, not pawn.color)
        for step in way
        for ahead in (step - 1, step, step + 1)
        if abs(ahead % 8 - square % 8) <= 1
    )


def pushes(one: Done, what: str) -> bool:
    """A pawn that was passed already."""
    is_same = what == f"the passed {name(one.square)[0]}-pawn"
    return is_same and is_passed(one.after, one.square) and is_passed(one.before, one.left)


def makes(one: Done, what: str) -> bool:
    """A pawn that was not."""
    is_same = what == f"the {name(one.square)[0]}-pawn a passed pawn"
    return is_same and is_passed(one.after, one.square) and not is_passed(one.before, one.left)


def brings(one: Done, what: str) -> bool:
    """A rook behind a passed pawn or to the seventh, a piece to an outpost, the king out of the centre."""
    piece = re.match(rf"the ({PIECES}) (.*)", what)
    if piece is None or not one.is_piece(piece[1]):
        return False
    if piece[2] == "out of the centre":
        return name(one.left)[0] in "def" and name(one.square)[0] not in "def"
    if piece[2] == "to the seventh rank":
        return one.rank(one.square) == 7 != one.rank(one.left)
    if "behind" in piece[2]:
        goal = chess.parse_square(what[-2:])
        pawn = one.after.color_at(goal)
        way = chess.SquareSet(chess.between(one.square, goal))
        is_clear = one.square % 8 == goal % 8 != one.left % 8 and not any(
            one.after.piece_at(square) for square in way
        )
        return is_clear and is_passed(one.after, goal) and (goal > one.square) == pawn
    return piece[2] == "to an outpost" and is_outpost(one)


def is_outpost(one: Done) -> bool:
    """True where a pawn protects the piece and no enemy pawn can ever attack it."""
    guards = [s for s in one.after.attackers(one.color, one.square) if at(one.after, name(s)) == chess.PAWN]
    enemies = [
        square
        for square in one.after.pieces(chess.PAWN, not one.color)
        if abs(square % 8 - one.square % 8) == 1 and one.rank(square) > one.rank(one.square)
    ]
    return bool(guards) and all(is_stopped(one, square) for square in enemies)


def is_stopped(one: Done, pawn: chess.Square) -> bool:
    """True of an enemy pawn that can't come next to the rank in front of the outpost safely."""
    step = -8 if one.color else 8
    while one.rank(pawn) > one.rank(one.square) + 1:
        pawn += step
        if one.after.piece_at(pawn) == chess.Piece(chess.PAWN, one.color):
            return True
        pawns = [s for s in one.after.attackers(one.color, pawn) if at(one.after, name(s)) == chess.PAWN]
        if pawns:
            return True
    return False


def blocks(one: Done, what: str) -> bool:
    """The next square of an enemy passed pawn."""
    pawn = chess.parse_square(what[-2:])
    return is_passed(one.after, pawn) and one.square == pawn + (-8 if one.color else 8)


def centralises(one: Done, what: str) -> bool:
    """One of the four squares in the middle."""
    centre = {"d4", "e4", "d5", "e5"}
    return one.is_piece(what.removeprefix("the ")) and name(one.square) in centre - {name(one.left)}


def protects(one: Done, what: str) -> bool:
    """What the other side could take before, and can't now, guarded by what moved."""
    return all(
        at(one.after, where) == TYPES[kind]
        and chess.parse_square(where) in one.after.attacks(one.square)
        and won_on(passed(one.before), chess.parse_square(where)) > 0
        and won_on(one.after, chess.parse_square(where)) == 0
        for kind, where in names(what)
    )


def challenges(one: Done, what: str) -> bool:
    """Pawns that a pawn attacks."""
    struck = one.after.attacks(one.square)
    enemy = chess.Piece(chess.PAWN, not one.color)
    squares = [chess.parse_square(where) for _kind, where in names(what)]
    return one.is_piece("pawn") and all(s in struck and one.after.piece_at(s) == enemy for s in squares)


def develops(one: Done, what: str) -> bool:
    """A knight or bishop from the first rank."""
    return what in ("the knight", "the bishop") and one.is_piece(what[4:]) and one.rank(one.left) == 1


def activates(one: Done, what: str) -> bool:
    """The king, next to the centre or in it."""
    return what == "the king" and one.is_piece("king") and set(name(one.square)) <= set("cdef3456")


def gains(one: Done, what: str) -> bool:
    """A pawn far enough up the board, on the files named."""
    files = {"in the centre": "cde", "on the queenside": "ab", "on the kingside": "fgh"}
    place_name = what.removeprefix("space ")
    is_there = name(one.square)[0] in files[place_name] and one.is_piece("pawn")
    return is_there and one.rank(one.square) >= (4 if place_name == "in the centre" else 5)


CHECKS: dict[str, Callable[[Done, str], bool]] = {
    "trad": trades,
    "tak": takes,
    "push": pushes,
    "mak": makes,
    "bring": brings,
    "block": blocks,
    "centralis": centralises,
    "protect": protects,
    "challeng": challenges,
    "develop": develops,
    "activat": activates,
    "gain": gains,
}
