"""pgntools: its `annotate` marks moves, adds the engine's best ones and saves after every position."""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from contextlib import ExitStack

import chess.pgn
from pgntools import annotate

from tests.bench.peers.apps.running import running_engine
from tests.bench.peers.apps.task import Analyse, Task

__all__ = ["annotated"]

NEVER_S = "86400"
LEAST_HASH_MB = "1024"
"""It takes no less; the engine that it is given has what all have."""


def annotated(task: Task, stack: ExitStack) -> Analyse:
    """Its command, with an engine that runs already."""
    engine = running_engine(task, stack)
    annotate.start_engine_or_exit = lambda _path, _threads, _hash_mb: engine
    source, target = task.folder / "game.pgn", task.folder / "annotated.pgn"
    options = ["--depth", str(task.depth), "--seconds", NEVER_S, "--hash", LEAST_HASH_MB]

    def analyse(pgn: str) -> int:
        source.write_text(pgn)
        annotate.main(["--pgnfile", str(source), "--output", str(target), *options])
        with target.open() as file:
            found = chess.pgn.read_game(file)
        assert found is not None
        return sum((node.eval_depth() or 0) >= task.depth for node in found.mainline())

    return analyse
