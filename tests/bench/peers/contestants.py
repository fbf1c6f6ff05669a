"""The peers: what installs from PyPI and analyses a whole PGN with an engine and a depth that one can choose.

The facts are read from each package's code, in the versions pinned in `apps/*.txt`.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PEERS", "Peer"]


@dataclass(frozen=True, slots=True)
class Peer:
    """One row of the table."""

    name: str
    library: str
    """Of `apps/<library>.txt`, and of `apps/<library>_app.py`."""
    function: str
    """Of the app."""
    searches: str
    """How it uses the engine, in few words."""
    yields: str
    """What one has in the end."""
    package: str = ""
    """Its name on PyPI, where that is not the library's."""


PEERS = (
    Peer(
        "fishnet",
        "fishnet",
        "backwards",
        "backwards, hash kept",
        "score, line and nodes of each position as JSON",
    ),
    Peer(
        "chess-game-analyzer",
        "chess_game_analyzer",
        "review",
        "forwards, hash kept, one line",
        "classes, accuracy, phases, alternatives as JSON",
    ),
    Peer(
        "pgn-postmortem",
        "pgn_postmortem",
        "annotated",
        "forwards, hash kept",
        "annotated PGN with marks and lines",
    ),
    Peer(
        "pgntools annotate",
        "pgntools",
        "annotated",
        "forwards, hash kept, each step saved",
        "annotated PGN with marks and best moves",
    ),
    Peer(
        "saulochess",
        "saulochess",
        "review",
        "several calls a ply, hash kept",
        "verdict and sentence on each move, metrics",
    ),
    Peer(
        "python-chess, one call a position",
        "python_chess",
        "one_call_a_position",
        "forwards, hash kept",
        "scores and best moves as JSON",
        "chess",
    ),
    Peer(
        "python-chess, two calls a ply",
        "python_chess",
        "two_calls_a_ply",
        "forwards, hash kept, each position twice",
        "scores and best moves as JSON",
        "chess",
    ),
    Peer(
        "python-chess, a process a position",
        "python_chess",
        "a_process_a_position",
        "forwards, an engine started each time",
        "scores and best moves as JSON",
        "chess",
    ),
)
