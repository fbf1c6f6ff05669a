"""Accuracy and average centipawn loss, number for number as Lichess computes them (lila `AccuracyPercent`,
`AccuracyCP`).

The functions over games take White's evaluations of consecutive positions (`win_percent.PlainEvaluation`),
the one before the first move included; Lichess takes 15 centipawns (`win_percent.FIRST_CP`) for it, whatever
an engine says. None stands for a position that was not evaluated: no number is computed over such a hole. A
position where mate stands on the board is left out, so that the mating move enters nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import chess

from knight_vision.domain.division import Division, GamePhase
from knight_vision.domain.win_percent import PlainEvaluation, ceiled_cp, evaluation_of, win_percent

__all__ = [
    "Accuracies",
    "CentipawnLosses",
    "PhaseAccuracies",
    "average_centipawn_loss",
    "game_accuracy",
    "move_accuracy",
    "phase_accuracy",
]


class Accuracies(NamedTuple):
    """Accuracy of both players, each 0 to 100."""

    white: float
    black: float


class PhaseAccuracies(NamedTuple):
    """Accuracy of both players in a part of the game, each 0 to 100; None for one who made no move in it."""

    white: float | None
    black: float | None


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


def game_accuracy(
    white_evaluations: Sequence[PlainEvaluation | None], *, white_starts: bool
) -> Accuracies | None:
    """Accuracy of both players over a game; None unless both have moved and every position is evaluated.

    >>> [round(accuracy, 3) for accuracy in game_accuracy([15, 15, 900], white_starts=True)]
    [100.0, 12.303]
    """
    cps = ceiled_cps(white_evaluations)
    white, black = accuracies(cps, white_starts=white_starts) if cps else (None, None)
    return None if white is None or black is None else Accuracies(white, black)


def phase_accuracy(
    white_evaluations: Sequence[PlainEvaluation | None], division: Division, *, white_starts: bool
) -> dict[GamePhase, PhaseAccuracies]:
    """Accuracy of both players in opening, middlegame and endgame, each part reckoned like a whole game.

    A move belongs to the part of the position it leads to. A part begins with the last evaluation of the part
    before it, not with 15 centipawns (lila pull requests 20842 and 21457): else the first move of a part
    would answer for all that had happened before.

    >>> parts = phase_accuracy([15, 15, 15, 600, 600, 600], Division(4, None), white_starts=True)
    >>> {part.value: [accuracy and round(accuracy) for accuracy in parts[part]] for part in parts}
    {'opening': [100, 100], 'middlegame': [100, 100], 'endgame': [None, None]}
    """
    bounds = {phase: [1, 0] for phase in GamePhase}
    for ply in range(1, len(white_evaluations)):
        span = bounds[division.phase_of(ply)]
        span[:] = [span[0] if span[1] else ply, ply]
    parts = {}
    for phase, (first, last) in bounds.items():
        cps = ceiled_cps(white_evaluations[first - 1 : last + 1]) if last else None
        starts = (first % 2 == 1) == white_starts
        parts[phase] = accuracies(cps, white_starts=starts) if cps else PhaseAccuracies(None, None)
    return parts


def accuracies(cps: Sequence[int], *, white_starts: bool) -> PhaseAccuracies:
    """Accuracy of each player over the moves between the given ceiled centipawns of White's."""
    if len(cps) < 2:
        return PhaseAccuracies(None, None)
    percents = [win_percent(cp) for cp in cps]
    moves: dict[chess.Color, list[tuple[float, float]]] = {chess.WHITE: [], chess.BLACK: []}
    for index, weight in enumerate(volatility_weights(percents)):
        before, after = percents[index], percents[index + 1]
        mover = (index % 2 == 0) == white_starts
        accuracy = move_accuracy(before, after) if mover else move_accuracy(100 - before, 100 - after)
        moves[mover].append((accuracy, weight))
    return PhaseAccuracies(
        white=player_accuracy(moves[chess.WHITE]), black=player_accuracy(moves[chess.BLACK])
    )


def ceiled_cps(white_evaluations: Sequence[PlainEvaluation | None]) -> list[int] | None:
    """White's ceiled centipawns without positions where mate stands on the board; None over a hole."""
    cps = []
    for plain in white_evaluations:
        if plain is None:
            return None
        if isinstance(plain, int) or evaluation_of(plain).white_mate != 0:
            cps.append(ceiled_cp(plain))
    return cps


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
    return math.dist(values, [mean] * len(values)) / math.sqrt(len(values))


def player_accuracy(moves: Sequence[tuple[float, float]]) -> float | None:
    """The mean of the weighted and the harmonic mean of (accuracy, weight); None of nothing."""
    if not moves:
        return None
    weighted = sum(accuracy * weight for accuracy, weight in moves) / sum(weight for _, weight in moves)
    # Floored at 1, as upstream, so that one lost move does not make the whole game worth nothing.
    harmonic = len(moves) / sum(1 / max(1.0, accuracy) for accuracy, _ in moves)
    # Means of hundreds can come out as 100.00000000000001.
    return min(100.0, (weighted + harmonic) / 2)


def average_centipawn_loss(
    white_evaluations: Sequence[PlainEvaluation | None], *, white_starts: bool
) -> CentipawnLosses | None:
    """Mean centipawn loss of both players, rounded half up; None over a hole.

    >>> average_centipawn_loss([15, 5, 25, -75], white_starts=True)
    CentipawnLosses(white=55, black=20)
    """
    cps = ceiled_cps(white_evaluations)
    if cps is None:
        return None
    losses: dict[chess.Color, list[int]] = {chess.WHITE: [], chess.BLACK: []}
    for index, (before, after) in enumerate(pairwise(cps)):
        mover = (index % 2 == 0) == white_starts
        losses[mover].append(max(0, before - after if mover else after - before))
    return CentipawnLosses(white=rounded_mean(losses[chess.WHITE]), black=rounded_mean(losses[chess.BLACK]))


def rounded_mean(values: Sequence[int]) -> int | None:
    """The mean, halves rounded up as the JVM does; None of nothing."""
    return math.floor(sum(values) / len(values) + 0.5) if values else None
