"""Sets of squares as 64-bit numbers: fills, shifts and names (chessprogramming.org, "Fill Algorithms").

"Up" is away from the side whose view it is: Black's sets are turned round with `flipped` first.
"""

from __future__ import annotations

from functools import lru_cache

import chess

__all__ = ["above", "below", "diagonally_down", "diagonally_up", "file_set", "flipped", "squares_of"]

NOT_A = chess.BB_ALL & ~chess.BB_FILE_A
NOT_H = chess.BB_ALL & ~chess.BB_FILE_H
REMEMBERED = 4096
"""Sets kept as tuples: most come again in the next position."""


def flipped(squares: int) -> int:
    """The same squares from the other side of the board: ranks 1 and 8 change places, and so on.

    >>> flipped(chess.BB_A1 | chess.BB_E4) == chess.BB_A8 | chess.BB_E5
    True
    """
    return int.from_bytes(squares.to_bytes(8, "little"), "big")


def above(squares: int) -> int:
    """All squares in front of these on their files."""
    squares = squares << 8 & chess.BB_ALL
    squares |= squares << 8 & chess.BB_ALL
    squares |= squares << 16 & chess.BB_ALL
    return squares | squares << 32 & chess.BB_ALL


def below(squares: int) -> int:
    """All squares behind these on their files."""
    squares >>= 8
    squares |= squares >> 8
    squares |= squares >> 16
    return squares | squares >> 32


def diagonally_up(squares: int) -> int:
    """What pawns on these squares attack."""
    return (squares & NOT_A) << 7 & chess.BB_ALL | (squares & NOT_H) << 9 & chess.BB_ALL


def diagonally_down(squares: int) -> int:
    """What the other side's pawns on these squares attack."""
    return (squares & NOT_A) >> 9 | (squares & NOT_H) >> 7


def file_set(squares: int) -> int:
    """The files of these squares: bit 0 is the a-file.

    >>> bin(file_set(chess.BB_A1 | chess.BB_C4 | chess.BB_C7))
    '0b101'
    """
    squares |= squares >> 32
    squares |= squares >> 16
    return (squares | squares >> 8) & 0xFF


@lru_cache(maxsize=REMEMBERED)
def squares_of(squares: int, color: chess.Color) -> tuple[chess.Square, ...]:
    """The squares, which `color` sees from its side, one by one as they are on the board, from a1 to h8."""
    return tuple(chess.scan_forward(squares if color == chess.WHITE else flipped(squares)))
