"""Material lost and not won, in words: exact sentences, and near misses in which they must not be said."""

import chess
import pytest

from knight_vision.domain.explain import Theme
from knight_vision.domain.move_class import MoveClass
from tests.support.reviews import explained, text

KNIGHT_ON_E5 = "r1bqkb1r/ppp2ppp/2np1n2/4N3/4P3/8/PPPP1PPP/RNBQKB1R w KQkq - 0 5"
SUPPORTED_KNIGHT = "r1bqkb1r/ppp2ppp/2np1n2/4N3/4PP2/8/PPPP2PP/RNBQKB1R w KQkq - 0 5"
AFTER_D3 = "r1bqkb1r/ppp2ppp/2np1n2/4N3/4P3/3P4/PPP2PPP/RNBQKB1R b KQkq - 0 5"


def test_a_piece_left_to_be_taken_hangs() -> None:
    found = explained(KNIGHT_ON_E5, "d3", (20, "Nxc6 bxc6 d4"), (-350, "Nxe5 d4 Nc6 Nc3"))
    assert found is not None
    assert found.text == (
        "5.d3 leaves the knight on e5 hanging: 5...Nxe5 wins it. 5.Nxc6 would have kept the balance."
    )
    assert found.theme == Theme.PIECE_LEFT


def test_a_piece_that_is_taken_back_does_not_hang() -> None:
    said = text(SUPPORTED_KNIGHT, "d3", (20, "Nxc6 bxc6 d4"), (-100, "Nxe5 fxe5 dxe5 Be2"))
    assert "hanging" not in said
    assert "wins it" not in said


def test_a_guarded_piece_without_enough_protection_is_not_called_hanging() -> None:
    fen = "rnbqkb1r/ppp2ppp/5n2/3pp3/2B1P3/3P4/PPP2PPP/RNBQK1NR w KQkq - 0 4"
    reply = "dxe4 Nc3 Bb4 Ne2 exd3 Qxd3 Qxd3 cxd3"
    said = text(fen, "Bb3", (60, "exd5 Nxd5 Nf3"), (-130, reply))
    assert said == (
        "4.Bb3 leaves the pawn on e4 without enough protection: 4...dxe4 wins it. "
        "4.exd5 would have kept White slightly better."
    )


def test_a_piece_put_where_it_is_taken() -> None:
    fen = "r1bqkbnr/pppp1pp1/2n4p/4p3/2B1P3/5N2/PPPP1PPP/RNBQK2R w KQkq - 0 4"
    said = text(fen, "Ng5", (40, "d4 exd4 Nxd4"), (-300, "hxg5 d3 Nf6 Nc3 g4 Be3 Be7 O-O d6"))
    assert said == "4.Ng5 puts the knight where 4...hxg5 wins it. 4.d4 would have kept the balance."


def test_a_capture_that_costs_more_than_it_wins() -> None:
    fen = "r1bqkbnr/pppp1pp1/2n4p/4p3/2B1P3/5N2/PPPP1PPP/RNBQK2R w KQkq - 0 4"
    said = text(fen, "Nxe5", (40, "d4 exd4 Nxd4"), (-160, "Nxe5 Be2 d5 exd5 Qxd5 O-O Be6 d3 Nf6"))
    assert said == "4.Nxe5 loses a knight for a pawn: 4...Nxe5. 4.d4 would have kept the balance."


def test_a_guard_that_leaves() -> None:
    fen = "3rk3/8/8/3N4/8/8/8/3RK3 w - - 0 30"
    said = text(fen, "Ra1", (350, "Ke2 Kf7 Ke3"), (0, "Rxd5 Ke2 Kf7 Ke3"))
    assert said == (
        "30.Ra1 no longer guards the knight on d5: 30...Rxd5 wins it. 30.Ke2 would have kept White winning."
    )


def test_a_guard_that_stays_is_not_said_to_leave() -> None:
    fen = "3rk3/8/8/3N4/8/8/8/3RK3 w - - 0 30"
    assert "no longer" not in text(fen, "Rd3", (350, "Ke2 Kf7 Ke3"), (0, "Rxd5 Rxd5 Kf7 Ke2"))


def test_a_line_that_is_opened() -> None:
    fen = "4k1r1/5p2/8/8/2B5/8/8/4K3 b - - 0 22"
    said = text(fen, "f6", (-150, "Rg7 Kd2 Ke7"), (350, "Bxg8 Ke7 Kd2"))
    assert said == (
        "22...f6 opens the way to the rook on g8: 23.Bxg8 wins it. "
        "22...Rg7 would have kept Black clearly better."
    )


