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


OPERA = "rn1qkbnr/ppp2ppp/8/4p3/2B1P3/5Q2/PPP2PPP/RNB1K2R b KQkq - 1 6"
KNIGHT = "rnb1kb1r/p1pp1ppp/7q/1B5n/4Pp2/3P1N2/PPP3PP/RNBQ1K1R w kq - 1 8"
MATE = "r1bq1rk1/ppp1bppp/2n2n2/8/3P4/3B4/PPP2PPP/RNBQ1RK1 b - - 0 9"
CHASE = "4N3/5Q2/p5pk/4qp1p/1P6/P5PP/4nP1K/8 b - - 2 43"
TAKING = "1k1r1b1r/pppq1p1p/2n1B3/4p3/8/3PBN2/PPP3PP/R2QK2R b KQ - 0 12"
QUEENS = "rn2kb1r/p3qppp/2p2n2/1N2p1B1/2B1P3/1Q6/PPP2PPP/R3K2R b KQkq - 0 10"


ATTACK = "6...Nf6 is bad after 7.Qb3, which attacks the pawns on"
OTHERS = (OPERA, "Nf6", "Qd7", "Qb3 Bc5")
LEAPS = (KNIGHT, "Nh4", "Rg1 c6", "Qg5 Nf5")
STEPS = (KNIGHT, "Nh4", "Rg1 c6", "g6 Nf3")
MATES = (MATE, "Nd5", "Be6", "Qh5 g6")
CHASED = (CHASE, "h4", "f4 Qf8+", "Qf8+ Kg5 f4+ Nxf4")
TAKEN = (TAKING, "fxe6", "Qxe6", "Qe2")
WASTED = ("rnbqkbnr/p2p1p1p/2p1p1p1/1p6/4P3/3B1N2/PPPP1PPP/RNBQ1RK1 b kq - 1 5", "Qf6", "d6", "c3 Qd8")
TRADED = (QUEENS, "cxb5", "Qb4+ Qxb4 Bxb4+", "Bxb5+ Nbd7 O-O-O")


@pytest.mark.parametrize(
    ("lines", "said", "is_true"),
    [
        (OTHERS, f"{ATTACK} b7 and f7.", True),
        (OTHERS, f"{ATTACK} b7 and g7.", False),
        (OTHERS, f"{ATTACK} b7 and b2.", False),
        (OTHERS, "6...Nf6 is bad. 6...Qd7 would have guarded the pawn on f7 and kept it.", True),
        (OTHERS, "6...Nf6 is bad. 6...Qd7 would have guarded the pawn on b7 and kept it.", False),
        (OTHERS, "6...Nf6 is bad. 6...Qd7 would have guarded the pawn on c7 and kept it.", False),
        (OTHERS, "6...Nf6 is bad. 6...Qd7 would have prevented 7.Qb3.", False),
        (LEAPS, "8.Nh4 is bad. 8.Rg1 would have prevented 8...Qg5.", True),
        (LEAPS, "8.Nh4 allows 8...Qg5 and hands it over.", True),
        (STEPS, "8.Nh4 allows 8...g6 and hands it over.", False),
        (STEPS, "8.Nh4 is bad. 8.Rg1 would have prevented 8...g6.", False),
        (MATES, "9...Nd5 is bad after 10.Qh5, which threatens mate on h7.", True),
        (MATES, "9...Nd5 is bad after 10.Qh5, which threatens mate on h8.", False),
        (MATES, "9...Nd5 is bad after 10.Qh5, which threatens mate on f7.", False),
        (MATES, "9...Nd5 is bad after 10.Qh5, which threatens to take the knight on d5.", False),
        (CHASED, "43...h4 exposes Black's king to checks.", True),
        (CHASED, "43...h4 exposes White's king to checks.", False),
        ((*CHASED[:3], "Qf8+ Kg5 Nf6 Qxf6"), "43...h4 exposes Black's king to checks.", False),
        (TAKEN, "12...fxe6 takes back with the pawn instead of the queen.", True),
        (TAKEN, "12...fxe6 takes back with the pawn instead of the rook.", False),
        (TAKEN, "12...fxe6 takes back with the knight instead of the queen.", False),
        ((*TAKEN[:2], "Bd6", "Qe2"), "12...fxe6 takes with the pawn instead of the bishop.", False),
        (WASTED, "5...Qf6 loses time and is bad.", True),
        ((*WASTED[:3], "c3 Qe5"), "5...Qf6 loses time and is bad.", False),
        ((*WASTED[:3], "c3 d6"), "5...Qf6 loses time and is bad.", False),
        (TRADED, "10...cxb5 is bad. 10...Qb4+, trading queens, is good.", True),
        ((*TRADED[:2], "Qb7 Qc3", TRADED[3]), "10...cxb5 is bad. 10...Qb7, trading queens, is good.", False),
    ],
)  # fmt: skip
def test_threats_and_moves_prevented_are_looked_up_on_the_board(
    lines: tuple[str, str, str, str], said: str, is_true: bool
) -> None:
    fen, played, better, reply = lines
    assert (doubts(fen, played, ((0, better), (0, reply)), said) == []) is is_true


