"""The game in a few sentences."""

from __future__ import annotations

from dataclasses import replace

import chess
import pytest

from knight_vision.domain.clock import time_use
from knight_vision.domain.division import divide
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import Explanation, Theme, explain_all, game_summary
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import judged_moves
from knight_vision.domain.move_class import MoveClass, classify
from knight_vision.domain.openings import book_ply, opening_of
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
        book_ply=book_ply(game.boards),
        time=time_use(clocks_s, time_control="60+0", division=division) if clocks_s else None,
    )


def test_a_game_is_summed_up() -> None:
    assert summary(*fools_mate()) == [
        "The opening was the Barnes Opening: Fool's Mate (A00); the last book move was 2...Qh4#.",
        "Black won by checkmate on move 2 and was winning from 2.g4 to the end.",
        "The game turned on 1.f3 (Black is slightly better) and 2.g4 (Black is winning).",
        "White made one blunder and one inaccuracy, both in the opening.",
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


def test_a_side_that_is_still_better_after_its_error_is_only_that() -> None:
    game = a_game("e4 e5 Nf3 a6", Result="*")
    scores = [Evaluation(white_cp=one) for one in (15, 15, 700, 160, 160)]
    judged = judged_moves(game, scores)
    told = summary(game, review(judged, classify(judged, book_ply=0)))
    assert told[2] == "The game turned on 1...e5 (White is winning) and 2.Nf3 (White is only clearly better)."


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
        "White made one blunder and one inaccuracy, both in the opening; "
        "what recurs: forks overlooked (twice)."
    )


def test_a_win_on_time_from_a_worse_position_is_told() -> None:
    game = a_game("e4", Result="0-1", Termination="Time forfeit")
    judged = judged_moves(game, [Evaluation(white_cp=15, line=("e2e4",)), Evaluation(white_cp=400)])
    told = summary(game, review(judged, classify(judged, book_ply=0)))
    assert told[1] == "Black won on time on move 1, although White was winning."


def test_brilliant_moves_are_named() -> None:
    game, moves = fools_mate()
    classes = [*[move.move_class for move in moves[:3]], MoveClass.BRILLIANT]
    moves = review([move.judged for move in moves], classes)
    assert summary(game, moves)[-1] == "Black made no errors worth naming; brilliant: 2...Qh4#."


@pytest.mark.parametrize(
    ("sans", "sentence"),
    [
        ("e4 e5 Nf3 Nf6", "The opening was Petrov's Defense (C42); the last book move was 2...Nf6."),
        ("e4 e5 f4", "The opening was the King's Gambit (C30); the last book move was 2.f4."),
        ("e4 e5 f4 a6 h4", "The opening was the King's Gambit (C30); the last book move was 2.f4."),
    ],
)
def test_openings_called_after_persons_have_no_article(sans: str, sentence: str) -> None:
    assert summary(a_game(sans), [])[0] == sentence


def test_no_book_move_is_named_where_none_is_known() -> None:
    game = a_game("e4 e5 f4")
    told = game_summary(game, [], [], opening=opening_of(game.boards), division=divide(game.boards))
    assert told[0] == "The opening was the King's Gambit (C30)."


def test_the_book_may_go_on_behind_the_last_position_with_a_name() -> None:
    game = a_game("d4 Nf6 c4 e6 Nf3 d5 g3")
    opening, last = opening_of(game.boards), book_ply(game.boards)
    assert opening is not None
    told = game_summary(
        game, [], [], opening=replace(opening, ply=3), division=divide(game.boards), book_ply=last
    )
    assert told[0].endswith("; the last book move was 4.g3.")


CORNERED = "8/8/4k3/8/8/4K3/8/7r w - - 0 1"
SHUFFLE = "Nf3 Nf6 Ng1 Ng8"
LAST_MOVES = "8/8/4k3/8/8/4K3/R7/8 w - - {} 100"


@pytest.mark.parametrize("result", ["*", "1/2-1/2"])
@pytest.mark.parametrize(
    ("start_fen", "sans", "rule", "last"),
    [
        (CORNERED, "Kd4 Rd1+ Kc3 Rd3+ Kxd3", "insufficient material", 3),
        (LAST_MOVES.format(149), "Ra3", "the seventy-five-move rule", 100),
        (chess.STARTING_FEN, " ".join([SHUFFLE] * 4), "fivefold repetition", 8),
    ],
)
def test_a_draw_by_rule_is_told(start_fen: str, sans: str, rule: str, last: int, result: str) -> None:
    game = a_game(sans, start_fen=start_fen, Result=result)
    assert f"The game ended in a draw by {rule} on move {last}." in summary(game, [])


