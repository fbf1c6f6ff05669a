"""Positions that need no engine."""

import chess
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from tests.support.builders import a_game

DRAW = Evaluation(white_cp=0)


@pytest.mark.parametrize(
    ("fen", "evaluation"),
    [
        (chess.STARTING_FEN, None),
        ("k7/1Q6/1K6/8/8/8/8/8 b - - 0 1", Evaluation(white_mate=0)),
        ("K7/1q6/1k6/8/8/8/8/8 w - - 0 1", Evaluation(white_mate=0)),
        ("k7/2Q5/1K6/8/8/8/8/8 b - - 0 1", DRAW),
        ("k7/8/1K1N4/8/8/8/8/8 w - - 0 1", DRAW),
        ("k7/8/1K1R4/8/8/8/8/8 w - - 149 100", None),
        ("k7/8/1K1R4/8/8/8/8/8 w - - 150 100", DRAW),
        # mate on the 75th move is mate
        ("k2R4/8/1K6/8/8/8/8/8 b - - 150 100", Evaluation(white_mate=0)),
    ],
)
def test_rules_speak_first(fen: str, evaluation: Evaluation | None) -> None:
    assert evaluation_of_finished(chess.Board(fen)) == evaluation


def test_fivefold_repetition_needs_the_history() -> None:
    game = a_game("Nf3 Nf6 Ng1 Ng8 " * 4)
    assert evaluation_of_finished(game.boards[-5]) is None
    assert evaluation_of_finished(game.boards[-1]) == DRAW
    assert evaluation_of_finished(chess.Board(game.boards[-1].fen())) is None
