"""King safety of one side: the pawn shield, files without pawns before the king, and pieces that aim at it.

Sources: chessprogramming.org, "King Safety"; Stockfish's classical evaluation (king ring, shelter).
"""

from __future__ import annotations

from typing import NamedTuple

import chess

from knight_vision.domain.positional.army import Army
from knight_vision.domain.positional.bits import file_set

__all__ = ["EXPOSED", "KingSafety", "king_safety"]

EXPOSED = 5
"""From this exposure on a king counts as exposed: as with no shield, two open files and no attacker."""


class KingSafety(NamedTuple):
    """How safe one side's king is, seen from that side."""

    shield: int
    open_files: int
    attackers: int
    exposure: int
    in_centre: bool


def three_files(king: chess.Square) -> tuple[int, ...]:
    """The king's file and the next ones; on the edge the three nearest files."""
    middle = min(max(chess.square_file(king), 1), 6)
    return (middle - 1, middle, middle + 1)


def box(files: tuple[int, ...], ranks: range) -> int:
    """The squares of these files and ranks, as far as they are on the board."""
    return sum(chess.BB_SQUARES[chess.square(file, rank)] for file in files for rank in ranks if rank < 8)


def ring(king: chess.Square) -> int:
    """The nine squares on and around the king; on the edge the nearest such block."""
    middle = min(max(chess.square_rank(king), 1), 6)
    return box(three_files(king), range(middle - 1, middle + 2))


RINGS = tuple(ring(king) for king in chess.SQUARES)
SHIELDS = tuple(
    box(three_files(king), range(chess.square_rank(king), chess.square_rank(king) + 3))
    for king in chess.SQUARES
)
"""Where a pawn shields the king: its three files, from its own rank to two ranks before it."""
FILES = tuple(sum(1 << file for file in three_files(king)) for king in chess.SQUARES)
"""The king's three files."""
CENTRE_FILES = chess.BB_FILE_D | chess.BB_FILE_E | chess.BB_FILE_F
"""Where a king stands that has not castled."""


def king_safety(own: Army, enemy: Army, own_files: int, castling: int) -> KingSafety:
    """The safety of `own`'s king, both armies seen from its side; all nothing without a king.

    Exposure is missing shield files, open files and attackers together. A king that may still castle has the
    shelter of the best square it can go to. Exposure is 0 unless the enemy has a queen and another piece:
    without them a king need not hide. `castling` holds the rooks with which the king may castle.
    """
    if not own.king:
        return KingSafety(0, 0, 0, 0, False)
    king = chess.msb(own.king)
    shield = own.pawns & SHIELDS[king]
    open_files = FILES[king] & ~own_files
    near = RINGS[king]
    attackers = 0
    for square, attacks in enemy.officers:
        if attacks & near:
            attackers |= square
    exposure = 0
    if enemy.queens and len(enemy.officers) > 1:
        homes = [king]
        if castling & ~(own.king - 1):
            homes.append(chess.G1)
        if castling & (own.king - 1):
            homes.append(chess.C1)
        exposure = attackers.bit_count() + min(shelter_gaps(home, own.pawns, own_files) for home in homes)
    return KingSafety(shield, open_files, attackers, exposure, bool(own.king & CENTRE_FILES))


def shelter_gaps(king: chess.Square, own_pawns: int, own_files: int) -> int:
    """How many of the three files have no shield pawn for a king there, and how many no own pawn at all."""
    shielded = file_set(own_pawns & SHIELDS[king])
    return 3 - shielded.bit_count() + (FILES[king] & ~own_files).bit_count()
