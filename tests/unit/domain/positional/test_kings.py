"""King safety: shields, files, attackers, exposure, castling."""

import chess
import pytest

from tests.support.positions import after, black, names, white


@pytest.mark.parametrize(
    ("king_and_pawns", "shield", "open_files"),
    [
        ("8/5PPP/6K1", "f2 g2 h2", ""),
        ("7P/5PP1/6K1", "f2 g2 h3", ""),
        ("6P1/5P1P/6K1", "f2 h2 g3", ""),  # the fianchetto without its bishop
        ("8/5PP1/6K1", "f2 g2", "h"),
        ("5P1P/6PK/8", "g2 f3 h3", ""),  # pawns beside the king shield it too
        ("8/5PPP/7K", "f2 g2 h2", ""),  # in the corner the three files are the same
        ("8/PPP5/1K6", "a2 b2 c2", ""),
        ("8/PP3PPP/2K5", "b2", "cd"),  # castled long, the d-pawn gone and the c-pawn too
        ("8/8/6K1", "", "fgh"),
    ],
)
def test_the_shield_and_the_files(king_and_pawns: str, shield: str, open_files: str) -> None:
    side = white(f"4k3/8/8/8/8/{king_and_pawns} w - - 0 1")
    assert names(side.shield_pawns) == shield
    assert side.king_open_files == open_files


def test_pawns_far_ahead_shield_nothing_but_close_the_file() -> None:
    side = white("4k3/8/8/8/6P1/8/5P1P/6K1 w - - 0 1")
    assert names(side.shield_pawns) == "f2 h2"
    assert side.king_open_files == ""


GREEK_GIFT = "rnbq1rk1/ppp1npp1/4p3/3pP1NQ/3P4/3B4/PPP2PPP/R3K2R b KQ - 0 1"
"""Bishop, knight and queen against h7, whose pawn is gone."""


def test_three_attackers_and_an_open_file_expose_a_king() -> None:
    side = black(GREEK_GIFT)
    assert names(side.shield_pawns) == "f7 g7"
    assert side.king_open_files == "h"
    assert names(side.king_attackers) == "d3 g5 h5"
    assert side.king_exposure == 1 + 1 + 3


def test_an_intact_castle_is_not_exposed() -> None:
    side = black("rnbq1rk1/ppp1nppp/4p3/3pP3/3P4/3B1N2/PPP2PPP/R2QK2R b KQ - 0 1")
    assert names(side.king_attackers) == "d3"
    assert side.king_exposure == 1


def test_without_an_enemy_queen_and_another_piece_no_king_is_exposed() -> None:
    with_queen_alone = "6k1/8/8/8/8/8/8/q5K1 w - - 0 1"
    with_queen_and_knight = "6k1/8/8/8/8/6n1/8/q5K1 w - - 0 1"
    assert white(with_queen_alone).king_exposure == 0
    assert white(with_queen_and_knight).king_exposure == 3 + 3 + 2
    assert white(with_queen_and_knight.replace("q", "r")).king_exposure == 0


def test_pawns_and_the_king_are_no_attackers() -> None:
    assert white("8/8/8/8/8/5k1p/8/6K1 w - - 0 1").king_attackers == ()


def test_a_piece_attacks_through_no_other() -> None:
    assert names(white("3rk3/8/8/8/3p4/8/8/2K5 w - - 0 1").king_attackers) == ""
    assert names(white("3rk3/8/8/8/8/8/8/2K5 w - - 0 1").king_attackers) == "d8"


def test_a_king_that_may_castle_counts_on_the_shelter_it_can_reach() -> None:
    board = after("e4 e5 Nf3 Nc6 Bc4 Nf6 d4 exd4")
    assert white(board).can_castle
    assert white(board).king_open_files == "d"
    assert white(board).king_exposure == 0
    board.set_castling_fen("kq")
    assert not white(board).can_castle
    assert white(board).king_exposure == 2 + 1  # d and e without a shield pawn, d open


def test_castling_long_needs_shelter_there() -> None:
    fen = "rnbqkbnr/8/8/8/8/8/PPP5/RNBQK3 w Q - 0 1"
    assert white(fen).king_exposure == white(fen.replace("w Q", "w -")).king_exposure - 4


def test_where_a_king_stands() -> None:
    assert white(chess.STARTING_FEN).is_king_in_centre
    assert white("4k3/8/8/8/8/8/8/3K4 w - - 0 1").is_king_in_centre
    assert white("4k3/8/8/8/8/8/8/5K2 w - - 0 1").is_king_in_centre
    assert not white("4k3/8/8/8/8/8/8/6K1 w - - 0 1").is_king_in_centre
    assert not white("4k3/8/8/8/8/8/8/2K5 w - - 0 1").is_king_in_centre


def test_castling_rights_of_chess960_and_rights_without_a_rook() -> None:
    board = chess.Board.from_chess960_pos(0)
    assert white(board).can_castle
    assert black(board).can_castle
    assert not white("4k3/8/8/8/8/8/8/4K3 w KQ - 0 1").can_castle


def test_a_board_without_a_king_has_no_king_safety() -> None:
    side = white("8/8/8/8/4P3/8/8/8 w - - 0 1")
    assert (side.shield_pawns, side.king_open_files, side.king_exposure) == ((), "", 0)
