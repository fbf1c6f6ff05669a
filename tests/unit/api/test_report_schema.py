"""The published schema of a report, held to real reports and to the domain's own names."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from api.positional_schemas import SideMetrics
from api.report_schemas import Report
from knight_vision.domain import positional
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game, MoveText
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import build_report
from tests.support.builders import EXAMPLES
from tests.support.recording import ManualClock
from tests.support.report_schema import report_schema
from tests.support.scripted_engine import MaterialEngine

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"
GAMES = sorted(path for path in EXAMPLES.glob("*.pgn") if path.stem != "several-games")


def evaluations_of(game: Game) -> list[Evaluation]:
    """Material counted: plenty of errors, and mates none."""
    engine = MaterialEngine(ManualClock())
    return [engine.evaluate(board, Limit(depth=1)) for board in game.boards]


def test_the_published_schema_is_that_of_the_code() -> None:
    assert json.loads(PUBLISHED.read_text()) == report_schema(), (
        "PYTHONPATH=functions python -m tests.support.report_schema > docs/report.schema.json"
    )


@pytest.mark.parametrize("path", GAMES, ids=lambda path: path.stem)
def test_reports_of_real_games_have_exactly_the_published_fields(path: Path) -> None:
    game = read_game(path.read_text(encoding="utf-8"), max_plies=400)
    texts = tuple(MoveText(clock_s=600.0 - 5 * (ply // 2)) for ply in range(game.ply_count))
    game = replace(game, texts=texts, headers={**game.headers, "TimeControl": "600"})
    report = build_report(
        game, evaluations_of(game), phase=Phase.INITIAL, engine="Material 1", limit=Limit(depth=1)
    )
    whole = json.loads(json.dumps({**report.summary, "moves": report.moves}))
    parsed = Report.model_validate(whole)
    assert parsed.model_dump(mode="json", by_alias=True, exclude_unset=True) == whole


def test_the_schema_names_every_positional_metric() -> None:
    assert list(SideMetrics.model_fields) == [field.name for field in fields(positional.SideMetrics)]
