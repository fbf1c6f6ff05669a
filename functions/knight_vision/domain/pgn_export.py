"""The annotated game: what the report says, in a PGN that any chess program reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.judgement import Reason
from knight_vision.domain.pgn_writer import (
    clock_command,
    comment_words,
    eval_command,
    move_words,
    pgn_document,
)

__all__ = ["annotated_pgn"]

ANNOTATOR = "Knight Vision"
NAGS = {"inaccuracy": "$6", "mistake": "$2", "blunder": "$4"}
"""Numeric annotation glyphs for ?!, ? and ??."""
REMARKS = {
    Reason.MATE_CREATED: "Checkmate is now unavoidable.",
    Reason.MATE_LOST: "Lost forced checkmate sequence.",
}


def annotated_pgn(game: Game, summary: Mapping[str, Any], moves: Sequence[Mapping[str, Any]]) -> str:
    """The game with its accuracies and opening as tags, and `[%eval]` and `[%clk]` on every move.

    A judged move has a glyph, a comment and the better line as a variation. `summary` and `moves` are a
    report's, as stored.
    """
    words: list[str] = []
    is_interrupted = True
    for ply, row in enumerate(moves, start=1):
        words += move_words(game, ply, numbered=is_interrupted)
        if row["judgement"]:
            words.append(NAGS[row["judgement"]])
        comment = comment_words(comment_on(row))
        variation = variation_words(game, ply, row["variation"]) if row["judgement"] else []
        words += comment + variation
        is_interrupted = bool(comment or variation)
    return pgn_document(game, headers_of(game, summary), words)


def headers_of(game: Game, summary: Mapping[str, Any]) -> dict[str, str]:
    """The game's tags and what the report adds to them; an opening that the game names stays."""
    headers = {**game.headers, "Annotator": ANNOTATOR}
    for side in ("white", "black"):
        if summary[side]["accuracy"] is not None:
            headers[f"{side.title()}Accuracy"] = str(summary[side]["accuracy"])
    if summary["opening"]:
        for tag, key in (("ECO", "eco"), ("Opening", "name")):
            if headers.get(tag, "?") in ("", "?"):
                headers[tag] = summary["opening"][key]
    return headers


def comment_on(row: Mapping[str, Any]) -> list[str]:
    """The words of the comment on one move."""
    words = []
    if row["white_mate"] != 0:  # a mate on the board speaks for itself
        words.append(eval_command(Evaluation(row["white_cp"], row["white_mate"])))
    if row["clock_s"] is not None:
        words.append(clock_command(row["clock_s"]))
    if row["judgement"]:
        words.append(f"{row['judgement'].title()}.")
        words += REMARKS.get(row["judgement_reason"], "").split()
        if row["best_san"]:
            words += [row["best_san"], "was", "best."]
    return words


def variation_words(game: Game, ply: int, sans: Sequence[str]) -> list[str]:
    """A variation in place of the move at `ply`."""
    words: list[str] = []
    for index, san in enumerate(sans):
        number, is_white = game.move_number(ply + index)
        if is_white or index == 0:
            words.append(f"{number}." if is_white else f"{number}...")
        words.append(san)
    return ["(", *words, ")"] if words else []
