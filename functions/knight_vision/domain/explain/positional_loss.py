"""Statements about what a move does to the position, where no tactics explain its loss."""

from __future__ import annotations

from collections.abc import Callable

import chess

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.words import listed, side
from knight_vision.domain.positional import Change, ChangeKind, changes, metrics

__all__ = ["positional_loss"]

LAST = 5
"""Positions are compared after at most so many moves of a line."""
GREATEST_WIN_PERCENT = 20.0
"""A greater loss is never put down to the position alone."""


def positional_loss(evidence: Evidence) -> Statement | None:
    """What follows the move that gives up something lasting which the engine's line keeps."""
    better = evidence.better
    if better is None or evidence.judged.win_percent_lost > GREATEST_WIN_PERCENT:
        return None
    played = evidence.played
    here = metrics(evidence.judged.board)
    index, other = quiet_index(played.quiet), quiet_index(better.quiet)
    if index is None or other is None:
        return None
    there, instead = metrics(played.line.boards[index]), metrics(better.line.boards[other])
    for color in (evidence.color, not evidence.color):
        is_gain = color != evidence.color
        avoided = {change.kind for change in changes(here, instead, color) if change.is_gain == is_gain}
        for change in changes(here, there, color):
            words = WORDS.get((change.kind, is_gain))
            if words is None or change.is_gain != is_gain or change.kind in avoided:
                continue
            text = words(change)
            if text:
                return Statement(with_moves(evidence, text, index), Theme.POSITION)
    return None


def quiet_index(quiet: list[int]) -> int | None:
    """The last quiet board near enough."""
    return max((index for index in quiet if 1 <= index <= LAST), default=None)


def with_moves(evidence: Evidence, text: str, index: int) -> str:
    """The statement with the moves after which it holds."""
    return f"{text}: after {evidence.played.cite(1, index - 1)} …" if index > 1 else text


def own(change: Change) -> str:
    """`White's`."""
    return f"{side(change.side)}'s"


def squares(change: Change) -> str:
    """`d4 and f4`."""
    return listed([chess.square_name(square) for square in change.squares])


WORDS: dict[tuple[ChangeKind, bool], Callable[[Change], str]] = {
    (ChangeKind.KING_EXPOSURE, False): lambda change: f"exposes {own(change)} king",
    (ChangeKind.CASTLING, False): lambda change: f"leaves {own(change)} king in the centre without castling",
    (ChangeKind.BISHOP_PAIR, False): lambda change: "gives up the bishop pair",
    (ChangeKind.KING_SHIELD, False): lambda change: (
        f"takes away the pawn cover on {squares(change)} from {own(change)} king"
    ),
}
"""What is said of a side's loss (False), or of the opponent's gain (True)."""
