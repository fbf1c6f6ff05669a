"""The sceptical reader of explanations notices what is not true, in sentences that recorded games lack."""

import chess
import pytest

from tests.support.reviews import Line, evaluation
from tests.support.sentence_checker import Case, complaints

RACE = "8/1p6/p1b5/k3K3/5PP1/8/8/8 b - - 1 70"
THROUGH = "g5 Ka4 g6 Kb3 g7 Kc3 g8=Q Kd3"
CENTRE = "r2q1rk1/1b2bppp/p2ppn2/1p6/4P3/1BN5/PPP2PPP/R1BQR1K1 b - - 0 12"
ROOK = "3r2k1/Bp3pp1/7p/P7/8/1Pn4P/5PP1/R5K1 w - - 1 29"


def doubts(fen: str, played: str, lines: tuple[Line, Line], said: str) -> list[str]:
    board = chess.Board(fen)
    after = board.copy()
    move = after.push_san(played).uci()
    return complaints(Case(said, 1, board, (move,), evaluation(board, lines[0]), evaluation(after, lines[1])))


@pytest.mark.parametrize(
    ("better", "reply", "said", "is_true"),
    [
        ("b5 Kd6", THROUGH, "70...Bf3 lets the g-pawn promote, beginning with 71.g5.", True),
        ("b5 Kd6", THROUGH, "70...Bf3 lets the f-pawn promote, beginning with 71.g5.", False),
        ("b5 Kd6", "g5 b5 g6 b4 g7 b3 g8=Q b2 Qc8 b1=Q", "70...Bf3 lets the g-pawn promote.", False),
        ("b5 g5 b4 g6 b3 g7 b2 g8=Q", THROUGH, "70...Bf3 lets the g-pawn promote.", False),
        ("b5 g5 b4 Kd4 b3 Kc3 b2 Kd4 b1=Q", "g5", "70...Bf3 misses the chance to promote the b-pawn.", True),
        ("b5 g5 b4 Kd4 b3 Kc3 b2 Kd4 b1=Q", "g5", "70...Bf3 misses the chance to promote the a-pawn.", False),
    ],
)
def test_promotions_are_looked_up_in_both_lines(better: str, reply: str, said: str, is_true: bool) -> None:
    assert (doubts(RACE, "Bf3", ((0, better), (0, reply)), said) == []) is is_true


@pytest.mark.parametrize(
    ("said", "is_true"),
    [
        ("12...e5 gives White an outpost on d5.", True),
        ("12...e5 gives White an outpost on b3.", False),
        ("12...e5 gives White an outpost on f5.", False),
        ("12...e5 gives White an outpost on c3.", False),
        ("12...e5 gives Black an outpost on d5.", False),
    ],
)
def test_an_outpost_is_a_square_to_which_a_piece_comes(said: str, is_true: bool) -> None:
    assert (doubts(CENTRE, "e5", ((0, "Rc8"), (0, "Nd5 h6 c3")), said) == []) is is_true


@pytest.mark.parametrize(
    ("said", "is_true"),
    [
        ("29.f4 lets Black's rook in on d2.", True),
        ("29.f4 lets White's rook in on d2.", False),
        ("29.f4 lets Black's rook in on e2.", False),
        ("29.f4 lets Black's rook in on d8.", False),
    ],
)
def test_a_rook_that_is_let_in_comes_to_the_square(said: str, is_true: bool) -> None:
    assert (doubts(ROOK, "f4", ((0, "b4"), (0, "Rd2 Re1 Ne2+")), said) == []) is is_true
