"""The engine of a chaos run: a real Stockfish behind a reader of its commands that knows the toxic games.

    python toxic_engine.py <stockfish> <JSON of opening -> what its search does> <limit of the late ones>

Only the commands pass through here; Stockfish writes its answers to the caller itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys


def main(stockfish: str, openings: dict[str, str], late_limit: str) -> None:
    """Pass on commands until either side ends."""
    worker = os.getppid()
    engine = subprocess.Popen([stockfish], stdin=subprocess.PIPE)
    assert engine.stdin is not None
    # The answers' pipe is the engine's alone: when it dies, the worker sees the end of it at once.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    toxin = None
    for line in sys.stdin.buffer:
        command = line.decode()
        if command.startswith("position"):
            moves = command.partition(" moves ")[2].strip()
            # One position of the game only, so that mostly one segment is deadly.
            toxin = openings.get(moves)
        elif command.startswith("go") and toxin is not None:
            is_late = command.split(maxsplit=1)[1].strip() == late_limit
            if toxin == "kills the worker" or (toxin == "kills the worker in the complete phase" and is_late):
                os.kill(worker, signal.SIGKILL)
            elif toxin == "kills the engine":
                engine.kill()
        try:
            engine.stdin.write(line)
            engine.stdin.flush()
        except BrokenPipeError:
            break
    # At the end of its commands Stockfish quits.
    engine.stdin.close()
    engine.wait()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3])
