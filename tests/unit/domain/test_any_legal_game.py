"""Any legal game: read, reported with made-up evaluations, exported and read again."""

from __future__ import annotations

import io
import random

import chess
import chess.pgn
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game
from knight_vision.domain.pgn_export import annotated_pgn
from knight_vision.domain.pgn_reader import content_hash, decode_pgn, pgn_text, read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import build_report
from knight_vision.errors import InvalidGameError
from tests.support.legal_games import LEGAL_GAMES, VARIANTS

each_game = pytest.mark.parametrize("pgn", LEGAL_GAMES.values(), ids=LEGAL_GAMES)


def read(pgn: str) -> Game:
    return read_game(pgn, max_plies=600)


def made_up(game: Game) -> list[Evaluation]:
    """Scores that jump about, with lines of legal moves."""
    chance = random.Random(game.ply_count)
    longest = 25 if game.ply_count < 100 else 2
    return [evaluation_of_finished(board) or made_up_score(board, chance, longest) for board in game.boards]


def made_up_score(board: chess.Board, chance: random.Random, longest: int) -> Evaluation:
    after = board.copy(stack=False)
    line = []
    for _ in range(chance.randint(1, longest)):
        if not any(after.legal_moves):
            break
        move = chance.choice(list(after.legal_moves))
        line.append(move.uci())
        after.push(move)
    if chance.random() < 0.2:
        return Evaluation(white_mate=chance.choice([-9, -1, 1, 9]), line=tuple(line), depth=9, nodes=100)
    return Evaluation(white_cp=chance.randint(-900, 900), line=tuple(line), depth=9, nodes=100)


@each_game
def test_report_export_and_reading_again(pgn: str) -> None:
    game = read(pgn)
    evaluations = made_up(game)
    report = build_report(game, evaluations, phase=Phase.COMPLETE, engine="Test 1", limit=Limit(nodes=100))
    assert len(report.moves) == game.ply_count
    text = annotated_pgn(game, report.summary, report.moves)
    again = read(text)
    assert (again.moves, again.start_fen, again.is_chess960) == (game.moves, game.start_fen, game.is_chess960)
    assert content_hash(again) == content_hash(game)
    kept = [again.text_of(ply).evaluation for ply in range(1, game.ply_count + 1)]
    expected = [None if one.white_mate == 0 else (one.white_cp, one.white_mate) for one in evaluations[1:]]
    assert [one and (one.white_cp, one.white_mate) for one in kept] == expected
    reference = chess.pgn.read_game(io.StringIO(text))
    assert reference is not None
    assert reference.errors == []
    assert tuple(move.uci() for move in reference.mainline_moves()) == game.moves
    assert max(map(len, text.splitlines())) <= 110  # a FEN tag is one word


@each_game
def test_it_is_stored_as_the_same_game(pgn: str) -> None:
    game = read(pgn)
    again = read(pgn_text(game))
    assert (again.moves, again.start_fen, again.is_chess960) == (game.moves, game.start_fen, game.is_chess960)
    assert again.texts == game.texts
    assert content_hash(again) == content_hash(game)
    assert pgn_text(again) == pgn_text(game)


@each_game
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom"])
def test_it_may_come_in_any_encoding(pgn: str, encoding: str) -> None:
    body = b"\xfe\xff" + pgn.encode("utf-16-be") if encoding == "utf-16-be-bom" else pgn.encode(encoding)
    assert content_hash(read(decode_pgn(body))) == content_hash(read(pgn))


def test_after_a_draw_by_rule_nothing_is_held_against_anybody() -> None:
    """From fivefold repetition on the game was over: what was played afterwards lost nothing."""
    game = read(LEGAL_GAMES["fivefold repetition, and on"])
    report = build_report(game, made_up(game), phase=Phase.COMPLETE, engine="Test 1", limit=Limit(nodes=1))
    repeated = [row["ply"] for row in report.moves if row["ply"] >= 16]
    assert report.moves[15]["white_cp"] == 0
    assert report.moves[16]["judgement"] is None
    assert repeated == [16, 17, 18, 19]


def test_a_game_without_moves_is_refused_with_the_reason() -> None:
    for pgn in ('[White "A"]\n\n*', '[White "A"]\n\n{never played} 1-0', "1. *"):
        with pytest.raises(InvalidGameError, match="no moves, so there is nothing to analyse"):
            read(pgn)


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_the_engine_does_not_play_is_refused_by_name(variant: str) -> None:
    with pytest.raises(InvalidGameError, match=f"the variant '{variant}' is not chess or Chess960"):
        read(f'[Variant "{variant}"]\n\n1. e4 e5 *')
