"""Inaccuracy, mistake or blunder: Lichess' thresholds and mate ladder (lila `Advice.scala`).

Says nothing of whether the move was the engine's own choice: callers must not ask about a played best move.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.win_percent import winning_chances

__all__ = ["Judgement", "Reason", "Verdict", "judge"]


class Judgement(StrEnum):
    """How bad a move was."""

    INACCURACY = "inaccuracy"
    MISTAKE = "mistake"
    BLUNDER = "blunder"


class Reason(StrEnum):
    """What a judgement rests on."""

    CENTIPAWNS = "centipawns"
    """The mover's chances fell."""
    MATE_CREATED = "mate_created"
    """Before there was no forced mate against the mover, now there is."""
    MATE_LOST = "mate_lost"
    """The mover had a forced mate and has it no more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement and what it rests on."""

    judgement: Judgement
    reason: Reason


CHANCES_LOST = ((0.3, Judgement.BLUNDER), (0.2, Judgement.MISTAKE), (0.1, Judgement.INACCURACY))
"""Least loss of winning chances, on the scale from -1 to 1, for each judgement."""


def judge(before: Evaluation, after: Evaluation, *, white_moved: bool) -> Verdict | None:
    """The verdict on a move from the evaluations around it; None when nothing is to be said.

    Centipawns are not ceiled here. A mating move (mate stands on the board) is never judged.

    >>> judge(Evaluation(white_cp=0), Evaluation(white_cp=-250), white_moved=True)
    Verdict(judgement=<Judgement.BLUNDER: 'blunder'>, reason=<Reason.CENTIPAWNS: 'centipawns'>)
    """
    if before.white_mate == 0 or after.white_mate == 0:
        return None
    sign = 1 if white_moved else -1
    if before.white_cp is not None and after.white_cp is not None:
        lost = winning_chances(sign * before.white_cp) - winning_chances(sign * after.white_cp)
        found = next((judgement for least, judgement in CHANCES_LOST if lost >= least), None)
        return Verdict(found, Reason.CENTIPAWNS) if found else None
    mate_before = None if before.white_mate is None else sign * before.white_mate
    mate_after = None if after.white_mate is None else sign * after.white_mate
    if mate_before is None and mate_after is not None and mate_after < 0:
        cp_before = sign * (before.white_cp or 0)
        return Verdict(by_advantage(-cp_before), Reason.MATE_CREATED)
    if mate_before is not None and mate_before > 0 and (mate_after is None or mate_after < 0):
        cp_after = sign * (after.white_cp or 0)  # 0 where the mate turned into one against the mover
        return Verdict(by_advantage(cp_after), Reason.MATE_LOST)
    return None


def by_advantage(cp: int) -> Judgement:
    """How much a mate created or lost matters where the game was, or still is, this one-sided."""
    if cp > 999:
        return Judgement.INACCURACY
    return Judgement.MISTAKE if cp > 700 else Judgement.BLUNDER
