"""Which Stockfish the local stack and the tests use: one named, the layer's own build, or the system's."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

__all__ = ["engine_path", "system_engine"]

BUILT = Path(__file__).parents[2] / ".tools" / "stockfish" / "bin" / "stockfish"


def engine_path() -> str:
    """Path of a Stockfish: STOCKFISH_PATH in the environment, if set. Raises FileNotFoundError saying how to
    get one."""
    named = os.environ.get("STOCKFISH_PATH")
    return named or (str(BUILT) if BUILT.is_file() else system_engine())


def system_engine() -> str:
    """The one that the system's packages brought. Raises FileNotFoundError as engine_path."""
    # Debian installs games outside of root's PATH.
    system = shutil.which("stockfish") or shutil.which("stockfish", path="/usr/games")
    if system is None:
        raise FileNotFoundError(
            "There is no Stockfish: run 'make setup', or 'make build' for the layer's own"
        )
    return system
