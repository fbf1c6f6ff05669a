"""What the commands in PGN comments say about the moves: evaluations, clock times, times spent.

Scores are White's in every program that writes such commands, but not in one unit. Lichess and python-chess
write pawns, always with a point: `[%eval 0.17]`, with a depth `[%eval 2.35,18]`. ChessBase writes centipawns,
always with a depth: `[%eval -35,20]`; and before the first move the profile of the whole game,
`[%evp 0,47,19,31,…]`: first and last position, then one score for each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import MoveText

__all__ = ["move_texts"]

COMMAND = re.compile(r"\[%([a-z]+)\s([^\[\]]*)\]")
"""Programs wrap long lines within commands too, so there may be white space anywhere in the value."""
MATE = re.compile(r"#([+-]?[0-9]{1,3})(?:,([0-9]{1,3}))?")
PAWNS = re.compile(r"([+-]?[0-9]{0,4}\.[0-9]{1,2})(?:,([0-9]{1,3}))?")
CENTIPAWNS = re.compile(r"([+-]?[0-9]{1,5}),([1-9][0-9]{0,2})")
"""Not `20,0`, which is a move from the book; not `0,05`, which is pawns with a decimal comma."""
PROFILE = re.compile(r"[0-9]{1,4},[0-9]{1,4}(?:,[+-]?[0-9]{1,5})+")
HOURS = re.compile(r"([0-9]{1,3}):([0-5]?[0-9]):([0-5]?[0-9](?:\.[0-9]{1,3})?)")
TENTHS = re.compile(r"[0-9]{1,7}")

MATE_CP = 30_000
"""What ChessBase calls mate on the board; a mate in so many half-moves is that much less."""
LEAST_MATE_CP = 29_000


@dataclass(slots=True)
class Said:
    """What was said of one move; the first that makes sense counts, since later ones are copies."""

    pawns: Evaluation | None = None
    """A score in pawns, or a mate."""
    centipawns: Evaluation | None = None
    clock_s: float | None = None
    elapsed_s: float | None = None


def move_texts(
    comments: Sequence[Sequence[str]], better: Mapping[int, tuple[str, ...]]
) -> tuple[MoveText, ...]:
    """What the comments say of each move: those before the first move come first, then those after each.

    `better` are lines in place of the move at a ply. Empty when there is nothing of all that.
    A number without a point is centipawns only with a depth, and only in a game where no number has a point:
    better no evaluation than one a hundred times off.
    """
    said = [all_said(of_move) for of_move in comments[1:]]
    is_in_pawns = any(one.pawns is not None and one.pawns.white_cp is not None for one in said)
    evaluations = [one.pawns or (None if is_in_pawns else one.centipawns) for one in said]
    if None in evaluations:
        # One search of the whole game is better than a mixture with what somebody looked at now and then.
        profile = read_profile(comments[0], len(said))
        evaluations = [profile.get(ply, own) for ply, own in enumerate(evaluations, start=1)]
    texts = tuple(
        MoveText(evaluation, one.clock_s, one.elapsed_s, better.get(ply, ()))
        for ply, (evaluation, one) in enumerate(zip(evaluations, said, strict=True), start=1)
    )
    return texts if any(text != MoveText() for text in texts) else ()


def all_said(comments: Sequence[str]) -> Said:
    """The commands after one move."""
    said = Said()
    for name, value in commands_in(comments):
        if name == "eval":
            if match := MATE.fullmatch(value):
                if int(match[1]):  # a mate on the board is seen on the board
                    said.pawns = said.pawns or Evaluation(white_mate=int(match[1]), depth=depth_of(match[2]))
            elif match := PAWNS.fullmatch(value):
                score = Evaluation(white_cp=round(float(match[1]) * 100), depth=depth_of(match[2]))
                said.pawns = said.pawns or score
            elif match := CENTIPAWNS.fullmatch(value):
                said.centipawns = said.centipawns or from_chessbase(int(match[1]), int(match[2]))
        elif name == "clk" and said.clock_s is None:
            said.clock_s = read_seconds(value)
        elif name == "emt" and said.elapsed_s is None:
            said.elapsed_s = read_seconds(value)
        elif name == "timestamp" and said.elapsed_s is None and TENTHS.fullmatch(value):
            said.elapsed_s = int(value) / 10  # chess.com: tenths of a second spent on the move
    return said


def commands_in(comments: Sequence[str]) -> list[tuple[str, str]]:
    """Names and values, without white space."""
    return [
        (name, "".join(value.split())) for comment in comments for name, value in COMMAND.findall(comment)
    ]


def depth_of(digits: str | None) -> int | None:
    """The depth after the comma."""
    return int(digits) if digits else None


def from_chessbase(score: int, depth: int | None = None) -> Evaluation | None:
    """ChessBase's number: centipawns, or near 30,000 a mate; None for what is neither.

    >>> from_chessbase(-35, 20).white_cp, from_chessbase(29_995).white_mate
    (-35, 3)
    """
    half_moves = MATE_CP - abs(score)
    if half_moves <= 0:  # mate on the board, or no evaluation
        return None
    if abs(score) < LEAST_MATE_CP:
        return Evaluation(white_cp=score, depth=depth)
    moves = (half_moves + 1) // 2
    return Evaluation(white_mate=moves if score > 0 else -moves, depth=depth)


def read_profile(comments: Sequence[str], ply_count: int) -> dict[int, Evaluation]:
    """ChessBase's profile by position; empty unless it fits a game of this length."""
    for name, value in commands_in(comments):
        if name == "evp" and PROFILE.fullmatch(value):
            first, last, *scores = map(int, value.split(","))
            if last <= ply_count and len(scores) == last - first + 1:
                found = zip(range(first, last + 1), map(from_chessbase, scores), strict=True)
                return {ply: evaluation for ply, evaluation in found if evaluation}
    return {}


def read_seconds(value: str) -> float | None:
    """Seconds from `h:mm:ss`, with or without a fraction; None for anything else.

    >>> read_seconds("1:30:43"), read_seconds("0:02:59.9"), read_seconds("soon")
    (5443.0, 179.9, None)
    """
    match = HOURS.fullmatch(value)
    return round(int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]), 3) if match else None
