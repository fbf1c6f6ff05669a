"""Moves that anybody would play, and near relatives that are not."""

import chess
import pytest

from knight_vision.domain.obvious import is_obvious, is_recapture


@pytest.mark.parametrize(
    ("fen", "san", "expected", "why"),
    [
        # the bishop is attacked by the pawn; only one square is not covered
        ("6k1/8/8/8/1p6/B7/1PP5/6K1 w - - 0 1", "Bxb4", True, "the only square there is"),
        ("7k/8/8/8/1pn5/B7/8/7K w - - 0 1", "Bc1", False, "Bxb4 is safe too"),
        ("7k/8/8/p7/1p6/B1b5/8/7K w - - 0 1", "Bc1", True, "the one safe square"),
        ("7k/8/8/p7/1p6/B1b5/8/7K w - - 0 1", "Bxb4", False, "not safe"),
        ("7k/8/8/p7/1p6/B1b5/8/7K w - - 0 1", "Kg1", False, "not the piece in danger"),
        ("7k/8/8/p7/8/B1b5/8/7K w - - 0 1", "Bc1", False, "not in danger"),
        # checks
        ("k3r3/8/8/8/8/8/3P1P2/3QKQ2 w - - 0 1", "Qfe2", True, "two answers"),
        ("k3r3/8/8/8/8/8/3P4/3QKQ2 w - - 0 1", "Qfe2", False, "three answers"),
        ("k3r3/8/8/8/8/8/3P4/3QKQ2 w - - 0 1", "Kf2", True, "the king steps aside"),
        # captures and promotions
        ("6rk/p7/5QpP/3pPq2/5P2/6K1/8/8 b - - 9 44", "Qxf6", True, "a queen for a queen"),
        ("4k3/8/5p2/6P1/8/8/8/4K3 w - - 0 1", "gxf6", True, "a pawn for a pawn"),
        ("4k3/8/8/5Pp1/8/8/8/4K3 w - g6 0 1", "fxg6", True, "a pawn in passing"),
        ("4k3/5p2/6p1/8/8/3B4/8/4K3 w - - 0 1", "Bxg6", False, "a bishop for a pawn"),
        ("4k3/8/8/8/8/3n4/8/3RK3 w - - 0 1", "Rxd3", True, "a knight for nothing"),
        ("4k3/8/8/8/8/3p4/8/3RK3 w - - 0 1", "Rxd3", False, "a pawn for nothing"),
        ("3rk3/8/8/8/8/3n4/8/3RK3 w - - 0 1", "Rxd3", False, "a knight for a rook"),
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1", "b8=Q+", True, "a queen"),
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1", "b8=N", True, "a knight, too"),
        # endings of a few rules
        ("8/8/8/4k3/8/4K3/4P3/8 w - - 0 1", "Kd3", True, "kings and a pawn"),
        ("8/4p3/8/4k3/8/4K3/4P3/8 w - - 0 1", "Kd3", False, "a pawn each"),
    ],
)
def test_obvious(fen: str, san: str, expected: bool, why: str) -> None:
    board = chess.Board(fen)
    move = board.parse_san(san)
    assert is_obvious(board, move, None) is expected, why
    other_side = chess.Move(
        chess.square_mirror(move.from_square), chess.square_mirror(move.to_square), move.promotion
    )
    assert is_obvious(board.mirror(), other_side, None) is expected, why


def test_a_recapture_is_obvious_whatever_it_gains() -> None:
    board = chess.Board("3rk3/8/8/8/8/3n4/8/3RK3 w - - 0 1")
    move = board.parse_san("Rxd3")
    assert is_obvious(board, move, chess.Move.from_uci("e5d3"))
    assert not is_obvious(board, move, chess.Move.from_uci("e5c4"))
    assert not is_recapture(move, None)
