"""The report of a phase: its shape, its numbers, and what it never says."""

import json
from typing import Any

import chess
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game, MoveText
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import Report, build_report
from tests.support.builders import a_game, cp, example, mate, quiet_evaluations

MOVE_KEYS = [
    "ply",
    "san",
    "uci",
    "fen",
    "white_cp",
    "white_mate",
    "win_percent",
    "accuracy",
    "judgement",
    "judgement_reason",
    "class",
    "explanation",
    "best_uci",
    "best_san",
    "variation",
    "second_white_cp",
    "second_white_mate",
    "missed",
    "allowed",
    "positional",
    "depth",
    "nodes",
    "clock_s",
    "spent_s",
]
SUMMARY_KEYS = [
    "schema",
    "phase",
    "engine",
    "limit",
    "cost",
    "start_fen",
    "ply_count",
    "result",
    "opening",
    "division",
    "start",
    "white",
    "black",
    "turning_points",
    "words",
    "time",
    "positional",
]
NO_CLASSES = dict.fromkeys(map(str, MoveClass), 0)


def report_of(game: Game, evaluations: list[Evaluation]) -> Report:
    return build_report(game, evaluations, phase=Phase.INITIAL, engine="Test 1", limit=Limit(depth=8))


def test_the_shape_is_the_protocol_s() -> None:
    game = a_game("e4 e5 Nf3 d6", Result="1-0")
    report = report_of(game, [cp(30, "e2e4"), cp(35), cp(30), cp(25), cp(40)])
    assert list(report.summary) == SUMMARY_KEYS
    assert [list(row) for row in report.moves] == [MOVE_KEYS] * 4
    assert {key: report.summary[key] for key in SUMMARY_KEYS[:-1]} == {
        "schema": 2,
        "phase": "initial",
        "engine": "Test 1",
        "limit": "depth 8",
        "cost": None,
        "start_fen": chess.STARTING_FEN,
        "ply_count": 4,
        "result": "1-0",
        "opening": {"eco": "C41", "name": "Philidor Defense", "ply": 4, "book_ply": 4},
        "division": {"middlegame_ply": None, "endgame_ply": None},
        "start": {"white_cp": 30, "white_mate": None},
        "white": {
            "accuracy": 99.6,
            "accuracy_by_phase": {"opening": 99.6, "middlegame": None, "endgame": None},
            "acpl": 3,
            "inaccuracies": 0,
            "mistakes": 0,
            "blunders": 0,
            "classes": {**NO_CLASSES, "book": 2},
        },
        "black": {
            "accuracy": 97.3,
            "accuracy_by_phase": {"opening": 97.3, "middlegame": None, "endgame": None},
            "acpl": 8,
            "inaccuracies": 0,
            "mistakes": 0,
            "blunders": 0,
            "classes": {**NO_CLASSES, "book": 2},
        },
        "turning_points": [],
        "words": [
            "The opening was the Philidor Defense (C41); the last book move was 2...d6.",
            "White won on move 2.",
            "White made no errors worth naming.",
            "Black made no errors worth naming.",
        ],
        "time": None,
    }
    assert len(report.summary["positional"]["white"]["mobility"]) == 5
    first = report.moves[0]
    assert {key: first[key] for key in MOVE_KEYS if key != "positional"} == {
        "ply": 1,
        "san": "e4",
        "uci": "e2e4",
        "fen": "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1",
        "white_cp": 35,
        "white_mate": None,
        "win_percent": 53.2,
        "accuracy": 100.0,
        "judgement": None,
        "judgement_reason": None,
        "class": "book",
        "explanation": None,
        "best_uci": "e2e4",
        "best_san": "e4",
        "variation": [],
        "second_white_cp": None,
        "second_white_mate": None,
        "missed": [],
        "allowed": [],
        "depth": 8,
        "nodes": 1000,
        "clock_s": None,
        "spent_s": None,
    }
    assert first["positional"]["white"]["centre_pawns"] == ["e4"]
    assert json.loads(json.dumps([report.summary, report.moves])) == [report.summary, report.moves]