@pytest.mark.parametrize(
    ("start_fen", "sans", "last"),
    [
        (CORNERED, "Kd4 Rd1+ Kc3 Rd3+", 2),
        (LAST_MOVES.format(148), "Ra3", 100),
        (chess.STARTING_FEN, " ".join([SHUFFLE] * 3), 6),
    ],
)
def test_a_game_that_no_rule_has_ended_breaks_off(start_fen: str, sans: str, last: int) -> None:
    game = a_game(sans, start_fen=start_fen, Result="*")
    assert f"The game breaks off after move {last}." in summary(game, [])


def test_a_decisive_result_stands_against_the_rule() -> None:
    game = a_game("Kd4 Rd1+ Kc3 Rd3+ Kxd3", start_fen=CORNERED, Result="0-1")
    assert summary(game, [])[0] == "Black won on move 3."


RUY_LOPEZ = "e4 e5 Nf3 Nc6 Bb5 a6 Ba4 Nf6 O-O Be7 Re1 b5 Bb3 d6 c3 O-O h3 Nb8 d4 Nbd7"


def classed(classes: str) -> list[ReviewedMove]:
    """White's first moves in the Ruy Lopez with these classes, the others good."""
    game = a_game(RUY_LOPEZ)
    judged = judged_moves(game, [Evaluation(white_cp=20)] * game.position_count)
    white = [MoveClass(name) for name in classes.split()]
    both = [one for own in white for one in (own, MoveClass.GOOD)]
    return review(judged, [*both, *[MoveClass.GOOD] * (game.ply_count - len(both))])


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        ("miss", "White missed one chance in the opening."),
        ("miss miss", "White missed two chances, both in the opening."),
        ("blunder blunder", "White made two blunders, both in the opening."),
        ("blunder blunder blunder", "White made three blunders, all in the opening."),
        ("blunder miss", "White made one blunder and missed one chance, both in the opening."),
        (
            "miss blunder mistake miss",
            "White made one blunder and one mistake, and missed two chances, all in the opening.",
        ),
    ],
)
def test_errors_are_made_and_chances_are_missed(classes: str, sentence: str) -> None:
    game = a_game(RUY_LOPEZ)
    told = game_summary(
        game, classed(classes), [None] * game.ply_count, opening=None, division=divide(game.boards)
    )
    assert sentence in told


@pytest.mark.parametrize(
    ("white_clocks_s", "words"),
    [
        ((210, 150, 5, 34, 60, 85, 110, 130, 150, 170), "at 4.Ba4"),
        ((210, 150, 5, 8, 30, 55, 80, 5, 30, 60), "on three moves from 4.Ba4 to 9.h3"),
        ((210, 150, 5, 8, 30, 55, 80, 110, 130, 150), "on two moves from 4.Ba4 to 5.O-O"),
        ((210, 150, 130, 110, 90, 70, 40, 8, 7, 6), "from 9.h3 on"),
        ((210, 150, 130, 110, 90, 70, 40, 20, 8, 7), "at 10.d4"),
    ],
)
def test_time_trouble_is_told_for_as_long_as_it_lasted(white_clocks_s: tuple[int, ...], words: str) -> None:
    game = a_game(RUY_LOPEZ)
    clocks_s = [clock for white in white_clocks_s for clock in (float(white), 205.0)]
    time = time_use(clocks_s, time_control="180+30")
    told = game_summary(game, [], [], opening=None, division=divide(game.boards), time=time)
    assert f" and was in time trouble {words}; Black thought" in told[-1]


def test_errors_in_time_trouble_are_counted() -> None:
    game = a_game(RUY_LOPEZ)
    clocks_s = [clock for white in (210, 150, 5, 34, *[60] * 6) for clock in (float(white), 205.0)]
    time = time_use(clocks_s, time_control="180+30", judgements={7: "blunder", 9: "mistake"})
    told = game_summary(game, [], [], opening=None, division=divide(game.boards), time=time)
    assert "was in time trouble at 4.Ba4 (one error)" in told[-1]
