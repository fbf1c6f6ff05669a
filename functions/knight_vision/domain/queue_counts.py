"""The queue in numbers: what it holds at one moment, and what happened in it during the last hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from knight_vision.domain.job import Priority
from knight_vision.domain.phase import Phase

__all__ = [
    "ACTIVITY_MINUTES",
    "GameLength",
    "LineCounts",
    "PhaseCounts",
    "QueueActivity",
    "QueueCounts",
    "Tally",
]

ACTIVITY_MINUTES = 60
"""How far back the queue's activity is remembered."""


class GameLength(StrEnum):
    """Classes of game length, so that times can be compared."""

    SHORT = "short"
    """Up to 40 plies."""
    MEDIUM = "medium"
    """41 to 80 plies."""
    LONG = "long"
    """More than 80 plies."""

    @classmethod
    def of(cls, position_count: int) -> GameLength:
        """The class of a game with that many positions (one more than plies).

        >>> GameLength.of(41), GameLength.of(81), GameLength.of(82)
        (<GameLength.SHORT: 'short'>, <GameLength.MEDIUM: 'medium'>, <GameLength.LONG: 'long'>)
        """
        plies = position_count - 1
        return cls.SHORT if plies <= 40 else cls.MEDIUM if plies <= 80 else cls.LONG


@dataclass(frozen=True, slots=True)
class LineCounts:
    """What waits in one phase at one priority, at one moment."""

    units_in_line: int
    """Units that the next claims choose from."""
    games_behind: int
    """Games that wait for their turn behind another game of the same user."""
    oldest_ms: int
    """How long the first in line has been able to be claimed; 0 when nothing is in line. The first by place:
    a job that came into this phase later may stand before one that has waited longer."""


@dataclass(frozen=True, slots=True)
class PhaseCounts:
    """The queue of one phase at one moment."""

    in_flight: int
    """Units held by a worker."""
    lines: dict[Priority, LineCounts]

    @property
    def units_in_line(self) -> int:
        """Of all priorities."""
        return sum(line.units_in_line for line in self.lines.values())

    @property
    def games_behind(self) -> int:
        """Of all priorities."""
        return sum(line.games_behind for line in self.lines.values())

    @property
    def oldest_ms(self) -> int:
        """The longest of those."""
        return max(line.oldest_ms for line in self.lines.values())


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """The whole queue at one moment."""

    phases: dict[Phase, PhaseCounts]
    jobs: int
    """Unfinished analyses."""
    oldest_age_ms: int
    """Age of the oldest unfinished analysis, 0 when there is none."""
    exhausted: int
    """Units out of attempts that wait for the store to hear of it."""
    is_store_away: bool
    """True while workers are told to wait for the store."""

    @property
    def is_idle(self) -> bool:
        """True when nothing waits and nothing is worked on."""
        return self.jobs == 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something happened, and how many milliseconds that was in all."""

    count: int = 0
    total_ms: int = 0

    @property
    def mean_ms(self) -> float | None:
        """None when it never happened."""
        return self.total_ms / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class QueueActivity:
    """What happened in the last `ACTIVITY_MINUTES`; what never happened has no entry."""

    waited: dict[tuple[Phase, Priority], Tally] = field(default_factory=dict)
    """Units claimed, and how long they had waited."""
    searched: dict[Phase, Tally] = field(default_factory=dict)
    """Segments finished, and their search time."""
    positions: dict[Phase, Tally] = field(default_factory=dict)
    """Segments finished, and their positions in place of milliseconds."""
    known: dict[Phase, Tally] = field(default_factory=dict)
    """Segments finished of which something was known, and how many of their positions other games' searches
    had found; the complete phase may search such a one further."""
    finished: dict[tuple[Phase, Priority], Tally] = field(default_factory=dict)
    """Phases finished, and the time since the analysis was asked for: the initial phase's is the time to the
    first result, the complete phase's the total time."""
    took: dict[tuple[Phase, GameLength], Tally] = field(default_factory=dict)
    """Phases finished, and the time from the moment the phase could begin."""
    failed: dict[Phase, Tally] = field(default_factory=dict)
    """Attempts that ended in an error."""
    expired: dict[Phase, Tally] = field(default_factory=dict)
    """Attempts whose leases ended: the worker died."""
    exhausted: dict[Phase, Tally] = field(default_factory=dict)
    """Units that had their last attempt."""
