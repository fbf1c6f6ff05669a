"""Explanations of random games with random lines and scores: never an error, always legal citations."""

from __future__ import annotations

import random
from dataclasses import replace

import chess
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import explain_all
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import judged_moves
from knight_vision.domain.move_class import classify
from knight_vision.domain.reviewed_moves import review
from tests.support.sentence_checker import Case, complaints

FORM = ("characters", "bad form", "in neither line", "does not begin with the move")


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_played_and_found_the_form_holds(seed: int) -> None:
    """Random games, Chess960 among them, with random lines and scores."""
    chance = random.Random(seed)
    board = chess.Board.from_chess960_pos(chance.randrange(960)) if seed % 3 == 1 else chess.Board()
    start = board.copy()
    moves: list[str] = []
    evaluations = [at_random(board, chance)]
    while len(moves) < 50 and not board.is_game_over():
        moves.append(any_move(board, chance).uci())
        board.push_uci(moves[-1])
        evaluations.append(at_random(board, chance))
    game = Game(tuple(moves), start.fen(), board.chess960)
    reviewed_moves = review(judged := judged_moves(game, evaluations), classify(judged, book_ply=0))
    for move, found in zip(reviewed_moves, explain_all(game, reviewed_moves), strict=True):
        if found is not None:
            after = replace(move.judged.after, line=move.reply)
            why = complaints(Case(found.text, move.judged.ply, start, game.moves, move.judged.before, after))
            assert not [one for one in why if one.endswith(FORM)], found.text


def any_move(board: chess.Board, chance: random.Random) -> chess.Move:
    """Any move, captures and promotions more often than others."""
    moves = list(board.legal_moves)
    striking = [move for move in moves if board.is_capture(move) or move.promotion]
    return chance.choice(striking if striking and chance.random() < 0.5 else moves)


def at_random(board: chess.Board, chance: random.Random) -> Evaluation:
    """A score and a line that have nothing to do with the position, but are possible."""
    finished = evaluation_of_finished(board)
    if finished is not None:
        return finished
    walk, line = board.copy(), []
    for _ in range(chance.randrange(16)):
        if walk.is_game_over():
            break
        line.append(any_move(walk, chance).uci())
        walk.push_uci(line[-1])
    if chance.random() < 0.1:
        return Evaluation(white_mate=chance.choice((-9, -3, 2, 5)), line=tuple(line))
    cps = (chance.randrange(-700, 700), chance.randrange(-700, 700))
    return Evaluation(white_cp=cps[0], line=tuple(line), second_white_cp=cps[1])
