"""Pieces: mobility, space, centre, development, rooks, outposts and bishops."""

import chess
import pytest

from tests.support.positions import after, black, names, white

FRENCH = "e4 e6 d4 d5 e5 c5 c3"
CARO_KANN = "e4 c6 d4 d5 e5 Bf5 Nf3 e6"
KINGS_INDIAN = "r1bq1rk1/ppp2pbp/3p1np1/3Pp3/2P1P3/2NB1N2/PP3PPP/R1BQK2R w KQ - 0 1"
QUEENS_GAMBIT = "d4 d5 c4 e6 Nc3 Nf6"


def test_the_start_position_is_equal_and_known() -> None:
    for side in (white(chess.STARTING_FEN), black(chess.STARTING_FEN)):
        assert (side.mobility, side.space, side.centre_control) == (4, 8, 0)
    assert names(white(chess.STARTING_FEN).undeveloped) == "b1 c1 f1 g1"
    assert names(black(chess.STARTING_FEN).undeveloped) == "b8 c8 f8 g8"


@pytest.mark.parametrize(
    ("fen", "mobility"),
    [
        ("4k3/8/8/8/8/2N5/8/4K3 w - - 0 1", 8),
        ("4k3/8/8/3p4/8/2N5/8/4K3 w - - 0 1", 7),  # e4 is covered, d5 may be taken
        ("4k3/8/8/3P4/8/2N5/8/4K3 w - - 0 1", 7),  # d5 is taken by a friend
        ("4k3/8/8/8/8/8/8/R3K3 w - - 0 1", 7 + 3),
        ("4k3/8/8/8/8/8/8/4K2B w - - 0 1", 7),
        ("7k/8/8/8/3Q4/8/8/K7 w - - 0 1", 27 - 1),  # its own king on a1
        ("4k3/8/8/8/8/8/PPPP4/4K3 w - - 0 1", 0),
    ],
)
def test_mobility(fen: str, mobility: int) -> None:
    assert white(fen).mobility == mobility


def test_space_grows_with_a_pawn_and_twice_behind_it() -> None:
    board = after("e4")
    assert white(board).space == 8 + 2  # e2 and e3 are behind the pawn, e4 itself is lost
    assert black(board).space == 8 - 2  # d5 and f5 are covered


def test_space_under_attack_is_not_safe() -> None:
    alone = "4k3/8/8/8/8/8/8/4K3 w - - 0 1"
    assert white(alone).space == 12
    assert white("4k3/8/8/3p4/8/8/8/4K3 w - - 0 1").space == 12 - 2  # c4 and e4
    assert white("4k3/8/8/8/3P4/8/8/4K3 w - - 0 1").space == 11 + 2
    assert white("4k3/8/8/8/3P4/8/8/r3K3 w - - 0 1").space == 11 + 2
    assert white("4k3/8/8/8/3P4/8/r7/4K3 w - - 0 1").space == 11 + 1  # d2 is watched: not sheltered
    assert white("8/8/8/8/3P4/8/4k3/7K w - - 0 1").space == 11 + 0  # a king watches too


def test_a_pawn_shelters_three_squares_behind_it() -> None:
    assert white("4k3/8/8/2P5/8/8/8/4K3 w - - 0 1").space == 12 + 3
    assert white("4k3/8/2P5/8/8/8/8/4K3 w - - 0 1").space == 12 + 2


def test_the_centre() -> None:
    board = after("e4 c5 Nf3 d6 d4")
    assert names(white(board).centre_pawns) == "d4 e4"
    assert (
        white(board).centre_control == 2 + 2 + 1
    )  # both pawns one each and e5, the knight two, the queen one
    assert black(board).centre_control == 2  # c5 and d6


def test_a_king_controls_the_centre_too() -> None:
    assert white("4k3/8/8/8/8/3K4/8/8 w - - 0 1").centre_control == 2


def test_development_counts_what_is_still_at_home() -> None:
    board = after("e4 e5 Nf3 Nc6 Bc4 Bc5")
    assert names(white(board).undeveloped) == "b1 c1"
    assert names(black(board).undeveloped) == "c8 g8"


def test_rooks_on_files() -> None:
    side = white("4k3/p7/8/8/8/8/2P5/R1R1K2R w - - 0 1")
    assert names(side.rooks_on_half_open_files) == "a1"
    assert names(side.rooks_on_open_files) == "h1"


