"""Mates allowed and missed, in words."""

import chess

from knight_vision.domain.explain import Theme
from knight_vision.domain.move_class import MoveClass
from tests.support.reviews import explained, scored

BEFORE_NA6 = "rnb1k1nr/p2p1ppp/3B4/1p1NPN1P/6P1/3P1Q2/P1P1K3/q5b1 b kq - 1 20"
"""Anderssen - Kieseritzky, London 1851."""


def after(fen: str, san: str) -> str:
    board = chess.Board(fen)
    board.push_san(san)
    return board.fen()


def test_an_allowed_mate_is_cited_to_the_end() -> None:
    found = explained(
        BEFORE_NA6,
        "Na6",
        scored(BEFORE_NA6, "Ba6 Nc7+", 0),
        scored(after(BEFORE_NA6, "Na6"), "Nxg7+ Kd8 Qf6+ Nxf6 Be7#", white_mate=3),
    )
    assert found is not None
    assert found.text == (
        "20...Na6 allows mate in 3: 21.Nxg7+ Kd8 22.Qf6+ Nxf6 23.Be7#. 20...Ba6 would have kept the balance."
    )
    assert found.theme == Theme.MATE_ALLOWED


def test_the_length_of_a_mate_that_the_line_does_not_show_is_left_out() -> None:
    found = explained(
        BEFORE_NA6,
        "Na6",
        scored(BEFORE_NA6, "Ba6 Nc7+", 0),
        scored(after(BEFORE_NA6, "Na6"), "Nxg7+ Kd8", white_mate=3),
    )
    assert found is not None
    assert found.text.startswith("20...Na6 allows a forced mate, beginning with 21.Nxg7+.")


def test_nothing_is_allowed_where_the_mate_was_there_before() -> None:
    found = explained(
        BEFORE_NA6,
        "Na6",
        scored(BEFORE_NA6, "Ba6 Nc7+", white_mate=6),
        scored(after(BEFORE_NA6, "Na6"), "Nxg7+ Kd8 Qf6+ Nxf6 Be7#", white_mate=3),
    )
    assert found is not None
    assert "allows" not in found.text


def test_a_good_move_needs_no_words() -> None:
    line = scored(BEFORE_NA6, "Ba6 Nc7+", 0)
    quiet = scored(after(BEFORE_NA6, "Na6"), "Nxg7+", 10)
    assert explained(BEFORE_NA6, "Na6", line, quiet, MoveClass.EXCELLENT) is None
