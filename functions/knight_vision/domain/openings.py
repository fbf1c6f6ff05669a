"""The name of the opening, found as Lichess finds it, in Lichess' own table (see OPENINGS.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import chess

__all__ = ["Opening", "opening_of"]

TABLE = Path(__file__).with_name("openings.tsv")
"""Lines of EPD, ECO code and name; written by infra/openings/build.py."""
LAST_PLY = 40
FEWEST_PIECES = 20
"""No opening is looked for behind these."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A named opening and the last position of the game that bears the name."""

    eco: str
    name: str
    ply: int
    """Number of the position, 0 is the start."""


def opening_of(boards: Sequence[chess.Board]) -> Opening | None:
    """The opening of a game given by all its positions; None when no position has a name.

    Only games from the standard start position have openings.
    """
    if boards[0].fen() != chess.STARTING_FEN:
        return None
    table = openings()
    candidates = [board for board in boards[: LAST_PLY + 1] if board.occupied.bit_count() >= FEWEST_PIECES]
    for ply in range(len(candidates) - 1, 0, -1):
        if found := table.get(candidates[ply].epd()):
            eco, _, name = found.partition("\t")
            return Opening(eco, name, ply)
    return None


@cache
def openings() -> dict[str, str]:
    """ECO code and name, separated by a tab, for each named position; read once, in a few milliseconds."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)
