"""The pawn structure of one side: a function of the pawns alone, so it is kept from position to position.

Terms and set-wise formulas: chessprogramming.org, "Pawn Structure" and the pages below it; Kmoch, "Pawn
Power in Chess".
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import chess

from knight_vision.domain.positional.bits import above, below, diagonally_down, diagonally_up, file_set

__all__ = ["PawnStructure", "pawn_structure"]

QUEENSIDE = chess.BB_FILE_A | chess.BB_FILE_B | chess.BB_FILE_C | chess.BB_FILE_D
KINGSIDE = chess.BB_ALL & ~QUEENSIDE
OUTPOST_ZONE = (chess.BB_RANK_4 | chess.BB_RANK_5 | chess.BB_RANK_6) & ~(chess.BB_FILE_A | chess.BB_FILE_H)
"""Where an outpost may be: the ranks of Stockfish's classical evaluation, without the edges of the board."""
REMEMBERED = 2048
"""Structures kept, about 0.5 kB each. A game has some sixty, and one for each side."""


class PawnStructure(NamedTuple):
    """One side's pawns, seen from that side. All but the counts are sets of squares or of files."""

    isolated: int
    doubled: int
    backward: int
    hanging: int
    passed: int
    fixed: int
    """Pawns with an enemy pawn on the square before them (Kmoch's rams)."""
    islands: int
    queenside_majority: int
    kingside_majority: int
    attacks: int
    enemy_attacks: int
    outposts: int
    """Squares of the outpost zone, free of pawns, that a pawn protects and no enemy pawn can ever attack."""
    files: int
    enemy_files: int


@lru_cache(maxsize=REMEMBERED)
def pawn_structure(own: int, enemy: int) -> PawnStructure:
    """The structure of the pawns `own`, which move up, against the pawns `enemy`, which move down."""
    files, enemy_files = file_set(own), file_set(enemy)
    enemy_paths = below(enemy)
    enemy_reach = beside(enemy_paths)  # whatever an enemy pawn attacks now or after any number of steps
    enemy_attacks = diagonally_down(enemy)
    isolated = own & ~on_files(neighbours(files))
    passed = own & ~(enemy_paths | enemy_reach | below(own))
    pair = hanging(own, files, enemy_files)
    return PawnStructure(
        isolated=isolated,
        doubled=own & (above(own) | below(own)),
        backward=backward(own, enemy_attacks) & ~isolated & ~enemy_paths,
        hanging=0 if pair & passed else pair,
        passed=passed,
        fixed=own & enemy >> 8,
        islands=(files & ~(files << 1)).bit_count(),
        queenside_majority=max(0, (own & QUEENSIDE).bit_count() - (enemy & QUEENSIDE).bit_count()),
        kingside_majority=max(0, (own & KINGSIDE).bit_count() - (enemy & KINGSIDE).bit_count()),
        attacks=diagonally_up(own),
        enemy_attacks=enemy_attacks,
        outposts=diagonally_up(own) & OUTPOST_ZONE & ~(enemy_reach | own | enemy),
        files=files,
        enemy_files=enemy_files,
    )


def backward(own: int, enemy_attacks: int) -> int:
    """Pawns that cannot step forward safely and that no pawn can ever come to support there.

    A pawn that can itself take or be taken by a pawn is not one: the tension must be resolved first.
    """
    supportable = beside(above(own))  # squares that an own pawn attacks now or after any number of steps
    stops = own << 8 & enemy_attacks & ~supportable
    return stops >> 8 & ~enemy_attacks


def hanging(own: int, files: int, enemy_files: int) -> int:
    """Two pawns side by side on the fourth rank of the files c to f, both half-open, without neighbours."""
    for left in range(2, 5):
        pair = 0b11 << left
        if files & (pair << 1 | pair >> 1) == pair and not enemy_files & pair:
            pawns = own & on_files(pair)
            if pawns == pawns & chess.BB_RANK_4:
                return pawns
    return 0


def neighbours(files: int) -> int:
    """The files next to these."""
    return (files << 1 | files >> 1) & 0xFF


def on_files(files: int) -> int:
    """All squares of the files."""
    return files * chess.BB_FILE_A


def beside(squares: int) -> int:
    """The squares left and right of these."""
    return (squares & ~chess.BB_FILE_A) >> 1 | (squares & ~chess.BB_FILE_H) << 1
