"""What every app is told, and what it gives. Runs in the peers' environments: the standard library only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Analyse", "Task"]

Analyse = Callable[[str], int]
"""From a PGN's text to the peer's whole result; gives the number of positions evaluated to the full depth.

Made by an app's function of a `Task` and an `ExitStack` that ends what it started. The engine runs by then:
the clock is to see the analysis, not a start that a program has once.
"""


@dataclass(frozen=True, slots=True)
class Task:
    """How to analyse."""

    engine: str
    """Path of Stockfish. One thread, always."""
    depth: int
    hash_mb: int
    folder: Path
    """Empty, for what a peer insists on writing to a file."""
