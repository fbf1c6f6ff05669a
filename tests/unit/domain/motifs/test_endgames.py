"""Which endgame a line begins in."""

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.motifs.endgames import endgame
from knight_vision.domain.motifs.motif import Motif


def kind(fen: str, san: str) -> Motif | None:
    board = chess.Board(fen)
    after = board.copy()
    after.push_san(san)
    return endgame([board, after])


CASES = {
    "pawns": ("4k3/4p3/8/8/8/8/4P3/4K3 w - - 0 1", "e4", Motif.PAWN_ENDGAME),
    "knights": ("4k3/4pn2/8/8/8/8/4P3/4K1N1 w - - 0 1", "e4", Motif.KNIGHT_ENDGAME),
    "one side's knight": ("4k3/4p3/8/8/8/8/4P3/4K1N1 w - - 0 1", "e4", Motif.KNIGHT_ENDGAME),
    "bishops": ("4kb2/4p3/8/8/8/8/4P3/4KB2 w - - 0 1", "e4", Motif.BISHOP_ENDGAME),
    "bishop against knight": ("4kb2/4p3/8/8/8/8/4P3/4K1N1 w - - 0 1", "e4", None),
    "rooks": ("r3k3/4p3/8/8/8/8/4P3/4K2R w - - 0 1", "e4", Motif.ROOK_ENDGAME),
    "rook and bishop": ("r3k3/4p3/8/8/8/8/4P3/4KB2 w - - 0 1", "e4", None),
    "queens": ("3qk3/4p3/8/8/8/8/4P3/3QK3 w - - 0 1", "e4", Motif.QUEEN_ENDGAME),
    "queen and rooks": ("r3k3/4p3/8/8/8/8/4P3/3QK3 w - - 0 1", "e4", Motif.QUEEN_ROOK_ENDGAME),
    "two queens and rooks": ("r2qk3/4p3/8/8/8/8/4P3/3QK3 w - - 0 1", "e4", None),
    "bare kings": ("4k3/8/8/8/8/8/8/4K3 w - - 0 1", "Ke2", None),
    "the first move takes the last knight": ("4k3/8/8/8/8/5n2/4P3/4K3 w - - 0 1", "exf3", None),
    "the first move makes a queen": ("8/P3k3/8/8/8/8/8/4K3 w - - 0 1", "a8=Q", None),
    "the first move leaves knights": ("4k3/6n1/8/8/8/8/1N6/4K3 w - - 0 1", "Nc4", Motif.KNIGHT_ENDGAME),
}


@pytest.mark.parametrize("case", CASES)
def test_an_endgame_is_known_by_its_pieces(case: str) -> None:
    fen, san, expected = CASES[case]
    assert kind(fen, san) == expected


def test_a_line_without_a_move_is_no_endgame() -> None:
    assert endgame([chess.Board(CASES["pawns"][0])]) is None


@given(
    st.dictionaries(
        st.integers(8, 55), st.sampled_from([chess.Piece.from_symbol(letter) for letter in "PNBRQpnbrq"])
    )
)
def test_colours_do_not_matter(pieces: dict[chess.Square, chess.Piece]) -> None:
    board = chess.Board(None)
    board.set_piece_map(pieces)
    assert endgame([board, board]) == endgame([board.mirror(), board.mirror()])
