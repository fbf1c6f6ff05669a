"""Any legal game through the real engine: evaluated, reported, exported and read again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local.engine import engine_path
from knight_vision.adapters.stockfish import Stockfish
from knight_vision.domain.pgn_export import annotated_pgn
from knight_vision.domain.pgn_reader import content_hash, read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import build_report
from knight_vision.domain.segments import Segment
from tests.support.legal_games import LEGAL_GAMES

DEPTH = Limit(depth=5)


@pytest.fixture(scope="module")
def engine() -> Iterator[Stockfish]:
    engine = Stockfish(engine_path(), hash_mb=16)
    yield engine
    engine.close()


@pytest.mark.parametrize("pgn", LEGAL_GAMES.values(), ids=LEGAL_GAMES)
def test_the_engine_takes_any_legal_game(engine: Stockfish, pgn: str) -> None:
    game = read_game(pgn, max_plies=600)
    evaluations = engine.search_segment(game, Segment(0, 0, game.ply_count), DEPTH, deadline_s=60)
    report = build_report(game, evaluations, phase=Phase.INITIAL, engine=engine.name, limit=DEPTH)
    assert len(report.moves) == game.ply_count
    again = read_game(annotated_pgn(game, report.summary, report.moves), max_plies=600)
    assert content_hash(again) == content_hash(game)
    for ply, row in enumerate(report.moves, start=1):
        kept = again.text_of(ply).evaluation
        assert row["white_mate"] == 0 or (kept and kept.white_cp, kept and kept.white_mate) == (
            row["white_cp"],
            row["white_mate"],
        )
