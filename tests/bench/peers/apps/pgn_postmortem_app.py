"""pgn-postmortem: PGN with evaluations, marks and lines. Only its analysis, not the site it can build."""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import io
from contextlib import ExitStack

import chess.engine
import chess.pgn
from pgn_postmortem.analysis import analyze_game
from pgn_postmortem.collection import format_game

from tests.bench.peers.apps.running import running_engine
from tests.bench.peers.apps.task import Analyse, Task

__all__ = ["annotated"]


def annotated(task: Task, stack: ExitStack) -> Analyse:
    """What its `analyze_games` does with each game, with an engine that runs already."""
    engine = running_engine(task, stack)

    def analyse(pgn: str) -> int:
        source = chess.pgn.read_game(io.StringIO(pgn))
        assert source is not None
        found = analyze_game(engine, chess.engine.Limit(depth=task.depth), source, object())
        format_game(found)
        return sum(node.eval() is not None for node in found.mainline())

    return analyse
