"""What single moves plainly do, and near misses."""

from __future__ import annotations

import chess
import pytest

from knight_vision.domain.explain.aims import aims
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.motifs.line import Line

MEN = "rnbqkbnr/pppp1ppp/8/4p3/4P3/8/PPPP1PPP/RNBQKBNR w KQkq - 0 2"
CENTRE = "rnbqkbnr/ppp1pppp/8/3p4/4P3/8/PPPP1PPP/RNBQKBNR w KQkq - 0 2"
RACE = "6k1/5ppp/8/P7/1p6/8/5PPP/1R4K1 w - - 0 40"

SAID: dict[str, tuple[str, str, list[str]]] = {
    "a knight that is taken back by a pawn": (
        "r1bqkbnr/pppp1ppp/2n5/4p3/3NP3/8/PPP2PPP/RNBQKB1R w KQkq - 0 4",
        "Nxc6 bxc6",
        ["trades knights"],
    ),
    "a bishop for a knight": (
        "r1bqkbnr/1ppp1ppp/p1n5/1B2p3/4P3/5N2/PPPP1PPP/RNBQK2R w KQkq - 0 4",
        "Bxc6 dxc6",
        ["trades the bishop for the knight"],
    ),
    "pawns": (
        CENTRE,
        "exd5 Qxd5",
        ["trades pawns"],
    ),
    "a pawn that is left": (
        CENTRE,
        "exd5 Nf6",
        ["takes the pawn"],
    ),
    "a capture after which the line breaks off, though it can be taken back": (
        CENTRE,
        "exd5",
        [],
    ),
    "castling": (
        "r1bqkbnr/pppp1ppp/2n5/1B2p3/4P3/5N2/PPPP1PPP/RNBQK2R w KQkq - 4 4",
        "O-O",
        ["brings the king out of the centre"],
    ),
    "a king that walks": (
        "r1bqkbnr/pppp1ppp/2n5/1B2p3/4P3/5N2/PPPP1PPP/RNBQK2R w KQkq - 4 4",
        "Kf1",
        [],
    ),
    "a passed pawn": (RACE, "a6", ["pushes the passed a-pawn"]),
    "a pawn that the enemy's can stop": (
        "6k1/pp6/8/1P6/8/8/8/6K1 w - - 0 40",
        "b6",
        ["challenges the pawn on a7"],
    ),
    "a pawn that gets past": ("6k1/8/1p6/8/P7/8/8/6K1 w - - 0 40", "a5 Kf7", ["challenges the pawn on b6"]),
    "a pawn that becomes passed by taking": (
        "6k1/8/1p6/P7/8/8/8/6K1 w - - 0 40",
        "axb6 Kf7",
        ["takes the pawn", "makes the b-pawn a passed pawn"],
    ),
    "a rook behind its own passed pawn": (RACE, "Ra1", ["brings the rook behind the passed pawn on a5"]),
    "a rook behind the enemy's": (
        "6k1/5ppp/8/8/1p6/8/5PPP/R5K1 w - - 0 40",
        "Rb1",
        [],
    ),
    "a rook on the far side of it": (
        "R5k1/5ppp/8/8/1p6/8/5PPP/6K1 w - - 0 40",
        "Rb8+",
        ["brings the rook behind the passed pawn on b4"],
    ),
    "the seventh rank": (
        "6k1/pp3ppp/8/8/8/8/PP3PPP/3R2K1 w - - 0 30",
        "Rd7",
        ["brings the rook to the seventh rank"],
    ),
    "the seventh rank with nothing on it": ("8/8/ppk5/8/8/8/PP3PPP/4R1K1 w - - 0 30", "Re7", []),
    "an open file": (
        "3r2k1/pp3ppp/8/8/8/8/PP3PPP/R5K1 w - - 0 30",
        "Re1",
        ["takes the open e-file"],
    ),
    "an open file on the way to a check": ("4k3/pp3ppp/8/8/8/8/PP3PPP/R5K1 w - - 0 30", "Re1+", []),
    "a half-open file": ("3r2k1/pp2pppp/8/8/8/8/PP3PPP/R5K1 w - - 0 30", "Re1", []),
    "a blockade": ("6k1/5ppp/8/8/1p6/8/3N1PPP/6K1 w - - 0 40", "Nb3", ["blocks the passed pawn on b4"]),
    "the pawn is not passed": ("6k1/5ppp/8/8/1p6/8/P2N1PPP/6K1 w - - 0 40", "Nb3", []),
    "an outpost": (
        "r2q1rk1/pp3ppp/3p4/4p3/4P3/2N5/PPP2PPP/R2Q1RK1 w - - 0 20",
        "Nd5",
        ["brings the knight to an outpost"],
    ),
    "no outpost, as a pawn can drive it away": (
        "r2q1rk1/ppp2ppp/3p4/4p3/4P3/2N5/PPP2PPP/R2Q1RK1 w - - 0 20",
        "Nd5",
        ["centralises the knight"],
    ),
    "a queen in the centre of an endgame": (
        "6k1/5ppp/8/8/8/8/Q4PPP/6K1 w - - 0 40",
        "Qd5",
        ["centralises the queen"],
    ),
    "a queen in the centre before it": (
        "r1b2rk1/pppn1ppp/3b4/8/8/2N5/PPPQ1PPP/R1B2RK1 w - - 0 15",
        "Qd4",
        [],
    ),
    "a guard for a pawn": (
        "rnbqkb1r/pppp1ppp/5n2/4p3/4P3/8/PPPP1PPP/RNBQKBNR w KQkq - 2 3",
        "Nc3",
        ["protects the pawn on e4", "develops the knight"],
    ),
    "a guard that is not enough": (
        "rnb1kb1r/ppp1qppp/5n2/4p3/2B1P3/8/PPPP1PPP/RNBQK1NR w KQkq - 2 3",
        "Qf3 Nc6",
        ["protects the pawn on e4"],
    ),
    "a pawn against a pawn": (MEN, "d4", ["challenges the pawn on e5", "gains space in the centre"]),
    "a knight that goes back home": (
        "r1bqkb1r/pppp1ppp/2n2n2/4p3/4P3/2N2N2/PPPP1PPP/R1BQKB1R w KQkq - 4 4",
        "Ng1",
        [],
    ),
    "a bishop in the endgame": ("2b3k1/5ppp/8/8/8/8/5PPP/2B3K1 w - - 0 40", "Be3", []),
    "a king towards the centre": (
        "6k1/5ppp/8/8/8/4K3/5PPP/8 w - - 0 40",
        "Ke4",
        ["centralises the king", "activates the king"],
    ),
    "a king that leaves a check": ("6k1/5ppp/8/8/8/4K3/4rPPP/8 w - - 0 40", "Kxe2", ["takes the rook"]),
    "a pawn on the edge, half way": (MEN, "a4", []),
    "a pawn in an endgame": ("6k1/6pp/8/8/5P2/8/6PP/6K1 w - - 0 40", "f5", []),
}


@pytest.mark.parametrize("case", SAID)
def test_what_a_move_does(case: str) -> None:
    fen, sans, expected = SAID[case]
    assert [aim.words() for aim in aims(variation(fen, sans), 0)] == expected


@pytest.mark.parametrize("case", SAID)
def test_the_same_with_the_colours_changed(case: str) -> None:
    fen, sans, expected = SAID[case]
    line = variation(fen, sans).line
    board = line.boards[0].mirror()
    moves = [
        chess.Move(chess.square_mirror(move.from_square), chess.square_mirror(move.to_square), move.promotion)
        for move in line.moves
    ]
    turned = [aim.words() for aim in aims(Variation(Line(board, moves), (40, False)), 0)]
    assert [words.rstrip("12345678") for words in turned] == [words.rstrip("12345678") for words in expected]


def test_what_had_just_taken_is_taken_back() -> None:
    line = variation(CENTRE, "exd5 Qxd5 Nc3")
    assert [aim.words("ing") for aim in aims(line, 1)] == ["taking back"]


def variation(fen: str, sans: str) -> Variation:
    board = chess.Board(fen)
    walk = board.copy()
    moves = [walk.push_san(san) for san in sans.split()]
    return Variation(Line(board, moves), (board.fullmove_number, board.turn))
