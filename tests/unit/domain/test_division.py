"""Where middlegame and endgame begin."""

import chess
import pytest

from knight_vision.domain.division import Division, divide, mixedness, region_score
from knight_vision.domain.pgn_reader import read_game
from tests.support.builders import example


def boards(*fens: str) -> list[chess.Board]:
    return [chess.Board(fen) for fen in fens]


OPENING = chess.STARTING_FEN
TEN_OFFICERS = "rn2k2r/pppppppp/8/8/8/8/PPPPPPPP/RNBQKB1R w KQkq - 0 1"
ELEVEN_OFFICERS = "rnb1k2r/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"
SIX_OFFICERS = "r3k2r/pppppppp/8/8/8/8/PPPPPPPP/RN2K2R w KQkq - 0 1"
DEVELOPED = "r1bqkb1r/pppppppp/2n2n2/8/8/2NQBN2/PPPPPPPP/R3KB1R w KQkq - 0 1"


@pytest.mark.parametrize(
    ("fens", "middlegame", "endgame"),
    [
        ([OPENING], None, None),
        ([OPENING, OPENING, TEN_OFFICERS], 2, None),
        ([OPENING, ELEVEN_OFFICERS], None, None),
        ([OPENING, TEN_OFFICERS, SIX_OFFICERS], 1, 2),
        ([OPENING, SIX_OFFICERS], None, 1),  # no middlegame of no length
        ([OPENING, DEVELOPED], None, None),
        ([OPENING, DEVELOPED.replace("R3KB1R", "R3K2R")], 1, None),
        ([SIX_OFFICERS], None, 0),
    ],
)
def test_division(fens: list[str], middlegame: int | None, endgame: int | None) -> None:
    assert divide(boards(*fens)) == Division(middlegame, endgame)


def test_a_sparse_back_rank_is_enough_for_either_side() -> None:
    board = chess.Board(DEVELOPED.replace("r1bqkb1r", "r3k2r"))
    assert divide([board]) == Division(0, None)
    assert divide([board.mirror()]) == Division(0, None)


# rows: (white, black) in a region; columns: rows 1 to 7, computed by hand from the published table
SCORES = {
    (0, 0): [0, 0, 0, 0, 0, 0, 0],
    (0, 1): [2, 3, 4, 5, 6, 7, 8],
    (0, 2): [7, 6, 5, 4, 3, 0, 0],
    (0, 3): [9, 8, 7, 6, 5, 4, 0],
    (0, 4): [9, 8, 7, 6, 5, 4, 0],
    (1, 0): [8, 7, 6, 5, 4, 3, 2],
    (1, 1): [8, 7, 6, 5, 6, 7, 8],
    (1, 2): [10, 9, 8, 7, 6, 5, 4],
    (1, 3): [11, 10, 9, 8, 7, 6, 5],
    (2, 0): [0, 0, 3, 4, 5, 6, 7],
    (2, 1): [4, 5, 6, 7, 8, 9, 10],
    (2, 2): [7, 7, 7, 7, 7, 7, 7],
    (3, 0): [0, 4, 5, 6, 7, 8, 9],
    (3, 1): [5, 6, 7, 8, 9, 10, 11],
    (4, 0): [0, 4, 5, 6, 7, 8, 9],
}


@pytest.mark.parametrize(("pieces", "scores"), SCORES.items())
def test_region_scores(pieces: tuple[int, int], scores: list[int]) -> None:
    assert [region_score(row, *pieces) for row in range(1, 8)] == scores


def test_mixedness_of_a_lone_pawn() -> None:
    """A white pawn on e4 is in four regions: two of row 3, two of row 4."""
    board = chess.Board("8/8/8/8/4P3/8/8/8 w - - 0 1")
    assert mixedness(board) == 2 * 6 + 2 * 5


def test_mixedness_is_the_same_with_colours_swapped() -> None:
    for board in read_game(example("kasparov-topalov-1999"), max_plies=100).boards:
        assert mixedness(board) == mixedness(board.mirror())


def test_contact_alone_makes_a_middlegame() -> None:
    """Fourteen officers, four men on either back rank: only the mixedness, from 136 to 164, decides."""
    boards = read_game(example("byrne-fischer-1956"), max_plies=200).boards[19:21]
    assert [mixedness(board) for board in boards] == [136, 164]
    assert divide(boards) == Division(1, None)


@pytest.mark.parametrize(
    ("name", "middlegame", "endgame"),
    [
        ("morphy-opera-1858", 17, 32),
        ("byrne-fischer-1956", 20, 59),
        ("kasparov-topalov-1999", 22, 61),
        ("anderssen-kieseritzky-1851", 19, None),
        ("karpov-kasparov-1985", 27, 79),
        ("fischer-spassky-1972", 20, 76),
        ("carlsen-anand-2013", 28, 40),
    ],
)
def test_known_games(name: str, middlegame: int, endgame: int | None) -> None:
    boards = read_game(example(name), max_plies=200).boards
    assert divide(boards) == Division(middlegame, endgame)
