"""What is worth telling of an engine's line: only the motifs that it bears out."""

from __future__ import annotations

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.motifs import Motif, detect
from knight_vision.domain.motifs.claims import claims
from knight_vision.domain.motifs.line import Line


def claimed(fen: str, line: str, *, before: str = "", pawns_needed: int = 2) -> list[Motif]:
    board = chess.Board(fen)
    for move in before.split():
        board.push_uci(move)
    return [sighting.motif for sighting in claims(Line(board, line), pawns_needed=pawns_needed)]


BORNE_OUT = {
    Motif.FORK: ("r3k3/8/8/3N4/8/8/8/4K3 w - - 0 1", "d5c7 e8d8 c7a8"),
    Motif.PIN: ("4k3/8/2n5/1B6/3P4/8/8/4K3 w - - 0 1", "d4d5 e8d8 d5c6"),
    Motif.SKEWER: ("8/8/8/r3k3/8/8/8/1K5R w - - 0 1", "h1h5 e5d4 h5a5"),
    Motif.DISCOVERED_ATTACK: ("3q2k1/8/8/8/3B4/8/8/3R2K1 w - - 0 1", "d4e5 g8f7 d1d8"),
    Motif.DISCOVERED_CHECK: ("4k3/8/8/q3N3/8/8/8/4R1K1 w - - 0 1", "e5c6 e8d7 c6a5"),
    Motif.DOUBLE_CHECK: ("4k3/7q/8/8/4N3/8/8/4R1K1 w - - 0 1", "e4f6 e8f7 f6h7"),
    Motif.TRAPPED_PIECE: ("6k1/8/8/8/8/8/5K2/7n w - - 0 1", "f2g2 g8f7 g2h1"),
    Motif.HANGING_PIECE: ("6k1/8/8/3n4/8/8/8/3R2K1 w - - 0 1", "d1d5"),
    Motif.DEFLECTION: ("3r2k1/5ppp/8/3q4/8/5Q1P/5PP1/4R1K1 w - - 0 1", "e1e8 d8e8 f3d5 g7g6"),
    Motif.CAPTURING_DEFENDER: ("6k1/6p1/5n2/3n2B1/8/8/3R4/6K1 w - - 0 1", "g5f6 g7f6 d2d5"),
    Motif.INTERFERENCE: ("3r2k1/8/8/8/3b4/2N5/8/3R3K w - - 0 1", "c3d5 g8f7 d1d4"),
    Motif.ATTRACTION: ("1k2q3/8/8/3N4/8/8/8/R5K1 w - - 0 1", "a1a8 b8a8 d5c7 a8b8 c7e8"),
    Motif.UNDER_PROMOTION: ("6k1/P7/8/8/8/8/8/6K1 w - - 0 1", "a7a8n"),
    Motif.PROMOTION: ("6k1/P7/8/8/8/8/8/6K1 w - - 0 1", "a7a8q"),
    Motif.SACRIFICE: ("1k2q3/8/8/3N4/8/8/8/R5K1 w - - 0 1", "a1a8 b8a8 d5c7 a8b8 c7e8"),
    Motif.SMOTHERED_MATE: ("5r1k/6pp/7N/8/2Q5/8/8/6K1 w - - 0 1", "c4g8 f8g8 h6f7"),
    Motif.MATE_IN_2: ("5r1k/6pp/7N/8/2Q5/8/8/6K1 w - - 0 1", "c4g8 f8g8 h6f7"),
}


@pytest.mark.parametrize("motif", BORNE_OUT)
def test_a_motif_that_pays_is_claimed(motif: Motif) -> None:
    assert motif in claimed(*BORNE_OUT[motif])


