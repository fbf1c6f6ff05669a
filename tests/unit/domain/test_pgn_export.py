"""The annotated PGN, read back by python-chess."""

import io
from dataclasses import replace
from typing import Any

import chess
import chess.pgn
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game, MoveText
from knight_vision.domain.pgn_export import annotated_pgn
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.pgn_writer import pgn_text
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import build_report
from tests.support.builders import a_game, cp, example, mate, quiet_evaluations


def export(game: Game, evaluations: list[Evaluation], *changes: dict[str, Any]) -> str:
    """The export of a report whose rows say of classes and explanations only what `changes` say."""
    report = build_report(game, evaluations, phase=Phase.COMPLETE, engine="Test 1", limit=Limit(nodes=1))
    for row, change in zip(report.moves, [*changes, *[{}] * game.ply_count], strict=False):
        row |= {"class": None, "explanation": None} | change
    return annotated_pgn(game, report.summary, report.moves)


def parsed(text: str) -> chess.pgn.Game:
    game = chess.pgn.read_game(io.StringIO(text))
    assert game is not None
    assert game.errors == []
    return game


def fools_mate(headers: dict[str, str]) -> str:
    texts = [MoveText(clock_s=60.0), MoveText(clock_s=59.5), MoveText(), MoveText(clock_s=3600.0)]
    game = replace(a_game("f3 e5 g4 Qh4", texts=texts), headers={**headers, "Result": "0-1"})
    line = ("d2d4", "e5d4", "d1d4")
    return export(game, [cp(15, "e2e4", "e7e5"), cp(-80, "e7e5"), cp(-80, *line), mate(-1, "d8h4"), mate(0)])


def test_the_whole_text() -> None:
    assert fools_mate({"White": "A", "Black": "B"}) == (
        '[Event "?"]\n[Site "?"]\n[Date "????.??.??"]\n[Round "?"]\n'
        '[White "A"]\n[Black "B"]\n[Result "0-1"]\n'
        '[Annotator "Knight Vision"]\n[WhiteAccuracy "27.7"]\n[BlackAccuracy "100.0"]\n'
        '[ECO "A00"]\n[Opening "Barnes Opening: Fool\'s Mate"]\n\n'
        "1. f3 $6 { [%eval -0.80] [%clk 0:01:00] Inaccuracy. e4 was best. } ( 1. e4 e5 )\n"
        "1... e5 { [%eval -0.80] [%clk 0:00:59.5] } 2. g4 $4 { [%eval #-1] Blunder.\n"
        "Checkmate is now unavoidable. d4 was best. } ( 2. d4 exd4 3. Qxd4 ) 2... Qh4# {\n"
        "[%clk 1:00:00] } 0-1\n"
    )


def test_python_chess_finds_everything_again() -> None:
    game = parsed(fools_mate({}))
    nodes = list(game.mainline())
    assert [node.nags for node in nodes] == [{6}, set(), {4}, set()]
    assert [node.clock() for node in nodes] == [60.0, 59.5, None, 3600.0]
    scores = [node.eval() for node in nodes]
    assert [score and score.white().score() for score in scores] == [-80, -80, None, None]
    assert scores[2] is not None
    assert scores[2].white().mate() == -1
    better = nodes[1].variations[1]
    assert [better.san(), *(node.san() for node in better.mainline())] == ["d4", "exd4", "Qxd4"]
    assert "Blunder." in nodes[2].comment
    assert "d4 was best." in nodes[2].comment


def test_what_the_game_says_of_its_opening_stays() -> None:
    headers = parsed(fools_mate({"ECO": "C00", "Opening": "?"})).headers
    assert headers["ECO"] == "C00"
    assert headers["Opening"] == "Barnes Opening: Fool's Mate"


def test_a_lost_mate_and_unknown_best_moves() -> None:
    game = a_game("e4 e5 Nf3 Nc6")
    text = export(
        game, [Evaluation(white_cp=15), *[Evaluation(white_mate=3)] * 2, *[Evaluation(white_cp=0)] * 2]
    )
    comment = parsed(text).end().parent
    assert comment is not None
    assert " ".join(comment.comment.split()) == "[%eval 0.00] Blunder. Lost forced checkmate sequence."
    assert "(" not in text


def test_a_short_game_has_no_accuracy() -> None:
    assert "Accuracy" not in export(a_game("e4"), [cp(15), cp(15)])


