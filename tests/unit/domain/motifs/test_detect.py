"""The motifs of a line: one that shows each, one that does not, and what holds for every line."""

from __future__ import annotations

from collections.abc import Sequence

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.motifs import Motif, Sighting, detect, sightings
from tests.unit.domain.motifs.positions import ABSENT, SHOWN, Position

QUEEN_SACRIFICE = "5r1k/6pp/7N/8/2Q5/8/8/6K1 w - - 0 1"


def mirrored(move: chess.Move) -> chess.Move:
    return chess.Move(
        chess.square_mirror(move.from_square), chess.square_mirror(move.to_square), move.promotion
    )


def found(board: chess.Board, moves: Sequence[chess.Move]) -> set[tuple[Motif, int]]:
    # Lichess' labels know an attack on a king on a8, but never on a1: there alone the colours matter.
    return {
        (seen.motif, seen.ply)
        for seen in sightings(board, moves)
        if seen.motif != Motif.QUEENSIDE_ATTACK or board.king(not board.turn) not in (chess.A1, chess.A8)
    }


@pytest.mark.parametrize("position", SHOWN, ids=str)
def test_a_motif_is_seen(position: Position) -> None:
    assert position.motif in detect(position.board, position.line)


@pytest.mark.parametrize("position", ABSENT, ids=str)
def test_a_tempting_line_does_not_show_the_motif(position: Position) -> None:
    assert position.motif not in detect(position.board, position.line)


def test_every_motif_has_a_position_here_or_with_its_family() -> None:
    elsewhere = {
        motif
        for motif in Motif
        if motif.value.endswith(("Mate", "Attack", "Endgame")) or motif.value.startswith("mateIn")
    } | {Motif.EXPOSED_KING, Motif.ATTACKING_F2_F7, Motif.ZUGZWANG}
    assert {position.motif for position in SHOWN} | elsewhere == set(Motif)


@pytest.mark.parametrize("position", SHOWN + ABSENT, ids=str)
def test_colours_do_not_matter_in_the_positions(position: Position) -> None:
    board = position.board
    moves = [board.parse_uci(position.line.split()[0])]
    after = board.copy()
    for text in position.line.split()[1:]:
        after.push(moves[-1])
        moves.append(after.parse_uci(text))
    bare = chess.Board(board.fen(), chess960=board.chess960)
    assert detect(bare.mirror(), [mirrored(move) for move in moves]) == detect(bare, moves)


STARTS = (
    chess.STARTING_FEN,
    "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1",
    "r3k2r/Pppp1ppp/1b3nbN/nP6/BBP1P3/q4N2/Pp1P2PP/R2Q1RK1 w kq - 0 1",
    "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1",
)


@given(st.sampled_from(STARTS), st.lists(st.integers(0, 200), max_size=14))
def test_colours_do_not_matter(fen: str, choices: list[int]) -> None:
    board = chess.Board(fen)
    moves, played = [], board.copy()
    for choice in choices:
        legal = sorted(played.legal_moves, key=lambda move: (not played.is_capture(move), move.uci()))
        if not legal:
            break
        moves.append(legal[choice % len(legal)])
        played.push(moves[-1])
    assert found(board, moves) == found(board.mirror(), [mirrored(move) for move in moves])


def test_a_line_may_be_moves_or_uci_strings_or_one_string() -> None:
    board = chess.Board(QUEEN_SACRIFICE)
    texts = ["c4g8", "f8g8", "h6f7"]
    of_moves = detect(board, [chess.Move.from_uci(text) for text in texts])
    assert of_moves == detect(board, texts) == detect(board, " ".join(texts))
    assert Motif.SMOTHERED_MATE in of_moves


def test_the_board_is_not_changed() -> None:
    board = chess.Board()
    board.push_san("e4")
    before = board.copy()
    detect(board, "e7e5 g1f3")
    assert board == before
    assert board.move_stack == before.move_stack


def test_no_move_shows_nothing() -> None:
    assert detect(chess.Board(), []) == frozenset()
    assert sightings(chess.Board(), "") == ()


@pytest.mark.parametrize("line", ["e2e5", "e2e4 e2e4", "0000", "e1g1", "nonsense", "e7e5"])
def test_an_illegal_move_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"illegal|invalid|expected"):
        detect(chess.Board(), line)


def test_a_move_that_leaves_the_king_in_check_is_refused() -> None:
    with pytest.raises(ValueError, match="illegal"):
        detect(chess.Board("4r1k1/8/8/8/8/8/4N3/4K3 w - - 0 1"), "e2g3")


def test_a_single_move_can_show_motifs() -> None:
    assert detect(chess.Board("6k1/5ppp/8/8/8/8/8/R5K1 w - - 0 1"), "a1a8") == {
        Motif.MATE,
        Motif.MATE_IN_1,
        Motif.BACK_RANK_MATE,
        Motif.ROOK_ENDGAME,
    }