@pytest.mark.parametrize(
    ("fen", "squares"),
    [
        ("6k1/R7/8/8/8/8/8/6K1 w - - 0 1", "a7"),  # the king is shut in
        ("8/R4p2/6k1/8/8/8/8/6K1 w - - 0 1", "a7"),  # pawns to eat
        ("8/R7/6k1/5p2/8/8/8/6K1 w - - 0 1", ""),  # nothing to find there
        ("6k1/8/R7/8/8/8/8/6K1 w - - 0 1", ""),
        ("6k1/R5R1/8/8/8/8/8/6K1 w - - 0 1", "a7 g7"),
    ],
)
def test_rooks_on_the_seventh(fen: str, squares: str) -> None:
    assert names(white(fen).rooks_on_seventh) == squares


@pytest.mark.parametrize(
    ("fen", "outposts"),
    [
        ("4k3/pp3ppp/3p4/3N4/4P3/8/PPP2PPP/4K3 w - - 0 1", "d5"),
        ("4k3/pp4pp/3pp3/4N3/3P4/8/PPP2PPP/4K3 w - - 0 1", ""),  # d6 can take it
        ("4k3/ppp3pp/4p3/4N3/3P4/8/PPP2PPP/4K3 w - - 0 1", "e5"),
        ("4k3/ppp2ppp/4p3/4N3/3P4/8/PPP2PPP/4K3 w - - 0 1", ""),  # f7-f6 drives it away
        ("4k3/p4ppp/8/8/2N5/1P6/P4PPP/4K3 w - - 0 1", "c4"),
        ("4k3/p2p1ppp/8/8/2N5/1P6/P4PPP/4K3 w - - 0 1", ""),  # d7-d5
        ("4k3/pp3ppp/3p4/3N4/8/8/PPP2PPP/4K3 w - - 0 1", ""),  # no pawn protects it
        ("4k3/pp3ppp/3p4/3B4/4P3/8/PPP2PPP/4K3 w - - 0 1", "d5"),
        ("4k3/pp3ppp/3p4/3R4/4P3/8/PPP2PPP/4K3 w - - 0 1", ""),  # a rook has no outpost
        ("4k3/8/8/N7/1P6/8/8/4K3 w - - 0 1", ""),  # a knight on the rim
    ],
)
def test_outposts(fen: str, outposts: str) -> None:
    assert names(white(fen).outposts) == outposts


def test_a_bishop_can_use_outposts_of_its_own_colour_only() -> None:
    fen = "4k3/pp3ppp/3p4/8/4P3/8/PPP2PPP/4K{} w - - 0 1"
    assert names(white(fen.format("1N1")).outpost_squares) == "d5"
    assert names(white(fen.format("2B")).outpost_squares) == "d5"
    assert names(white(fen.format("1B1")).outpost_squares) == ""
    assert names(white(fen.format("1R1")).outpost_squares) == ""


def test_the_bishop_pair_needs_both_colours() -> None:
    assert white("4k3/8/8/8/8/8/8/2B1KB2 w - - 0 1").has_bishop_pair
    assert not white("4k3/8/8/8/8/8/8/1B2KB2 w - - 0 1").has_bishop_pair
    assert not white("4k3/8/8/8/8/8/8/4KB2 w - - 0 1").has_bishop_pair


def test_the_bad_french_bishop() -> None:
    assert names(black(after(FRENCH)).bad_bishops) == "c8"
    assert white(after(FRENCH)).bad_bishops == ()


def test_a_french_bishop_that_gets_outside_is_not_bad() -> None:
    assert black(after(FRENCH + " b6 Nf3 Ba6")).bad_bishops == ()
    assert black(after(CARO_KANN)).bad_bishops == ()


def test_how_far_a_bad_bishop_sees() -> None:
    """From d7 it sees c6, b5 and a4: still bad. From e2 White's sees d3 and f3 to h5: that is enough."""
    french = "4k3/pp1b1ppp/4p3/3pP3/3P4/2P5/PP3PPP/4K3 b - - 0 1"
    assert names(black(french).bad_bishops) == "d7"
    assert white(KINGS_INDIAN.replace("2NB1N2/PP3PPP", "2N2N2/PP2BPPP")).bad_bishops == ()


def test_one_pawn_in_the_way_does_not_make_a_bishop_bad() -> None:
    assert black("2b1k3/1p1p4/3P4/8/8/8/8/4K3 b - - 0 1").bad_bishops == ()


def test_the_exchange_frees_it() -> None:
    assert black(after("e4 e6 d4 d5 exd5 exd5")).bad_bishops == ()


def test_bad_bishops_of_the_kings_indian() -> None:
    assert names(white(KINGS_INDIAN).bad_bishops) == "d3"
    assert names(black(KINGS_INDIAN).bad_bishops) == "g7"


def test_the_problem_bishop_of_the_queens_gambit() -> None:
    assert names(black(after(QUEENS_GAMBIT)).bad_bishops) == "c8"
    assert black(after(QUEENS_GAMBIT + " cxd5 exd5")).bad_bishops == ()