def test_a_blunder_with_its_better_line() -> None:
    game = a_game("e4 e5 Qh5 Ke7 Qxe5", texts=[MoveText(clock_s=60.0 - second) for second in range(5)])
    line = [
        "b8c6",
        "g1f3",
        "g8f6",
        "h5h4",
        "d7d5",
        "e4d5",
        "d8d5",
        "b1c3",
        "d5a5",
        "f1c4",
        "f8e7",
        "e1g1",
        "e8g8",
        "d2d3",
    ]
    evaluations = [cp(30, "e2e4"), cp(30, "e7e5"), cp(30, "g1f3"), cp(-20, *line), mate(1, "h5e5"), mate(0)]
    report = report_of(game, evaluations)
    blunder = report.moves[3]
    assert (blunder["judgement"], blunder["judgement_reason"]) == ("blunder", "mate_created")
    assert (blunder["best_uci"], blunder["best_san"]) == ("b8c6", "Nc6")
    assert blunder["variation"] == [
        "Nc6",
        "Nf3",
        "Nf6",
        "Qh4",
        "d5",
        "exd5",
        "Qxd5",
        "Nc3",
        "Qa5",
        "Bc4",
        "Be7",
        "O-O",
    ]
    assert blunder["clock_s"] == 57.0
    assert report.moves[2]["judgement"] is None  # 50 centipawns are less than an inaccuracy
    assert report.moves[2]["variation"] == ["Nf3"]
    assert report.summary["black"]["blunders"] == 1
    assert report.summary["turning_points"] == [
        {
            "ply": 4,
            "move_number": 2,
            "side": "black",
            "san": "Ke7",
            "judgement": "blunder",
            "white_cp_before": -20,
            "white_mate_before": None,
            "white_cp_after": None,
            "white_mate_after": 1,
            "win_percent_lost": 49.4,
            "best_san": "Nc6",
        }
    ]


def test_the_mating_move_is_shown_but_not_counted() -> None:
    game = a_game("f3 e5 g4 Qh4", Result="0-1")
    before_mate = [cp(15, "e2e4"), cp(-80, "e7e5"), cp(-80, "d2d4"), mate(-1, "d8h4")]
    report = report_of(game, [*before_mate, mate(0)])
    last = report.moves[-1]
    assert (last["white_mate"], last["win_percent"], last["accuracy"], last["judgement"]) == (
        0,
        0.0,
        100.0,
        None,
    )
    assert report.summary["black"]["acpl"] == 0  # of the one move that has an evaluation
    assert report.summary["black"]["accuracy"] == 100.0
    assert report.moves[2]["judgement_reason"] == "mate_created"


def test_a_game_of_one_move_has_no_accuracy() -> None:
    report = report_of(a_game("e4"), [cp(15, "d2d4"), cp(20)])
    assert report.summary["white"]["accuracy"] is None
    black = report.summary["black"]
    assert (black["accuracy"], black["acpl"], black["blunders"]) == (None, None, 0)
    assert black["classes"] == NO_CLASSES


def test_the_first_move_is_judged_from_15_centipawns_as_on_lichess() -> None:
    """The engine's own score of the start is shown, and changes nothing else."""
    game = a_game("f3 e5")
    one, other = (report_of(game, [cp(start, "e2e4"), cp(-60), cp(-60)]) for start in (15, 400))
    assert other.summary["start"] == {"white_cp": 400, "white_mate": None}
    assert one.moves == other.moves
    assert one.summary["white"] == other.summary["white"]
    assert one.moves[0]["judgement"] == "inaccuracy"
    assert other.summary["turning_points"][0]["white_cp_before"] == 15


def test_black_may_start() -> None:
    game = a_game("Kd7 e4 Kd6", start_fen="4k3/8/8/8/8/8/4P3/4K3 b - - 0 17")
    report = report_of(game, [cp(0, "e8e7"), cp(600), cp(600, "d7e6"), cp(600)])
    assert report.summary["black"]["blunders"] == 1
    assert report.summary["turning_points"][0]["move_number"] == 17
    assert report.summary["turning_points"][0]["side"] == "black"
    assert report.summary["opening"] is None


