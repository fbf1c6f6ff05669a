"""Accuracy and average centipawn loss, number for number as Lichess computes them (lila `AccuracyPercent`,
`AccuracyCP`).

All functions take White's centipawns of consecutive positions, already ceiled (see `win_percent.ceiled_cp`),
the one before the first move included; Lichess takes 15 for it. None stands for a position that was not
evaluated: no aggregate is ever computed over such a hole. Positions where mate stands on the board must be
left out, so that the mating move enters nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from knight_vision.domain.win_percent import win_percent

__all__ = ["Accuracies", "CentipawnLosses", "average_centipawn_loss", "game_accuracy", "move_accuracy"]


class Accuracies(NamedTuple):
    """Accuracy of both players, each 0 to 100."""

    white: float
    black: float


class CentipawnLosses(NamedTuple):
    """Average centipawn loss of both players; None for one who made no move."""

    white: int | None
    black: int | None


def move_accuracy(before: float, after: float) -> float:
    """Accuracy of one move, 0 to 100, from the mover's Win% before and after it.

    >>> [round(move_accuracy(50, 50 - drop), 3) for drop in (-3, 0, 1, 10, 20, 40)]
    [100.0, 100.0, 96.604, 64.58, 41.017, 15.909]
    """
    if after >= before:
        return 100.0
    # The last 1 is upstream's bonus for the uncertainty of an imperfect analysis.
    raw = 103.1668100711649 * math.exp(-0.04354415386953751 * (before - after)) - 3.166924740191411 + 1
    return max(0.0, min(100.0, raw))


def game_accuracy(white_cps: Sequence[int | None], *, white_starts: bool) -> Accuracies | None:
    """Accuracy of both players over a game; None unless both have moved and every position is evaluated.

    >>> [round(accuracy, 3) for accuracy in game_accuracy([15, 15, 900], white_starts=True)]
    [100.0, 12.303]
    """
    cps = [cp for cp in white_cps if cp is not None]
    if len(cps) < len(white_cps) or len(cps) < 3:
        return None
    percents = [win_percent(cp) for cp in cps]
    weights = volatility_weights(percents)
    moves: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for index, weight in enumerate(weights):
        before, after = percents[index], percents[index + 1]
        is_white = (index % 2 == 0) == white_starts
        accuracy = move_accuracy(before, after) if is_white else move_accuracy(100 - before, 100 - after)
        moves[is_white].append((accuracy, weight))
    return Accuracies(white=player_accuracy(moves[True]), black=player_accuracy(moves[False]))


def volatility_weights(percents: Sequence[float]) -> list[float]:
    """One weight for each move, 0.5 to 12: how much the chances swung around it."""
    move_count = len(percents) - 1
    size = max(2, min(8, move_count // 10))
    first = percents[:size]
    windows = [first] * (min(size, len(percents)) - 2)
    windows += [percents[start : start + size] for start in range(len(percents) - size + 1)]
    return [max(0.5, min(12.0, deviation(window))) for window in windows]


def deviation(values: Sequence[float]) -> float:
    """The standard deviation of a whole population; `statistics.pstdev` is exact, and far slower."""
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def player_accuracy(moves: Sequence[tuple[float, float]]) -> float:
    """The mean of the weighted and the harmonic mean of (accuracy, weight)."""
    weighted = sum(accuracy * weight for accuracy, weight in moves) / sum(weight for _, weight in moves)
    # Floored at 1, as upstream, so that one lost move does not make the whole game worth nothing.
    harmonic = len(moves) / sum(1 / max(1.0, accuracy) for accuracy, _ in moves)
    return (weighted + harmonic) / 2


def average_centipawn_loss(white_cps: Sequence[int | None], *, white_starts: bool) -> CentipawnLosses | None:
    """Mean centipawn loss of both players, rounded half up; None over a hole.

    >>> average_centipawn_loss([15, 5, 25, -75], white_starts=True)
    CentipawnLosses(white=55, black=20)
    """
    cps = [cp for cp in white_cps if cp is not None]
    if len(cps) < len(white_cps):
        return None
    losses: dict[bool, list[int]] = {True: [], False: []}
    for index in range(len(cps) - 1):
        is_white = (index % 2 == 0) == white_starts
        gain = cps[index + 1] - cps[index]
        losses[is_white].append(max(0, -gain if is_white else gain))
    return CentipawnLosses(white=rounded_mean(losses[True]), black=rounded_mean(losses[False]))


def rounded_mean(values: Sequence[int]) -> int | None:
    """The mean, halves rounded up as the JVM does; None of nothing."""
    return math.floor(sum(values) / len(values) + 0.5) if values else None
