"""The name of the opening and where the book ends, by position, in Lichess' own table (see OPENINGS.md).

Positions count, not move orders: a transposition has the name of what it transposes to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

import chess

from knight_vision.domain.packed_position import packed_position

__all__ = ["LAST_PLY", "Opening", "book_ply", "opening_of", "position_key"]

TABLE = Path(__file__).with_name("openings.tsv")
"""Lines of EPD, ECO code and name; written by infra/openings/build.py."""
BOOK = Path(__file__).with_name("opening_book.txt")
"""Lines of position keys; written by infra/openings/build.py."""
LAST_PLY = 40
FEWEST_PIECES = 20
"""No opening is looked for behind these (scalachess `OpeningDb`)."""
START_EPD = chess.Board().epd()


@dataclass(frozen=True, slots=True)
class Opening:
    """A named opening and the last position of the game that bears the name."""

    eco: str
    name: str
    ply: int
    """Number of the position, 0 is the start."""


def opening_of(boards: Sequence[chess.Board]) -> Opening | None:
    """The opening of a game given by all its positions; None when no position has a name.

    Only games from the standard start position have openings; how it is called (set up, or number 518 of
    Chess960) does not matter.
    """
    table = openings()
    for ply in range(book_ply(boards), 0, -1):
        if found := table.get(boards[ply].epd()):
            eco, _, name = found.partition("\t")
            return Opening(eco, name, ply)
    return None


def book_ply(boards: Sequence[chess.Board]) -> int:
    """The ply of the last book move of a game given by all its positions: theory ends behind it.

    That is the last position on the way to a named opening, or with a name of its own. 0 when not even the
    first move is in the book, and for games that do not begin in the standard start position. Never less than
    `opening_of(boards).ply`.
    """
    if not boards or boards[0].epd() != START_EPD:
        return 0
    book = book_positions()
    candidates = [board for board in boards[: LAST_PLY + 1] if board.occupied.bit_count() >= FEWEST_PIECES]
    for ply in range(len(candidates) - 1, 0, -1):
        if position_key(candidates[ply]) in book:
            return ply
    return 0


def position_key(board: chess.Board) -> str:
    """Twelve hexadecimal digits that tell positions apart as their EPDs do, and cost a tenth as much."""
    return blake2b(packed_position(board), digest_size=6).hexdigest()


@cache
def openings() -> dict[str, str]:
    """ECO code and name, separated by a tab, for each named position; read once, in a few milliseconds."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


@cache
def book_positions() -> frozenset[str]:
    """The keys of all positions on the way to a named opening; read once, in a millisecond."""
    return frozenset(BOOK.read_text(encoding="ascii").split())