@pytest.mark.parametrize(
    ("is_chess960", "best", "written"),
    [(False, "e1g1", "e1g1"), (False, "e1h1", "e1g1"), (True, "e1h1", "e1h1"), (True, "e1g1", "e1h1")],
)
def test_the_best_castling_move_is_recognised_in_either_notation(
    is_chess960: bool, best: str, written: str
) -> None:
    """An engine set to Chess960 says e1h1 where the game says e1g1: it is the same move, and no mistake."""
    game = a_game("O-O Kd8", start_fen="4k3/8/8/8/8/8/8/4K2R w K - 0 1", is_chess960=is_chess960)
    castling = report_of(game, [cp(500, best), cp(-500, "e8d8"), cp(-500)]).moves[0]
    assert castling["judgement"] is None
    assert castling["variation"] == []
    assert (castling["uci"], castling["best_uci"], castling["best_san"]) == (written, written, "O-O")


def test_without_best_moves_the_scores_judge_but_never_the_only_move() -> None:
    game = a_game("f3 e5 g4 Qh4")
    report = report_of(game, [Evaluation(white_cp=value) for value in (15, -80, -80, -900, -900)])
    assert [row["judgement"] for row in report.moves] == ["inaccuracy", None, "blunder", None]
    assert report.moves[2]["best_san"] is None
    only = a_game("Kxg2 Ra2", start_fen="8/8/8/r7/8/8/6q1/7K w - - 0 1")
    assert only.boards[0].legal_moves.count() == 1
    assert (
        report_of(only, [Evaluation(white_cp=value) for value in (0, -900, -900)]).moves[0]["judgement"]
        is None
    )


@pytest.mark.parametrize("count", [4, 6])
def test_the_number_of_evaluations_must_fit(count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} evaluations for 5 positions"):
        report_of(a_game("e4 e5 Nf3 Nc6"), [cp(15)] * count)


@pytest.mark.parametrize("line", [["e2e5"], ["e7e5"], ["d2d4", "d2d4"]])
def test_an_illegal_line_is_an_error_not_a_report(line: list[str]) -> None:
    with pytest.raises(ValueError, match="illegal"):
        report_of(a_game("e4 e5"), [cp(15, *line), cp(15), cp(15)])


def turning_plies(evaluations: list[Evaluation]) -> list[int]:
    game = a_game("e4 e5 Nf3 Nc6 Bb5 a6 Ba4 Nf6 O-O Be7")
    return [point["ply"] for point in report_of(game, evaluations).summary["turning_points"]]


def test_turning_points_are_the_three_greatest_losses() -> None:
    assert turning_plies([cp(15)] * 11) == []
    cps = [15, 15, 15, -200, -200, -900, 0, -60, 300, -300, -300]
    assert turning_plies([cp(value) for value in cps]) == [9, 6, 8]


def test_equal_losses_stay_in_the_order_of_play() -> None:
    cps = [15, 15, 15, -300, 15, -300, 15, -300, 15, -300, 15]
    assert turning_plies([cp(value) for value in cps]) == [3, 4, 5]


def test_a_mate_missed_in_a_won_game_is_no_turning_point() -> None:
    evaluations = [cp(15)] * 8 + [mate(3), cp(1500), cp(1500)]
    game = a_game("e4 e5 Nf3 Nc6 Bb5 a6 Ba4 Nf6 O-O Be7")
    report = report_of(game, evaluations)
    assert report.moves[8]["judgement"] == "inaccuracy"
    assert report.summary["turning_points"][0]["ply"] == 8
    assert len(report.summary["turning_points"]) == 1


scores = st.integers(-3000, 3000).map(cp) | st.integers(-30, 30).filter(bool).map(mate)


@settings(max_examples=30)
@given(st.lists(scores, min_size=34, max_size=34))
def test_the_played_best_move_is_never_judged(found: list[Evaluation]) -> None:
    game = read_game(example("morphy-opera-1858"), max_plies=100)
    evaluations = [
        Evaluation(evaluation.white_cp, evaluation.white_mate, (move,))
        for evaluation, move in zip(found, game.moves, strict=False)
    ]
    report = report_of(game, [*evaluations, mate(0)])
    assert all(row["judgement"] is None for row in report.moves)
    assert report.summary["turning_points"] == []