AIMS = {
    "12.exd5, trading pawns": (True, "exd5 cxd5"),
    "12.exd5, trading knights": (False, "exd5 cxd5"),
    "12.exd5, which trades pawns": (False, "exd5 Qg5"),
    "12.exd5, taking the pawn": (True, "exd5 Qg5"),
    "12.exd5, taking the knight": (False, "exd5 Qg5"),
    "12.e5, gaining space in the centre": (True, "e5"),
    "12.e5, gaining space on the kingside": (False, "e5"),
    "12.e5, challenging the pawn on d6": (False, "e5"),
    "12.exd5, challenging the pawn on c6": (True, "exd5"),
    "12.Bg5, developing the bishop": (True, "Bg5"),
    "12.Bg5, developing the knight": (False, "Bg5"),
    "12.Be2, developing the bishop": (False, "Be2"),
    "12.Bg5, bringing the bishop to an outpost": (False, "Bg5"),
    "12.O-O, bringing the king out of the centre": (True, "O-O"),
    "12.Kd2, bringing the king out of the centre": (False, "Kd2"),
    "12.Rg1, taking the open g-file": (False, "Rg1"),
    "12.Nd2, protecting the pawn on e4": (False, "Nd2"),
    "12.Bd2, protecting the pawn on b2": (False, "Bd2"),
    "12.Nd2, centralising the knight": (False, "Nd2"),
    "12.a5, pushing the passed a-pawn": (True, "a5"),
    "12.b4, pushing the passed b-pawn": (False, "b4"),
    "12.a5, making the a-pawn a passed pawn": (False, "a5"),
    "12.Kd2, activating the king": (False, "Kd2"),
    "12.Ra3, bringing the rook behind the passed pawn on a4": (False, "Ra3"),
    "12.Ra2, blocking the passed pawn on h4": (False, "Ra2"),
    "12.Rg1, bringing the rook to the seventh rank": (False, "Rg1"),
}
QUIET = "r2qk2r/3n1ppp/2p5/3p4/P3P3/2NB1N2/1PP2P1P/R1BQK2R w KQkq - 0 12"


@pytest.mark.parametrize("said", AIMS)
def test_what_a_move_is_said_to_do_is_looked_up(said: str) -> None:
    is_true, better = AIMS[said]
    found = doubts(QUIET, "h3", ((0, better), (0, "O-O")), f"12.h3 is bad. {said}, is better.")
    assert (found == []) is is_true, found


@pytest.mark.parametrize(
    ("said", "is_true"),
    [
        ("with 15 squares for White's pieces to go to instead of 11 after 3...d6", True),
        ("with 16 squares for White's pieces to go to instead of 24 after 3...d6", False),
        ("with 15 squares for White's pieces to go to instead of 12 after 3...d6", False),
        ("with 15 squares for Black's pieces to go to instead of 11 after 3...d6", False),
        ("with 15 squares for White's pieces to go to instead of 11 after 3.a3", False),
        ("with 15 squares for White's bishops to go to instead of 11 after 3...d6", False),
        ("with four steps to go for White's foremost passed pawn instead of five after 3...d6", False),
        ("with eight pawns of White's instead of seven after 3...d6", False),
        ("with eight pawns of White's instead of eight after 3...d6", False),
    ],
)
def test_what_is_counted_is_counted_again(said: str, is_true: bool) -> None:
    start = "r1bqkbnr/pppp1ppp/2n5/4p3/4P3/5N2/PPPP1PPP/RNBQKB1R w KQkq - 2 3"
    lines: tuple[Line, Line] = ((30, "Bc4 d6"), (0, "d6"))
    first = "3.a3 makes the position a little worse (from +0.3 to 0.0)."
    sentence = f"{first} 3.Bc4 d6 would have kept the balance, {said}."
    assert (doubts(start, "a3", lines, sentence) == []) is is_true
