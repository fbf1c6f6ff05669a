"""Both sides of a report in numbers, JSON-ready: accuracy, losses, verdicts, classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import chess

from knight_vision.domain.accuracy import average_centipawn_loss, game_accuracy, phase_accuracy
from knight_vision.domain.division import Division
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.judged_moves import JudgedMove
from knight_vision.domain.judgement import Judgement
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.report_rows import side_name
from knight_vision.domain.reviewed_moves import ReviewedMove

__all__ = ["sides_json"]

SIDES = (chess.WHITE, chess.BLACK)


def sides_json(
    judged: Sequence[JudgedMove],
    moves: Sequence[ReviewedMove],
    evaluations: Sequence[Evaluation],
    division: Division,
    *,
    white_starts: bool,
) -> dict[str, dict[str, Any]]:
    """Both sides under `white` and `black`; `judged` and `evaluations` with the start as Lichess takes it.

    Percentages are rounded to one decimal; what cannot be told is None.
    """
    accuracies = game_accuracy(evaluations, white_starts=white_starts)
    losses = average_centipawn_loss(evaluations, white_starts=white_starts)
    parts = phase_accuracy(evaluations, division, white_starts=white_starts)
    sides = {}
    for index, color in enumerate(SIDES):
        verdicts = Counter(
            move.verdict.judgement for move in judged if move.verdict and move.is_white == color
        )
        classes = Counter(move.move_class for move in moves if move.judged.is_white == color)
        sides[side_name(color)] = {
            "accuracy": rounded(accuracies[index] if accuracies else None),
            "accuracy_by_phase": {part.value: rounded(both[index]) for part, both in parts.items()},
            "acpl": losses[index] if losses else None,
            "inaccuracies": verdicts[Judgement.INACCURACY],
            "mistakes": verdicts[Judgement.MISTAKE],
            "blunders": verdicts[Judgement.BLUNDER],
            "classes": {move_class.value: classes[move_class] for move_class in MoveClass},
        }
    return sides


def rounded(percent: float | None) -> float | None:
    """A percentage as it is shown."""
    return None if percent is None else round(percent, 1)
