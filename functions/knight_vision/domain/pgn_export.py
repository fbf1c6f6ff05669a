"""The annotated game: what the report says, in a PGN that any chess program reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game, MoveText
from knight_vision.domain.judgement import Reason
from knight_vision.domain.pgn_writer import (
    comment_words,
    eval_command,
    move_words,
    pgn_document,
    time_commands,
    variation_words,
)

__all__ = ["annotated_pgn"]

ANNOTATOR = "Knight Vision"
JUDGEMENT_NAGS = {"inaccuracy": "$6", "mistake": "$2", "blunder": "$4"}
"""Numeric annotation glyphs for ?!, ? and ??."""
CLASS_NAGS = {**JUDGEMENT_NAGS, "brilliant": "$3", "great": "$1", "forced": "$7"}
"""For !!, ! and □ besides. A miss has its judgement's; the other classes are nothing to point at."""
REMARKS = {
    Reason.MATE_CREATED: "Checkmate is now unavoidable.",
    Reason.MATE_LOST: "Lost forced checkmate sequence.",
}
MOST_VARIATION_PLIES = 20
"""As many as Lichess puts into its PGN."""
NO_BRACES = str.maketrans("{}", "()")
"""A comment ends at the first closing brace."""


def annotated_pgn(game: Game, summary: Mapping[str, Any], moves: Sequence[Mapping[str, Any]]) -> str:
    """The game with its accuracies and opening as tags; evaluation and times of every move as commands.

    What is to be said of a move follows as a glyph, in words and with the better line as a variation.
    `summary` and `moves` are a report's, as stored; a row's `class` and `explanation` may be missing.
    """
    words: list[str] = []
    is_interrupted = True
    for ply, row in enumerate(moves, start=1):
        words += move_words(game, ply, numbered=is_interrupted)
        words += nags(row)
        comment = comment_words(commands(game.text_of(ply), row) + remark(row))
        better = row["variation"][:MOST_VARIATION_PLIES] if remark(row) else []
        variation = variation_words(game, ply, better)
        words += comment + variation
        is_interrupted = bool(comment or variation)
    return pgn_document(game, headers_of(game, summary), words)


def headers_of(game: Game, summary: Mapping[str, Any]) -> dict[str, str]:
    """The game's tags and what the report adds to them; an opening that the game names stays.

    In the form that all readers take: some refuse a game for an escaped quote, or know one name of Chess960.
    """
    headers = {name: value.replace('"', "'") for name, value in game.headers.items()}
    headers["Annotator"] = ANNOTATOR
    if game.is_chess960:
        headers["Variant"] = "Chess960"
    for side in ("white", "black"):
        if summary[side]["accuracy"] is not None:
            headers[f"{side.title()}Accuracy"] = str(summary[side]["accuracy"])
    if summary["opening"]:
        for tag, key in (("ECO", "eco"), ("Opening", "name")):
            if headers.get(tag, "?") in ("", "?"):
                headers[tag] = summary["opening"][key]
    return headers


def nags(row: Mapping[str, Any]) -> list[str]:
    """The glyph of a move's class; of its judgement for a miss, and where no class is known."""
    by_judgement = row.get("class") in (None, "miss")
    nag = JUDGEMENT_NAGS.get(row["judgement"]) if by_judgement else CLASS_NAGS.get(row["class"])
    return [nag] if nag else []


def commands(text: MoveText, row: Mapping[str, Any]) -> list[str]:
    """The commands on one move: the report's evaluation, and the times that the game came with."""
    is_mate = row["white_mate"] == 0  # a mate on the board speaks for itself
    return (
        [] if is_mate else [eval_command(Evaluation(row["white_cp"], row["white_mate"]))]
    ) + time_commands(text)


def remark(row: Mapping[str, Any]) -> list[str]:
    """The words on one move: its explanation, or else what its judgement rests on."""
    if row.get("explanation"):
        return comment_safe(row["explanation"])
    if not row["judgement"] or not nags(row):  # a move from the book is not found fault with
        return []
    best = [row["best_san"], "was", "best."] if row["best_san"] else []
    return [f"{row['judgement'].title()}.", *REMARKS.get(row["judgement_reason"], "").split(), *best]


def comment_safe(text: str) -> list[str]:
    """The words of a text, without what would end a comment, be a command, or hide a line.

    >>> comment_safe("It {really} lost\\n\\n5 % [%eval 3.0]")
    ['It', '(really)', 'lost', '5%', '[eval', '3.0]']
    """
    plain = " ".join(text.translate(NO_BRACES).split())
    # A line that begins with % is not read by anybody; [% begins a command.
    return plain.replace("[%", "[").replace(" %", "%").lstrip("%").split()
