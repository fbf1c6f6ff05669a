"""Pieces left to the opponent's next move, in words: they are named first, whatever else the lines hold."""

import chess
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import Theme
from tests.support.reviews import Line, explained, text
from tests.support.sentence_checker import Case, complaints

LEFT_TO_BE_TAKEN = {
    "a queen put in the way, a pawn lost much later": (
        "7k/5p2/6p1/7p/8/7P/q4PP1/5QK1 w - - 8 44",
        "Qe2",
        (0, "Qd1 Qa7 g3 Kg8 Qf3 Qb8 Kg2 Qd8 Kh2"),
        (-808, "Qxe2 g3 g5 Kg2 Qe1 Kf3 g4+ hxg4 Qd1+ Kg2"),
        "44.Qe2 puts the queen where 44...Qxe2 wins it for a pawn. 44.Qd1 would have kept the balance.",
    ),
    "a queen that a pawn attacks, an exchange given back later": (
        "r1bqr1k1/1p6/4p1pp/p3Bp1n/4Q3/P4N2/1P1N1PPP/R3R1K1 w - - 0 21",
        "b4",
        (612, "Qe3 Kh7 Qb3 Nf6 Bxf6 Qxf6 Nc4 e5 Nfxe5"),
        (-337, "fxe4 Nxe4 Rf8 b5 Bd7 Rad1 Rxf3 gxf3 Qe7 Nd6"),
        "21.b4 leaves the queen on e4 en prise: 21...fxe4 takes it. 21.Qe3 would have kept White winning.",
    ),
    "a rook given with check, where a pawn was to be won": (
        "8/5pk1/4r1p1/7p/5P1P/6P1/5K2/8 b - - 2 44",
        "Re2+",
        (-744, "Kf6 f5 Kxf5 Kf3 Ra6 g4+ Ke5 Kf2 Kf6 Kg3"),
        (0, "Kxe2 Kf6 Ke3 Ke7 Kf3 Kd6 f5 gxf5 Kf4 Ke6"),
        "44...Re2+ puts the rook where 45.Kxe2 wins it for a pawn. 44...Kf6 would have kept Black winning.",
    ),
    "a rook, where the exchange was to be won": (
        "3r2r1/1k1Pb1pp/1n6/ppp1NpN1/5P2/P5P1/1PP4P/2KR3R w - - 1 23",
        "Rd6",
        (498, "Ne6 c4 Rhe1 c3 Nxd8+ Bxd8 bxc3 Kc7 Nf7 Bf6"),
        (-414, "Bxd6 Ne6 Bxe5 fxe5 Rxd7 Nxc5+ Kc7 Nxd7 Nxd7 Rf1"),
        (
            "23.Rd6 puts the rook where 23...Bxd6 takes it. "
            "23.Ne6, attacking the rook on d8, would have kept White winning."
        ),
    ),
    "a rook left hanging": (
        "3b2r1/2k3pp/8/ppp1NpN1/5P2/P3n1P1/1PP4P/1K1R4 w - - 5 30",
        "Ngf7",
        (328, "Ne6+ Kc8 Rd6 Re8 Rc6+ Kb8 Nxg7 Re7 Ne6 Bc7"),
        (-536, "Nxd1 c4 bxc4 Kc2 Nf2 Nxc4 Ne4 Nxa5 Bf6 Nc4"),
        (
            "30.Ngf7 leaves the rook on d1 hanging: 30...Nxd1 wins it for a pawn. "
            "30.Ne6+ would have kept White winning."
        ),
    ),
    "a queen for a rook that is taken a move later": (
        "r2kr3/2Nb1p1p/ppnB4/7n/2P3p1/1P2P3/P3BPPP/Q3K2R w K - 1 22",
        "Qf6+",
        (904, "Nxa8 Re6 Qh8+ Be8 c5 Nf6 Nxb6 Ne4 Bxg4 Nxd6"),
        (281, "Nxf6 Nxa8 Re6 Bg3 Nb4 a3 Na2 h3 Nc1 hxg4"),
        (
            "22.Qf6+ puts the queen where 22...Nxf6 wins it for a rook and a pawn. "
            "22.Nxa8 would have kept White winning."
        ),
    ),
    "a rook, where all is lost": (
        "r3b1R1/1p1k4/8/p1pq2Pp/P3R2B/5P1K/8/8 w - - 4 42",
        "Bf2",
        (-426, "Rg7+ Kc6 g6 Kb6 Bg3"),
        (-622, "Qxg8 Re5 Qb3 Kg2 b6 Re2 Qd5 Bxc5 Qxg5+ Kf1"),
        "42.Bf2 leaves the rook on g8 hanging: 42...Qxg8 wins it. 42.Rg7+ would have put up more resistance.",
    ),
    "a rook while a pawn was taken": (
        "r2kb3/1pp4R/8/p5pp/P6P/2P2P2/2q2BK1/6R1 w - - 2 35",
        "hxg5",
        (-456, "Rh8 gxh4 Kf1 Qd3+ Kg2 Kd7 Bxh4 Ra6 Kh2 Re6"),
        (-591, "Qxh7 Rd1+ Bd7 Rd4 Qf5 Rxd7+ Kxd7 c4 Re8"),
        (
            "35.hxg5 leaves the rook on h7 hanging: 35...Qxh7 wins it for a pawn. "
            "35.Rh8 would have put up more resistance."
        ),
    ),
    "a rook put where it is taken, for a pawn": (
        "r5k1/1p2bppp/3p1n2/1q1P4/3P3P/1r1n1PP1/3RQ3/5RK1 b - - 6 29",
        "Ra2",
        (-802, "Bf8 Rfd1 Qa4 Kh2 g6 Qxd3"),
        (-534, "Rxa2 Bf8 Ra8 Nxd5 f4 Rb2 Qe8 Qxe8 Rxe8 f5"),
        (
            "29...Ra2 puts the rook where 30.Rxa2 wins it for a pawn. "
            "29...Bf8 would have kept more of the advantage."
        ),
    ),
    "a bishop, and another one given in vain": (
        "r1bqk2r/1pp2pp1/p1p2n1p/2b1N3/4P3/2NP4/PPP2PPP/R1BQ1RK1 b kq - 0 8",
        "Bg4",
        (104, "Qe7 Nf3 Bg4 Be3 Bxe3 fxe3 Nd7 h3 Bh5 Qe1"),
        (624, "Nxg4 Be3 Bxe3 Qe7 Nxf6+ gxf6 Qf3 O-O-O"),
        (
            "8...Bg4 puts the bishop where 9.Nxg4 wins it. "
            "8...Qe7, attacking the knight on e5, would have left White only slightly better."
        ),
    ),
    "a rook for a bishop, with more to come": (
        "r2q2k1/p1p1nrb1/1p2B3/3pp2R/3Q4/2N2P2/PPP2P1P/6RK w - - 1 23",
        "Rxg7+",
        (960, "Qg4 Kf8 Bxf7 Kxf7 Qxg7+ Ke8 Qg4 Qd6 Rh8+ Kf7"),
        (540, "Kxg7 Qh4 Qg8 Bxf7 Kxf7 Rh7+ Qxh7 Qxh7+ Ke6 f4"),
        (
            "23.Rxg7+ gives a rook for a bishop: 23...Kxg7. "
            "23.Qg4, threatening mate on g7, would have kept more of the advantage."
        ),
    ),
    "a knight, and then a queen": (
        "r4r2/bp2n1pk/p1p4p/1P5n/P3P3/1QN2N1P/5qP1/R1B1R2K w - - 2 21",
        "Kh2",
        (-414, "Ne2 Rxf3 Qxf3 Qxe1+ Kh2 Bb8+ g3 Be5 Ra3 Ng6"),
        (-1044, "Rxf3 Ne2 Rxb3 Bxh6 Ng6 Bg5 Rf8 Kh1 Bb8 bxc6"),
        (
            "21.Kh2 loses a queen and a knight for a pawn: 21...Rxf3 22.Ne2 Rxb3 23.Bxh6. "
            "21.Ne2 would have put up more resistance."
        ),
    ),
}


