"""Promotions, draws, positional losses and changes of the evaluation in words, and when they are not said."""

import pytest

from knight_vision.domain.explain import Theme
from knight_vision.domain.move_class import MoveClass
from tests.support.reviews import explained, text

PAWN_RACE = "8/8/8/8/8/1p6/k7/7K w - - 0 50"
PERPETUAL = "6k1/1R6/Q7/8/7q/8/6P1/6K1 w - - 0 40"
STALEMATE = "7k/8/5K2/8/8/8/8/6Q1 w - - 0 60"
OPENING = "r1bqkbnr/pppp1ppp/2n5/4p3/4P3/5N2/PPPP1PPP/RNBQKB1R w KQkq - 0 3"
QUEENS = "3r2k1/ppp2ppp/8/3q4/3Q4/8/PPP2PPP/3R2K1 w - - 0 30"


def test_a_pawn_that_gets_through() -> None:
    found = explained(PAWN_RACE, "Kg1", (-20, "Kg2 Ka3 Kf2"), (-900, "b2 Kf1 b1=Q+ Ke2 Qc2+"))
    assert found is not None
    assert found.text == (
        "50.Kg1 lets the b-pawn promote: 50...b2 51.Kf1 b1=Q+. 50.Kg2 would have kept the balance."
    )
    assert found.theme == Theme.PROMOTION


def test_a_pawn_that_would_have_got_through_anyhow() -> None:
    said = text(PAWN_RACE, "Kg1", (-600, "Kg2 b2 Kf3 b1=Q Ke3"), (-900, "b2 Kf1 b1=Q+ Ke2 Qc2+"))
    assert "promote" not in said


def test_a_pawn_that_is_taken_when_it_promotes() -> None:
    fen = "8/8/8/8/8/1p6/k7/5R1K w - - 0 50"
    said = text(fen, "Rg1", (20, "Rf3 Ka3 Kg2"), (0, "b2 Kg2 b1=Q Rxb1 Kxb1"))
    assert "promote" not in said


RACE = "8/1p6/p1b5/k3K3/5PP1/8/8/8 b - - 1 70"
RACE_BETTER = (-493, "b5 Kd6 b4 g5 b3 g6 Be8 g7 Bf7 Ke7")


def test_a_pawn_that_gets_through_after_a_long_way() -> None:
    said = text(RACE, "Bf3", RACE_BETTER, (600, "g5 Ka4 g6 Kb3 g7 Kc3 g8=Q Kd3"))
    assert said == (
        "70...Bf3 lets the g-pawn promote, beginning with 71.g5. 70...b5 would have kept Black winning."
    )


def test_a_pawn_that_gets_through_is_no_reason_where_the_movers_own_does_too() -> None:
    said = text(RACE, "Bf3", RACE_BETTER, (-127, "g5 b5 g6 Bh5 f5 b4 Kf6 b3 g7 b2 g8=Q b1=Q"))
    assert said == (
        "70...Bf3 turns a winning advantage into a slight one after 71.g5, which pushes the passed g-pawn. "
        "70...b5, pushing the passed b-pawn, would have kept Black winning."
    )


def test_a_promotion_that_is_missed() -> None:
    fen = "8/8/1P6/8/8/8/k7/7K w - - 0 50"
    said = text(fen, "Kg1", (900, "b7 Ka3 b8=Q Ka4 Qb2"), (0, "Kb3 Kf1 Kc4 Ke1 Kb5"))
    assert said == (
        "50.Kg1 misses the chance to promote the b-pawn: 50.b7 Ka3 51.b8=Q. "
        "White was winning; now the game is about equal."
    )


def test_stalemate() -> None:
    assert text(STALEMATE, "Qg6", (900, "Qg2 Kh7"), (0, "")) == (
        "60.Qg6 is stalemate. 60.Qg2 would have kept White winning."
    )


