"""Evaluations that the PGN brings along."""

import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.imported_evaluations import evaluations_from_pgn, report_from_pgn
from knight_vision.domain.pgn_reader import pgn_text, read_game

LICHESS = """[Event "Rated blitz game"]

1. f3?! { (0.15 -> -0.80) Inaccuracy. e4 was best. } { [%eval -0.8] } (1. e4 e5) 1... e5 { [%eval -0.74] }
2. g4?? { (-0.74 -> Mate in 1) Checkmate is now unavoidable. } { [%eval #-1] } 2... Qh4# 0-1
"""
CHESSBASE = """[Annotator "Tactical Analysis"]

1. f3 $6 {[%eval -80,20] [%emt 0:00:05]} e5 {[%eval -74,20]} 2. g4 $4 {[%eval -29999,20]} Qh4# 0-1
"""
PROFILE = "{[%evp 0,4,15,-80,-74,-29999,-30000]} 1. f3 e5 2. g4 Qh4# 0-1"


def imported(text: str) -> tuple[Evaluation, ...] | None:
    return evaluations_from_pgn(read_game(text, max_plies=100))


@pytest.mark.parametrize("text", [LICHESS, CHESSBASE, PROFILE])
def test_an_export_has_a_report_without_an_engine(text: str) -> None:
    game = read_game(text, max_plies=100)
    evaluations = evaluations_from_pgn(game)
    assert evaluations is not None
    assert [(one.white_cp, one.white_mate) for one in evaluations] == [
        (15, None),
        (-80, None),
        (-74, None),
        (None, -1),
        (None, 0),
    ]
    report = report_from_pgn(game)
    assert report is not None
    assert [row["judgement"] for row in report.moves] == ["inaccuracy", None, "blunder", None]
    assert [row["best_san"] for row in report.moves[1:]] == [None] * 3


def test_the_best_moves_that_lichess_names_are_imported_with_their_lines() -> None:
    report = report_from_pgn(read_game(LICHESS, max_plies=100))
    assert report is not None
    assert (report.moves[0]["best_san"], report.moves[0]["variation"]) == ("e4", ["e4", "e5"])
    stored = read_game(pgn_text(read_game(LICHESS, max_plies=100)), max_plies=100)
    again = report_from_pgn(stored)
    assert again is not None
    assert (again.summary, again.moves) == (report.summary, report.moves)


def test_the_report_says_where_its_evaluations_are_from() -> None:
    report = report_from_pgn(read_game(CHESSBASE, max_plies=100))
    assert report is not None
    assert {key: report.summary[key] for key in ("phase", "engine", "limit", "start")} == {
        "phase": "initial",
        "engine": "Imported evaluations",
        "limit": "imported",
        "start": {"white_cp": 15, "white_mate": None},
    }
    assert [(row["depth"], row["nodes"]) for row in report.moves] == [(20, None)] * 3 + [(None, None)]


def test_one_evaluation_missing_is_none_at_all() -> None:
    assert imported("1. e4 {[%eval 0.3]} e5 2. Nf3 {[%eval 0.3]} *") is None
    assert imported("1. e4 {[%eval 0.3]} e5 {[%eval 0.3]} 2. Nf3 *") is None
    assert imported("1. e4 e5 2. Nf3 *") is None
    assert imported("1. e4 {[%clk 0:01:00]} *") is None
    assert report_from_pgn(read_game("1. e4 *", max_plies=1)) is None


def test_the_rules_know_the_last_position_better_than_the_pgn() -> None:
    assert imported("1. f3 {[%eval -0.8]} e5 {[%eval -0.8]} 2. g4 {[%eval #-1]} Qh4# {[%eval #-1]} 0-1") == (
        Evaluation(white_cp=15),
        Evaluation(white_cp=-80),
        Evaluation(white_cp=-80),
        Evaluation(white_mate=-1),
        Evaluation(white_mate=0),
    )