NOT_BORNE_OUT = {
    "a fork that takes nothing": ("r3k3/8/8/3N4/8/8/8/4K3 w - - 0 1", "d5c7 e8d8 e1e2 a8a2", Motif.FORK),
    "a fork whose prize is taken back": (
        "r1b1k3/8/8/3N4/8/8/7R/4K3 w - - 0 1",
        "d5c7 e8d8 h2h8 d8c7",
        Motif.FORK,
    ),
    "a pinned piece that is left alone": (
        "4k3/8/2n5/8/3P4/8/8/K4B2 w - - 0 1",
        "f1b5 e8d7 a1b2",
        Motif.PIN,
    ),
    "a discovery that only trades": (
        "r6r/3k4/8/7n/5N2/8/8/2K3RR b - - 0 1",
        "h5f4 c1d2 h8h1 g1h1",
        Motif.DISCOVERED_ATTACK,
    ),
    "a guard drawn away from what was free before": (
        "3r2k1/5ppp/8/3n4/8/5Q1P/5PP1/3RR1K1 w - - 0 1",
        "e1e8 d8e8 d1d5",
        Motif.DEFLECTION,
    ),
    "a piece given for no gain": (
        "3q2k1/5ppp/8/3r4/8/5Q2/5PPP/2R3K1 w - - 0 1",
        "c1c8 d8c8 f3d5",
        Motif.DEFLECTION,
    ),
    "a trade called attraction": (
        "r1r3k1/6pp/8/8/8/8/R7/R5K1 w - - 0 1",
        "a2a8 c8a8 a1a8 g8f7 a8a7",
        Motif.ATTRACTION,
    ),
    "quiet moves, advanced pawns and endgames": (
        "6k1/8/P7/8/8/8/8/6K1 w - - 0 1",
        "a6a7 g8g7 a7a8q",
        Motif.ADVANCED_PAWN,
    ),
    "a motif that comes too late": (
        "r3k3/8/8/3N4/8/8/P7/4K3 w - - 0 1",
        "e1d1 e8f8 d1e1 f8e8 d5c7 e8d8 c7a8",
        Motif.FORK,
    ),
    "material that is lost again": (
        "6k1/8/8/3n4/8/8/8/3R2K1 w - - 0 1",
        "d1d5 g8f7 g1f1 f7e6 f1g1 e6d5",
        Motif.HANGING_PIECE,
    ),
    "material that the opponent can take at the end": (
        "3q2k1/8/8/8/8/8/8/r2NR1K1 w - - 0 1",
        "e1e8 d8e8",
        Motif.HANGING_PIECE,
    ),
}


@pytest.mark.parametrize("story", NOT_BORNE_OUT)
def test_what_the_line_does_not_bear_out_is_not_claimed(story: str) -> None:
    fen, line, motif = NOT_BORNE_OUT[story]
    assert motif not in claimed(fen, line)


