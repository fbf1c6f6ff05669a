"""When having to move is what hurts."""

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.motifs.zugzwang import can_be_zugzwang, is_zugzwang
from tests.support.builders import cp, mate

TREBUCHET = chess.Board("8/8/8/3Kp3/4Pk2/8/8/8 w - - 0 1")  # whoever moves loses the pawn and the game
WINNING, LOSING = cp(600), cp(-600)


def test_whoever_moves_in_the_trebuchet_is_in_zugzwang() -> None:
    assert is_zugzwang(TREBUCHET, now=LOSING, passed=WINNING)
    assert is_zugzwang(TREBUCHET.mirror(), now=WINNING, passed=LOSING)


def test_a_side_that_moving_suits_is_not() -> None:
    assert not is_zugzwang(TREBUCHET, now=WINNING, passed=LOSING)
    assert not is_zugzwang(TREBUCHET, now=LOSING, passed=LOSING)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [(cp(168), False), (cp(169), True)],  # the chances reach 0.3 between these
)
def test_passing_must_gain_more_than_three_tenths_of_the_chances(passed: Evaluation, expected: bool) -> None:
    assert is_zugzwang(TREBUCHET, now=cp(0), passed=passed) == expected


def test_forced_mates_are_certain() -> None:
    assert is_zugzwang(TREBUCHET, now=mate(-5), passed=cp(0))
    assert is_zugzwang(TREBUCHET, now=cp(0), passed=mate(5))
    assert not is_zugzwang(TREBUCHET, now=mate(-5), passed=mate(-9))
    assert is_zugzwang(TREBUCHET.mirror(), now=mate(5), passed=cp(0))


@pytest.mark.parametrize(
    ("fen", "expected"),
    [
        (TREBUCHET.fen(), True),
        ("8/8/8/8/8/5n2/8/3K3k w - - 0 1", True),
        ("8/8/8/8/8/2n5/8/3K3k w - - 0 1", False),  # in check
        ("8/8/8/8/7k/8/R7/K7 w - - 0 1", True),  # the rook has 13 moves, the king 2
        ("8/8/8/8/7k/8/1R6/K7 w - - 0 1", False),  # 14 and 2
        ("7k/5K2/6Q1/8/8/8/8/8 b - - 0 1", False),  # stalemate
        (chess.STARTING_FEN, False),
    ],
)
def test_only_a_side_with_few_moves_and_not_in_check_can_be(fen: str, expected: bool) -> None:
    board = chess.Board(fen)
    assert can_be_zugzwang(board) == expected
    assert is_zugzwang(board, now=LOSING if board.turn else WINNING, passed=cp(0)) == expected


@given(st.integers(-2000, 2000), st.integers(-2000, 2000))
def test_colours_do_not_matter(now: int, passed: int) -> None:
    assert is_zugzwang(TREBUCHET, now=cp(now), passed=cp(passed)) == is_zugzwang(
        TREBUCHET.mirror(), now=cp(-now), passed=cp(-passed)
    )