def test_a_longer_loss_is_told_with_its_moves() -> None:
    fen = "rnbq1rk1/pppp1ppp/1b3n2/8/P1BPPB2/2N2N2/1PP3PP/R2Q1K1R b - - 0 9"
    reply = "Bd6 Bc7 Bxf8 Qxf8 Qd3 d6 Re1 h6"
    said = text(fen, "c6", (67, "Ba5 e5 d5 Bd3"), (203, reply), MoveClass.MISTAKE)
    assert said == (
        "9...c6 loses the exchange: 10.Bd6 Bc7 11.Bxf8 Qxf8. "
        "9...Ba5 would have left White only slightly better."
    )


def test_what_the_better_move_loses_as_well_is_no_reason() -> None:
    fen = "rnbq1rk1/pppp1ppp/1b3n2/8/P1BPPB2/2N2N2/1PP3PP/R2Q1K1R b - - 0 9"
    reply = "Bd6 Bc7 Bxf8 Qxf8 Qd3 d6 Re1 h6"
    said = text(fen, "c6", (67, "a6 Bd6 Bc5 Bxf8 Qxf8 Qd3"), (203, reply), MoveClass.MISTAKE)
    assert "exchange" not in said


def test_material_that_costs_no_evaluation_is_compensated_and_not_told() -> None:
    said = text(KNIGHT_ON_E5, "d3", (20, "Nxc6 bxc6 d4"), (-60, "Nxe5 d4 Nc6 Nc3"), MoveClass.INACCURACY)
    assert "wins it" not in said


def test_a_free_piece_not_taken() -> None:
    found = explained(AFTER_D3, "h6", (-350, "Nxe5 d4 Nc6 Nc3"), (20, "Nxc6 bxc6 Be2"))
    assert found is not None
    assert found.text == (
        "5...h6 misses 5...Nxe5, which simply wins the knight on e5. "
        "Black was winning; now the game is about equal."
    )
    assert found.theme == Theme.FREE_PIECE


def test_a_free_piece_that_is_taken_otherwise_is_not_missed() -> None:
    said = text(AFTER_D3, "dxe5", (-350, "Nxe5 d4 Nc6 Nc3"), (-200, "Nc3 Bb4 Bd2"), MoveClass.INACCURACY)
    assert "misses" not in said


def test_a_recapture_not_made() -> None:
    moves = "e4 e5 Nf3 Nc6 Bb5 a6 Bxc6"
    reply = (320, "Ba4 b5 Bb3 Nxe4 O-O")
    said = text(chess.STARTING_FEN, "Nf6", (20, "dxc6 O-O f6 d4 exd4 Nxd4 c5 Nb3"), reply, first=moves)
    assert said == (
        "4...Nf6 does not take back on c6: 4...dxc6 would have won the bishop back. Now White is winning."
    )


def test_what_the_opponent_has_just_won_is_won_back() -> None:
    moves = "e4 e5 Nf3 Nf6 Nxe5"
    said = text(
        chess.STARTING_FEN,
        "Nc6",
        (35, "d6 Nf3 Nxe4 d4 d5 Bd3"),
        (152, "Nxc6 dxc6 d3 Bc5 Be2"),
        MoveClass.MISTAKE,
        first=moves,
    )
    assert said == (
        "3...Nc6 misses the chance to win back a pawn: 3...d6 4.Nf3 Nxe4. Now White is clearly better."
    )


BOTH = "r5k1/5p2/6pb/8/8/8/5P2/2R2K1R b - - 0 20"


def test_both_are_told_where_both_matter() -> None:
    said = text(BOTH, "f6", (-600, "Bxc1 Kg2 Kg7 Rd1 Bg5 Rd7 Ra2 Rb7"), (500, "Rxh6 Kg7 Rh3 Ra2"))
    assert said == (
        "20...f6 misses 20...Bxc1, which wins the rook on c1. "
        "Instead it leaves the bishop on h6 hanging: 21.Rxh6 wins it."
    )