def test_black_starts_from_a_position() -> None:
    game = a_game("Kd7 e4 Kd6 e5+", start_fen="4k3/8/8/8/8/8/4P3/4K3 b - - 0 17")
    text = export(game, [cp(0, "e8e7", "e1d2", "e7d6"), cp(600), cp(600), cp(600), cp(600)])
    assert "17... Kd7 $4" in text
    assert "( 17... Ke7\n18. Kd2 Kd6 )" in text or "( 17... Ke7 18. Kd2 Kd6 )" in text
    reread = read_game(text, max_plies=10)
    assert (reread.moves, reread.start_fen) == (game.moves, game.start_fen)


@pytest.mark.parametrize("name", ["byrne-fischer-1956", "carlsen-anand-2013"])
def test_a_quiet_game_keeps_its_moves_and_has_no_marks(name: str) -> None:
    game = read_game(example(name), max_plies=200)
    text = export(game, quiet_evaluations(game))
    assert "$" not in text
    assert read_game(text, max_plies=200).moves == game.moves
    assert parsed(text).headers["WhiteAccuracy"] == "100.0"


# Classes, explanations and times


def with_rows(game: Game, *changes: dict[str, Any]) -> str:
    """The export of a quiet game with these changes to the rows of its first moves."""
    return export(game, quiet_evaluations(game), *changes)


@pytest.mark.parametrize(
    ("change", "nag"),
    [
        ({"class": "brilliant"}, {3}),
        ({"class": "great"}, {1}),
        ({"class": "forced"}, {7}),
        ({"class": "inaccuracy"}, {6}),
        ({"class": "mistake"}, {2}),
        ({"class": "blunder"}, {4}),
        ({"class": "miss", "judgement": "mistake"}, {2}),
        ({"class": "miss"}, set()),
        ({"class": "blunder", "judgement": "mistake"}, {4}),
        ({"class": "book"}, set()),
        ({"class": "book", "judgement": "inaccuracy"}, set()),
        ({"class": None, "judgement": "inaccuracy"}, {6}),
        ({"judgement": "blunder"}, {4}),
        ({"class": "best"}, set()),
        ({"class": None}, set()),
        ({}, set()),
    ],
)
def test_a_class_has_its_glyph(change: dict[str, Any], nag: set[int]) -> None:
    node = parsed(with_rows(a_game("e4 e5"), change)).next()
    assert node is not None
    assert node.nags == nag


def test_an_explanation_takes_the_place_of_the_short_words() -> None:
    said = "1.e4 allows 1...e5, forking nothing; 1.d4 kept everything defended."
    game = parsed(with_rows(a_game("e4 e5"), {"judgement": "blunder", "explanation": said}))
    first = game.next()
    assert first is not None
    assert " ".join(first.comment.split()) == f"[%eval 0.15] {said}"


def test_a_good_move_may_be_explained_and_none_need_be() -> None:
    text = with_rows(
        a_game("e4 e5"), {"class": "great", "explanation": "The only move."}, {"explanation": None}
    )
    assert "1. e4 $1 { [%eval 0.15] The only move. } 1... e5 { [%eval 0.15] } *" in " ".join(text.split())


@pytest.mark.parametrize(
    "unsafe", ["}", "a } b { c", "a\n\nb", "%hidden", "a %b", "[%eval 9.99]", "\u2028%x"]
)
def test_no_explanation_ends_its_comment_or_hides_a_line(unsafe: str) -> None:
    game = a_game("e4 e5 Nf3")
    change = {"judgement": "blunder", "explanation": f"{'long words ' * 20}{unsafe} {unsafe}\n{unsafe}"}
    text = with_rows(game, change, change, change)
    assert parsed(text).end().ply() == 3
    again = read_game(text, max_plies=3)
    assert again.moves == game.moves
    assert [one.evaluation for one in again.texts] == [Evaluation(white_cp=15)] * 3
    assert not any(line.startswith("%") for line in text.splitlines())


def test_a_move_from_the_book_is_not_found_fault_with() -> None:
    judged = {"class": "book", "judgement": "inaccuracy", "best_san": "d4", "variation": ["d4", "d5"]}
    assert "1. e4 { [%eval 0.15] } 1... e5" in " ".join(with_rows(a_game("e4 e5"), judged).split())