def test_perpetual_check() -> None:
    said = text(PERPETUAL, "Qa7", (900, "Rb8+ Kg7 Qf1"), (0, "Qe1+ Kh2 Qh4+ Kg1 Qe1+"))
    assert said == (
        "40.Qa7 allows a draw by perpetual check: 40...Qe1+ 41.Kh2 Qh4+ 42.Kg1. "
        "40.Rb8+ would have kept White winning."
    )


def test_a_level_score_without_a_draw_in_the_line_is_no_draw() -> None:
    assert "draw" not in text(PERPETUAL, "Qa7", (900, "Rb8+ Kg7 Qf1"), (0, "Qe1+ Kh2 Qh4+"))


def test_a_draw_is_not_allowed_by_who_was_not_better() -> None:
    said = text(PERPETUAL, "Qa7", (30, "Rb8+ Kg7 Qf1"), (0, "Qe1+ Kh2 Qh4+ Kg1 Qe1+"))
    assert "draw" not in said


def test_a_missed_draw() -> None:
    fen = "6k1/QR6/8/8/7q/8/6P1/6K1 b - - 0 40"
    said = text(fen, "Qg5", (0, "Qe1+ Kh2 Qh4+ Kg1"), (900, "Qa2+ Kh8 Rb3"))
    assert said == (
        "40...Qg5 misses a draw by perpetual check: 40...Qe1+ 41.Kh2 Qh4+ 42.Kg1. Now White is winning."
    )


def test_castling_given_up() -> None:
    found = explained(OPENING, "Ke2", (25, "Bb5 a6 Ba4 Nf6 O-O"), (-95, "Nf6 d3 d5 Nbd2"), MoveClass.MISTAKE)
    assert found is not None
    assert found.text == (
        "3.Ke2 leaves White's king in the centre, unable to castle, and hands Black a slight advantage "
        "after 3...Nf6 4.d3 d5. 3.Bb5 would have kept the balance."
    )
    assert found.theme == Theme.POSITION


def test_castling_that_the_better_line_gives_up_too_is_no_reason() -> None:
    line = (25, "Bb5 Qf6 Kf1 a6 Ba4")
    assert "castle" not in text(OPENING, "Ke2", line, (-95, "Nf6 d3 d5 Nbd2"), MoveClass.MISTAKE)


def test_a_position_is_no_reason_for_a_great_loss() -> None:
    line = (25, "Bb5 a6 Ba4 Nf6 O-O")
    assert "castle" not in text(OPENING, "Ke2", line, (-400, "Nf6 d3 d5 Nbd2"))


def test_the_bishop_pair() -> None:
    fen = "r1bqkb1r/1ppp1ppp/p1n2n2/1B2p3/4P3/2N2N2/PPPP1PPP/R1BQK2R w KQkq - 0 5"
    said = text(fen, "Bxc6", (20, "Ba4 b5 Bb3 Be7"), (-60, "dxc6 d3 Bd6 O-O"), MoveClass.INACCURACY)
    assert said == (
        "5.Bxc6 gives up the bishop pair and hands Black a slight advantage after 5...dxc6 6.d3 Bd6. "
        "5.Ba4 would have kept the balance."
    )


def test_the_bishop_pair_is_not_given_up_where_the_opponent_gives_his_up_as_well() -> None:
    fen = "r1bqkb1r/1ppp1ppp/p1n2n2/1B2p3/4P3/2N2N2/PPPP1PPP/R1BQK2R w KQkq - 0 5"
    line = (20, "Bc4 b5 Bd5 Nxd5 Nxd5")
    said = text(fen, "Bxc6", line, (-60, "dxc6 d3 Bd6 O-O"), MoveClass.INACCURACY)
    assert "bishop pair" not in said  # it would have been lost in the better line too


