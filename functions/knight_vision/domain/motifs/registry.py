"""The list of all motif detectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from knight_vision.domain.motifs import simple
from knight_vision.domain.motifs.line import Line
from knight_vision.domain.motifs.motif import Sighting

__all__ = ["DETECTORS", "Detector"]

Detector = Callable[[Line], Iterable[Sighting]]
"""Finds the sightings of one motif, or of a few near ones, in a line."""

DETECTORS: tuple[Detector, ...] = (
    simple.mate_distance,
    simple.pawn_moves,
    simple.special_moves,
    simple.double_checks,
)
