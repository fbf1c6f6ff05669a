"""Which positions a verdict hangs on: where a deeper search could change what a move is called.

A search far below the limit tells most moves apart for good: the best ones, and those that lose next to
nothing or a lot. See docs/decisions/0027-spend-nodes-where-verdicts-hang.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.forced import is_forced
from knight_vision.domain.game import Game
from knight_vision.domain.judgement import CHANCES_LOST
from knight_vision.domain.win_percent import white_win_percent

__all__ = ["hanging_positions"]

MARGIN = 1.5
"""Win percent within which of a judgement's threshold a first look leaves it open."""
THRESHOLDS = tuple(50 * chances for chances, _judgement in CHANCES_LOST)
"""The least loss for each judgement in win percent."""


def hanging_positions(game: Game, evaluations: Mapping[int, Evaluation]) -> set[int]:
    """The positions, of those evaluated, on both sides of a move whose verdict a deeper search could change.

    A move's verdict is open when what it lost is near the threshold of a judgement. The engine's own choice
    and an only move are never judged; but where the engine's choice seems to lose something the two
    searches disagree, and both look again.
    """
    found: set[int] = set()
    for position, before in evaluations.items():
        after = evaluations.get(position + 1)
        if after is not None and is_open(game, position, before, after):
            found |= {position, position + 1}
    return found


def is_open(game: Game, position: int, before: Evaluation, after: Evaluation) -> bool:
    """Whether the verdict on the move from a position is open."""
    board = game.boards[position]
    lost = white_win_percent(before, white_to_move=board.turn)
    lost -= white_win_percent(after, white_to_move=not board.turn)
    if not board.turn:
        lost = -lost
    if before.best_move == game.moves[position]:
        return lost >= min(THRESHOLDS) - MARGIN
    if all(abs(lost - threshold) > MARGIN for threshold in THRESHOLDS):
        return False
    return not is_forced(board)
