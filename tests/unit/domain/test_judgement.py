"""Thresholds and mate ladder of Lichess' judgements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.judgement import Judgement, Reason, Verdict, judge
from tests.support.builders import cp, mate

INACCURACY, MISTAKE, BLUNDER = Judgement.INACCURACY, Judgement.MISTAKE, Judgement.BLUNDER
CENTIPAWNS, CREATED, LOST = Reason.CENTIPAWNS, Reason.MATE_CREATED, Reason.MATE_LOST

# White's move: before, after, what is said of it
LADDER = [
    (cp(0), cp(-54), None, None),
    (cp(0), cp(-55), INACCURACY, CENTIPAWNS),
    (cp(0), cp(-110), INACCURACY, CENTIPAWNS),
    (cp(0), cp(-111), MISTAKE, CENTIPAWNS),
    (cp(0), cp(-168), MISTAKE, CENTIPAWNS),
    (cp(0), cp(-169), BLUNDER, CENTIPAWNS),
    (cp(0), cp(300), None, None),
    # not ceiled: from +20 to +10 is nothing, although both are beyond the ceiling
    (cp(2000), cp(1000), None, None),
    (cp(1000), cp(600), INACCURACY, CENTIPAWNS),
    # a mate against the mover where there was none
    (cp(-1000), mate(-5), INACCURACY, CREATED),
    (cp(-999), mate(-5), MISTAKE, CREATED),
    (cp(-701), mate(-5), MISTAKE, CREATED),
    (cp(-700), mate(-5), BLUNDER, CREATED),
    (cp(500), mate(-1), BLUNDER, CREATED),
    # a mate for the mover that is gone
    (mate(3), cp(1000), INACCURACY, LOST),
    (mate(3), cp(999), MISTAKE, LOST),
    (mate(3), cp(701), MISTAKE, LOST),
    (mate(3), cp(700), BLUNDER, LOST),
    (mate(3), cp(-200), BLUNDER, LOST),
    (mate(3), mate(-3), BLUNDER, LOST),
    # neither
    (mate(3), mate(9), None, None),
    (mate(-9), mate(-2), None, None),
    (cp(0), mate(4), None, None),
    (mate(-4), cp(0), None, None),
    (mate(-4), mate(4), None, None),
    # mate stands on the board
    (mate(1), mate(0), None, None),
    (cp(-900), mate(0), None, None),
]


def mirrored(evaluation: Evaluation) -> Evaluation:
    if evaluation.white_cp is None:
        return Evaluation(white_mate=-(evaluation.white_mate or 0))
    return Evaluation(white_cp=-evaluation.white_cp)


@pytest.mark.parametrize(("before", "after", "judgement", "reason"), LADDER)
def test_ladder(
    before: Evaluation, after: Evaluation, judgement: Judgement | None, reason: Reason | None
) -> None:
    verdict = Verdict(judgement, reason) if judgement and reason else None
    assert judge(before, after, white_moved=True) == verdict
    assert judge(mirrored(before), mirrored(after), white_moved=False) == verdict


evaluations = st.one_of(
    st.integers(-3000, 3000).map(lambda value: Evaluation(white_cp=value)),
    st.integers(-30, 30).map(lambda value: Evaluation(white_mate=value)),
)


@given(evaluations, evaluations, st.booleans())
def test_colours_are_judged_alike(before: Evaluation, after: Evaluation, white_moved: bool) -> None:
    verdict = judge(before, after, white_moved=white_moved)
    assert judge(mirrored(before), mirrored(after), white_moved=not white_moved) == verdict


@given(evaluations, evaluations)
def test_only_one_side_can_have_erred(before: Evaluation, after: Evaluation) -> None:
    verdicts = [judge(before, after, white_moved=white_moved) for white_moved in (True, False)]
    assert None in verdicts


@given(st.integers(-3000, 3000), st.integers(0, 3000), st.integers(0, 3000))
def test_a_larger_loss_is_never_judged_milder(start: int, one: int, other: int) -> None:
    order: list[Judgement | None] = [None, INACCURACY, MISTAKE, BLUNDER]
    smaller, larger = sorted((one, other))
    milder, harder = (judge(cp(start), cp(start - loss), white_moved=True) for loss in (smaller, larger))
    ranks = [order.index(verdict.judgement if verdict else None) for verdict in (milder, harder)]
    assert ranks == sorted(ranks)
