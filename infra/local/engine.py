"""Which Stockfish the local stack and the tests use: the layer's own build, else the system's."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["engine_path"]

BUILT = Path(__file__).parents[2] / ".tools" / "stockfish" / "bin" / "stockfish"


def engine_path() -> str:
    """Path of a Stockfish. Raises FileNotFoundError saying how to get one."""
    if BUILT.is_file():
        return str(BUILT)
    # Debian installs games outside of root's PATH.
    system = shutil.which("stockfish") or shutil.which("stockfish", path="/usr/games")
    if system is None:
        raise FileNotFoundError(
            "There is no Stockfish: run 'make setup', or 'make build' for the layer's own"
        )
    return system
