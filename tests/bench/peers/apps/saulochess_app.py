"""saulochess: a verdict and a sentence on every move, and on the engine's choice in its place."""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
from contextlib import ExitStack

from saulochess import chess_review

from tests.bench.peers.apps.running import running_engine
from tests.bench.peers.apps.task import Analyse, Task

__all__ = ["review"]


def review(task: Task, stack: ExitStack) -> Analyse:
    """Its review of a game, as its page says to call it."""
    engine = running_engine(task, stack)

    def analyse(pgn: str) -> int:
        found = chess_review.pgn_game_review(pgn, False, "depth", 0.0, task.depth, engine=engine)
        json.dumps(found, default=str)
        # It goes on after an error, with this in place of a verdict.
        return sum(verdict.lower() != "error" for verdict in found[3])

    return analyse
