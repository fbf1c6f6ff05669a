"""Positions with a single legal move, evaluated by the next one."""

from __future__ import annotations

import chess
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.forced import evaluation_of_forced

FORCED = "7k/8/8/8/8/8/6q1/7K w - - 0 1"
"""White must take the queen."""


def test_the_line_begins_with_the_only_move_and_the_score_stays() -> None:
    following = Evaluation(white_cp=12, line=("h8g7",), depth=20, nodes=1000, second_white_cp=3)
    found = evaluation_of_forced(chess.Board(FORCED), following)
    assert found == Evaluation(white_cp=12, line=("h1g2", "h8g7"), depth=21, nodes=0)


def test_a_choice_is_not_forced() -> None:
    assert evaluation_of_forced(chess.Board(), Evaluation(white_cp=0)) is None
    assert evaluation_of_forced(chess.Board("7k/8/8/8/8/8/8/7K w - - 0 1"), Evaluation(white_cp=0)) is None


@pytest.mark.parametrize(
    ("mate_after", "white_to_move", "mate_before"),
    [
        (3, True, 4),
        (3, False, 3),
        (-3, False, -4),
        (-3, True, -3),
        (None, True, None),
    ],
)
def test_a_mate_takes_a_move_more_for_who_gives_it(
    mate_after: int | None, white_to_move: bool, mate_before: int | None
) -> None:
    board = chess.Board(FORCED) if white_to_move else chess.Board(FORCED).mirror()
    following = Evaluation(white_cp=7 if mate_after is None else None, white_mate=mate_after)
    found = evaluation_of_forced(board, following)
    assert found is not None
    assert found.white_mate == mate_before


@pytest.mark.parametrize("fen", ["8/kqK4R/8/8/4Q3/8/3r4/8 w - - 0 1", "8/8/8/3Q4/7r/7k/3n2q1/6K1 w - - 0 1"])
def test_an_only_move_that_mates(fen: str) -> None:
    for board, mate in ((chess.Board(fen), 1), (chess.Board(fen).mirror(), -1)):
        found = evaluation_of_forced(board, Evaluation(white_mate=0))
        assert found is not None
        assert (found.white_mate, len(found.line)) == (mate, 1)
