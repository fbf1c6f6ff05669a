"""What the comments of Lichess, ChessBase, chess.com and others say of the moves."""

import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import MoveText
from knight_vision.domain.pgn_reader import read_game


def texts(moves: str) -> tuple[MoveText, ...]:
    return read_game(moves, max_plies=100).texts


def text_of_e4(comment: str) -> MoveText | None:
    read = texts(f"1. e4 {{{comment}}} *")
    return read[0] if read else None


@pytest.mark.parametrize(
    ("comment", "evaluation"),
    [
        ("[%eval 0.17]", Evaluation(white_cp=17)),
        ("[%eval -.5]", Evaluation(white_cp=-50)),
        ("[%eval +1.3]", Evaluation(white_cp=130)),
        ("[%eval 2.35,18]", Evaluation(white_cp=235, depth=18)),
        ("[%eval 152.65]", Evaluation(white_cp=15265)),
        ("[%eval #-3]", Evaluation(white_mate=-3)),
        ("[%eval #12,30]", Evaluation(white_mate=12, depth=30)),
        ("[%eval 25,12]", Evaluation(white_cp=25, depth=12)),
        ("[%eval -35,20]", Evaluation(white_cp=-35, depth=20)),
        ("[%eval -386,\n23] [%wdl 1,444,555] [%mdl 8192]", Evaluation(white_cp=-386, depth=23)),
        ("[%eval 29995,20]", Evaluation(white_mate=3, depth=20)),
        ("[%eval -29998,20]", Evaluation(white_mate=-1, depth=20)),
    ],
)
def test_scores_in_pawns_and_in_chessbases_centipawns(comment: str, evaluation: Evaluation) -> None:
    assert text_of_e4(comment) == MoveText(evaluation)


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ("[%clk 1:30:43]", MoveText(clock_s=5443)),
        ("[%clk 0:02:59.9][%timestamp 1]", MoveText(clock_s=179.9, elapsed_s=0.1)),
        ("[%clk\n0:15:16.6][%timestamp\n25]", MoveText(clock_s=916.6, elapsed_s=2.5)),
        ("[%emt 0:00:05]", MoveText(elapsed_s=5)),
        ("[%emt 0:00:\n04]", MoveText(elapsed_s=4)),
        ("[%emt 0:4:17][%mdl 4] is now more promising.", MoveText(elapsed_s=257)),
        ("[%emt 0:00:01.617] [%timestamp 99]", MoveText(elapsed_s=1.617)),
        ("[%eval 0.17] [%clk 0:00:30]", MoveText(Evaluation(white_cp=17), 30.0)),
        ("{no} brace but [%csl Ga1][%clk 0:00:01]", MoveText(clock_s=1)),
    ],
)
def test_clock_times_and_times_spent(comment: str, text: MoveText) -> None:
    assert text_of_e4(comment.replace("{no}", "")) == text


@pytest.mark.parametrize(
    "comment",
    ["[%eval 3]", "[%eval 0]", "[%eval #0]", "[%eval ]", "[%eval x]", "[%eval 0.123]", "[%eval 20,0]",
     "[%eval 0,05]", "[%eval 1,00]", "[%eval -5,00/1]",
     "[%eval 32766,5]", "[%eval 99999999.0]", f"[%eval #{'9' * 5000}]", f"[%eval 1,{'9' * 5000}]",
     "[%clk 1:99:00]", "[%clk soon]", f"[%clk {'9' * 5000}:00:00]", "[%clk 59]", "[%emt 5]",
     f"[%timestamp {'9' * 5000}]", "[%timestamp -1]", "[%eval 0.17", "%eval 0.17]", "[% eval 0.17]",
     "[%EVAL 0.17]", "[%evals 0.17]", "[%cal Ra1b2]", "just words"],
)  # fmt: skip
def test_a_comment_that_could_mean_two_things_means_nothing(comment: str) -> None:
    """Centipawns for one program are pawns for another: better no evaluation than one a hundred times off."""
    assert text_of_e4(comment) is None


def test_whole_numbers_mean_nothing_in_a_game_of_pawns() -> None:
    mixed = texts("1. e4 {[%eval 35,20]} e5 {[%eval 0.35,20]} 2. Nf3 {[%eval 1,20]} Nc6 {[%eval #4]} *")
    assert [text.evaluation and text.evaluation.white_cp for text in mixed] == [None, 35, None, None]
    mates_have_no_unit = texts("1. e4 {[%eval 35,20]} e5 {[%eval #4]} *")
    assert [text.evaluation for text in mates_have_no_unit] == [
        Evaluation(white_cp=35, depth=20),
        Evaluation(white_mate=4),
    ]


def test_what_is_said_first_counts_and_variations_do_not() -> None:
    assert texts(
        "1. e4 { [%eval 0.33] [%clk 0:10:00] } e5 {[%eval #-3,22]} {[%clk 1:02:03.5] [%eval 9.9]}\n"
        "2. Nf3 {just words} (2. d4 {[%eval 5.0]}) Nc6 {[%eval 20] [%eval -.5]} *"
    ) == (
        MoveText(Evaluation(white_cp=33), 600.0),
        MoveText(Evaluation(white_mate=-3, depth=22), 3723.5),
        MoveText(),
        MoveText(Evaluation(white_cp=-50)),
    )


# ChessBase's profile: first and last position, then White's centipawns in each


def profiled(moves: str) -> list[int | None]:
    return [text.evaluation.white_cp if text.evaluation else None for text in texts(moves)]


def test_a_profile_evaluates_every_move() -> None:
    assert profiled("{[%evp 0,3,19,31,\n-34,18] a word} 1. e4 e5 2. Nf3 *") == [31, -34, 18]


def test_a_profile_that_begins_later_leaves_the_opening_out() -> None:
    assert profiled("{[%evp 2,3,-34,18]} 1. e4 e5 2. Nf3 *") == [None, -34, 18]


def test_a_profile_counts_mates_in_half_moves_and_ends_with_the_mate() -> None:
    read = texts("{[%evp 0,4,19,-40,-35,-29999,-30000]} 1. f3 e5 2. g4 Qh4# 0-1")
    assert [text.evaluation for text in read] == [
        Evaluation(white_cp=-40),
        Evaluation(white_cp=-35),
        Evaluation(white_mate=-1),
        None,
    ]


def test_one_search_of_the_whole_game_is_not_mixed_with_others() -> None:
    assert profiled("{[%evp 0,2,19,31,34]} 1. e4 {[%eval 99,20]} e5 *") == [31, 34]
    assert profiled("{[%evp 0,2,19,31,34]} 1. e4 {[%eval 99,20]} e5 {[%eval 98,20]} *") == [99, 98]


@pytest.mark.parametrize(
    "profile",
    [
        "0,2,19,31",
        "0,3,19,31,34,18",
        "0,2,19,31,34,18",
        "1,0",
        "0,2",
        "",
        "a,b",
        "9,2,1",
        f"0,{'9' * 5000},1",
    ],
)
def test_a_profile_of_another_game_means_nothing(profile: str) -> None:
    assert texts(f"{{[%evp {profile}]}} 1. e4 e5 *") == ()
    assert texts(f"1. e4 {{[%evp 0,2,19,31,34] {profile}}} e5 *") == ()
