"""Names of openings."""

import chess
import pytest

from knight_vision.domain.openings import Opening, opening_of, openings
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


def test_every_row_is_a_legal_position_with_code_and_name() -> None:
    table = openings()
    assert len(table) > 3_800
    for epd, value in table.items():
        eco, name = value.split("\t")
        assert eco[0] in "ABCDE"
        assert eco[1:].isdecimal()
        assert name.strip() == name != ""
        assert chess.Board(epd + " 0 1").epd() == epd
