"""chess-game-analyzer: a review like those of the large sites, here with one line a position."""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import os
from contextlib import ExitStack

from tests.bench.peers.apps.task import Analyse, Task

__all__ = ["review"]


def review(task: Task, stack: ExitStack) -> Analyse:
    """Its review of a game, without its cache and without the opening names that it would download."""
    os.environ["ANALYZER_DATA_DIR"] = str(task.folder)
    from chess_analyzer import engines, openings, sources
    from chess_analyzer import review as reviews

    openings.load(fetch=lambda _url: "")
    settings = reviews.Settings(
        engine_id=f"found:{task.engine}", depth=task.depth, multipv=1, threads=1, hash_mb=task.hash_mb
    )
    stack.callback(engines.close)
    engines.POOL.get(settings.engine_id)._start(settings.options()).ping()

    def analyse(pgn: str) -> int:
        found = reviews.review(sources.from_pgn(pgn), settings)
        json.dumps(found)
        # The evaluation after each move: of the last one there is none to search when it mates.
        return sum(row["evalAfter"]["depth"] >= task.depth for row in found["moves"])

    return analyse
