"""What analyses are compared to: Stockfish on bare UCI pipes, told positions and asked nothing else."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterable, Sequence

from knight_vision.domain.game import Game

__all__ = ["BarePipe", "seconds_at_once"]


class BarePipe:
    """One single-threaded Stockfish that runs until it is closed."""

    def __init__(self, path: str, *, hash_mb: int) -> None:
        self._engine = subprocess.Popen(
            [path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._ask("uci\n", "uciok")
        self._ask(f"setoption name Threads value 1\nsetoption name Hash value {hash_mb}\n", None)
        self._ask("ucinewgame\nisready\n", "readyok")

    def search(self, game: Game, positions: Iterable[int], depth: int, *, is_cleared: bool) -> None:
        """Search positions of a game in this order, each with a cleared hash or with what the ones before it
        left there."""
        self._ask("ucinewgame\nisready\n", "readyok")
        for position in positions:
            if game.boards[position].is_game_over():
                continue
            if is_cleared:
                self._ask("ucinewgame\nisready\n", "readyok")
            moves = " ".join(game.moves[:position])
            self._ask(f"position fen {game.start_fen} moves {moves}\ngo depth {depth}\n", "bestmove")

    def _ask(self, commands: str, last_word: str | None) -> None:
        assert self._engine.stdin is not None
        assert self._engine.stdout is not None
        self._engine.stdin.write(commands)
        while last_word is not None:
            line = self._engine.stdout.readline()
            if line.startswith(last_word):
                return
            if not line:
                raise RuntimeError("the engine died")

    def close(self) -> None:
        """End the engine."""
        self._engine.communicate("quit\n")


def seconds_at_once(pipes: Sequence[BarePipe], game: Game, depth: int) -> float:
    """Seconds for the whole game, forwards with a cleared hash, each pipe on its share of the positions.

    Positions in turn: neighbours take about as long as each other, so no pipe is the slow one.
    """
    threads = [
        threading.Thread(
            target=pipe.search,
            args=(game, range(first, game.position_count, len(pipes)), depth),
            kwargs={"is_cleared": True},
        )
        for first, pipe in enumerate(pipes)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started
