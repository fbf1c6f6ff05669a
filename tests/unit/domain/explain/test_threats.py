"""Threats, moves prevented or allowed, and the manner of mistakes in words, and when they are not said.

The positions are of real games, most of them of amateurs; lines and scores are Stockfish's.
"""

from __future__ import annotations

import pytest

from knight_vision.domain.explain import Theme
from knight_vision.domain.move_class import MoveClass
from tests.support.reviews import Line, explained, text

INACCURACY, MISTAKE, MISS = MoveClass.INACCURACY, MoveClass.MISTAKE, MoveClass.MISS
OPERA = "rn1qkbnr/ppp2ppp/8/4p3/2B1P3/5Q2/PPP2PPP/RNB1K2R b KQkq - 1 6"

SAID: dict[str, tuple[str, str, Line, Line, MoveClass, str]] = {
    "two pawns at once, one behind a bishop of its own": (
        OPERA,
        "Nf6",
        (131, "Qd7"),
        (226, "Qb3 Bc5 Bxf7+ Ke7 Qxb7 Kxf7 Qxa8 Qc8 O-O Qa6"),
        INACCURACY,
        (
            "6...Nf6 lets White's slight advantage grow to a clear one after 7.Qb3, which attacks the pawns "
            "on b7 and f7. 6...Qd7 would have guarded the pawn on f7 and left White only slightly better."
        ),
    ),
    "a pawn takes another and attacks": (
        "rnbqkbnr/ppp1pppp/8/3p4/4P3/8/PPPP1PPP/RNBQKBNR w KQkq - 0 2",
        "Nf3",
        (56, "exd5 Qxd5 Nc3 Qa5 d4 Nf6 Nf3 Bf5 Bc4 Nbd7"),
        (-102, "dxe4 Ng5 Bf5 Nc3 Nf6 f3 exf3 Qxf3 e6 Qxb7"),
        MISTAKE,
        (
            "2.Nf3 hands Black a slight advantage after 2...dxe4, which attacks the knight on f3. "
            "2.exd5, trading pawns, would have kept White slightly better."
        ),
    ),
    "a guard that castles to it": (
        "1k1rr3/pppq3p/4p3/8/2Pp4/3P4/PP2Q1PP/R3K2R w KQ - 2 18",
        "Rf1",
        (81, "O-O e5 Qe4 Qe7 Rae1 Qb4 b3 Re7 Rf5"),
        (-44, "Qd6 O-O-O Qxh2 Rh1 Qg3 Rxh7 Qg6 Qe4 Qxe4 dxe4"),
        MISTAKE,
        (
            "18.Rf1 lets White's slight advantage go after 18...Qd6, which attacks the pawn on h2. "
            "18.O-O would have guarded the pawn on h2 and kept White slightly better."
        ),
    ),
    "a threat of the better move by the piece that it uncovers": (
        "2r3k1/pp1nrp2/3p2pp/3P4/4P2P/2N2bP1/P7/2R1RBK1 w - - 0 33",
        "Re3",
        (-73, "Nb5 Rxc1 Rxc1 Rxe4 Rc8+ Kg7 Nxd6 Rd4 Ne8+ Kf8"),
        (-311, "Ne5 Rb1 a6 Ne2 Rc4 Rb6 Rd7 Reb3 Bxe4 Rxb7"),
        MoveClass.BLUNDER,
        (
            "33.Re3 lets Black's slight advantage grow to a winning one after 33...Ne5, which "
            "brings the knight to an outpost. 33.Nb5, threatening to take the rook on c8, would have left "
            "Black only slightly better."
        ),
    ),
    "a threat of mate that the move allows": (
        "r1bq1rk1/ppp1bppp/2n2n2/8/3P4/3B4/PPP2PPP/RNBQ1RK1 b - - 0 9",
        "Nd5",
        (10, "Be6 Nc3 Nxd4"),
        (80, "Qh5 g6 Qxd5 Qxd5"),
        INACCURACY,
        (
            "9...Nd5 allows 10.Qh5, which threatens mate on h7, and hands White a slight advantage. "
            "9...Be6, developing the bishop, would have kept the balance."
        ),
    ),
    "a reply that the better move makes a loss": (
        "r1bqk2r/1p2bp1p/p1np1p2/4p2Q/4P3/N1N5/PPP2PPP/R3KB1R b KQkq - 1 10",
        "Be6",
        (50, "d5 Nxd5 Bxa3 bxa3 Qa5+ Kd1 Be6 Nxf6+ Ke7 Qg5"),
        (106, "Nc4 Nb4 O-O-O Rc8 a3 Nxc2 Kxc2 Bxc4 Bxc4 Rxc4"),
        INACCURACY,
        (
            "10...Be6 adds to White's slight advantage (from +0.5 to +1.1) after 11.Nc4. "
            "10...d5 would have prevented 11.Nc4 and kept White's advantage smaller."
        ),
    ),
    "castling that the better move makes impossible": (
        "1k1r3r/pppq3p/4p3/8/2Pp4/3P4/PP2Q1PP/R3K2R b KQ - 1 17",
        "Rhe8",
        (3, "Rhf8 O-O-O a6 Rhf1 Qg7 g3 Rfe8 Rde1 e5"),
        (81, "O-O e5 Qe4 Qe7 Rae1 Qb4 b3 Re7 Rf5"),
        INACCURACY,
        (
            "17...Rhe8 hands White a slight advantage after 18.O-O. "
            "17...Rhf8 would have prevented 18.O-O and kept the balance."
        ),
    ),
    "a reply that the move itself allows": (
        "rnb1kb1r/p1pp1ppp/7q/1B5n/4Pp2/3P1N2/PPP3PP/RNBQ1K1R w kq - 1 8",
        "Nh4",
        (38, "Rg1 c6 Bc4 d6 g4 Nf6 g5 Qh3+ Rg2 Bg4"),
        (-88, "Qg5 Nf5 g6 h4 Qf6 Nc3 Bb7 Qf3 c6 Ba4"),
        MISTAKE,
        (
            "8.Nh4 allows 8...Qg5, which attacks the bishop on b5 and the knight on h4, and hands Black a "
            "slight advantage. 8.Rg1, followed by 8...c6 9.Bc4, would have kept the balance."
        ),
    ),
    "a king that is chased": (
        "4N3/5Q2/p5pk/4qp1p/1P6/P5PP/4nP1K/8 b - - 2 43",
        "h4",
        (46, "f4 Qf8+ Kg5 Qc5 Qxc5 h4+ Kf5 bxc5 fxg3+ fxg3"),
        (310, "Qf8+ Kg5 f4+ Nxf4 Qf6+ Qxf6 gxf4+ Kxf4 Nxf6 Ke5"),
        MoveClass.BLUNDER,
        (
            "43...h4 exposes Black's king to checks and hands White a winning advantage after 44.Qf8+ Kg5 "
            "45.f4+. 43...f4, followed by 44.Qf8+ Kg5, would have kept the balance."
        ),
    ),
    "a queen that goes back": (
        "rnbqkbnr/p2p1p1p/2p1p1p1/1p6/4P3/3B1N2/PPPP1PPP/RNBQ1RK1 b kq - 1 5",
        "Qf6",
        (97, "d6 c3 Bg7 a4 b4 cxb4 Ne7 Re1 O-O Bf1"),
        (164, "c3 Qd8 Re1 a5 Bc2 Bg7 d4 Ne7 e5 d6"),
        INACCURACY,
        (
            "5...Qf6 loses time and lets White's slight advantage grow to a clear one after 6.c3 Qd8. "
            "5...d6, followed by 6.c3 Bg7, would have left White only slightly better."
        ),
    ),
    "queens that should go": (
        "rn2kb1r/p3qppp/2p2n2/1N2p1B1/2B1P3/1Q6/PPP2PPP/R3K2R b KQkq - 0 10",
        "cxb5",
        (303, "Qb4+ Qxb4 Bxb4+ c3 cxb5 Bxb5+ Ke7 cxb4 a6 Bd3"),
        (470, "Bxb5+ Nbd7 O-O-O Rd8 Rxd7 Nxd7 Bxe7 Bxe7 Bxd7+ Rxd7"),
        INACCURACY,
        (
            "10...cxb5 adds to White's winning advantage (from +3.0 to +4.7) after 11.Bxb5+. "
            "10...Qb4+, trading queens, would have put up more resistance."
        ),
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_a_move_threatens_prevents_or_allows(name: str) -> None:
    fen, played, before, after, move_class, sentence = SAID[name]
    assert text(fen, played, before, after, move_class) == sentence


def test_the_theme_of_a_threat() -> None:
    found = explained(OPERA, "Nf6", (131, "Qd7"), (226, "Qb3 Bc5 Bxf7+ Ke7 Qxb7"), INACCURACY)
    assert found is not None
    assert found.theme == Theme.THREAT


def test_the_wrong_piece_takes_back() -> None:
    fen = "1k1r1b1r/pppq1p1p/2n1b3/4p3/2B5/3PBN2/PPP3PP/R2QK2R w KQ - 2 12"
    before = (-101, "Qxe6 O-O f5 Qe2 Bd6 Kh1 Rhg8 Bf2 Rg4 d4")
    after = (31, "Qe2 Qd5 O-O Rg8 b3 Nd4 Nxd4 exd4 Bf4")
    assert text(fen, "fxe6", before, after, MISTAKE, first="Bxe6") == (
        "12...fxe6 takes back with the pawn instead of the queen and lets Black's slight advantage go "
        "after 13.Qe2. 12...Qxe6, followed by 13.O-O f5, would have kept Black slightly better."
    )


MISSED = "rnbqkbnr/ppp1pppp/8/3p4/4P3/8/PPPP1PPP/RNBQKBNR w KQkq - 0 2"


def test_a_threat_of_the_other_side_is_told_of_both_lines() -> None:
    before, after = (-102, "dxe4 Ng5 Bf5 Nc3 Nf6 f3 exf3 Qxf3 e6 Qxb7"), (76, "e5 Nfd7 c3 e6 d4 c5")
    assert text(MISSED, "Nf6", before, after, MISTAKE, first="Nf3") == (
        "2...Nf6 hands White a slight advantage after 3.e5, which attacks the knight on f6. "
        "2...dxe4, attacking the knight on f3, would have kept Black slightly better."
    )


NOT_SAID: dict[str, tuple[str, str, Line, Line, MoveClass, str]] = {
    "a threat that the better line allows just so": (
        "rn1qkbnr/ppp2pp1/4p1p1/3p4/3P4/2P1P2P/PP3PP1/RNBQK1NR b KQkq - 0 6",
        "f5",
        (-46, "c5 dxc5 Bxc5 c4 dxc4 Qxd8+ Kxd8 Nf3 Nd7 Nbd2"),
        (19, "Qb3 b6 Bd2 Qd7 Nf3 Nc6 Qa4 Nf6 c4 a6"),
        INACCURACY,
        "attack",
    ),
    "a threat that is neither met nor carried out": (
        OPERA,
        "Nf6",
        (131, "Qd7"),
        (226, "Qb3 Na6 O-O Bc5 Nc3 O-O"),
        INACCURACY,
        "attacks the pawns on b7",
    ),
    "a pawn where far more is lost": (
        "r6r/2R5/p2pkb2/3Npn2/P7/8/1q3PPP/3Q1RK1 w - - 0 22",
        "Re1",
        (277, "Ne3 Nxe3 fxe3 Rag8 Qf3 Qxg2+"),
        (0, "Bh4 Rc2 Qd4 Nc7+ Ke7 Nd5+"),
        MoveClass.BLUNDER,
        "attack",
    ),
    "a threat that both moves make": (
        "rnbqkbnr/pppp1ppp/8/4p3/4P3/8/PPPP1PPP/RNBQKBNR w KQkq - 0 2",
        "Qh5",
        (30, "Nf3 Nc6 Bb5"),
        (-60, "Nc6 Bc4 g6"),
        INACCURACY,
        "attacking",
    ),
    "a mate that was threatened before": (
        "r1bq1rk1/ppp1bppp/2n5/3n3Q/3P4/3B4/PPP2PPP/RNB2RK1 b - - 0 9",
        "Kh8",
        (10, "g6 Qh6 Nxd4"),
        (80, "Nc3 h6 Nxd5 Qxd5"),
        INACCURACY,
        "mate",
    ),
    "a reply that has to flee from the move": (
        "r1bqkb1r/ppp2ppp/2p2n2/8/4P3/8/PPPP1PPP/RNBQKB1R w KQkq - 0 5",
        "e5",
        (176, "d3 Be6 Be2 Qd7 O-O O-O-O Nd2 Ng4 Nf3 f6"),
        (81, "Nd5 d4"),
        INACCURACY,
        "prevented",
    ),
    "a reply that answers a check": (
        "r4rk1/pQ3ppp/3Rp3/2p5/2P3P1/2q1B3/P4P1P/3K3R b - - 1 18",
        "Qa1+",
        (18, "Qxc4 Qb3 Qxg4+ Kd2 Rab8 Qc3 Rfd8 Rxd8+ Rxd8+ Kc1"),
        (246, "Ke2 Qxa2+ Kf3 Qxc4 Rc1 Qb4 Rb1 Qc4 Qb3 Qxb3"),
        MoveClass.BLUNDER,
        "prevented",
    ),
    "checks that could be given anyhow": (
        "8/7R/p1k4N/8/2p4K/5rr1/PP6/8 w - - 0 36",
        "b3",
        (-413, "Ra7 Rg2 Rxa6+ Kc5 Ra8 Rxb2 Kg4 Rbf2"),
        (-562, "Rh3+ Kg4 Rhg3+ Kh4 c3 Re7 Rh3+ Kg4 Rfg3+ Kf4"),
        INACCURACY,
        "exposes",
    ),
    "checks in the better line too": (
        "r1b1k2r/pp5p/5p2/2b5/2q3P1/6B1/P5PP/R2Q1K1R w kq - 0 19",
        "Ke1",
        (-590, "Qe2+ Qxe2+ Kxe2 Bxg4+ Kf1 O-O Bf2 Rac8 Bxc5 Rxc5"),
        (-1018, "Bb4+ Kf2 Bc5+ Ke1 Bxg4 h3 Bxd1 Rxd1 Kf7 Rd7+"),
        INACCURACY,
        "exposes",
    ),
    "a knight that drives a rook away": (
        "rnb2rk1/1p3ppp/p7/3N4/4p3/1P4P1/PqPPPPBP/R2QK2R w KQ - 0 12",
        "Nc7",
        (428, "Nb6 Bg4 Nxa8 Nc6 h3 Bh5 Nb6 Bg6 O-O Rd8"),
        (326, "Ra7 Nd5 Nc6 c3 Be6 Bxe4 Rd8 Ne3 Rxd2 Qxd2"),
        INACCURACY,
        "time",
    ),
    "a queen that goes on to where it could not have gone": (
        "rnbqkbnr/p2p1p1p/2p1p1p1/1p6/4P3/3B1N2/PPPP1PPP/RNBQ1RK1 b kq - 1 5",
        "Qf6",
        (97, "d6 c3 Bg7 a4 b4 cxb4 Ne7 Re1 O-O Bf1"),
        (164, "c3 Qf5 Re1 a5"),
        INACCURACY,
        "time",
    ),
    "queens that go in both lines": (
        "rn2kb1r/p3qppp/2p2n2/1N2p1B1/2B1P3/1Q6/PPP2PPP/R3K2R b KQkq - 0 10",
        "Qb4+",
        (303, "Qb7 O-O cxb5 Bxb5+"),
        (470, "Qxb4 Bxb4+ c3 cxb5 Bxb5+ Ke7 cxb4"),
        INACCURACY,
        "trading",
    ),
}


@pytest.mark.parametrize("name", NOT_SAID)
def test_what_does_not_hold_is_not_said(name: str) -> None:
    fen, played, before, after, move_class, words = NOT_SAID[name]
    said = text(fen, played, before, after, move_class)
    assert said
    assert words not in said


def test_a_shorter_second_sentence_is_told_where_the_long_one_has_no_room() -> None:
    fen = "r1bq1rk1/pp3ppp/2p2n2/4n1B1/PP2N3/2PB1Q2/6PP/R4K1R w - - 5 17"
    before = (-138, "Bxf6 Qxd3+ Qxd3 Nxd3 Ke2 Nb2 Bd4 Re8 Kf3 Nc4")
    after = (-393, "gxf6 Bxh7+ Kxh7 Qxf6 Qxf6+ Bxf6 Nc4 Kf2 Be6 Rhe1")
    said = text(fen, "Nxf6+", before, after)
    assert len(said) <= 220
    assert said.endswith("20.Bxf6. 17.Bxf6 would have left Black only slightly better.")


def test_a_reply_that_takes_more_than_the_move_did_is_no_mere_taking_back() -> None:
    fen = "b2r3r/k4p1p/p2q1np1/NppP4/3p1Q2/P4PPB/1PP4P/1K1RR3 w - - 1 24"
    before, after = (-60, "Qxd6 Rxd6 Rxd4"), (-203, "cxd4 Re7+ Kb6 Qxd4+ Kxa5 b4+ Ka4")
    assert text(fen, "Rxd4", before, after, INACCURACY) == (
        "24.Rxd4 lets Black's slight advantage grow to a clear one after 24...cxd4, which takes the rook. "
        "24.Qxd6, trading queens, would have left Black only slightly better."
    )
