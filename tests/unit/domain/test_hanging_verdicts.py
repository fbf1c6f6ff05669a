"""Which positions a verdict hangs on."""

from __future__ import annotations

import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.hanging_verdicts import hanging_positions
from knight_vision.domain.judgement import judge

GAME = Game(moves=("e2e4", "e7e5", "g1f3", "b8c6"))
OTHER = "a2a3"


def before(white_cp: int, best: str = OTHER) -> Evaluation:
    return Evaluation(white_cp=white_cp, line=(best,))


@pytest.mark.parametrize(
    ("cp_after", "is_open"),
    [
        (0, False),
        (-30, False),  # 2.8 win percent
        (-40, True),  # 3.7, and 5 is an inaccuracy
        (-70, True),  # 6.4
        (-82, False),  # 7.5
        (-95, True),  # 8.7, and 10 is a mistake
        (-155, True),  # 13.9, and 15 is a blunder
        (-400, False),
    ],
)
def test_a_move_near_a_threshold_hangs(cp_after: int, is_open: bool) -> None:
    found = hanging_positions(GAME, {0: before(0), 1: before(cp_after)})
    assert found == ({0, 1} if is_open else set())


def test_the_engines_own_choice_hangs_only_where_it_seems_to_lose_something() -> None:
    assert hanging_positions(GAME, {0: before(0, "e2e4"), 1: before(-20)}) == set()
    assert hanging_positions(GAME, {0: before(0, "e2e4"), 1: before(-300)}) == {0, 1}


def test_losses_are_the_movers() -> None:
    assert hanging_positions(GAME, {1: before(0), 2: before(-70)}) == set()
    assert hanging_positions(GAME, {1: before(0), 2: before(70)}) == {1, 2}


def test_a_mate_found_or_thrown_away_is_no_near_thing() -> None:
    mate = Evaluation(white_mate=3, line=(OTHER,))
    assert hanging_positions(GAME, {0: mate, 1: before(0)}) == set()
    assert hanging_positions(GAME, {0: mate, 1: Evaluation(white_mate=2, line=(OTHER,))}) == set()


def test_nothing_is_said_of_moves_to_positions_that_are_not_there() -> None:
    assert hanging_positions(GAME, {0: before(0), 2: before(70), 4: before(-70)}) == set()


def test_an_only_move_is_never_judged() -> None:
    game = Game(moves=("h1g2", "h8g7"), start_fen="7k/8/8/8/8/8/6q1/7K w - - 0 1")
    assert hanging_positions(game, {0: before(0), 1: before(-70)}) == set()


def test_a_small_change_of_the_scores_never_changes_the_verdict_on_a_move_that_does_not_hang() -> None:
    """The law that the margin stands for, tried over all scores: half a win percent on either side."""
    for cp in range(-900, 901, 15):
        for cp_after in range(-900, 901, 15):
            scores = {0: before(cp), 1: before(cp_after)}
            if not hanging_positions(GAME, scores):
                verdicts = {
                    judge(before(cp + one), before(cp_after + other), white_moved=True)
                    for one in (-4, 4)
                    for other in (-4, 4)
                }
                assert len(verdicts) == 1, (cp, cp_after)