def test_pawn_cover_that_the_reply_takes_away() -> None:
    fen = "r4rk1/pp1q1ppp/2np4/4p3/4PP2/P2P2P1/1PP3QP/R4RK1 w - - 0 15"
    before, after = (10, "f5 f6 Rf3 Rf7"), (-70, "exf4 gxf4 Rae8 Rf3")
    assert text(fen, "Rab1", before, after, MoveClass.INACCURACY) == (
        "15.Rab1 leaves White's king with less pawn cover and hands Black a slight advantage "
        "after 15...exf4 16.gxf4 Rae8. 15.f5 would have kept the balance."
    )


def test_a_pawn_that_its_own_side_makes_backward() -> None:
    fen = "r2q1rk1/1b2bppp/p2ppn2/1p6/4P3/1BN5/PPP2PPP/R1BQR1K1 b - - 0 12"
    said = text(fen, "e5", (20, "Rc8 Bg5 h6 Bh4"), (90, "Bg5 h6 Bh4"), MoveClass.INACCURACY)
    assert said == (
        "12...e5 leaves Black with a backward pawn on d6 and hands White a slight advantage "
        "after 13.Bg5 h6 14.Bh4. "
        "12...Rc8 would have kept the balance."
    )


def test_a_square_that_the_pawn_leaves_weak() -> None:
    fen = "rn1qkbnr/ppp2pp1/4p1p1/3p4/3P4/2P1P2P/PP3PP1/RNBQK1NR b KQkq - 0 6"
    before, after = (-64, "c5 Qe2 Nc6 Nf3 Nf6"), (37, "Qb3 b6 c4 dxc4 Qa4+ Qd7")
    assert text(fen, "f5", before, after, MoveClass.INACCURACY) == (
        "6...f5 leaves e5 weak and lets Black's slight advantage go after 7.Qb3. "
        "6...c5 would have kept Black slightly better."
    )


def test_an_outpost_that_the_pawn_gives_up() -> None:
    fen = "r2q1rk1/1b2bppp/p2ppn2/1p6/4P3/1BN5/PPP2PPP/R1BQR1K1 b - - 0 12"
    line = (90, "Nd5 h6 c3")
    said = text(fen, "e5", (20, "Rc8 Bg5 h6 Bh4"), line, MoveClass.INACCURACY)
    assert said == (
        "12...e5 gives White an outpost on d5 and hands White a slight advantage after 13.Nd5 h6 14.c3. "
        "12...Rc8 would have kept the balance."
    )


def test_a_piece_that_stood_there_before_has_not_been_given_an_outpost() -> None:
    """Nor has a pawn been made backward by its own side, which the opponent's pawn alone holds up."""
    fen = "1r5k/r2nq1p1/p3p2p/2p1P3/2Bp1P2/7Q/PP4PP/2R2RK1 b - - 4 24"
    before, after = (124, "Rxb2 Bxe6 Rc7 Bc4 Nb6"), (217, "b3 Rd8 Rf3 a5 a4 Ng6")
    assert text(fen, "Nf8", before, after, MoveClass.INACCURACY) == (
        "24...Nf8 lets White's slight advantage grow to a clear one after 25.b3. "
        "24...Rxb2, taking the pawn, would have left White only slightly better."
    )


def test_a_rook_that_gets_in() -> None:
    fen = "3r2k1/Bp3pp1/7p/P7/8/1Pn4P/5PP1/R5K1 w - - 1 29"
    before, after = (208, "b4 f5 Re1 Kf7 Kh2 Rd5 Bc5"), (38, "Rd2 Re1 Ne2+ Kh1 Rb2")
    assert text(fen, "f4", before, after, MoveClass.MISTAKE) == (
        "29.f4 lets Black's rook in on d2 and lets White's clear advantage go after 29...Rd2 30.Re1 Ne2+. "
        "29.b4 would have kept White clearly better."
    )


