"""Mates allowed and missed, in words."""

import chess
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import Theme
from knight_vision.domain.move_class import MoveClass
from tests.support.reviews import explained, text
from tests.support.sentence_checker import Case, complaints

BEFORE_NA6 = "rnb1k1nr/p2p1ppp/3B4/1p1NPN1P/6P1/3P1Q2/P1P1K3/q5b1 b kq - 1 20"
"""Anderssen - Kieseritzky, London 1851."""
MATE = "Nxg7+ Kd8 Qf6+ Nxf6 Be7#"
SMOTHERED = "r6k/6pp/7N/8/2Q5/8/6PP/6K1 w - - 0 30"


def test_an_allowed_mate_is_cited_to_the_end() -> None:
    found = explained(BEFORE_NA6, "Na6", (0, "Ba6 Nc7+"), ("#3", MATE))
    assert found is not None
    assert found.text == (
        "20...Na6 allows mate in 3: 21.Nxg7+ Kd8 22.Qf6+ Nxf6 23.Be7#. 20...Ba6 would have kept the balance."
    )
    assert found.theme == Theme.MATE_ALLOWED


def test_the_length_of_a_mate_that_the_line_does_not_show_is_left_out() -> None:
    said = text(BEFORE_NA6, "Na6", (0, "Ba6 Nc7+"), ("#3", "Nxg7+ Kd8"))
    assert said.startswith("20...Na6 allows a forced mate, beginning with 21.Nxg7+.")


@pytest.mark.parametrize(
    ("better", "after", "said"),
    [
        ("", ("#1", ""), "2...Ke7 allows mate in one."),
        (
            "Nc6 Bc4 g6",
            ("#1", ""),
            "2...Ke7 allows mate in one. 2...Nc6 would have kept the balance.",
        ),
        ("", ("#6", ""), "2...Ke7 allows mate in 6."),
        ("", (900, ""), "2...Ke7 hands White a winning advantage."),
        ("", ("#1", "Qxe5#"), "2...Ke7 allows an epaulette mate: 3.Qxe5#."),
    ],
)
def test_a_mate_that_only_the_score_shows_is_called_one(
    better: str, after: tuple[int | str, str], said: str
) -> None:
    fen = "rnbqkbnr/pppp1ppp/8/4p2Q/4P3/8/PPPP1PPP/RNB1KBNR b KQkq - 1 2"
    assert text(fen, "Ke7", (-40, better), after) == said


def test_a_missed_mate_that_only_the_score_shows() -> None:
    assert (
        text(SMOTHERED, "Nf7+", ("#2", ""), (400, "")) == "30.Nf7+ misses mate in 2. White is still winning."
    )
    assert "misses" not in text(SMOTHERED, "Nf7+", ("#2", ""), ("#4", ""))


@pytest.mark.parametrize(
    ("sentence", "is_true"),
    [
        ("2...Ke7 allows mate in one.", True),
        ("2...Ke7 allows mate in 2.", False),
        ("2...Ke7 misses mate in one.", False),
    ],
)
def test_the_checker_looks_mates_without_moves_up_in_the_scores(sentence: str, is_true: bool) -> None:
    moves = ("e2e4", "e7e5", "d1h5", "e8e7")
    case = Case(sentence, 4, chess.Board(), moves, Evaluation(white_cp=-40), Evaluation(white_mate=1))
    assert (complaints(case) == []) is is_true


def test_nothing_is_allowed_where_the_mate_was_there_before() -> None:
    assert "allows" not in text(BEFORE_NA6, "Na6", ("#6", "Ba6 Nc7+"), ("#3", MATE))


def test_a_missed_mate_is_cited_with_its_name_and_what_is_left() -> None:
    said = text(SMOTHERED, "Nf7+", ("#2", "Qg8+ Rxg8 Nf7#"), (400, "Kg8 Nd6+ Kh8 Nf7+"))
    assert said == (
        "30.Nf7+ misses mate in 2, a smothered mate: 30.Qg8+ Rxg8 31.Nf7#. White is still winning."
    )


def test_a_mate_that_only_takes_longer_is_not_missed() -> None:
    said = text(SMOTHERED, "Nf7+", ("#2", "Qg8+ Rxg8 Nf7#"), ("#4", "Kg8 Nd6+ Kh8 Nf7+"))
    assert "misses" not in said


def test_a_stalemate_instead_of_mate_is_told() -> None:
    said = text("7k/8/5K2/8/8/8/8/6Q1 w - - 0 60", "Qg6", ("#1", "Qg7#"), (0, ""))
    assert said == "60.Qg6 misses mate in one: 60.Qg7#. Instead it is stalemate."


def test_a_good_move_needs_no_words() -> None:
    assert explained(BEFORE_NA6, "Na6", (0, "Ba6 Nc7+"), (10, "Nxg7+"), MoveClass.EXCELLENT) is None
