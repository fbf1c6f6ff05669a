"""Great and brilliant moves in words."""

import chess
import pytest

from knight_vision.domain.move_class import MoveClass
from tests.support.reviews import text

SMOTHERED = "r6k/6pp/7N/8/2Q5/8/6PP/6K1 w - - 0 30"
FORK = "r3k2r/ppp2ppp/p7/3N4/7q/8/PPP2PPP/R2QK2R w KQkq - 0 11"
FORKING = "Nxc7+ Ke7 Nxa8 Rxa8 O-O Rd8 Qe2+"


def said(fen: str, line: str, cp: int | str, move_class: MoveClass, second_cp: int | None) -> str:
    played, _, rest = line.partition(" ")
    return text(fen, played, (cp, line), (cp, rest), move_class, second_cp=second_cp)


def test_a_great_move_is_measured_by_the_second_best() -> None:
    assert said(FORK, FORKING, 450, MoveClass.GREAT, -20) == (
        "11.Nxc7+ is the only move that keeps White winning: any other leaves the game about equal at best. "
        "It forks king and rook and wins the exchange and a pawn."
    )


def test_a_second_best_that_loses() -> None:
    assert said(FORK, FORKING, 20, MoveClass.GREAT, -500).startswith(
        "11.Nxc7+ is the only move that keeps the balance: any other move loses."
    )


def test_a_second_best_as_good_is_not_called_worse() -> None:
    assert said(FORK, FORKING, 450, MoveClass.GREAT, 350).startswith("11.Nxc7+ is clearly the best move.")


@pytest.mark.parametrize(
    ("after_cp", "keeps"),
    [(-31, "the balance"), (-68, "Black slightly better"), (-170, "Black slightly better")],
)
def test_what_is_kept_is_what_both_searches_see(after_cp: int, keeps: str) -> None:
    """Kasparov - Topalov, Wijk aan Zee 1999."""
    fen = "b2r3r/k3qp1p/p4np1/NppP4/3p1Q2/P4PPB/1PP4P/1K1RR3 b - - 0 23"
    line = "Nc6+ Bxc6 Qxd6 Rxd6 dxc6"
    said = text(fen, "Qd6", (-68, f"Qd6 {line}"), (after_cp, line), MoveClass.GREAT, second_cp=544)
    assert said == f"23...Qd6 is the only move that keeps {keeps}: any other move loses."


@pytest.mark.parametrize(
    ("after_cp", "words"), [(130, "slightly better"), (160, "clearly better"), (310, "clearly better")]
)
def test_a_great_move_keeps_no_more_than_is_left(after_cp: int, words: str) -> None:
    fen = "3r3r/1R3p1p/6p1/1p6/2q5/5PPB/3k3P/QK6 w - - 2 35"
    said = text(fen, "Qb2+", (204, "Qb2+ Kd1 Bf1"), (after_cp, "Kd1 Bf1"), MoveClass.GREAT, second_cp=-425)
    assert said == f"35.Qb2+ is the only move that keeps White {words}: any other move loses."


def test_a_sacrifice_that_forces_mate() -> None:
    line = "Qg8+ Rxg8 Nf7#"
    assert text(SMOTHERED, "Qg8+", ("#2", line), ("#1", "Rxg8 Nf7#"), MoveClass.BRILLIANT, second_cp=400) == (
        "30.Qg8+ sacrifices the queen on g8. It forces mate: 30...Rxg8 31.Nf7#."
    )


def test_an_offer_that_is_declined() -> None:
    fen = "r1bq1rk1/ppp2ppp/2n2n2/3p4/1b1P4/2NB1N2/PPP2PPP/R1BQ1RK1 w - - 0 9"
    assert said(fen, "Bxh7+ Kh8 Bd3 Be7", 60, MoveClass.BRILLIANT, -80) == (
        "9.Bxh7+ offers the bishop on h7. It wins a pawn after 9...Kh8."
    )


def test_sentences_name_black_when_black_moves() -> None:
    board = chess.Board(FORK).mirror()
    line = "Nxc2+ Ke2 Nxa1 Rxa1 O-O Rd1 Qe7+"
    assert said(board.fen(), line, -450, MoveClass.GREAT, 20) == (
        "11...Nxc2+ is the only move that keeps Black winning: "
        "any other leaves the game about equal at best. "
        "It forks king and rook and wins the exchange and a pawn."
    )


def test_what_is_won_only_on_paper_is_not_told() -> None:
    """Korchnoi - Nikolic 2000: White gives a rook for perpetual check; it is not won."""
    fen = "8/1QR2pkp/5b2/8/4pN2/4P1P1/r4PPK/3q4 b - - 4 34"
    line = "Kh3 h5 Rxf7+ Kg8 Rg7+ Bxg7 Qc8+ Bf8 Qe6+ Kg7 Qe5+ Kg8"
    assert text(fen, "Ra1", (0, f"Ra1 {line}"), (0, line), MoveClass.GREAT, second_cp=470) == (
        "34...Ra1 is the only move that keeps the balance: any other move loses."
    )


def test_what_was_just_given_is_won_back() -> None:
    fen = "6k1/1b2bpBp/8/2p2q2/r3pN2/4P1P1/P2Q1PP1/2R3K1 b - - 0 29"
    line = "Kg8 Qxb7 Bf8 Rd1 Rxa2 Rd8"
    said = text(
        fen, "Qb2+", (365, f"Qb2+ {line}"), (355, line), MoveClass.GREAT, first="Kxg7", second_cp=-199
    )
    assert said.endswith("It wins back a bishop for a pawn: 30.Qb2+ Kg8 31.Qxb7 Bf8 32.Rd1 Rxa2.")


def test_more_than_was_given_is_no_winning_back() -> None:
    fen = "2r1r3/5pk1/6bp/8/Np1qnRP1/1P1n2P1/3Q2BP/1N1R3K w - - 5 34"
    line = "Rxf2 Bxd3 Rfd2 Qe3 Rxd3 Rc1 Nb2 Qf2 Nd2 Rxd1+ Nxd1 Re1+"
    said = text(
        fen, "Nf2+", (-400, f"Nf2+ {line}"), (-410, line), MoveClass.GREAT, first="Qxd3", second_cp=300
    )
    assert "It wins a queen for a bishop and a knight: 34...Nf2+ 35.Rxf2 Bxd3 36.Rfd2 Qe3 37.Rxd3." in said