def test_a_rook_that_was_in_is_not_let_in() -> None:
    fen = "8/3R1nk1/6p1/8/8/6P1/r4P2/6K1 b - - 0 40"
    before, after = (-10, "Ra1+ Kg2 Ra2 Rb7"), (80, "Kg2 Rb2 Kf3")
    assert text(fen, "Kg8", before, after, MoveClass.INACCURACY) == (
        "40...Kg8 hands White a slight advantage after 41.Kg2. "
        "40...Ra1+ 41.Kg2 would have kept the balance, "
        "with 20 squares for Black's pieces to go to instead of 18 after 41.Kg2."
    )


def test_a_change_of_the_evaluation_that_nothing_explains() -> None:
    said = text(QUEENS, "h3", (60, "Qe3 Qc6 c4"), (-60, "Qa5 Qb4 Qe5"), MoveClass.INACCURACY)
    assert said == (
        "30.h3 hands Black a slight advantage after 30...Qa5. "
        "30.Qe3 would have kept White slightly better, "
        "with 29 squares for White's pieces to go to instead of 23 after 30.h3."
    )


def test_a_trade_of_queens_is_told() -> None:
    said = text(QUEENS, "h3", (60, "Qe3 Qc6 c4"), (-60, "Qxd4 Rxd4 Rxd4"), MoveClass.INACCURACY)
    assert said.startswith(
        "30.h3 hands Black a slight advantage after 30...Qxd4 31.Rxd4, which trades queens."
    )


def test_what_the_reply_attacks_is_told() -> None:
    fen = "rnbqkbnr/pppp1ppp/8/4p3/4P3/3B4/PPPP1PPP/RNBQK1NR w KQkq - 0 3"
    said = text(fen, "Qg4", (30, "Nf3 Nc6 c3"), (-60, "Nf6 Qg3 Nc6"), MoveClass.INACCURACY)
    assert said == (
        "3.Qg4 hands Black a slight advantage after 3...Nf6, which attacks the queen on g4. "
        "3.Nf3, attacking the pawn on e5, would have kept the balance."
    )


def test_scores_are_given_where_words_would_not_change() -> None:
    said = text(QUEENS, "h3", (-310, "Qe3 Qc6 c4"), (-450, "Qa5 Qb4 Qe5"), MoveClass.INACCURACY)
    assert said == (
        "30.h3 adds to Black's winning advantage (from -3.1 to -4.5) after 30...Qa5. "
        "30.Qe3 would have put up more resistance, "
        "with 29 squares for White's pieces to go to instead of 23 after 30.h3."
    )


def test_moves_are_numbered_as_the_game_numbers_them() -> None:
    fen = QUEENS.replace(" w - - 0 30", " b - - 0 57")
    said = text(fen, "h6", (-60, "Qc6 Qe3 Qb5"), (60, "Qe3 Qc6 c4"), MoveClass.INACCURACY)
    assert said == (
        "57...h6 hands White a slight advantage after 58.Qe3. "
        "57...Qc6, followed by 58.Qe3 Qb5, would have kept Black slightly better."
    )


def test_nothing_is_said_of_a_better_move_that_is_not_known() -> None:
    assert text(QUEENS, "h3", (60, ""), (-60, "Qa5 Qb4 Qe5"), MoveClass.INACCURACY) == (
        "30.h3 hands Black a slight advantage after 30...Qa5."
    )


def test_scores_alone_are_enough() -> None:
    assert text(QUEENS, "h3", (60, ""), (-60, ""), MoveClass.INACCURACY) == (
        "30.h3 hands Black a slight advantage."
    )


QUIET = "r1bq1rk1/pp2bppp/2n1pn2/2pp4/3P1B2/2PBPN2/PP1N1PPP/R2Q1RK1 w - - 0 9"
ATTACKED = "3q3k/2r1r1pn/4P2p/p1p1QR2/P2p3P/1P1B1R2/6P1/6K1 b - - 6 36"
START = "9.Bg3 lets White's slight advantage go after 9...h6."
RAIDED = "36...Qe8 adds to White's winning advantage (from +4.2 to +6.4) after 37.Qe4."


