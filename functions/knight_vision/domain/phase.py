"""Phases and states of an analysis, and the search limits that phases run with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

__all__ = ["AnalysisState", "Limit", "NoSearch", "Phase"]


class Phase(StrEnum):
    """One deepening of an analysis; each builds a whole report of its own."""

    INITIAL = "initial"
    """A first verdict within a second."""
    INTERMEDIATE = "intermediate"
    """Trustworthy blunders."""
    COMPLETE = "complete"
    """Parity with the best public server."""

    @property
    def next(self) -> Phase | None:
        """The phase that follows, None after the last.

        >>> Phase.INITIAL.next, Phase.COMPLETE.next
        (<Phase.INTERMEDIATE: 'intermediate'>, None)
        """
        order = list(Phase)
        index = order.index(self) + 1
        return order[index] if index < len(order) else None

    @property
    def rank(self) -> int:
        """1 for the first phase, 3 for the last: a larger rank replaces a smaller one."""
        return list(Phase).index(self) + 1


FIRST_LOOK_PERCENT = 25
"""Share of an adaptive limit's nodes that every position gets."""
WARM_UP_PERCENT = 25
"""Share of the nodes for the position after a segment, which is searched for the hash alone."""
WARM_UP_PLIES_LESS = 3
"""The same where the limit is a depth: so much less deep."""
LEAST_WARM_UP_DEPTH = 8
"""But no less than this: it takes a millisecond, and the next search as much more without it."""
ADAPTIVE_SHARE = 0.45
"""Share that positions get on average, as measured (docs/decisions/0027): for estimates of time and price."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How far the engine searches one position: exactly one of depth and nodes, never time,

    so that the same game gives the same analysis on any machine and its cost is bounded.
    """

    depth: int | None = None
    """Search to this depth in plies."""
    nodes: int | None = None
    """Search this many nodes."""
    is_adaptive: bool = False
    """Search a quarter of the nodes first, and the rest only where the verdict on a move hangs on it."""

    def __post_init__(self) -> None:
        if (self.depth is None) == (self.nodes is None) or (self.depth or self.nodes or 0) < 1:
            raise ValueError("a limit is either a positive depth or a positive number of nodes")
        if self.is_adaptive and self.nodes is None:
            raise ValueError("only a number of nodes can be adaptive")

    @classmethod
    def parse(cls, text: str) -> Limit:
        """The limit written as `depth 8`, `nodes 100000` or `nodes 1000000 adaptive`. Raises ValueError for
        anything else.

        >>> Limit.parse("nodes 100000"), str(Limit.parse("depth 8"))
        (Limit(depth=None, nodes=100000, is_adaptive=False), 'depth 8')
        """
        match text.split():
            case ["depth", number] if number.isdecimal():
                return cls(depth=int(number))
            case ["nodes", number] if number.isdecimal():
                return cls(nodes=int(number))
            case ["nodes", number, "adaptive"] if number.isdecimal():
                return cls(nodes=int(number), is_adaptive=True)
        raise ValueError(
            f"{text!r} is not a limit: write 'depth 8', 'nodes 100000' or 'nodes 100000 adaptive'"
        )

    @property
    def first_look(self) -> Limit:
        """How far every position is searched.

        >>> str(Limit(nodes=1000, is_adaptive=True).first_look), str(Limit(depth=8).first_look)
        ('nodes 250', 'depth 8')
        """
        if self.nodes is None or not self.is_adaptive:
            return self
        return Limit(nodes=max(1, self.nodes * FIRST_LOOK_PERCENT // 100))

    @property
    def warm_up(self) -> Limit:
        """How far the position after a segment is searched: only for the hash (docs/decisions/0006).

        >>> [str(Limit.parse(text).warm_up) for text in ("nodes 1000", "depth 12", "depth 8", "depth 2")]
        ['nodes 250', 'depth 9', 'depth 8', 'depth 2']
        """
        if self.depth is not None:
            least = min(self.depth, LEAST_WARM_UP_DEPTH)
            return Limit(depth=max(least, self.depth - WARM_UP_PLIES_LESS))
        return replace(self.scaled(WARM_UP_PERCENT), is_adaptive=False)

    @property
    def rest(self) -> Limit | None:
        """How far one is searched after its first look where a verdict hangs on it; None for no further.

        >>> str(Limit(nodes=1000, is_adaptive=True).rest), Limit(nodes=1000).rest
        ('nodes 750', None)
        """
        if self.nodes is None or not self.is_adaptive:
            return None
        return Limit(nodes=max(1, self.nodes - self.nodes * FIRST_LOOK_PERCENT // 100))

    @property
    def expected_nodes(self) -> float | None:
        """The nodes that a position gets on average; None where a depth is the limit.

        >>> Limit(nodes=1000).expected_nodes, round(Limit(nodes=1000, is_adaptive=True).expected_nodes)
        (1000.0, 450)
        """
        if self.nodes is None:
            return None
        return self.nodes * (ADAPTIVE_SHARE if self.is_adaptive else 1.0)

    def scaled(self, percent: int) -> Limit:
        """That share of the nodes, at least one; a depth stays: every ply less is another kind of verdict.

        >>> str(Limit(nodes=1000).scaled(25)), str(Limit(depth=8).scaled(25))
        ('nodes 250', 'depth 8')
        """
        if self.nodes is None or percent == 100:
            return self
        return Limit(nodes=max(1, self.nodes * percent // 100), is_adaptive=self.is_adaptive)

    def __str__(self) -> str:
        if self.depth is not None:
            return f"depth {self.depth}"
        return f"nodes {self.nodes}{' adaptive' if self.is_adaptive else ''}"


class NoSearch(StrEnum):
    """What a report says in place of a limit where nothing was searched."""

    IMPORTED = "imported"
    """The game brought its evaluations along: how far somebody else searched is not known."""


class AnalysisState(StrEnum):
    """The state of an analysis in the store. The last three are final for their generation."""

    QUEUED = "queued"
    """Asked for; no phase is finished yet."""
    RUNNING = "running"
    """At least one phase is finished, not all."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """True when nothing more will happen in this generation."""
        return self in (AnalysisState.DONE, AnalysisState.FAILED, AnalysisState.CANCELLED)
