"""Explanations in words, of moves and of the whole game; every statement is checked against its line."""

from __future__ import annotations

from collections.abc import Sequence

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.faults import explain_fault
from knight_vision.domain.explain.praise import explain_praise
from knight_vision.domain.explain.statement import Explanation, Theme
from knight_vision.domain.explain.summary import game_summary
from knight_vision.domain.game import Game
from knight_vision.domain.reviewed_moves import FAULTS, PRAISED, ReviewedMove

__all__ = ["Explanation", "Theme", "explain", "explain_all", "explanation", "game_summary"]


def explanation(game: Game, move: ReviewedMove, previous: ReviewedMove | None) -> str | None:
    """One or two sentences on a bad, a great or a brilliant move of the game; None for any other.

    `previous` is the move before it, None for the first. Raises ValueError for an engine's line that is not
    legal.
    """
    found = explain(game, move, previous)
    return found.text if found else None


def explain(game: Game, move: ReviewedMove, previous: ReviewedMove | None) -> Explanation | None:
    """The explanation with its theme."""
    if move.move_class in FAULTS:
        return explain_fault(Evidence(game, move, previous))
    if move.move_class in PRAISED:
        return explain_praise(Evidence(game, move, previous))
    return None


def explain_all(game: Game, moves: Sequence[ReviewedMove]) -> list[Explanation | None]:
    """The explanations of consecutive moves, one for each."""
    previous: list[ReviewedMove | None] = [None, *moves]
    return [explain(game, move, before) for move, before in zip(moves, previous, strict=False)]
