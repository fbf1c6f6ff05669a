"""Inaccuracy, mistake or blunder: Lichess' thresholds and mate ladder (lila `Advice.scala`).

Lichess never finds fault with the engine's own choice. An evaluation alone does not tell what that was: leave
such moves out (`judge_game` does, when told the best moves).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knight_vision.domain.win_percent import PlainEvaluation, evaluation_of, winning_chances

__all__ = ["Judgement", "Reason", "Verdict", "judge", "judge_game"]


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


def judge_game(
    white_evaluations: Sequence[PlainEvaluation | None],
    *,
    white_starts: bool,
    best_plies: Container[int] = (),
) -> list[Judgement | None]:
    """One judgement, or None, for each move between consecutive evaluations.

    `white_evaluations` begins with the start (Lichess takes 15 for it), as in `accuracy.game_accuracy`;
    None is a position without one, and no move beside it is judged. `best_plies` are the moves, counted from
    1, that were the engine's own choice.

    >>> judgements = judge_game([15, 20, "-0.90", "#-3", 250], white_starts=True)
    >>> [judgement and judgement.value for judgement in judgements]
    [None, None, 'blunder', 'blunder']
    """
    judgements: list[Judgement | None] = []
    for ply in range(1, len(white_evaluations)):
        before, after = white_evaluations[ply - 1], white_evaluations[ply]
        verdict = None
        if before is not None and after is not None and ply not in best_plies:
            verdict = judge(before, after, white_moved=(ply % 2 == 1) == white_starts)
        judgements.append(verdict.judgement if verdict else None)
    return judgements


def judge(before: PlainEvaluation, after: PlainEvaluation, *, white_moved: bool) -> Verdict | None:
    """The verdict on a move from the evaluations around it; None when nothing is to be said.

    Centipawns are not ceiled here. A mating move (mate stands on the board) is never judged.

    >>> judge(0, -250, white_moved=True)
    Verdict(judgement=<Judgement.BLUNDER: 'blunder'>, reason=<Reason.CENTIPAWNS: 'centipawns'>)
    """
    before, after = evaluation_of(before), evaluation_of(after)
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