@pytest.mark.parametrize(
    ("better", "reply", "said"),
    [
        (
            "Qc2 h6 Kh1",
            "h6 Kh1 a6",
            (
                "9.Qc2 h6 10.Kh1 would have kept White slightly better, "
                "with two pieces aimed at Black's king instead of one after 9...h6 10.Kh1."
            ),
        ),
        # Where the one line is longer, as many moves of both.
        (
            "Qc2",
            "h6 Kh1 a6",
            (
                "9.Qc2 would have kept White slightly better, "
                "with two pieces aimed at Black's king instead of one after 9.Bg3."
            ),
        ),
    ],
)
def test_what_both_lines_leave_is_counted_where_nothing_else_is_found(
    better: str, reply: str, said: str
) -> None:
    found = text(QUIET, "Bg3", (60, better), (0, reply), MoveClass.INACCURACY)
    assert found == f"{START} {said}"


def test_a_number_that_is_worse_is_no_reason() -> None:
    found = text(QUIET, "Kh1", (60, "Be2 a6 a3"), (0, "a6 a3 h6"), MoveClass.INACCURACY)
    assert found.endswith("9.Be2, followed by 9...a6 10.a3, would have kept White slightly better.")


def test_the_greatest_difference_is_told() -> None:
    found = text(ATTACKED, "Qe8", (417, "Ra7 g4 Qc8 Bc4"), (643, "Qe4 Nf6 Rxf6 gxf6"), MoveClass.MISTAKE)
    assert found == (
        f"{RAIDED} 36...Ra7 would have put up more resistance, "
        "with three attacks by Black on the centre instead of one after 36...Qe8."
    )


def test_numbers_are_not_told_beside_a_reason() -> None:
    found = text(QUIET, "Bg3", (60, "Ne5 h6 Kh1"), (0, "h6 Kh1 a6"), MoveClass.INACCURACY)
    assert found == f"{START} 9.Ne5, centralising the knight, would have kept White slightly better."


def test_in_endgames_nothing_is_said_of_pieces_at_home() -> None:
    fen = "8/5pk1/4p1p1/3n4/8/1B4P1/5PK1/8 w - - 0 40"
    found = text(fen, "Bd1", (60, "Bc4"), (0, "Nf6"), MoveClass.INACCURACY)
    assert found.endswith("after 40...Nf6. 40.Bc4 would have kept White slightly better.")


def test_in_endgames_squares_are_counted() -> None:
    fen = "8/5pk1/4p1p1/3n4/8/1B4P1/5PK1/8 w - - 0 40"
    found = text(fen, "Ba2", (60, "Bc4 Nb6 Be2"), (0, "Ne7 Kf3 Nf5"), MoveClass.INACCURACY)
    assert "with eight squares for White's pieces to go to instead of three after 40...Ne7 41.Kf3" in found


EXCHANGE_LOST = (
    (276, "Rh8 Ne5+ Ke8 Bc5 Rf8 Bxf8 Kxf8 Kg2 Rd6 Kg3 b6"),
    (432, "Ng5+ Ke8 Bxf8 Kxf8 Nxh7+ Kf7 Rf1 Bd7 Ng5+ Kf8 Rf4 Be8"),
)


def test_more_men_are_told_after_as_many_moves_as_that_takes() -> None:
    fen = "2b3r1/1p2Bk1p/r3pPp1/p2p4/P1pP4/5N2/2P4P/1R5K b - - 2 27"
    found = text(fen, "Rf8", *EXCHANGE_LOST, MoveClass.INACCURACY)
    assert found == (
        "27...Rf8 lets White's clear advantage grow to a winning one after 28.Ng5+. "
        "27...Rh8 28.Ne5+ Ke8 29.Bc5 Rf8 30.Bxf8 Kxf8 would have left White only clearly better, "
        "with seven pawns of Black's instead of six after 28.Ng5+ Ke8 29.Bxf8 Kxf8 30.Nxh7+."
    )