@settings(max_examples=30)
@given(st.lists(scores, min_size=34, max_size=34))
def test_every_number_is_in_its_bounds_and_the_counts_add_up(evaluations: list[Evaluation]) -> None:
    game = read_game(example("morphy-opera-1858"), max_plies=100)
    report = report_of(game, evaluations)
    for row in report.moves:
        assert 0 <= row["win_percent"] <= 100
        assert 0 <= row["accuracy"] <= 100
    judged = [row["judgement"] for row in report.moves if row["judgement"]]
    sides: list[dict[str, Any]] = [report.summary["white"], report.summary["black"]]
    assert sum(side["inaccuracies"] + side["mistakes"] + side["blunders"] for side in sides) == len(judged)
    assert len(report.summary["turning_points"]) <= min(3, len(judged))


def test_long_lines_are_reported_whole() -> None:
    """A hundred plies with a line of twelve moves each. How fast that is, `make bench-report` tells."""
    game = read_game(example("carlsen-anand-2013"), max_plies=200)
    evaluations = []
    for board in game.boards:
        line, probe = [], board.copy(stack=False)
        for _ in range(12):
            move = next(iter(probe.legal_moves))
            line.append(move.uci())
            probe.push(move)
        evaluations.append(cp(15, *line))
    report = report_of(Game(game.moves, game.start_fen, headers=game.headers), evaluations)
    assert sum(len(row["variation"]) for row in report.moves) > 1000


def test_a_game_without_a_fault() -> None:
    game = read_game(example("byrne-fischer-1956"), max_plies=100)
    report = report_of(game, quiet_evaluations(game))
    assert report.summary["white"]["accuracy"] == report.summary["black"]["accuracy"] == 100.0
    assert report.summary["division"] == {"middlegame_ply": 20, "endgame_ply": 59}


def test_of_a_set_up_position_classes_and_words_go_by_the_engine() -> None:
    """The numbers stay Lichess', which takes any start for even; nobody lost a game with the first move."""
    game = a_game("Ke6 Qd4", start_fen="8/8/8/4k3/8/8/3Q4/4K3 b - - 0 1")
    report = report_of(game, [cp(720, "e5f6", "d2d5"), cp(730, "d2d4"), cp(730)])
    first = report.moves[0]
    assert (first["judgement"], report.summary["black"]["blunders"]) == ("blunder", 1)
    assert (first["class"], first["explanation"]) == ("excellent", None)
    assert report.summary["turning_points"] == []
    assert not any("turned" in sentence for sentence in report.summary["words"])


def test_a_loss_that_the_next_search_takes_back_is_no_fault() -> None:
    """The opponent played what the engine expected, and the mover stands as well as before."""
    game = a_game("a3 a6 h4 h5 Nc3 Nf6")
    evaluations = [cp(15), cp(20), cp(20, "d2d4"), cp(-100, "h7h5"), cp(20), cp(20), cp(20)]
    report = report_of(game, evaluations)
    assert (report.moves[2]["judgement"], report.moves[2]["class"]) == ("mistake", "good")
    assert report.moves[2]["explanation"] is None
    assert report.summary["white"]["mistakes"] == 1
    assert report.summary["turning_points"] == []
    unexpected = report_of(game, [*evaluations[:3], cp(-100, "d7d5"), *evaluations[4:]])
    assert unexpected.moves[2]["class"] == "mistake", "the reply was another: the loss was there to be taken"


def test_a_mate_that_the_next_search_finds_again_was_not_lost() -> None:
    game = a_game("a3 a6 h4 h5 Nc3 Nf6")
    lost = [cp(15), cp(20), mate(5, "d2d4"), cp(300, "h7h5"), cp(2000), cp(20), cp(20)]
    assert report_of(game, lost).moves[2]["class"] == "miss"
    found = [*lost[:4], mate(4), *lost[5:]]
    assert report_of(game, found).moves[2]["class"] == "good"
