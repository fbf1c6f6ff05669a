"""python-chess alone, as programs commonly use it: scores and best moves as JSON, nothing else."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack
from itertools import pairwise

import chess
import chess.engine
import chess.pgn

from tests.bench.peers.apps.running import running_engine
from tests.bench.peers.apps.task import Analyse, Task

__all__ = ["a_process_a_position", "one_call_a_position", "two_calls_a_ply"]


def one_call_a_position(task: Task, stack: ExitStack) -> Analyse:
    """Forwards, every position once; the hash is kept."""
    engine = running_engine(task, stack)

    def analyse(pgn: str) -> int:
        return written([engine.analyse(board, limit_of(task)) for board in boards_of(pgn)], task)

    return analyse


def two_calls_a_ply(task: Task, stack: ExitStack) -> Analyse:
    """The position before a move and the one after it, for every move."""
    engine = running_engine(task, stack)

    def analyse(pgn: str) -> int:
        boards = boards_of(pgn, with_end=True)
        found = []
        for before, after in pairwise(boards):
            found.append(engine.analyse(before, limit_of(task)))
            engine.analyse(after, limit_of(task))
        return written(found, task)

    return analyse


def a_process_a_position(task: Task, stack: ExitStack) -> Analyse:
    """A new engine for every position; its start is part of it."""

    def analyse(pgn: str) -> int:
        found = []
        for board in boards_of(pgn):
            with chess.engine.SimpleEngine.popen_uci(task.engine) as engine:
                engine.configure({"Threads": 1, "Hash": task.hash_mb})
                found.append(engine.analyse(board, limit_of(task)))
        return written(found, task)

    return analyse


def limit_of(task: Task) -> chess.engine.Limit:
    return chess.engine.Limit(depth=task.depth)


def boards_of(pgn: str, *, with_end: bool = False) -> list[chess.Board]:
    """The positions of a game; of one that is over by the rules only `with_end` the last."""
    game = chess.pgn.read_game(io.StringIO(pgn))
    assert game is not None
    boards = [game.board(), *(node.board() for node in game.mainline())]
    return boards if with_end or not boards[-1].is_game_over() else boards[:-1]


def written(found: list[chess.engine.InfoDict], task: Task) -> int:
    """How many were searched to the full depth, once they are all written as JSON."""
    rows = [[str(info["score"].white()), info["pv"][0].uci(), info["depth"]] for info in found]
    json.dumps(rows)
    return sum(info["depth"] >= task.depth for info in found)
