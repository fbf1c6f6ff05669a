"""Attacks on the enemy king along a line."""

import chess
import pytest

from knight_vision.domain.motifs.attacks import king_attacks
from knight_vision.domain.motifs.motif import Motif, Sighting


def play(fen: str, sans: str) -> tuple[list[chess.Board], list[chess.Move]]:
    board = chess.Board(fen)
    boards, moves = [board.copy()], []
    for san in sans.split():
        moves.append(board.push_san(san))
        boards.append(board.copy())
    return boards, moves


def seen(fen: str, sans: str) -> set[Motif]:
    return {sighting.motif for sighting in king_attacks(*play(fen, sans))}


BARE = "6k1/8/8/8/8/8/8/K2Q3R w - - 0 1"
GREEK_GIFT = "rnbq1rk1/pppn1ppp/4p3/3pP3/1b1P4/2NB1N2/PPP2PPP/R1BQK2R w KQ - 0 1"
LONG_CASTLED = "2kr3r/pp1n1ppp/2p1pn2/8/3P1B2/2NB1Q1P/PPP1KPP1/q6R w - - 0 1"
SCHOLARS = "r1bqkb1r/pppp1ppp/2n2n2/4p2Q/2B1P3/8/PPPP1PPP/RNB1K1NR w KQkq - 0 1"
CASTLED = "r1bq1rk1/pppp1ppp/2n2n2/4p3/2B1P3/5Q2/PPPP1PPP/RNB1K1NR w KQ - 0 1"
CASES = {
    "a king without pawns, checked in the middle of the line": (
        BARE,
        "Qg4+ Kf7 Rh7+ Kf6 Qg7+",
        {Motif.EXPOSED_KING},
    ),
    "checks at the ends of the line alone do not make it exposed": (
        BARE,
        "Qg4+ Kf7 Rh2 Kf6 Rf2+",
        set(),
    ),
    "a pawn before the king shelters it": (BARE.replace("6k1/8", "6k1/6p1"), "Qd5+ Kf8 Rh8+ Ke7 Re8+", set()),
    "a pawn beside the king shelters it": (
        "8/6kp/8/8/8/8/8/K2Q3R w - - 0 1",
        "Qg4+ Kf7 Rf1+ Ke7 Re1+",
        set(),
    ),
    "a king on a walk is not exposed at home": (
        "8/8/8/6k1/8/8/8/K2Q3R w - - 0 1",
        "Rg1+ Kf5 Rf1+ Ke5 Re1+",
        set(),
    ),
    "the bishop sacrifice on h7": (GREEK_GIFT, "Bxh7+ Kxh7 Ng5+", {Motif.KINGSIDE_ATTACK}),
    "one check that takes near the corner is enough": (GREEK_GIFT, "Bxh7+", {Motif.KINGSIDE_ATTACK}),
    "a move far away takes from it": (GREEK_GIFT, "O-O Re8 Bxh7+", set()),
    "a check alone is no attack": (GREEK_GIFT.replace("n1ppp", "n1pp1"), "Bh7+", set()),
    "with few pieces left it is no attack": (
        "5rk1/5ppp/4p3/3pP3/3P4/3B1N2/5PPP/5RK1 w - - 0 1",
        "Bxh7+ Kxh7 Ng5+",
        set(),
    ),
    "boden's combination": (LONG_CASTLED, "Qxc6+ bxc6 Ba6#", {Motif.QUEENSIDE_ATTACK}),
    "mate on f7": (SCHOLARS, "Qxf7#", {Motif.ATTACKING_F2_F7}),
    "a capture on f7 beside a castled king": (CASTLED, "Bxf7+", {Motif.KINGSIDE_ATTACK}),
    "a move to f7 that takes nothing": (SCHOLARS.replace("1ppp/2n2n2", "2pp/2n2n2"), "Qf7#", set()),
}


@pytest.mark.parametrize("case", CASES)
def test_attacks(case: str) -> None:
    fen, sans, expected = CASES[case]
    assert seen(fen, sans) == expected


@pytest.mark.parametrize("case", CASES)
def test_colours_do_not_matter(case: str) -> None:
    fen, sans, expected = CASES[case]
    _, moves = play(fen, sans)
    boards, flipped = [chess.Board(fen).mirror()], []
    for move in moves:
        flipped.append(chess.Move(chess.square_mirror(move.from_square), chess.square_mirror(move.to_square)))
        boards.append(boards[-1].copy())
        boards[-1].push(flipped[-1])
    assert {sighting.motif for sighting in king_attacks(boards, flipped)} == expected


def test_the_evidence_is_the_check_and_the_king_under_attack() -> None:
    assert list(king_attacks(*play(GREEK_GIFT, "Bxh7+ Kxh7 Ng5+"))) == [
        Sighting(Motif.KINGSIDE_ATTACK, 0, chess.H7, (chess.G8,))
    ]
    assert list(king_attacks(*play(BARE, "Qg4+ Kf7 Rh7+ Kf6 Qg7+"))) == [
        Sighting(Motif.EXPOSED_KING, 2, chess.H7, (chess.F7,))
    ]


def test_a_king_on_a8_can_be_attacked_and_one_on_a1_never_is_as_the_labels_have_it() -> None:
    fen = "k1r4r/pp1q1ppp/2p1pn2/8/3P4/1QN2N2/PPP2PPP/R3R1K1 w - - 0 1"
    assert seen(fen, "Qxb7+") == {Motif.QUEENSIDE_ATTACK}
    flipped = chess.Board(fen).mirror().fen()
    assert seen(flipped, "Qxb2+") == set()


def test_a_line_without_moves_has_no_attack() -> None:
    assert list(king_attacks([chess.Board()], [])) == []