LOOKED_AT = {
    "a rook that took a guarded bishop is taken back": (
        "3rk2r/ppp2ppp/2n4n/4pq2/1b2N1b1/3BPNBP/PPP1QPP1/R4RK1 b k - 0 12",
        "d8d3",
        "c2d3 g4f3 e2f3 f5f3 g2f3 f7f5 e4g5 b4d6 d3d4 e5d4 g3d6 c7d6",
        Motif.HANGING_PIECE,
    ),
    "a protected knight, taken by a rook": (
        "4qrk1/3pn1p1/p3p3/2p1Pp1p/5P1P/5QB1/PrPRK1P1/3R4 b - - 6 25",
        "",
        "b2b4 d2d7 e7d5 d1d5 b4e4 e2f2 e6d5 d7d5 e8a4 f2g1 a4c2 d5d7",
        Motif.SACRIFICE,
    ),
    "a king driven from what others guard as well": (
        "r6r/1p4pp/pknRpp2/3bP3/PP1N1B2/5P2/6PP/2R3K1 w - - 2 25",
        "",
        "e5f6 a8d8 a4a5 b6a7 d4c6 b7c6 f6g7 h8g8 d6d8 g8d8 f4e5 a7b7",
        Motif.DEFLECTION,
    ),
    "a pin that was there before the move": (
        "r3nrk1/p2q1p2/4pn1p/3pB3/1p1P1NpP/3QP3/PPP2P2/R3K1R1 w Q - 0 21",
        "",
        "f2f3 a8c8 e1c1 d7c6 f3g4 f6e4 g4g5 c6a4 c1b1 c8c6 g5h6 g8h7",
        Motif.PIN,
    ),
    "a fork that stands between guard and guarded": (
        "3qr1k1/1p5p/p2p2p1/3P1pP1/6bP/1P1p2P1/P4BB1/2Q4K w - - 1 30",
        "c1d2",
        "e8e2 d2d3 e2f2 d3d4 f2e2 a2a4 d8e7 d4b6 e7f8 b6d4 e2e8 a4a5",
        Motif.INTERFERENCE,
    ),
    "a discovery that trades queens": (
        "1q3r2/2rnnppk/R6p/3p1P2/1P1P1QB1/2N2P2/1P5P/4R1K1 w - - 0 30",
        "f4d6",
        "e7c8 d6g3 c7c4 b4b5 b8g3 h2g3 c4d4 g4h3 d4b4 c3a4 h7g8 h3f1",
        Motif.DISCOVERED_ATTACK,
    ),
    "a fork of what the queen could have taken before": (
        "7k/7p/3Nb3/p2pP1Pp/P3p3/1pP5/1P1Bq3/6K1 b - - 3 42",
        "",
        "e2d1 g1f2 d1d2 f2g1 d2c1 g1f2 e4e3 f2g2 c1b2 g2h1 b2b1 h1g2",
        Motif.FORK,
    ),
    "castling beside a pin that was there": (
        "r3k1nr/1ppbqpb1/p7/3p3p/5p2/P1PBPN2/1PQ3PP/R1B1K2R b KQkq - 2 14",
        "",
        "e8c8 e1g1 f4e3 f1e1 g7h6 a3a4 g8f6 b2b4 f6g4 a1b1 e7d6 c1a3",
        Motif.PIN,
    ),
    "a rook in place of a queen that would be taken too": (
        "r6k/1p1P1Np1/4b1Bp/2p5/8/1Pb5/5PPP/1R4K1 b - - 1 31",
        "h8g8",
        "d7d8r a8d8 f7d8 e6g4 d8b7 c3b4 b7c5 b4c5 b3b4 c5f8 b4b5 g4e6",
        Motif.UNDER_PROMOTION,
    ),
}
"""From games, found when two hundred claims were looked at by hand."""


@pytest.mark.parametrize("story", LOOKED_AT)
def test_what_players_would_not_call_so_is_not_claimed(story: str) -> None:
    fen, before, line, motif = LOOKED_AT[story]
    assert motif not in claimed(fen, line, before=before, pawns_needed=1)


def test_a_pinned_pawn_may_take_the_piece_that_pins_it() -> None:
    fen, line = "6k1/8/8/8/5b2/4B1q1/5PP1/6K1 b - - 0 1", "f4e3 f2e3 g3e3"
    assert Motif.PIN in detect(chess.Board(fen), line)
    assert Motif.PIN not in claimed(fen, line, pawns_needed=1)


def test_a_pinned_pawn_may_not_take_anything_else() -> None:
    fen = "6k1/8/8/2b5/8/4q1B1/5PP1/6K1 b - - 0 1"
    assert Motif.PIN in claimed(fen, "e3g3 g1h1 g3f4")


def test_a_recapture_is_no_piece_won() -> None:
    fen, line = "6k1/8/1n6/3N4/8/8/8/3R2K1 b - - 0 20", "d1d5"
    assert claimed(fen, line, before="b6d5") == []


def test_a_piece_won_after_a_trade_is_won() -> None:
    # White took on d5 first: Black's capture there only restores the balance.
    fen = "3r2k1/8/8/3n4/8/2N5/8/3R2K1 w - - 0 20"
    assert claimed(fen, "d1d5", before="c3d5 d8d5") == [Motif.HANGING_PIECE]


