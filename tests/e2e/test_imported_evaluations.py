"""A game that brings its evaluations along: its first report takes no engine, by every real part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.local.engine import engine_path
from knight_vision.adapters.stockfish import Stockfish
from knight_vision.domain.game import Game, MoveText
from knight_vision.domain.imported_evaluations import report_from_pgn
from knight_vision.domain.pgn_reader import pgn_text, read_game
from knight_vision.domain.phase import Limit
from knight_vision.domain.segments import Segment
from tests.support.builders import example
from tests.support.stack import LocalStack
from tests.support.users import PGN_TYPE, Api


@pytest.fixture(scope="module")
def evaluated() -> str:
    """A game as its players downloaded it from a server that had analysed it."""
    game = read_game(example("byrne-fischer-1956"), max_plies=200)
    engine = Stockfish(engine_path(), hash_mb=16)
    try:
        found = engine.search_segment(game, Segment(0, 0, game.ply_count), Limit(depth=6), deadline_s=60)
    finally:
        engine.close()
    texts = tuple(
        MoveText(None if one.white_mate == 0 else replace(one, line=(), nodes=None), 60.0, 1.5)
        for one in found[1:]
    )
    return pgn_text(replace(game, texts=texts))


def test_the_first_report_is_the_pgns_and_the_engine_goes_on_from_there(
    stack: LocalStack, api: Api, evaluated: str
) -> None:
    expected = report_from_pgn(read_game(evaluated, max_plies=200))
    assert expected is not None
    game_id = api.submit(evaluated)
    with stack.without_events():
        assert api.annotate(game_id).status_code == 202
        stack.invoke("InitialPhaseFunction")
        report = api.analysis(game_id)["report"]
        assert (report["engine"], report["limit"]) == ("Imported evaluations", "imported")
        shown = {key: report[key] for key in expected.summary}
        assert shown == {**expected.summary, "cost": shown["cost"]}
        rows = zip(report["moves"], expected.moves, strict=True)
        assert [{key: row[key] for key in made} for row, made in rows] == expected.moves
        text = api.get(f"/v1/games/{game_id}/analysis", headers={"Accept": PGN_TYPE}).text
        again, submitted = read_game(text, max_plies=200), read_game(evaluated, max_plies=200)
        assert again.moves == submitted.moves
        assert scores(again) == scores(submitted)
        assert [(one.clock_s, one.elapsed_s) for one in again.texts] == [(60.0, 1.5)] * again.ply_count
    stack.sweep_until_woken()
    final = api.finished(game_id)
    assert final["phase"] == "complete"
    assert final["engine"].startswith("Stockfish")


def scores(game: Game) -> list[tuple[int | None, int | None] | None]:
    """White's score after each move."""
    found = [text.evaluation for text in game.texts]
    return [(one.white_cp, one.white_mate) if one else None for one in found]


def test_a_game_with_some_evaluations_is_analysed_like_any_other(api: Api) -> None:
    game_id = api.submit("1. e4 {[%eval 0.3]} e5 2. Nf3 Nc6 {[%eval 0.2]} *")
    report = api.annotate(game_id).json()["report"]
    assert report is None or report["engine"].startswith("Stockfish")
    assert api.finished(game_id)["phase"] == "complete"
