"""The evidence that a line shows a tactical motif."""

from __future__ import annotations

from dataclasses import dataclass

import chess

from knight_vision.domain.vocabulary import Motif

__all__ = ["Motif", "Sighting"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One motif in a line, with the evidence."""

    motif: Motif
    ply: int
    """Index in the line of the move that shows it, 0 = the first."""
    square: chess.Square
    """Where the acting piece stands after that move."""
    targets: tuple[chess.Square, ...]
    """The pieces concerned: the forked ones, the pinned one and what it is pinned to, and so on."""