def test_a_small_loss_beside_a_great_miss_is_left_out() -> None:
    fen = "r5k1/5p2/6pb/1p2R3/8/8/5P2/2Q2K2 b - - 0 20"
    said = text(fen, "Kh7", (-600, "Bxc1 Rd5 Bf4 Kg2 Kg7"), (500, "Qb2 f6 Rxb5 Kg7 Kg2"))
    assert said == (
        "20...Kh7 misses 20...Bxc1, which wins the queen on c1. Black was winning; now White is winning."
    )


def test_a_pawn_that_costs_much_more_is_told_with_both_standings() -> None:
    fen = "rnbqkb1r/ppp2ppp/5n2/3pp3/2B1P3/3P4/PPP2PPP/RNBQK1NR w KQkq - 0 4"
    reply = "dxe4 Nc3 Bb4 Ne2 exd3 Qxd3 Qxd3 cxd3"
    said = text(fen, "Bb3", (60, "exd5 Nxd5 Nf3"), (-330, reply))
    assert said == (
        "4.Bb3 leaves the pawn on e4 without enough protection: 4...dxe4 wins it. "
        "Now Black is winning; 4.exd5 would have kept White slightly better."
    )


WITH_COMPENSATION = {
    "a pawn for development": (
        "r3kb1r/ppp1pppp/2n5/3q1b2/3P4/5N2/PPP2PPP/R1BQKB1R w KQkq - 3 7",
        "Bd3",
        (-1, "c3 e5 dxe5 Qxd1+ Kxd1 O-O-O+ Ke1 Bc5 Bb5 Rhe8 Be3"),
        (-130, "Nb4 O-O Nxd3 cxd3 Bg4 Qa4+ b5 Qd1 Bxf3 Qxf3"),
    ),
    "a pawn by which the other side still stands better": (
        "rn1qkbnr/p1p3pp/1p2b3/3p1p2/5P2/P2Q2P1/1PP1P1BP/RNB1K1NR w KQkq - 0 8",
        "Be3",
        (154, "c4 c6 cxd5 Bxd5 Nf3 Be4 Qxd8+ Kxd8 Nc3 Bxf3"),
        (86, "Nf6 Nf3 c6 Bd4 Ne4 c4 dxc4 Qe3 Qe7 Nc3 Bd5 O-O-O"),
    ),
}


@pytest.mark.parametrize("story", WITH_COMPENSATION)
def test_a_pawn_that_does_not_tell_in_the_score_is_not_won(story: str) -> None:
    said = text(*WITH_COMPENSATION[story])
    assert said
    assert "a pawn" not in said


def test_the_same_pawn_is_won_where_the_score_shows_it() -> None:
    fen, played, (_, better), after = WITH_COMPENSATION["a pawn for development"]
    said = text(fen, played, (60, better), after)
    assert said.startswith("7.Bd3 misses the chance to win a pawn: 7.c3 e5 8.dxe5 Qxd1+ 9.Kxd1.")


def test_what_the_move_takes_a_move_later_it_does_not_miss() -> None:
    fen = "r2kr3/2Nb1p1p/ppnB4/7n/2P3p1/1P2P3/P3BPPP/Q3K2R w K - 1 22"
    better = (904, "Nxa8 Re6 Qh8+ Be8 c5 Nf6 Nxb6 Ne4 Bxg4 Nxd6")
    assert "misses" not in text(fen, "Qf6+", better, (281, "Nxf6 Nxa8 Re6 Bg3 Nb4 a3 Na2 h3 Nc1 hxg4"))
    assert "misses 22.Nxa8" in text(fen, "h3", better, (281, "Rc8 hxg4 Nf6 Qxf6+"))


def test_an_amount_in_the_middle_of_an_exchange_is_not_told() -> None:
    """White wins a rook, which the score does not bear out yet: the pawn taken on the way is not all."""
    fen = "rn1qkbnr/ppp2ppp/8/4p3/2B1P3/5Q2/PPP2PPP/RNB1K2R b KQkq - 1 6"
    reply = "Qb3 Bc5 Bxf7+ Ke7 Qxb7 Kxf7 Qxa8 Kg6 O-O Rf8 Be3 Bxe3 fxe3"
    said = text(fen, "Nf6", (131, "Qe7"), (203, reply), MoveClass.INACCURACY)
    assert said == (
        "6...Nf6 lets White's slight advantage grow to a clear one after 7.Qb3, "
        "which attacks the pawns on b7 and f7. "
        "6...Qe7 would have guarded the pawn on f7 and left White only slightly better."
    )
