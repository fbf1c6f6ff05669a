"""Who stands better, in the few words that people use for it."""

from __future__ import annotations

from enum import IntEnum

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain.words import side

__all__ = ["Standing", "position_words", "score_words", "standing_of"]

SLIGHT_CP = 50
CLEAR_CP = 150
WINNING_CP = 300
"""From so many centipawns on an advantage is slight, clear, winning. A pawn up by this measure wins every
second game of strong players (Stockfish's own scale), three pawns nearly every one."""


class Standing(IntEnum):
    """How one side stands, from its own point of view."""

    LOSING = -3
    CLEARLY_WORSE = -2
    SLIGHTLY_WORSE = -1
    EQUAL = 0
    SLIGHTLY_BETTER = 1
    CLEARLY_BETTER = 2
    WINNING = 3

    @property
    def words(self) -> str:
        """What follows `White is`."""
        return "about equal" if self == Standing.EQUAL else self.name.lower().replace("_", " ")

    @property
    def advantage(self) -> str:
        """The size of the better side's advantage as an adjective; empty when there is none."""
        return ("", "slight", "clear", "winning")[abs(self)]


def standing_of(evaluation: Evaluation, color: chess.Color) -> Standing:
    """How a side stands. Not for a board where mate stands already: its score names no side.

    >>> standing_of(Evaluation(white_cp=-170), chess.BLACK).words
    'clearly better'
    """
    sign = 1 if color == chess.WHITE else -1
    if evaluation.white_mate is not None:
        return Standing.WINNING if sign * evaluation.white_mate > 0 else Standing.LOSING
    cp = sign * (evaluation.white_cp or 0)
    size = sum(abs(cp) >= least for least in (SLIGHT_CP, CLEAR_CP, WINNING_CP))
    return Standing(size if cp > 0 else -size)


def position_words(standing: Standing, color: chess.Color) -> str:
    """A standing of `color` as a clause about the side that is better: `Black is clearly better`."""
    if standing == Standing.EQUAL:
        return "the game is about equal"
    better = color if standing > 0 else not color
    return f"{side(better)} is {Standing(abs(standing)).words}"


def score_words(evaluation: Evaluation) -> str:
    """The score from White's point of view: `+1.3`, `0.0`, `mate in 4`."""
    if evaluation.white_mate is not None:
        return f"mate in {abs(evaluation.white_mate)}"
    pawns = (evaluation.white_cp or 0) / 100
    return "0.0" if abs(pawns) < 0.05 else f"{pawns:+.1f}"