def test_times_spent_are_kept() -> None:
    texts = [MoveText(elapsed_s=2.5), MoveText(clock_s=60, elapsed_s=61)]
    game = a_game("e4 e5", texts=texts)
    text = with_rows(game, *({"clock_s": one.clock_s} for one in texts))
    assert [node.emt() for node in parsed(text).mainline()] == [2.5, 61]
    assert [(one.clock_s, one.elapsed_s) for one in read_game(text, max_plies=2).texts] == [
        (None, 2.5),
        (60, 61),
    ]


def test_a_variation_has_at_most_twenty_plies() -> None:
    line = ["Nf3", "Nf6", "Ng1", "Ng8"] * 6
    text = with_rows(a_game("e4"), {"judgement": "blunder", "variation": line})
    better = parsed(text).variations[1]
    assert [better.san(), *(node.san() for node in better.mainline())] == line[:20]


# The standard's rules for export


def test_tags_are_escaped_and_in_order() -> None:
    game = replace(a_game("e4"), headers={"Opening": "x", "White": 'A "B" \\ C', "Black": "Łukasz Ñandú"})
    text = with_rows(game)
    assert [line.split()[0][1:] for line in text.splitlines()[:8]] == [
        "Event", "Site", "Date", "Round", "White", "Black", "Result", "Opening",
    ]  # fmt: skip
    # The standard's \" is left to what is stored: chess.js and others refuse a whole game for it.
    assert r"""[White "A 'B' \\ C"]""" in text
    assert read_game(text, max_plies=1).headers["White"] == r"A 'B' \ C"
    assert r'[White "A \"B\" \\ C"]' in pgn_text(game)
    assert read_game(pgn_text(game), max_plies=1).headers["White"] == 'A "B" \\ C'
    assert parsed(text).headers["Black"] == "Łukasz Ñandú"


@pytest.mark.parametrize(
    "start_fen", ["1rk3r1/pppppppp/8/8/8/8/PPPPPPPP/1RK3R1 w KQkq - 0 1", chess.STARTING_FEN]
)
def test_chess960_says_so_and_where_it_starts(start_fen: str) -> None:
    game = a_game("e4 e5", start_fen=start_fen, is_chess960=True, Variant="Fischerandom")
    text = with_rows(game)
    headers = parsed(text).headers
    assert (headers["Variant"], headers["SetUp"], headers["FEN"]) == ("Chess960", "1", start_fen)
    assert read_game(text, max_plies=2).is_chess960


@pytest.mark.parametrize("result", ["1-0", "0-1", "1/2-1/2", "*"])
def test_the_text_ends_with_the_result(result: str) -> None:
    text = with_rows(a_game("e4", Result=result))
    assert text.endswith(f" {result}\n")
    assert f'[Result "{result}"]\n' in text


scores = st.integers(-3000, 3000).map(cp) | st.integers(-30, 30).filter(bool).map(mate)


@settings(max_examples=20, deadline=None)
@given(st.lists(scores, min_size=33, max_size=33), st.data())
def test_round_trip_with_any_verdicts(found: list[Evaluation], data: Any) -> None:
    game = read_game(example("morphy-opera-1858"), max_plies=100)
    evaluations = []
    for board, evaluation in zip(game.boards, found, strict=False):
        best = data.draw(st.sampled_from(sorted(move.uci() for move in board.legal_moves)))
        evaluations.append(Evaluation(evaluation.white_cp, evaluation.white_mate, (best,)))
    words = st.none() | st.text(st.characters(codec="utf-8"), max_size=30)
    changes = [{"explanation": data.draw(words)} for _ in game.moves]
    text = export(game, [*evaluations, mate(0)], *changes)
    parsed(text)
    assert max(map(len, text.splitlines())) <= 80
    again = read_game(text, max_plies=100)
    assert again.moves == game.moves
    assert {name: again.headers[name] for name in game.headers} == game.headers
    kept = [(text.evaluation.white_cp, text.evaluation.white_mate) for text in again.texts if text.evaluation]
    assert kept == [(evaluation.white_cp, evaluation.white_mate) for evaluation in evaluations[1:]]


def test_a_tag_is_one_line_whatever_the_caller_puts_into_it() -> None:
    game = replace(a_game("e4"), headers={"Event": '%evil\n\n[White "x"]', "Result": "*"})
    text = export(game, [cp(15), cp(20)])
    assert read_game(text, max_plies=9).headers["Event"] == "%evil [White 'x']"
