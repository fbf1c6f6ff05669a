"""The positional metrics over a whole game: series for charts, and the features that lasted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import chess

from knight_vision.domain.positional.king import EXPOSED
from knight_vision.domain.positional.position import PositionMetrics, SideMetrics
from knight_vision.domain.vocabulary import Feature

__all__ = ["LEAST_PLIES", "SERIES", "Feature", "Story", "Stretch", "story"]

LEAST_PLIES = 8
"""A feature must last four moves of each side to be part of the story."""
LONGEST_GAP = 2
"""A feature that is back after so many plies never was away: in between were an exchange or a check."""
SPACE_LEAD, MOBILITY_LEAD, DEVELOPMENT_LEAD = 4, 12, 2
"""From these differences on one side has clearly more."""

SERIES = (
    "material",
    "mobility",
    "space",
    "centre_control",
    "king_exposure",
    "king_attackers",
    "shield_pawns",
    "undeveloped",
    "isolated_pawns",
    "doubled_pawns",
    "backward_pawns",
    "passed_pawns",
    "pawn_islands",
    "outposts",
)
"""Fields of SideMetrics with a chart; of squares the number counts."""


def has_isolated_centre_pawn(own: SideMetrics) -> bool:
    """True with an isolated pawn on one of the two central files: the isolani of the books."""
    return any(chess.square_file(square) in (3, 4) for square in own.isolated_pawns)


TESTS: dict[Feature, Callable[[SideMetrics, SideMetrics], bool]] = {
    Feature.MATERIAL_LEAD: lambda own, other: own.material > other.material,
    Feature.BISHOP_PAIR: lambda own, other: own.has_bishop_pair and not other.has_bishop_pair,
    Feature.PASSED_PAWN: lambda own, _: bool(own.passed_pawns),
    Feature.EXPOSED_KING: lambda own, _: own.king_exposure >= EXPOSED,
    Feature.KING_IN_CENTRE: lambda own, _: (
        own.is_king_in_centre and not own.can_castle and own.king_exposure > 0
    ),
    Feature.MORE_SPACE: lambda own, other: own.space >= other.space + SPACE_LEAD,
    Feature.MORE_MOBILITY: lambda own, other: own.mobility >= other.mobility + MOBILITY_LEAD,
    Feature.BETTER_DEVELOPMENT: lambda own, other: (
        len(other.undeveloped) >= len(own.undeveloped) + DEVELOPMENT_LEAD
    ),
    Feature.OUTPOST: lambda own, _: bool(own.outposts),
    Feature.ROOK_ON_SEVENTH: lambda own, _: bool(own.rooks_on_seventh),
    Feature.ROOK_ON_OPEN_FILE: lambda own, other: (
        bool(own.rooks_on_open_files) and not other.rooks_on_open_files
    ),
    Feature.ISOLATED_PAWN: lambda own, _: has_isolated_centre_pawn(own),
    Feature.BACKWARD_PAWN: lambda own, _: bool(own.backward_pawns),
    Feature.HANGING_PAWNS: lambda own, _: bool(own.hanging_pawns),
    Feature.BAD_BISHOP: lambda own, _: bool(own.bad_bishops),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A feature of a side from one position of the game to another."""

    feature: Feature
    side: chess.Color
    first_ply: int
    last_ply: int

    def to_json(self) -> dict[str, Any]:
        """`{"feature": "bishop_pair", "side": "white", "first_ply": 21, "last_ply": 64}`."""
        return {
            "feature": self.feature.value,
            "side": "white" if self.side == chess.WHITE else "black",
            "first_ply": self.first_ply,
            "last_ply": self.last_ply,
        }


@dataclass(frozen=True, slots=True)
class Story:
    """The metrics of a game."""

    white: dict[str, list[int]]
    """For each name in `SERIES` White's numbers, one for each position from the start on."""
    black: dict[str, list[int]]
    """The same of Black."""
    stretches: tuple[Stretch, ...]
    """What lasted, in the order in which it began."""

    def to_json(self) -> dict[str, Any]:
        """`white` and `black` series and the `stretches`: some 8 kB for 100 plies when written compactly."""
        return {
            "white": self.white,
            "black": self.black,
            "stretches": [stretch.to_json() for stretch in self.stretches],
        }


def story(positions: Sequence[PositionMetrics], *, least_plies: int = LEAST_PLIES) -> Story:
    """The story of a game given by the metrics of all its positions, 0 is the start.

    A stretch lasts at least `least_plies` plies, from its first position to its last.
    """
    stretches = [
        Stretch(feature, color, first, last)
        for color in chess.COLORS
        for feature, test in TESTS.items()
        for first, last in runs([test(position.of(color), position.of(not color)) for position in positions])
        if last - first >= least_plies
    ]
    return Story(
        white=series([position.white for position in positions]),
        black=series([position.black for position in positions]),
        stretches=tuple(sorted(stretches, key=lambda stretch: (stretch.first_ply, -stretch.last_ply))),
    )


def series(sides: Sequence[SideMetrics]) -> dict[str, list[int]]:
    """One side's numbers by name."""
    return {name: [number_of(getattr(side, name)) for side in sides] for name in SERIES}


def number_of(value: int | tuple[int, ...]) -> int:
    """A metric as a number: squares are counted."""
    return len(value) if isinstance(value, tuple) else value


def runs(held: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last index of each run of true values; runs with a short gap between them are one."""
    first = last = None
    for index, is_held in enumerate(held):
        if not is_held:
            continue
        if first is None or last is None:
            first = index
        elif index - last > LONGEST_GAP + 1:
            yield first, last
            first = index
        last = index
    if first is not None and last is not None:
        yield first, last
