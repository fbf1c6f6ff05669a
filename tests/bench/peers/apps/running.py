"""A running engine of python-chess, for the peers that use its `SimpleEngine`."""

from __future__ import annotations

from contextlib import ExitStack

import chess.engine

from tests.bench.peers.apps.task import Task

__all__ = ["running_engine"]


def running_engine(task: Task, stack: ExitStack) -> chess.engine.SimpleEngine:
    """Started, and ready to search."""
    engine = stack.enter_context(chess.engine.SimpleEngine.popen_uci(task.engine))
    engine.configure({"Threads": 1, "Hash": task.hash_mb})
    engine.ping()
    return engine
