"""The list of all motif detectors, and all that they see in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from knight_vision.domain.motifs import captures, defenders, forks, rays, simple, tempo
from knight_vision.domain.motifs.attacks import OUTRANKED_BY, king_attacks
from knight_vision.domain.motifs.endgames import endgame
from knight_vision.domain.motifs.line import Line
from knight_vision.domain.motifs.mates import named_mates
from knight_vision.domain.motifs.motif import Sighting

__all__ = ["DETECTORS", "Detector", "mates_by_name", "sightings_in"]

Detector = Callable[[Line], Iterable[Sighting]]
"""Finds the sightings of one motif, or of a few near ones, in a line."""


def mates_by_name(line: Line) -> Iterator[Sighting]:
    """The known patterns of the mate that the solver gives at the end."""
    last = len(line) - 1
    if last % 2 == 0 and line.ends_in_mate:
        for motif, square, targets in named_mates(line.boards[-1]):
            yield Sighting(motif, last, square, targets)


def attacks_on_the_king(line: Line) -> Iterator[Sighting]:
    """Attacks on the enemy king."""
    return king_attacks(line.boards, line.moves)


def endgame_kind(line: Line) -> Iterator[Sighting]:
    """The kind of endgame, shown by the first move."""
    kind = endgame(line.boards)
    if kind:
        yield Sighting(kind, 0, line.landed[0], ())


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
    mates_by_name,
    attacks_on_the_king,
    endgame_kind,
)


def sightings_in(line: Line) -> tuple[Sighting, ...]:
    """All sightings of all motifs in a line, in order of ply, but those that another motif outranks."""
    if not line.moves:
        return ()
    found = [sighting for detector in DETECTORS for sighting in detector(line)]
    motifs = {sighting.motif for sighting in found}
    outranked = {motif for motif, better in OUTRANKED_BY.items() if motifs & better}
    kept = (sighting for sighting in found if sighting.motif not in outranked)
    return tuple(sorted(kept, key=lambda sighting: sighting.ply))
