"""Material: the points of the men, and what each side has that the other has not, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

__all__ = ["POINTS", "Imbalance", "Men", "imbalance_of", "points_of"]

POINTS = (9, 5, 3, 3, 1)
"""Queen, rook, bishop, knight, pawn (chessprogramming.org, "Point Value")."""
NAMES = ("queen", "rook", "bishop", "knight", "pawn")
MINOR_NAMES = ("queen", "rook", "minor piece", "pawn")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
REMEMBERED = 1024

Men = tuple[int, int, int, int, int]
"""How many queens, rooks, bishops, knights and pawns."""


@dataclass(frozen=True, slots=True)
class Imbalance:
    """What is left when like men are cancelled: never empty on both sides."""

    white: str
    """What White has instead, such as `rook and two pawns`; empty when nothing."""
    black: str
    """What Black has instead."""

    def to_json(self) -> dict[str, str]:
        """`{"white": "rook and pawn", "black": "two minor pieces"}`; an empty side is left out."""
        return {name: words for name, words in (("white", self.white), ("black", self.black)) if words}


def points_of(men: Men) -> int:
    """The men's value in points.

    >>> points_of((1, 2, 2, 2, 8))
    39
    """
    return sum(map(mul, men, POINTS))


@lru_cache(maxsize=REMEMBERED)
def imbalance_of(white: Men, black: Men) -> Imbalance | None:
    """The imbalance between these men, None when they are the same.

    >>> imbalance_of((1, 2, 1, 1, 6), (1, 1, 2, 2, 5))
    Imbalance(white='rook and pawn', black='two minor pieces')
    >>> imbalance_of((0, 2, 1, 1, 6), (0, 2, 0, 2, 6))
    Imbalance(white='bishop', black='knight')
    """
    if white == black:
        return None
    surplus = [own - other for own, other in zip(white, black, strict=True)]
    return Imbalance(in_words([max(0, n) for n in surplus]), in_words([max(0, -n) for n in surplus]))


def in_words(counts: Sequence[int]) -> str:
    """Men in words, bishops and knights together as minor pieces where there are both."""
    names: Sequence[str] = NAMES
    queens, rooks, bishops, knights, pawns = counts
    if bishops and knights:
        names, counts = MINOR_NAMES, (queens, rooks, bishops + knights, pawns)
    parts = [counted(count, name) for count, name in zip(counts, names, strict=True) if count]
    return ", ".join(parts[:-1]) + (" and " if parts[1:] else "") + "".join(parts[-1:])


def counted(count: int, name: str) -> str:
    """One kind of men with its number: `rook`, `two pawns`."""
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return name if count == 1 else f"{number} {name}s"
