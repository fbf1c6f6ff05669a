"""Words and numbers as they are shown: clean text, evaluations, counts, durations."""

from __future__ import annotations

import unicodedata

__all__ = [
    "clean",
    "clean_pgn",
    "count",
    "duration",
    "evaluation",
    "milliseconds",
    "move_label",
    "percent",
    "plies",
    "surname",
]

# Marks that change the direction of the text after them: a name could rewrite the rest of its line.
DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """The text on one line, without anything that steers a terminal; for whatever a server sent.

    >>> clean("Tal\\x1b[31m, Mikhail\\n")
    'Tal [31m, Mikhail'
    """
    kept = "".join(character if is_harmless(character) else " " for character in text)
    return " ".join(kept.split())


def clean_pgn(text: str) -> str:
    """The same for text of several lines, which keep their ends and spaces.

    >>> clean_pgn("1. e4\\x07 e5\\r\\n2. Nf3")
    '1. e4 e5\\n2. Nf3'
    """
    return "\n".join("".join(filter(is_harmless, line)) for line in text.splitlines())


def is_harmless(character: str) -> bool:
    """False for control characters, lone surrogates, line separators and direction marks."""
    return character not in DIRECTION_MARKS and unicodedata.category(character) not in (
        "Cc",
        "Cs",
        "Zl",
        "Zp",
    )


def evaluation(white_cp: int | None, white_mate: int | None) -> str:
    """An evaluation from White's point of view in pawns, or moves to mate.

    >>> evaluation(135, None), evaluation(0, None), evaluation(None, -4), evaluation(None, 0)
    ('+1.35', '0.00', '#-4', 'mate')
    """
    if white_mate is not None:
        return f"#{white_mate}" if white_mate else "mate"
    if white_cp is None:
        return "-"
    return f"{white_cp / 100:+.2f}" if white_cp else "0.00"


def surname(name: str) -> str:
    """The part of a name by which a player is known, where it is written first as PGN wants it.

    >>> surname("Carlsen, Magnus"), surname("Paul Morphy")
    ('Carlsen', 'Paul Morphy')
    """
    return name.partition(",")[0]


def percent(value: float | None) -> str:
    """A percentage with one digit after the point; a dash when it is not known.

    >>> percent(93.08), percent(None)
    ('93.1%', '-')
    """
    return "-" if value is None else f"{value:.1f}%"


def count(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count(1, "blunder"), count(2, "mistake")
    ('1 blunder', '2 mistakes')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def plies(number: int) -> str:
    """A number of half-moves.

    >>> plies(1), plies(33)
    ('1 ply', '33 plies')
    """
    return "1 ply" if number == 1 else f"{number} plies"


def duration(seconds: float) -> str:
    """A duration, rounded to what a waiting person wants to know.

    >>> duration(0.4), duration(59), duration(61), duration(7300)
    ('1 s', '59 s', '1:01 min', '2:01 h')
    """
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02} h"


def milliseconds(number: float | None) -> str:
    """A measured time; a dash when it is not known.

    >>> milliseconds(812.4), milliseconds(1260), milliseconds(61_000), milliseconds(None)
    ('812 ms', '1.3 s', '1:01 min', '-')
    """
    if number is None:
        return "-"
    if number < 1_000:
        return f"{number:.0f} ms"
    return f"{number / 1000:.1f} s" if number < 10_000 else duration(number / 1000)


def move_label(move_number: int, side: str, san: str) -> str:
    """A move with its number.

    >>> move_label(9, "black", "b5"), move_label(10, "white", "Nxb5")
    ('9... b5', '10. Nxb5')
    """
    return f"{move_number}{'...' if side == 'black' else '.'} {san}"
