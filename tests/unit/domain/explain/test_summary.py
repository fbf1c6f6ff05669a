"""The game in a few sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knight_vision.domain.clock import time_use
from knight_vision.domain.division import divide
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import Explanation, Theme, explain_all, game_summary
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import judged_moves
from knight_vision.domain.move_class import MoveClass, classify
from knight_vision.domain.openings import opening_of
from knight_vision.domain.reviewed_moves import ReviewedMove, review
from tests.support.builders import a_game

FOOLS_MATE = "f3 e5 g4 Qh4#"


def fools_mate() -> tuple[Game, list[ReviewedMove]]:
    game = a_game(FOOLS_MATE, Result="0-1")
    evaluations = [
        Evaluation(white_cp=15, line=("e2e4",)),
        Evaluation(white_cp=-90, line=("e7e5",)),
        Evaluation(white_cp=-60, line=("e2e4",)),
        Evaluation(white_mate=-1, line=("d8h4",)),
        Evaluation(white_mate=0),
    ]
    judged = judged_moves(game, evaluations)
    return game, review(judged, classify(judged, book_ply=0))


def summary(game: Game, moves: list[ReviewedMove], clocks_s: tuple[float, ...] = ()) -> list[str]:
    division = divide(game.boards)
    return game_summary(
        game,
        moves,
        explain_all(game, moves),
        opening=opening_of(game.boards),
        division=division,
        time=time_use(clocks_s, time_control="60+0", division=division) if clocks_s else None,
    )


def test_a_game_is_summed_up() -> None:
    assert summary(*fools_mate()) == [
        "The opening was the Barnes Opening: Fool's Mate (A00), followed up to 2...Qh4#.",
        "Black won by checkmate on move 2 and was winning from 2.g4 to the end.",
        "The game turned on 1.f3 (Black is slightly better) and 2.g4 (Black is winning).",
        "White made one blunder and one inaccuracy, all in the opening.",
        "Black made no errors worth naming.",
    ]


def test_the_use_of_time_is_told_where_it_is_known() -> None:
    assert summary(*fools_mate(), clocks_s=(60.0, 60.0, 2.0, 58.0))[-1] == (
        "White thought longest over 2.g4 (58 seconds); Black thought longest over 2...Qh4# (2 seconds)."
    )


def test_a_game_without_moves_has_nothing_to_tell() -> None:
    assert summary(a_game(""), []) == []


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        ("1-0", "White won on move 1."),
        ("0-1", "Black won on move 1."),
        ("1/2-1/2", "The game was drawn on move 1."),
        ("*", "The game breaks off after move 1."),
    ],
)
def test_the_result_is_that_of_the_tag_where_the_board_does_not_tell(result: str, sentence: str) -> None:
    game = a_game("e4", Result=result)
    judged = judged_moves(game, [Evaluation(white_cp=15, line=("e2e4",)), Evaluation(white_cp=20)])
    assert sentence in summary(game, review(judged, classify(judged, book_ply=0)))


def test_stalemate_is_told_whatever_the_tag_says() -> None:
    game = a_game("Qg6", start_fen="7k/8/5K2/8/8/8/8/6Q1 w - - 0 60", Result="1-0")
    judged = judged_moves(game, [Evaluation(white_cp=900, line=("g1g2",)), Evaluation(white_cp=0)])
    told = summary(game, review(judged, classify(judged, book_ply=0)))
    assert told[0] == "The game ended in stalemate on move 60."


def test_only_a_side_that_moved_is_spoken_of() -> None:
    game = a_game("e4", Result="*")
    judged = judged_moves(game, [Evaluation(white_cp=15, line=("e2e4",)), Evaluation(white_cp=20)])
    told = summary(game, review(judged, classify(judged, book_ply=0)))
    assert not any(sentence.startswith("Black made") for sentence in told)


def test_kinds_of_errors_that_recur_are_named() -> None:
    game, moves = fools_mate()
    twice = [Explanation("", Theme.FORK), None, Explanation("", Theme.FORK), None]
    told = game_summary(game, moves, twice, opening=None, division=divide(game.boards))
    assert told[2] == (
        "White made one blunder and one inaccuracy, all in the opening; "
        "what recurs: forks overlooked (twice)."
    )


def test_a_win_on_time_from_a_worse_position_is_told() -> None:
    game = a_game("e4", Result="0-1", Termination="Time forfeit")
    judged = judged_moves(game, [Evaluation(white_cp=15, line=("e2e4",)), Evaluation(white_cp=400)])
    told = summary(game, review(judged, classify(judged, book_ply=0)))
    assert told[1] == "Black won on time on move 1, although White was winning."


def test_brilliant_moves_are_named() -> None:
    game, moves = fools_mate()
    moves[3] = replace(moves[3], move_class=MoveClass.BRILLIANT)
    assert summary(game, moves)[-1] == "Black made no errors worth naming; brilliant: 2...Qh4#."


@pytest.mark.parametrize(
    ("sans", "sentence"),
    [
        ("e4 e5 Nf3 Nf6", "The opening was Petrov's Defense (C42), followed up to 2...Nf6."),
        ("e4 e5 f4", "The opening was the King's Gambit (C30), followed up to 2.f4."),
    ],
)
def test_openings_called_after_persons_have_no_article(sans: str, sentence: str) -> None:
    assert summary(a_game(sans), [])[0] == sentence
