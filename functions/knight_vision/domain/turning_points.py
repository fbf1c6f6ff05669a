"""The moves that decided a game."""

from __future__ import annotations

from collections.abc import Sequence

from knight_vision.domain.judged_moves import JudgedMove, is_taken_back

__all__ = ["turning_points"]

MOST = 3


def turning_points(moves: Sequence[JudgedMove]) -> list[JudgedMove]:
    """The at most three moves that lost the most, greatest loss first, of equal ones the earlier first.

    `moves` are consecutive. Only moves that were judged and did lower the mover's chances count: a mate
    missed in a won game is no turn, nor is a loss that the next search denies.
    """
    followed: list[JudgedMove | None] = [*moves[1:], None]
    lost = [
        move
        for move, following in zip(moves, followed, strict=False)
        if move.verdict is not None and move.win_percent_lost > 0 and not is_taken_back(move, following)
    ]
    return sorted(lost, key=lambda move: move.win_percent_lost, reverse=True)[:MOST]