def test_what_the_last_move_took_is_deducted() -> None:
    # Black's bishop took a knight: to take it is to get even. One more piece is a gain.
    fen = "3r2k1/8/8/8/1b6/2N5/1P6/3R2K1 b - - 0 20"
    assert claimed(fen, "d1d8 g8f7 b2c3", before="b4c3")[0] == Motif.HANGING_PIECE
    assert claimed(fen, "b2c3 d8d1", before="b4c3") == []


def test_what_the_move_played_takes_itself_is_not_missed() -> None:
    board = chess.Board("6k1/8/8/3n4/2P5/8/8/3R2K1 w - - 0 1")
    line = "c4d5 g8f7 g1f2"

    def missed(played: str) -> list[Motif]:
        return [seen.motif for seen in claims(Line(board, line), played=chess.Move.from_uci(played))]

    assert missed("d1e1") == [Motif.HANGING_PIECE]
    assert missed("d1d5") == []


def test_a_motif_must_win_what_is_asked() -> None:
    fen, line = BORNE_OUT[Motif.HANGING_PIECE]
    assert claimed(fen, line, pawns_needed=3) == [Motif.HANGING_PIECE]
    assert claimed(fen, line, pawns_needed=4) == []


def test_claims_are_few_and_mate_comes_first() -> None:
    # Anderssen's evergreen game.
    fen = "1r2k1r1/pbppnp1p/1b3P2/8/Q7/B1PB1q2/P4PPP/3R2K1 w - - 0 21"
    line = "a4d7 e8d7 d3f5 d7e8 f5d7 e8f8 a3e7"
    assert claimed(fen, line)[0] == Motif.MATE_IN_4
    assert len(claimed(fen, line)) == 3
    assert Motif.SACRIFICE in detect(chess.Board(fen), line)


def test_a_motif_is_claimed_once_and_not_beside_what_implies_it() -> None:
    fen, line = BORNE_OUT[Motif.DOUBLE_CHECK]
    found = claimed(fen, line)
    assert Motif.DOUBLE_CHECK in found
    assert Motif.DISCOVERED_CHECK not in found
    assert len(found) == len(set(found))


def test_claims_are_the_same_for_both_colours() -> None:
    for fen, line in BORNE_OUT.values():
        board = chess.Board(fen)
        mirrored = [
            chess.Move(
                chess.square_mirror(move.from_square), chess.square_mirror(move.to_square), move.promotion
            )
            for move in map(chess.Move.from_uci, line.split())
        ]
        assert [seen.motif for seen in claims(Line(board.mirror(), mirrored))] == claimed(fen, line)


@given(st.integers(0, 959), st.lists(st.integers(0, 200), max_size=50), st.integers(0, 14))
def test_whatever_the_line_claims_are_few_seen_and_harmless(
    start: int, choices: list[int], line_length: int
) -> None:
    board = chess.Board.from_chess960_pos(start)
    moves = []
    for choice in choices:
        legal = sorted(board.legal_moves, key=lambda move: (not board.is_capture(move), move.uci()))
        if not legal:
            break
        moves.append(legal[choice % len(legal)])
        board.push(moves[-1])
    line = moves[max(0, len(moves) - line_length) :]
    for _ in line:
        board.pop()
    before = board.copy()
    found = claims(Line(board, line), pawns_needed=1)
    assert len(found) <= 3
    assert {sighting.motif for sighting in found} <= detect(board, line) | detect(board, line[:7])
    assert (board, board.move_stack) == (before, before.move_stack)


def test_no_line_claims_nothing() -> None:
    assert claims(Line(chess.Board(), ())) == ()


def test_an_illegal_line_is_refused() -> None:
    with pytest.raises(ValueError, match="illegal"):
        claims(Line(chess.Board(), "e2e5"))
