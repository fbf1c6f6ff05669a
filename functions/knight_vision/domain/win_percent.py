"""Winning chances from centipawns, with Lichess' constant and ceiling (scalachess `eval.scala`)."""

from __future__ import annotations

import math
import re
from typing import TypeAlias

from knight_vision.domain.evaluation import Evaluation

__all__ = [
    "CEILING_CP",
    "FIRST_CP",
    "PlainEvaluation",
    "ceiled_cp",
    "evaluation_of",
    "white_win_percent",
    "win_percent",
    "winning_chances",
]

PlainEvaluation: TypeAlias = int | str | Evaluation
"""White's centipawns; or as `[%eval]` writes it, pawns "0.35" or a mate "#3", "#-3" in so many moves, with
"#0" where mate stands on the board; or an Evaluation."""
PLAIN = re.compile(r"(?P<mate>#[+-]?\d{1,4})|(?P<pawns>[+-]?\d{1,6}(?:\.\d{1,4})?)")

MULTIPLIER = 0.00368208
"""Fitted by Lichess to games of players rated about 2300 (lila pull request 11148)."""
CEILING_CP = 1000
"""Accuracy and centipawn loss see no difference beyond ten pawns; a mate counts as that much."""
FIRST_CP = 15
"""What the start position is taken to be worth to White, whatever an engine says of it."""


def winning_chances(cp: float) -> float:
    """The chances of the side with this many centipawns, from -1 (lost) to 1 (won); not ceiled.

    >>> round(winning_chances(100), 5), winning_chances(0), winning_chances(-10**9)
    (0.18205, 0.0, -1.0)
    """
    # The same as 2 / (1 + exp(-MULTIPLIER * cp)) - 1, but never overflows.
    return math.tanh(MULTIPLIER * cp / 2)


def win_percent(cp: float) -> float:
    """The chances of the side with this many centipawns, from 0 to 100, ceiled at ten pawns.

    >>> [round(win_percent(cp), 3) for cp in (0, 15, 300, 1000, 5000)]
    [50.0, 51.38, 75.113, 97.545, 97.545]
    """
    return 50 + 50 * winning_chances(max(-CEILING_CP, min(CEILING_CP, cp)))


def evaluation_of(plain: PlainEvaluation) -> Evaluation:
    """The evaluation that is meant; raises ValueError for what is none.

    >>> evaluation_of(35) == evaluation_of("0.35"), evaluation_of("#-3").white_mate
    (True, -3)
    >>> evaluation_of("35").white_cp  # text is pawns, as in PGN
    3500
    """
    if isinstance(plain, Evaluation):
        return plain
    if isinstance(plain, int):
        return Evaluation(white_cp=plain)
    found = PLAIN.fullmatch(plain) if isinstance(plain, str) else None
    if found is None:
        raise ValueError(f"{plain!r} is no evaluation such as 35 (centipawns), '0.35' (pawns) or '#-3'")
    if found["mate"]:
        return Evaluation(white_mate=int(found["mate"][1:]))
    return Evaluation(white_cp=round(float(found["pawns"]) * 100))


def ceiled_cp(plain: PlainEvaluation) -> int:
    """White's centipawns within the ceiling; a mate is worth the whole ceiling.

    >>> [ceiled_cp(plain) for plain in (35, "0.35", 4200, "#-3")]
    [35, 35, 1000, -1000]

    A mate that stands on the board already has no sign of its own and counts as Black's, as upstream:
    leave such positions out before asking.
    """
    if isinstance(plain, int):
        return max(-CEILING_CP, min(CEILING_CP, plain))
    evaluation = evaluation_of(plain)
    if evaluation.white_cp is not None:
        return max(-CEILING_CP, min(CEILING_CP, evaluation.white_cp))
    return CEILING_CP if (evaluation.white_mate or 0) > 0 else -CEILING_CP


def white_win_percent(evaluation: Evaluation, *, white_to_move: bool) -> float:
    """White's chances in an evaluated position, 0 to 100; exactly 0 or 100 where mate stands on the board."""
    if evaluation.white_mate == 0:
        return 0.0 if white_to_move else 100.0
    return win_percent(ceiled_cp(evaluation))
