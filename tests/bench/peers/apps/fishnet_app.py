"""fishnet, Lichess' client: the analysis of its worker, without the server that gives it jobs.

It takes moves instead of PGN, which python-chess reads for it, and asks for Lichess' own Stockfish with
variants before it starts one; it works with any.
"""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import configparser
import io
import json
from contextlib import ExitStack

import chess.pgn
import fishnet

from tests.bench.peers.apps.task import Analyse, Task

__all__ = ["backwards"]


def backwards(task: Task, stack: ExitStack) -> Analyse:
    """From the last position to the first, the hash kept, as Lichess does it."""
    configuration = configparser.ConfigParser()
    configuration.read_dict({"Fishnet": {"Key": "none"}})
    worker = fishnet.Worker(configuration, 1, task.hash_mb, 0, 0, None)
    worker.stockfish = fishnet.open_process([task.engine], shell=False)
    stack.callback(fishnet.kill_process, worker.stockfish)
    worker.stockfish_info, _ = fishnet.uci(worker.stockfish)
    fishnet.setoption(worker.stockfish, "Threads", 1)
    fishnet.setoption(worker.stockfish, "Hash", task.hash_mb)
    fishnet.isready(worker.stockfish)

    def analyse(pgn: str) -> int:
        game = chess.pgn.read_game(io.StringIO(pgn))
        assert game is not None
        job = {
            "work": {"type": "analysis", "id": "bench"},
            "position": game.board().fen(),
            "moves": " ".join(move.uci() for move in game.mainline_moves()),
            "depth": task.depth,
        }
        found = worker.analysis(job)["analysis"]
        json.dumps(found)
        return sum(entry["depth"] >= task.depth for entry in found)

    return analyse
