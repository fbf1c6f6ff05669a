"""The moves that decided a game."""

from __future__ import annotations

from collections.abc import Sequence

from knight_vision.domain.judged_moves import JudgedMove

__all__ = ["turning_points"]

MOST = 3


def turning_points(moves: Sequence[JudgedMove]) -> list[JudgedMove]:
    """The at most three moves that lost the most, greatest loss first, of equal ones the earlier first.

    Only moves that were judged and did lower the mover's chances: a mate missed in a won game is no turn.
    """
    lost = [move for move in moves if move.verdict is not None and move.win_percent_lost > 0]
    return sorted(lost, key=lambda move: move.win_percent_lost, reverse=True)[:MOST]