def test_what_both_sides_lose_is_no_gain() -> None:
    fen = "r1b1k2r/pp3q2/2n1p2p/3pP1p1/2p2BPn/P1P4Q/2P1NP1P/R3KB1R w KQ - 0 20"
    before = (-146, "Be3 Qf3 Qxf3 Nxf3+ Kd1 Ncxe5 Nd4 Nh4 h3 Neg6 Nb5 Kd8")
    after = (-246, "Rf8 Bg3 Qxf3 Rg1 Nxe5 O-O-O Qe3+ Kb1 Nef3 Bg2 Nxg1 Nxg1 Bd7 Bxd5")
    assert text(fen, "f3", before, after, MoveClass.INACCURACY).endswith(
        "with six pawns of White's instead of five after 20...Rf8 21.Bg3 Qxf3 22.Rg1 Nxe5."
    )


def test_a_small_difference_is_told_where_no_great_one_is() -> None:
    fen = "rnbqkb1r/pp1ppppp/5n2/2p5/2P5/2N2P2/PP1PP1PP/R1BQKBNR b KQkq - 1 3"
    assert text(fen, "h6", (-44, "e6 e4"), (12, "e4 Nc6"), MoveClass.INACCURACY) == (
        "3...h6 makes the position a little worse (from -0.4 to +0.1) after 4.e4. "
        "3...e6 4.e4 would have kept the balance, "
        "with four attacks by Black on the centre instead of three after 4.e4."
    )


def test_numbers_are_told_of_a_line_that_gives_something_for_them() -> None:
    fen = "r1r4k/2b2pp1/2Q1p3/p7/4P3/3BBP2/4K2P/8 b - - 0 36"
    before, after = (159, "Bf4 Qa4 Bxe3 Kxe3 Rc3 Kd4 Rc1 Ke5"), (271, "Qb5 e5 Bc4 Rab8 Qa6")
    assert text(fen, "Bxh2", before, after, MoveClass.INACCURACY).endswith(
        "36...Bf4 37.Qa4 Bxe3 38.Kxe3 would have kept White's advantage smaller, "
        "with 20 squares for White's pieces to go to instead of 28 after 37.Qb5 e5 38.Bc4."
    )


@pytest.mark.parametrize(("first", "says"), [("1...", True), ("1000...", False)])
def test_a_comparison_is_told_only_where_there_is_room(first: str, says: bool) -> None:
    move = int(first.removesuffix("..."))
    fen = f"2b3r1/1p2Bk1p/r3pPp1/p2p4/P1pP4/5N2/2P4P/1R5K b - - 2 {move}"
    found = text(fen, "Rf8", *EXCHANGE_LOST, MoveClass.INACCURACY)
    assert ("seven pawns of Black's instead of six" in found) is says
    assert len(found) <= 250


def test_in_endgames_the_foremost_passed_pawn_is_told_of() -> None:
    fen = "8/p7/8/3P4/6p1/3K4/7R/r4k2 b - - 4 50"
    before, after = (-149, "Ra3+ Ke4 g3 Rh8"), (49, "Rd2 Rf1 d6 Rf8")
    assert text(fen, "Kg1", before, after).endswith(
        "50...Ra3+ 51.Ke4 g3 52.Rh8 would have kept Black slightly better, "
        "with three steps to go for White's foremost passed pawn instead of two after 51.Rd2 Rf1 52.d6."
    )


def test_a_passed_pawn_is_told_of_where_no_piece_is_left() -> None:
    fen = "6k1/5p2/8/8/P7/8/5P2/6K1 w - - 0 40"
    found = text(fen, "Kf1", (260, "Kg2 Kf8 a5"), (120, "Kf8 Ke2 Ke7 Kd3"), MoveClass.INACCURACY)
    assert found.endswith(
        "40.Kg2 Kf8 41.a5 would have kept White clearly better, "
        "with three steps to go for White's foremost passed pawn instead of four after 40...Kf8 41.Ke2."
    )