def test_a_mate_by_the_opponent_is_not_the_solvers() -> None:
    found = detect(chess.Board("6k1/8/8/8/8/8/r4PPP/6K1 w - - 0 1"), "g1h1 a2a1")
    assert Motif.MATE not in found


def test_taking_in_passing_counts_as_a_pawn_won() -> None:
    board = chess.Board("6k1/8/8/3pP3/8/8/8/6K1 w - d6 0 2")
    assert detect(board, "e5d6") == {Motif.EN_PASSANT, Motif.PAWN_ENDGAME}


def test_castling_in_chess960_tells_where_the_king_stands() -> None:
    board = chess.Board("4k3/8/8/8/8/8/8/RK6 w A - 0 1", chess960=True)
    assert Sighting(Motif.CASTLING, 0, chess.C1, ()) in sightings(board, "b1a1")


def test_castling_written_as_king_takes_rook_takes_nothing() -> None:
    board = chess.Board("4k3/8/8/8/8/8/8/4K2R w K - 0 1")
    assert detect(board, [chess.Move(chess.E1, chess.H1)]) == detect(board, "e1g1")


def test_without_the_move_before_a_capture_on_a_fresh_capture_square_may_be_a_move_in_between() -> None:
    board = chess.Board("4k3/5p2/8/8/2Bn4/8/8/3QK3 w - - 0 21")
    assert Motif.INTERMEZZO in detect(board, "c4f7 e8f7 d1d4")
    board.halfmove_clock = 3
    assert Motif.INTERMEZZO not in detect(board, "c4f7 e8f7 d1d4")


@pytest.mark.parametrize(
    ("fen", "line", "motif", "ply", "square", "targets"),
    [
        ("r3k3/8/8/3N4/8/8/8/4K3 w - - 0 1", "d5c7 e8d8 c7a8", Motif.FORK, 0, "c7", {"a8", "e8"}),
        ("4k3/8/2n5/8/8/8/8/K4B2 w - - 0 1", "f1b5", Motif.PIN, 0, "b5", {"c6", "e8"}),
        ("8/8/8/r3k3/8/8/8/1K5R w - - 0 1", "h1h5 e5d4 h5a5", Motif.SKEWER, 0, "h5", {"e5", "a5"}),
        ("3q2k1/8/8/8/3B4/8/8/3R2K1 w - - 0 1", "d4e5 g8f7 d1d8", Motif.DISCOVERED_ATTACK, 0, "d1", {"d8"}),
        ("4k3/8/8/4N3/8/8/8/4R1K1 w - - 0 1", "e5c6", Motif.DISCOVERED_CHECK, 0, "e1", {"e8"}),
        (
            "3q2k1/5ppp/8/3r4/8/5Q2/5PPP/2R3K1 w - - 0 1",
            "c1c8 d8c8 f3d5",
            Motif.DEFLECTION,
            0,
            "c8",
            {"d8", "d5"},
        ),
        ("6k1/8/8/8/8/8/5K2/7n w - - 0 1", "f2g2 g8f7 g2h1", Motif.TRAPPED_PIECE, 0, "g2", {"h1"}),
        ("6k1/8/8/3n4/8/8/8/3R2K1 w - - 0 1", "d1d5", Motif.HANGING_PIECE, 0, "d5", {"d5"}),
    ],
)
def test_a_sighting_names_the_move_the_piece_and_its_targets(
    fen: str, line: str, motif: Motif, ply: int, square: str, targets: set[str]
) -> None:
    seen = next(seen for seen in sightings(chess.Board(fen), line) if seen.motif == motif)
    assert (seen.ply, chess.square_name(seen.square)) == (ply, square)
    assert {chess.square_name(target) for target in seen.targets} == targets


def test_sightings_come_in_order_of_ply() -> None:
    seen = sightings(chess.Board(QUEEN_SACRIFICE), "c4g8 f8g8 h6f7")
    assert [sighting.ply for sighting in seen] == sorted(sighting.ply for sighting in seen)
    assert {sighting.motif for sighting in seen} == detect(chess.Board(QUEEN_SACRIFICE), "c4g8 f8g8 h6f7")


def test_famous_lines() -> None:
    # Morphy's opera game, the last two moves; Anderssen's immortal game, the last three.
    opera = chess.Board("4kb1r/p2n1ppp/4q3/4p1B1/4P3/1Q6/PPP2PPP/2KR4 w k - 1 16")
    assert detect(opera, "b3b8 d7b8 d1d8") >= {Motif.SACRIFICE, Motif.MATE_IN_2}
    immortal = chess.Board("r1b1k1nr/p2p1ppp/n2B4/1p1NPN1P/6P1/3P1Q2/P1P1K3/q5b1 w kq - 1 21")
    assert detect(immortal, "f5g7 e8d8 f3f6 g8f6 d6e7") >= {Motif.SACRIFICE, Motif.MATE_IN_3}
