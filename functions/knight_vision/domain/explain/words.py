"""Small words of the explanations: sides, pieces, lists, numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import chess

__all__ = ["count_word", "listed", "material_words", "piece_name", "plural", "side", "times"]

NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def side(color: chess.Color) -> str:
    """`White` or `Black`."""
    return "White" if color == chess.WHITE else "Black"


def piece_name(piece_type: chess.PieceType) -> str:
    """`knight` and so on."""
    return chess.piece_name(piece_type)


def listed(words: Sequence[str]) -> str:
    """A list in words.

    >>> listed(["king", "queen", "rook"]), listed(["king"])
    ('king, queen and rook', 'king')
    """
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def count_word(count: int) -> str:
    """Small numbers as words, greater ones in digits."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def plural(count: int, noun: str) -> str:
    """A number of things.

    >>> plural(1, "blunder"), plural(2, "inaccuracy")
    ('one blunder', 'two inaccuracies')
    """
    if count == 1:
        return f"one {noun}"
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}{'e' * noun.endswith(('s', 'x'))}s"
    return f"{count_word(count)} {many}"


def times(count: int) -> str:
    """`once`, `twice`, `three times`."""
    return ("never", "once", "twice")[count] if count < 3 else f"{count_word(count)} times"


def material_words(pieces: Iterable[chess.PieceType]) -> str:
    """Pieces with their number, the most valuable first.

    >>> material_words([chess.PAWN, chess.ROOK, chess.PAWN])
    'a rook and two pawns'
    """
    counts = Counter(pieces)
    return listed(
        [
            f"a {piece_name(piece)}" if counts[piece] == 1 else plural(counts[piece], piece_name(piece))
            for piece in sorted(counts, reverse=True)
        ]
    )
