"""Tactical motifs of a line of moves, named as Lichess' puzzle themes."""

from __future__ import annotations

from collections.abc import Sequence

import chess

from knight_vision.domain.motifs.line import Line
from knight_vision.domain.motifs.motif import Motif, Sighting
from knight_vision.domain.motifs.registry import sightings_in

__all__ = ["Motif", "Sighting", "detect", "sightings"]


def detect(board: chess.Board, line: Sequence[chess.Move | str] | str) -> frozenset[Motif]:
    """The motifs of a line for the side to move.

    The line holds the moves of both sides from `board` on, beginning with the side to move, as moves or in
    UCI notation (a string of UCI moves with spaces will do). The board is not changed. Where it remembers the
    move before (the mistake that the line punishes), that move tells recaptures and moves in between from
    other captures. Raises ValueError for an illegal move.
    """
    return frozenset(sighting.motif for sighting in sightings(board, line))


def sightings(board: chess.Board, line: Sequence[chess.Move | str] | str) -> tuple[Sighting, ...]:
    """The motifs of a line, as `detect`, each with its evidence, in order of ply; a motif may come often."""
    return sightings_in(Line(board, line))
