"""PGN that is small to send and large to read, each as long as a request may be."""

from __future__ import annotations

__all__ = ["BOMBS", "MOST_BYTES"]

MOST_BYTES = 4_194_304
"""MAX_BODY_BYTES: what a caller may send at once."""
SHUFFLE = "Nf3 Nf6 Ng1 Ng8 "


def filled(text: str, before: str = "", after: str = "") -> str:
    """As much of a text as a request may hold."""
    room = MOST_BYTES - len(before.encode()) - len(after.encode())
    return before + text * (room // len(text.encode())) + after


BOMBS: dict[str, tuple[str, str]] = {
    "variations within variations": (filled("(", "1. e4 ", " e5 *"), "invalid_game"),
    "variations within variations, closed": (
        "1. e4 " + "(" * (MOST_BYTES // 2 - 20) + ")" * (MOST_BYTES // 2 - 20) + " e5 *",
        "invalid_game",
    ),
    "variations with moves within each other": (filled("(1. e4 e5 ", "1. e4 "), "invalid_game"),
    "many variations": (filled("(1. d4) ", "1. e4 ", " e5 *"), "invalid_game"),
    "comments within comments": (filled("{", "1. e4 ", "} e5 *"), "invalid_game"),
    "comments that never end": (filled("{ ", "1. e4 "), "invalid_game"),
    "many comments": (filled("{}", "1. e4 ", " e5 *"), "invalid_game"),
    "commands within a comment": (filled("[%eval ", "1. e4 {", "} e5 *"), "invalid_game"),
    "glyphs": (filled("$1 ", "1. e4 ", " e5 *"), "invalid_game"),
    "one glyph of many digits": (filled("9", "1. e4 $", " e5 *"), "invalid_game"),
    "a million plies": (filled(SHUFFLE), "invalid_game"),
    "one word": (filled("a"), "invalid_game"),
    "one number": (filled("1"), "invalid_game"),
    "marks after a move": (filled("!", "1. e4", " e5 *"), "invalid_game"),
    "one tag": (filled("x", '[White "', '"]\n\n1. e4 e5 *'), "invalid_game"),
    "one tag that never ends": (filled("\\", '[White "'), "invalid_game"),
    "tags": (filled('[A "b"]\n', after="\n1. e4 e5 *"), "invalid_game"),
    "tags with different names": (
        "\n".join(f'[A{number} "b"]' for number in range(250_000)) + "\n\n1. e4 e5 *",
        "invalid_game",
    ),
    "brackets": (filled("["), "invalid_game"),
    "tiny games": (filled("1. e4 *\n\n"), "too_large"),
    "tiny games that are none": (filled('[A "b"]\n\n*\n\n'), "too_large"),
    "white space": (filled(" \n", after="1"), "invalid_game"),
}
"""Text, and the code of the problem that it is refused with."""
