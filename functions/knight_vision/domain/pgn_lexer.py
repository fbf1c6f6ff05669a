"""Cuts PGN text into games: their tags, and the words, comments and variations of their main lines.

`chess.pgn` is not used for reading because it drops what it does not understand (a misspelt `Qh9` vanishes
and the game is another one), takes minutes for a megabyte of `{}`, and dies of a NAG with 5,000 digits.
Here every step is linear in the text, and nothing of a main line is lost. The rules stay python-chess'.
The possessive `*+` keeps no way back, which would be 200 bytes for each character of a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["RESULTS", "GameText", "split_games"]

RESULTS = {"1-0": "1-0", "0-1": "0-1", "1/2-1/2": "1/2-1/2", "½-½": "1/2-1/2", "1/2": "1/2-1/2", "*": "*"}
"""How results are written, and what each means."""

NAME = r"[A-Za-z0-9][A-Za-z0-9_+#=:-]*"
TOKEN = re.compile(
    rf"""
      (?P<space> \s+)
    | (?P<escape> ^%[^\n]*)
    | (?P<comment> \{{[^}}]*\}}?)
    | (?P<line_comment> ;[^\n]*)
    | (?P<tag> \[[^\S\n]*(?P<name>{NAME})[^\S\n]+"(?P<value>[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+)"[^\S\n]*\])
    | (?P<bracket> \[[^\n]*)
    | (?P<open> \()
    | (?P<close> \))
    | (?P<nag> \$[0-9]*)
    | (?P<word> [^\s{{}}();\[\]$]+)
    | (?P<stray> .)
    """,
    re.VERBOSE | re.MULTILINE,
)
CARELESS_TAG = re.compile(rf"\[\s*(?P<name>{NAME})\s+\"(?P<value>.*)\"\s*\]\s*")
"""A tag whose value has quotes that are not escaped."""
MISSPELT_TAG = re.compile(r"\[\s*[A-Za-z]")
FIRST_NUMBER = re.compile(r"1\.(?!\.)")
DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")


@dataclass(slots=True)
class GameText:
    """One game, not yet understood."""

    tags: dict[str, str] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)
    """Words of the main line, its comments (which begin with `{`) and the words of its variations, without
    theirs and without comments (one item each, which begins with `(`), in order."""
    has_words: bool = False
    has_result: bool = False
    """True when a result stands in the move text."""
    is_unclosed: bool = False
    """True when a comment or a variation never ends."""
    characters: int = 0
    """Length of its text, with all that is left out."""

    @property
    def is_empty(self) -> bool:
        """True when there is neither a tag nor a word."""
        return not self.tags and not self.has_words


def split_games(text: str) -> Iterator[GameText]:
    """The games of a text, in order; lazily, so that a caller may stop.

    A game ends where the next one's tags begin. Without tags it ends at a blank line after its result, or
    before a first move number. NAGs, `;` comments and `%` lines are left out.
    """
    game = GameText()
    depth = 0
    variation: list[str] = []
    after_blank_line = False
    for match in TOKEN.finditer(clean_lines(text)):
        kind, token = match.lastgroup, match.group()
        if kind == "bracket":
            match = CARELESS_TAG.fullmatch(token) or match
            if match.re is CARELESS_TAG:
                kind = "tag"
            elif MISSPELT_TAG.match(token) and not game.has_words:
                continue  # a broken tag costs itself, not the game
        if kind == "tag":
            if game.has_words:
                game.is_unclosed |= depth > 0
                yield game
                game, depth, variation = GameText(), 0, []
            game.tags[match["name"]] = re.sub(r'\\(["\\])', r"\1", match["value"])
        elif kind == "space":
            after_blank_line |= token.count("\n") > 1
        elif kind == "open":
            depth += 1
        elif kind == "close":
            if depth == 1:
                game.items.append(f"({' '.join(variation)}")
                variation = []
            depth = max(0, depth - 1)
        elif kind == "comment":
            game.is_unclosed |= not token.endswith("}")
            if depth == 0:
                game.items.append(token)
        elif kind == "word" and depth == 1:
            variation.append(token.translate(DASHES))
        elif kind in ("word", "bracket") and depth == 0:
            word = token.translate(DASHES)
            if after_blank_line and game.has_words and (game.has_result or FIRST_NUMBER.match(word)):
                yield game
                game = GameText()
            game.items.append(word)
            game.has_words = True
            game.has_result |= word in RESULTS
            after_blank_line = False
        game.characters += len(token)
    game.is_unclosed |= depth > 0
    if not game.is_empty or game.is_unclosed:
        yield game


def clean_lines(text: str) -> str:
    """The text with plain line ends and without byte order marks."""
    return text.replace("\ufeff", "").replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
