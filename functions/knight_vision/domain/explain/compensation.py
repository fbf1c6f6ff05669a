"""Whether the evaluations bear out that material is won, or something makes up for it."""

from __future__ import annotations

from dataclasses import dataclass

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.standing import Standing
from knight_vision.domain.sacrifice import REAL_SACRIFICE

__all__ = ["Price", "cp_of", "price_of"]

NEAR = 4
LEAST_CP_FOR_PAWN = (40, 60)
"""What a pawn won must have cost within so many moves of a line, and later, where more else happens."""
DECIDED_CP_FOR_PAWN = (25, 40)
"""The same in games that are decided before and after the move: there material counts for less."""
FULL_CP_FOR_PAWN = 100
"""What leaves no doubt that more than a pawn was lost for nothing."""
LEAST_CP_AHEAD = 40
"""How much better a side must stand for each pawn that it is ahead, if nothing makes up for them."""


@dataclass(frozen=True, slots=True)
class Price:
    """What the loss of material cost, by the engine; None for scores that are mates."""

    cp_lost: int | None
    winner_cp: int | None
    """The score of the side that wins the material, once it has won it."""
    is_decided: bool

    def bears_out(self, pawns: int, index: int, pawns_ahead: int) -> bool:
        """True when so many pawns, won by board `index` of a line, cost as much as that.

        `pawns_ahead`: what the winner then is ahead. It must stand as much better; else the loser has
        compensation.
        """
        if self.cp_lost is not None and self.cp_lost < pawns * self._least_cp(index):
            return False
        if pawns >= REAL_SACRIFICE and self.cp_lost is not None and self.cp_lost >= pawns * FULL_CP_FOR_PAWN:
            return True  # what made up for material before does so no longer
        return self.winner_cp is None or not 0 < LEAST_CP_AHEAD * pawns_ahead > self.winner_cp

    def _least_cp(self, index: int) -> int:
        near, far = DECIDED_CP_FOR_PAWN if self.is_decided else LEAST_CP_FOR_PAWN
        return near if index <= NEAR else far


def price_of(evidence: Evidence, winner: chess.Color) -> Price:
    """The price of what the opponent wins after the move, or of what the mover could have won."""
    judged = evidence.judged
    score = judged.before if winner == evidence.color else judged.after
    before, after = evidence.standing_before, evidence.standing_after
    is_decided = before == after and before in (Standing.WINNING, Standing.LOSING)
    return Price(evidence.cp_lost, cp_of(score, winner), is_decided)


def cp_of(evaluation: Evaluation, color: chess.Color) -> int | None:
    """The score for one side in centipawns; None for a mate."""
    if evaluation.white_cp is None:
        return None
    return evaluation.white_cp if color == chess.WHITE else -evaluation.white_cp
