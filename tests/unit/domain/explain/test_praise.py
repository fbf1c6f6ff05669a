"""Great and brilliant moves in words."""

import chess

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


def test_a_sacrifice_that_forces_mate() -> None:
    line = "Qg8+ Rxg8 Nf7#"
    assert text(SMOTHERED, "Qg8+", ("#2", line), ("#1", "Rxg8 Nf7#"), MoveClass.BRILLIANT, second_cp=400) == (
        "30.Qg8+ sacrifices the queen on g8. It forces mate: 30...Rxg8 31.Nf7#."
    )


def test_an_offer_that_is_declined() -> None:
    fen = "r1bq1rk1/ppp2ppp/2n2n2/3p4/1b1P4/2NB1N2/PPP2PPP/R1BQ1RK1 w - - 0 9"
    assert said(fen, "Bxh7+ Kh8 Bd3 Be7", 60, MoveClass.BRILLIANT, -80) == (
        "9.Bxh7+ offers the bishop on h7. It wins a pawn."
    )


def test_sentences_name_black_when_black_moves() -> None:
    board = chess.Board(FORK).mirror()
    line = "Nxc2+ Ke2 Nxa1 Rxa1 O-O Rd1 Qe7+"
    assert said(board.fen(), line, -450, MoveClass.GREAT, 20) == (
        "11...Nxc2+ is the only move that keeps Black winning: "
        "any other leaves the game about equal at best. "
        "It forks king and rook and wins the exchange and a pawn."
    )
