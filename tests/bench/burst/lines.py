"""The queue as the simulation sees it: games in the order of their arrival, segment after segment."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from tests.bench.burst.constants import PHASES, Constants

__all__ = ["Lines"]

WHOLE = 100


@dataclass(slots=True)
class Lines:
    """What waits, by phase, and how far each game is in its running phase."""

    constants: Constants
    games: int
    waiting: list[list[int]] = field(default_factory=lambda: [[] for _ in PHASES])
    """Games with segments to claim, a heap of their numbers for each phase."""
    next_segment: list[int] = field(init=False)
    unfinished: list[int] = field(init=False)
    """Segments of the running phase that are not finished, by game."""
    since_s: list[float] = field(init=False)
    """Since when the running phase could be claimed, by game."""
    budget: list[int] = field(init=False)
    """Percent of the nodes for the running phase, by game; fixed by its first claim."""

    def __post_init__(self) -> None:
        self.next_segment = [0] * self.games
        self.unfinished = [0] * self.games
        self.since_s = [0.0] * self.games
        self.budget = [WHOLE] * self.games

    def open(self, phase: int, game: int, now_s: float) -> int:
        """Let a game's phase be claimed: how many segments that is."""
        segments = len(self.constants.searches[phase])
        self.next_segment[game], self.unfinished[game], self.since_s[game] = 0, segments, now_s
        heapq.heappush(self.waiting[phase], game)
        return segments

    def claim(self, phase: int, now_s: float) -> tuple[int, int] | None:
        """Game and segment for whoever asks now; None when nothing waits."""
        line = self.waiting[phase]
        if not line:
            return None
        game = line[0]
        segment = self.next_segment[game]
        if segment == 0:
            self.budget[game] = self.budget_percent(now_s - self.since_s[game])
        self.next_segment[game] = segment + 1
        if segment + 1 == len(self.constants.searches[phase]):
            heapq.heappop(line)
        return game, segment

    def finish(self, game: int) -> bool:
        """Count a segment as finished: whether it was its phase's last."""
        self.unfinished[game] -= 1
        return self.unfinished[game] == 0

    def budget_percent(self, waited_s: float) -> int:
        """As domain.queue_lines has it: docs/decisions/0016."""
        settings = self.constants.settings
        waited_ms = int(waited_s * 1000)
        if not settings.degrade_after_ms or waited_ms <= settings.degrade_after_ms:
            return WHOLE
        return max(settings.degrade_floor_percent, WHOLE * settings.degrade_after_ms // waited_ms)

    def in_line(self, phase: int) -> int:
        """Units of a phase that wait."""
        segments = len(self.constants.searches[phase])
        return sum(segments - self.next_segment[game] for game in self.waiting[phase])
