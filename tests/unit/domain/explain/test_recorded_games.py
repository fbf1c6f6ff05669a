"""All explanations of real games with lines of an engine, read by a checker that shares no code with them.

tests/fixtures/engine_lines.json holds what Stockfish 15.1 found in every position of the games in examples/
(150,000 nodes, searched backwards, two lines): White's centipawns, mate, line, and the second line's score.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import chess
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import Theme, explain_all
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import judged_moves
from knight_vision.domain.move_class import classify
from knight_vision.domain.openings import opening_of
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.reviewed_moves import FAULTS, PRAISED, ReviewedMove, review
from knight_vision.domain.sacrifice import captured_value, exchange_gain
from tests.support.builders import example
from tests.support.sentence_checker import Case, balance, complaints

FIXTURES = Path(__file__).parents[3] / "fixtures"
RECORDED = json.loads((FIXTURES / "engine_lines.json").read_text())


@cache
def reviewed(name: str) -> tuple[Game, list[ReviewedMove]]:
    game = read_game(example(name), max_plies=600)
    evaluations = [
        Evaluation(cp, mate, tuple(line.split()), None, None, second_cp, second_mate)
        for cp, mate, line, second_cp, second_mate in RECORDED[name]
    ]
    judged = judged_moves(game, evaluations)
    opening = opening_of(game.boards)
    return game, review(judged, classify(judged, book_ply=opening.ply if opening else 0))


def case(game: Game, move: ReviewedMove, text: str) -> Case:
    judged = move.judged
    after = replace(judged.after, line=move.reply)
    return Case(text, judged.ply, chess.Board(game.start_fen), game.moves, judged.before, after)


@pytest.mark.parametrize("name", RECORDED)
def test_every_sentence_holds(name: str) -> None:
    game, moves = reviewed(name)
    for move, found in zip(moves, explain_all(game, moves), strict=True):
        if found is not None:
            assert complaints(case(game, move, found.text)) == [], found.text


@pytest.mark.parametrize("name", RECORDED)
def test_exactly_the_bad_the_great_and_the_brilliant_moves_are_explained(name: str) -> None:
    game, moves = reviewed(name)
    explained = [move for move, found in zip(moves, explain_all(game, moves), strict=True) if found]
    assert explained == [move for move in moves if move.move_class in FAULTS | PRAISED]


def test_explanations_are_the_same_every_time() -> None:
    game, moves = reviewed("byrne-fischer-1956")
    assert explain_all(game, moves) == explain_all(game, moves)


def left_to_the_reply(move: ReviewedMove) -> int:
    """Pawns that the reply wins on its square, net of what the move took; 0 if the better line does too."""
    judged = move.judged
    if not move.reply or judged.best in (None, judged.move):
        return 0
    after = judged.board.copy(stack=False)
    after.push(judged.move)
    reply = after.parse_uci(move.reply[0])
    won = exchange_gain(after, reply.to_square) - captured_value(judged.board, judged.move)
    instead = judged.board.copy(stack=False)
    for uci in judged.before.line[:8]:
        instead.push_uci(uci)
    lost = balance(judged.board, judged.is_white) - balance(instead, judged.is_white)
    return won if after.is_capture(reply) and won - max(0, lost) >= 2 else 0


@pytest.mark.parametrize("name", RECORDED)
def test_a_piece_left_to_the_reply_is_always_named(name: str) -> None:
    """Where mate decides, it comes first; a price of less than a pawn each tells of compensation."""
    game, moves = reviewed(name)
    for move, found in zip(moves, explain_all(game, moves), strict=True):
        won = left_to_the_reply(move) if move.move_class in FAULTS else 0
        if not won or found is None or "mate" in found.theme:
            continue
        board = game.boards[move.judged.ply]
        reply = board.san(board.parse_uci(move.reply[0]))
        assert reply in found.text
        before, after = move.judged.before.white_cp, move.judged.after.white_cp
        if before is not None and after is not None and abs(before - after) >= 100 * won:
            assert found.theme == Theme.PIECE_LEFT or "loses" in found.text, found.text


def test_there_are_pieces_left_to_the_reply() -> None:
    left = [move for name in RECORDED for move in reviewed(name)[1] if left_to_the_reply(move)]
    assert len([move for move in left if move.move_class in FAULTS]) >= 2


LIES = (
    ("mate in 3", "mate in 2"),
    ("wins a pawn", "wins a rook"),
    ("loses a pawn", "loses a queen and a rook"),
    ("hands Black a slight", "hands Black a clear"),
    ("kept the balance", "kept White winning"),
    ("keeps White clearly better", "keeps White winning"),
    ("keeps the balance", "keeps Black slightly better"),
    ("leaves the game about equal at best", "leaves White slightly better at best"),
    ("any other leaves White slightly better", "any other leaves White clearly better"),
    (" the knight on ", " the rook on "),
    ("the pawns on b7 and f7", "the pawns on b7 and g7"),
    ("guarded the pawn on f7", "guarded the pawn on b7"),
    ("after 33.a4. 32...a4 would have prevented 33.a4", "after 33.a4. 32...a4 would have prevented 32...a4"),
    ("Black's king to checks", "White's king to checks"),
    ("23.Be7#", "23.Be8#"),
    ("1", "2"),
)


@pytest.mark.parametrize(("truth", "lie"), LIES)
def test_the_checker_notices_a_sentence_that_is_not_true(truth: str, lie: str) -> None:
    tried = 0
    for name in RECORDED:
        game, moves = reviewed(name)
        for move, found in zip(moves, explain_all(game, moves), strict=True):
            if found is not None and truth in found.text:
                tried += 1
                assert complaints(case(game, move, found.text.replace(truth, lie))), found.text
    assert tried


def mirrored(game: Game, moves: list[ReviewedMove]) -> tuple[Game, list[ReviewedMove]]:
    """The same game with colours exchanged: Black begins."""
    flipped = Game(tuple(map(flip, game.moves)), chess.Board(game.start_fen).mirror().fen())
    evaluations = [mirror_image(moves[0].judged.before), *(mirror_image(move.judged.after) for move in moves)]
    return flipped, review(judged_moves(flipped, evaluations), [move.move_class for move in moves])


def flip(uci: str) -> str:
    return uci.translate(str.maketrans("12345678", "87654321"))


def mirror_image(one: Evaluation) -> Evaluation:
    numbers = (one.white_cp, one.white_mate, one.second_white_cp, one.second_white_mate)
    cp, mate, second_cp, second_mate = (None if number is None else -number for number in numbers)
    return Evaluation(cp, mate, tuple(map(flip, one.line)), None, None, second_cp, second_mate)


@pytest.mark.parametrize("name", RECORDED)
def test_both_colours_are_told_the_same(name: str) -> None:
    game, moves = reviewed(name)
    there = [found and (found.theme, len(found.text.split())) for found in explain_all(game, moves)]
    here = [found and (found.theme, len(found.text.split())) for found in explain_all(*mirrored(game, moves))]
    assert there == here
