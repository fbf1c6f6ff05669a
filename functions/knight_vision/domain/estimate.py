"""How long an analysis will still take, from what the queue knows. A guess for people, not a promise."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from knight_vision.domain.job import JobProgress
from knight_vision.domain.phase import Limit, Phase

__all__ = ["NODES_PER_SECOND", "estimated_seconds_left"]

NODES_PER_SECOND = 400_000
"""Assumed where nothing was measured yet: Stockfish 17 with one thread on one Lambda vCPU, rounded down."""
NODES_OF_DEPTH_1 = 30
NODES_GROWTH_PER_DEPTH = 1.59
"""A depth limit is guessed as `30 * 1.59 ** depth` nodes: 1,200 for depth 8, as measured over a game."""


def estimated_seconds_left(
    progress: JobProgress,
    limit_of: Callable[[Phase], Limit],
    *,
    positions_per_segment: int = 9,
    workers: int = 10,
) -> int:
    """Whole seconds until the last phase is finished, at least 1.

    The units ahead and the rest of the job are shared by as many functions as are at work in the running
    phase, at least one and at most `workers`; in later phases by `workers`. A position takes the measured
    time, or the nodes of its phase's limit at the speed last measured (never measured: NODES_PER_SECOND).

    >>> from knight_vision.domain.job import Priority
    >>> progress = JobProgress(1, Phase.COMPLETE, True, 20, 80, None, 5, Priority.STANDARD, 500.0)
    >>> estimated_seconds_left(progress, lambda phase: Limit(nodes=1_000_000))
    6
    """
    limit = limit_of(progress.phase)
    measured = progress.ms_per_position
    ms_per_node = measured / nodes_of(limit) if measured else 1000 / NODES_PER_SECOND

    at_work = min(max(1, progress.units_in_flight), workers)
    # The initial phase is not split: a unit is a game, taken to be as long as this one.
    unit_size = progress.position_count if progress.phase is Phase.INITIAL else positions_per_segment
    positions_ahead = (progress.units_ahead or 0) * unit_size
    positions_left = positions_ahead + progress.position_count - progress.positions_done
    ms_left = ms_per_node * nodes_of(limit) * positions_left / at_work

    # Whole segments: the last one alone takes as long as ten side by side.
    segments = ceil(progress.position_count / positions_per_segment)
    positions_in_a_row = ceil(segments / workers) * progress.position_count / segments
    phase = progress.phase
    while (next_phase := phase.next) is not None:
        phase = next_phase
        ms_left += ms_per_node * nodes_of(limit_of(phase)) * positions_in_a_row
    return max(1, ceil(ms_left / 1000))


def nodes_of(limit: Limit) -> float:
    """The nodes that a search under this limit takes, guessed for a depth."""
    if limit.expected_nodes is not None:
        return limit.expected_nodes
    return NODES_OF_DEPTH_1 * NODES_GROWTH_PER_DEPTH ** (limit.depth or 1)