@pytest.mark.parametrize("story", LEFT_TO_BE_TAKEN)
def test_a_piece_that_the_reply_takes_is_named(story: str) -> None:
    fen, played, before, after, sentence = LEFT_TO_BE_TAKEN[story]
    found = explained(fen, played, before, after)
    assert found is not None
    assert found.text == sentence
    assert found.theme in (Theme.PIECE_LEFT, Theme.MATERIAL)


LIES = (
    ("takes it", "wins it"),
    ("wins it.", "wins it and a queen."),
    ("for a pawn", "and a rook"),
    ("for a rook and a pawn", "and a rook"),
    ("gives a rook", "gives a queen"),
)


@pytest.mark.parametrize("story", LEFT_TO_BE_TAKEN)
def test_the_checker_agrees_and_notices_what_is_not_so(story: str) -> None:
    fen, played, before, after, sentence = LEFT_TO_BE_TAKEN[story]
    assert checked(fen, played, before, after, sentence) == []
    lie = sentence
    for true, false in LIES:
        lie = lie.replace(true, false)
    assert checked(fen, played, before, after, lie)


def checked(fen: str, played: str, before: Line, after: Line, said: str) -> list[str]:
    """What the checker says of a sentence on a move from a position."""
    start = chess.Board(fen)
    board = start.copy()
    move = board.push_san(played)
    case = Case(said, 1, start, (move.uci(),), evaluation(start, before), evaluation(board, after))
    return complaints(case)


