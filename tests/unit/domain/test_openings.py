"""Names of openings."""

import chess
import pytest

from knight_vision.domain.openings import (
    BOOK,
    Opening,
    book_ply,
    book_positions,
    opening_of,
    openings,
    position_key,
)
from knight_vision.domain.pgn_reader import read_game
from tests.support.builders import a_game, example


@pytest.mark.parametrize(
    ("name", "eco", "opening", "ply"),
    [
        ("morphy-opera-1858", "C41", "Philidor Defense", 5),
        # a Grünfeld in the end, but by a move order in which no later position has a name
        ("byrne-fischer-1956", "A15", "English Opening: Anglo-Indian Defense, King's Indian Formation", 4),
        ("anderssen-kieseritzky-1851", "C33", "King's Gambit Accepted: Bishop's Gambit", 6),
        ("karpov-kasparov-1985", "B44", "Sicilian Defense: Taimanov Variation", 9),
    ],
)
def test_known_games(name: str, eco: str, opening: str, ply: int) -> None:
    found = opening_of(read_game(example(name), max_plies=200).boards)
    assert found is not None
    assert found.eco == eco
    assert found.name.startswith(opening)
    assert found.ply >= ply


def test_the_last_named_position_counts() -> None:
    assert opening_of(a_game("e4 e5 Nf3 d6").boards) == Opening("C41", "Philidor Defense", 4)
    assert opening_of(a_game("e4 e5 Nf3 d6 a4 h5").boards) == Opening("C41", "Philidor Defense", 4)


def test_a_transposition_has_the_name_of_its_position() -> None:
    direct = opening_of(a_game("d4 Nf6 c4 e6 Nc3 Bb4").boards)
    transposed = opening_of(a_game("c4 e6 d4 Nf6 Nc3 Bb4").boards)
    assert direct == transposed
    assert direct is not None
    assert direct.name.startswith("Nimzo-Indian Defense")


def test_en_passant_counts_only_where_it_is_legal() -> None:
    """After 1. e4 a FEN may or may not name e3; the table must be found either way."""
    assert opening_of(a_game("e4").boards) == Opening("B00", "King's Pawn Game", 1)


def test_no_name_outside_the_standard_start() -> None:
    knightless = "r1bqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"
    assert opening_of(a_game("e4 e5", start_fen=knightless).boards) is None
    assert opening_of(a_game("e4").boards[:1]) is None


def test_nothing_is_looked_for_behind_ply_40() -> None:
    """The moves of the French, after forty plies of knights walking to and fro."""
    shuffle = "Nf3 Nf6 Ng1 Ng8 " * 10
    game = a_game(shuffle + "e4 e6")
    found = opening_of(game.boards)
    assert found is not None
    assert found.ply <= 40


def test_every_row_is_a_legal_position_in_the_book_with_code_and_name() -> None:
    table = openings()
    assert len(table) > 3_800
    for epd, value in table.items():
        eco, name = value.split("\t")
        assert eco[0] in "ABCDE"
        assert eco[1:].isdecimal()
        assert name.strip() == name != ""
        board = chess.Board(epd + " 0 1")
        assert board.epd() == epd
        assert position_key(board) in book_positions()


@pytest.mark.parametrize(
    ("name", "ply", "last_book_move"),
    [
        ("morphy-opera-1858", 7, "dxe5"),
        ("byrne-fischer-1956", 10, "d5"),
        ("kasparov-topalov-1999", 7, "Be3"),
        ("carlsen-anand-2013", 11, "Nc3"),
        ("fischer-spassky-1972", 22, "Be6"),
        ("karpov-kasparov-1985", 16, "d5"),
        ("anderssen-kieseritzky-1851", 8, "b5"),
    ],
)
def test_where_known_games_leave_the_book(name: str, ply: int, last_book_move: str) -> None:
    game = read_game(example(name), max_plies=200)
    assert book_ply(game.boards) == ply
    assert game.sans[ply - 1] == last_book_move
    assert position_key(game.boards[ply]) in book_positions()
    assert not any(position_key(board) in book_positions() for board in game.boards[ply + 1 :])


