"""How a phase splits the positions of a game into segments that functions search independently."""

from __future__ import annotations

from dataclasses import dataclass

from knight_vision.domain.phase import Limit, Phase

__all__ = ["PhasePlan", "Segment"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of positions, both ends included, searched from the last to the first."""

    index: int
    first: int
    last: int

    @property
    def position_count(self) -> int:
        """Number of positions whose evaluations this segment yields."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """The work of one phase over one game. The same plan always gives the same segments."""

    phase: Phase
    limit: Limit
    position_count: int
    """Positions of the game, start and end included."""
    segment_count: int

    @classmethod
    def of(cls, phase: Phase, limit: Limit, position_count: int, positions_per_segment: int) -> PhasePlan:
        """The plan with as few segments as keep each at or under `positions_per_segment` (0: one segment).

        More than one are made an even number, so that two workers finish at the same time.
        """
        per_segment = positions_per_segment or position_count
        count = -(-position_count // per_segment)
        return cls(phase, limit, position_count, count + count % 2 if count > 1 else 1)

    def segment(self, index: int) -> Segment:
        """Segment `index`; sizes differ by at most one position, so no segment is the slow one.

        >>> plan = PhasePlan.of(Phase.COMPLETE, Limit(nodes=1), 10, 4)
        >>> [(s.first, s.last) for s in map(plan.segment, range(plan.segment_count))]
        [(0, 1), (2, 4), (5, 6), (7, 9)]
        """
        if not 0 <= index < self.segment_count:
            raise IndexError(f"segment {index} of {self.segment_count}")
        first = index * self.position_count // self.segment_count
        last = (index + 1) * self.position_count // self.segment_count - 1
        return Segment(index, first, last)