def evaluation(board: chess.Board, line: Line) -> Evaluation:
    walk = board.copy()
    moves = tuple(walk.push_san(san).uci() for san in line[1].split())
    return Evaluation(white_cp=int(line[0]), line=moves)


NOT_LEFT = {
    "a queen for a queen": (
        "r1bq1rk1/pp3p1p/2p2p2/4n1B1/PP6/2PB1Q2/6PP/R4K1R w - - 0 18",
        "Rd1",
        (-408, "Bxh7+ Kxh7 Qxf6 Qxf6+ Bxf6 Ng4 Bd4 Nh6 Re1 Nf5"),
        (-564, "Nxf3 Bxh7+ Kxh7 Rxd8 Rxd8 Bxf6 Rd6 gxf3 Bf5"),
    ),
    "a rook that the better move loses as well": (
        "8/8/7p/1p1k4/1B4P1/3K3p/R4P1P/2n5 w - - 3 53",
        "Kc3",
        (119, "Kc2 Nxa2 Bd2 Kc4 f4 b4 f5 Kd5 Bxh6 Nc3"),
        (-400, "Nxa2+ Kb3 Nc1+ Kc2 Ne2 Kd3 Nd4 Bd6 b4 Bxb4"),
    ),
    "a rook that costs next to nothing": (
        "r3b1R1/1p1k4/8/p1pq2Pp/P3R2B/5P1K/8/8 w - - 4 42",
        "Bf2",
        (-426, "Rg7+ Kc6 g6 Kb6 Bg3"),
        (-530, "Qxg8 Re5 Qb3 Kg2 b6 Re2 Qd5 Bxc5 Qxg5+ Kf1"),
    ),
}


@pytest.mark.parametrize("story", NOT_LEFT)
def test_a_piece_with_something_for_it_is_not_left_to_be_taken(story: str) -> None:
    said = text(*NOT_LEFT[story])
    assert said
    assert "takes it" not in said
    assert "wins it" not in said
    assert "loses a" not in said


def test_a_piece_left_is_told_before_a_fork_that_would_have_won_more() -> None:
    fen = "q3k2r/ppp2ppp/8/3N4/7r/8/PPP2PPP/R2QK2R w KQk - 0 11"
    better = (600, "Nxc7+ Ke7 Nxa8 Rxa8 O-O Rd8 Qe2+")
    said = text(fen, "Nf4", better, (-300, "Rxf4 O-O O-O Qd7 Qb8"))
    assert said == ("11.Nf4 puts the knight where 11...Rxf4 wins it. 11.Nxc7+ would have kept White winning.")
    said = text(fen, "a3", better, (-100, "O-O Nxc7 Rd4"))
    assert said.startswith("11.a3 misses 11.Nxc7+, which forks king and queen and wins a queen")


def test_a_greater_free_piece_is_told_before_the_piece_left() -> None:
    fen = "r5k1/5p2/6pb/8/8/8/5P2/2Q2K1R b - - 0 20"
    said = text(fen, "f6", (-600, "Bxc1 Kg2 Kg7 Rd1 Bg5 Rd7 Ra2 Rb7"), (500, "Rxh6 Kg7 Rh3 Ra2"))
    assert said == (
        "20...f6 misses 20...Bxc1, which wins the queen on c1. "
        "Instead it leaves the bishop on h6 hanging: 21.Rxh6 wins it."
    )