@pytest.mark.parametrize("name", ["morphy-opera-1858", "byrne-fischer-1956", "carlsen-anand-2013"])
def test_the_book_ends_no_earlier_than_the_name(name: str) -> None:
    boards = read_game(example(name), max_plies=200).boards
    for length in range(1, 25):
        opening = opening_of(boards[:length])
        assert (opening.ply if opening else 0) <= book_ply(boards[:length]) < length


def test_a_position_without_a_name_on_the_way_to_one_is_in_the_book() -> None:
    """The Marshall Attack has a name; five positions on the way to it have none."""
    boards = a_game("e4 e5 Nf3 Nc6 Bb5 a6 Ba4 Nf6 O-O Be7 Re1 b5 Bb3 O-O c3 d5").boards
    nameless = [ply for ply, board in enumerate(boards) if ply and board.epd() not in openings()]
    assert nameless == [7, 8, 11, 12, 15]
    assert [book_ply(boards[: ply + 1]) for ply in range(17)] == list(range(17))


def test_the_book_is_met_again_by_transposition() -> None:
    """Byrne and Fischer left it after six plies, and met the Grünfeld two moves later."""
    boards = read_game(example("byrne-fischer-1956"), max_plies=200).boards
    in_book = [position_key(board) in book_positions() for board in boards[1:11]]
    assert in_book.count(False) == 1
    assert book_ply(boards) == 10


@pytest.mark.parametrize(("sans", "ply"), [("e4 h5 f3 a5 a4", 2), ("Na3 Na6 Nh3", 1), ("", 0)])
def test_a_game_that_leaves_at_once_has_a_short_book(sans: str, ply: int) -> None:
    assert book_ply(a_game(sans).boards) == ply


def test_no_book_outside_the_standard_start() -> None:
    knightless = "r1bqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"
    black_first = chess.STARTING_FEN.replace(" w ", " b ")
    for start_fen in (knightless, black_first, chess.STARTING_FEN.replace("KQkq", "KQk")):
        sans = "e5 e4" if start_fen == black_first else "e4 e5"
        assert book_ply(a_game(sans, start_fen=start_fen).boards) == 0


def test_the_standard_start_by_another_name_is_the_standard_start() -> None:
    """Number 518 of Chess960, and a set-up position that differs in its counters alone."""
    sans = "e4 e5 Nf3 Nc6 Bc4 Bc5 O-O Nf6"
    boards = a_game(sans, is_chess960=True).boards
    assert opening_of(boards) == opening_of(a_game(sans).boards)
    assert book_ply(boards) == 8
    assert book_ply(a_game("e4 e5", start_fen=chess.STARTING_FEN.replace("0 1", "0 7")).boards) == 2
    other = chess.Board.from_chess960_pos(517).fen()
    assert book_ply(a_game("e4 e5", start_fen=other, is_chess960=True).boards) == 0


def test_a_key_tells_apart_what_an_epd_does() -> None:
    fens = [
        "4k3/8/8/3pP3/8/8/8/4K3 w - d6 0 1",
        "4k3/8/8/3pP3/8/8/8/4K3 w - - 0 1",
        "4k3/8/8/3pP3/8/8/8/4K3 b - - 0 1",
        "4k2r/8/8/3pP3/8/8/8/4K3 b k - 0 1",
        "4k2r/8/8/3pP3/8/8/8/4K3 b - - 0 1",
        "4K3/8/8/3pP3/8/8/8/4k3 w - - 0 1",
    ]
    assert len({position_key(chess.Board(fen)) for fen in fens}) == len(fens)
    illegal_capture = chess.Board("4k3/8/8/3p4/8/8/8/4K3 w - d6 0 1")
    assert position_key(illegal_capture) == position_key(chess.Board("4k3/8/8/3p4/8/8/8/4K3 w - - 9 9"))


def test_the_book_is_small() -> None:
    assert len(openings()) < len(book_positions()) < 3 * len(openings())
    assert BOOK.stat().st_size < 150_000
