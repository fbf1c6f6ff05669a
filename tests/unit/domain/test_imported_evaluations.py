"""Evaluations that the PGN brings along."""

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.imported_evaluations import evaluations_from_pgn
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import build_report

LICHESS = """[Event "Rated blitz game"]

1. f3?! { (0.15 -> -0.80) Inaccuracy. e4 was best. } { [%eval -0.8] } (1. e4 e5) 1... e5 { [%eval -0.74] }
2. g4?? { (-0.74 -> Mate in 1) Checkmate is now unavoidable. } { [%eval #-1] } 2... Qh4# 0-1
"""


def imported(text: str) -> tuple[Evaluation, ...] | None:
    return evaluations_from_pgn(read_game(text, max_plies=100))


def test_a_lichess_export_has_a_report_without_an_engine() -> None:
    game = read_game(LICHESS, max_plies=100)
    evaluations = evaluations_from_pgn(game)
    assert evaluations == (
        Evaluation(white_cp=15),
        Evaluation(white_cp=-80),
        Evaluation(white_cp=-74),
        Evaluation(white_mate=-1),
        Evaluation(white_mate=0),
    )
    report = build_report(game, evaluations, phase=Phase.INITIAL, engine="PGN", limit=Limit(depth=1))
    assert [row["judgement"] for row in report.moves] == ["inaccuracy", None, "blunder", None]
    assert [row["best_san"] for row in report.moves] == [None] * 4


def test_one_evaluation_missing_is_none_at_all() -> None:
    assert imported("1. e4 {[%eval 0.3]} e5 2. Nf3 {[%eval 0.3]} *") is None
    assert imported("1. e4 {[%eval 0.3]} e5 {[%eval 0.3]} 2. Nf3 *") is None
    assert imported("1. e4 e5 2. Nf3 *") is None
    assert imported("1. e4 {[%clk 0:01:00]} *") is None


def test_the_rules_know_the_last_position_better_than_the_pgn() -> None:
    assert imported("1. f3 {[%eval -0.8]} e5 {[%eval -0.8]} 2. g4 {[%eval #-1]} Qh4# {[%eval #-1]} 0-1") == (
        Evaluation(white_cp=15),
        Evaluation(white_cp=-80),
        Evaluation(white_cp=-80),
        Evaluation(white_mate=-1),
        Evaluation(white_mate=0),
    )
