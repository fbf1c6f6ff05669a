"""Lets an app analyse a game once, in its own environment, and prints its seconds and positions as JSON.

`python -m tests.bench.peers.apps.drive MODULE:FUNCTION PGN ENGINE DEPTH HASH_MB FOLDER`
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import time
from pathlib import Path

from tests.bench.peers.apps.task import Task


def main() -> None:
    """Prepare, analyse under the clock, print."""
    app, pgn, engine, depth, hash_mb, folder = sys.argv[1:]
    name, _, function = app.partition(":")
    prepared = getattr(importlib.import_module(f"tests.bench.peers.apps.{name}"), function)
    text = Path(pgn).read_text()
    task = Task(engine, int(depth), int(hash_mb), Path(folder))
    with contextlib.ExitStack() as stack:
        with contextlib.redirect_stdout(io.StringIO()):
            analyse = prepared(task, stack)
            started = time.perf_counter()
            positions = analyse(text)
            seconds = time.perf_counter() - started
        print(json.dumps({"seconds": seconds, "positions": positions}), flush=True)


if __name__ == "__main__":
    main()
