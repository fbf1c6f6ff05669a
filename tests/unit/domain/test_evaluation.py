"""Evaluations on their way through the queue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.evaluation import Evaluation
from tests.support.builders import cp, mate

scores = st.one_of(
    st.tuples(st.integers(-3000, 3000), st.none()),
    st.tuples(st.none(), st.integers(-30, 30)),
)


@given(scores, st.one_of(scores, st.just((None, None))))
def test_nothing_is_lost_in_json(
    first: tuple[int | None, int | None], second: tuple[int | None, int | None]
) -> None:
    evaluation = Evaluation(*first, ("e2e4", "e7e5"), 12, 5000, *second)
    assert Evaluation.from_json(evaluation.to_json()) == evaluation


def test_an_evaluation_without_a_second_score_is_written_as_it_was_before_there_were_any() -> None:
    assert cp(20, "e2e4").to_json() == [20, None, "e2e4", 8, 1000]
    assert cp(20, "e2e4").second is None


def test_a_second_score_of_zero_is_a_score() -> None:
    evaluation = Evaluation(white_mate=3, second_white_cp=0)
    assert evaluation.to_json()[5:] == [0, None]
    assert evaluation.second == Evaluation(white_cp=0)


def test_the_second_score_may_be_a_mate() -> None:
    assert Evaluation(white_mate=3, second_white_mate=-2).second == Evaluation(white_mate=-2)


def test_a_score_is_centipawns_or_a_mate_but_not_both() -> None:
    assert mate(2).white_cp is None
    with pytest.raises(ValueError, match="either"):
        Evaluation()
    with pytest.raises(ValueError, match="either"):
        Evaluation(white_cp=0, white_mate=1)
    with pytest.raises(ValueError, match="second"):
        Evaluation(white_cp=0, second_white_cp=0, second_white_mate=1)
