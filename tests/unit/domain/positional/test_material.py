"""Points, and imbalances in words."""

import chess
import pytest

from knight_vision.domain.positional import Imbalance, metrics
from tests.support.positions import black, white


@pytest.mark.parametrize(
    ("white_men", "black_men", "expected"),
    [
        ("RP", "BN", Imbalance("rook and pawn", "two minor pieces")),
        ("R", "N", Imbalance("rook", "knight")),
        ("R", "NP", Imbalance("rook", "knight and pawn")),
        ("Q", "RR", Imbalance("queen", "two rooks")),
        ("N", "PPP", Imbalance("knight", "three pawns")),
        ("BB", "NN", Imbalance("two bishops", "two knights")),
        ("BNP", "R", Imbalance("two minor pieces and pawn", "rook")),
        ("QBNPP", "", Imbalance("queen, two minor pieces and two pawns", "")),
        ("P", "", Imbalance("pawn", "")),
        ("QRBNP", "QRBNP", None),
    ],
)
def test_imbalances(white_men: str, black_men: str, expected: Imbalance | None) -> None:
    board = chess.Board("4k3/8/8/8/8/8/8/4K3 w - - 0 1")
    for index, man in enumerate(white_men):
        board.set_piece_at(chess.A2 + index, chess.Piece.from_symbol(man))
    for index, man in enumerate(black_men):
        board.set_piece_at(chess.A6 + index, chess.Piece.from_symbol(man.lower()))
    assert metrics(board).imbalance == expected


def test_an_empty_side_is_left_out_of_the_json() -> None:
    assert Imbalance("pawn", "").to_json() == {"white": "pawn"}
    assert Imbalance("rook", "bishop").to_json() == {"white": "rook", "black": "bishop"}


def test_more_men_than_words() -> None:
    board = chess.Board("QQQQQQQQ/Q6k/8/8/8/8/8/4K3 w - - 0 1")
    assert metrics(board).imbalance == Imbalance("9 queens", "")


def test_points() -> None:
    assert white(chess.STARTING_FEN).material == black(chess.STARTING_FEN).material == 39
    assert white("4k3/8/8/8/8/8/8/QRBNK3 w - - 0 1").material == 9 + 5 + 3 + 3
    assert black("4k3/pp6/8/8/8/8/8/QRBNK3 w - - 0 1").material == 2
