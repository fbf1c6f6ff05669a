"""The list of all motif detectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from knight_vision.domain.motifs import captures, defenders, forks, rays, simple, tempo
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
    forks.forks,
    rays.pins_seen,
    rays.skewers,
    rays.x_rays,
    rays.discovered_checks,
    rays.discovered_attacks,
    rays.collinear_moves,
    defenders.deflections,
    defenders.attractions,
    defenders.captured_defenders,
    defenders.interferences,
    captures.hanging_pieces,
    captures.trapped_pieces,
    captures.intermezzos,
    captures.sacrifices,
    tempo.quiet_moves,
    tempo.defensive_moves,
    tempo.clearances,
)
