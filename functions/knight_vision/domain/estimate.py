"""How long an analysis will still take, from what the queue knows. A guess for people, not a promise."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from knight_vision.domain.job import JobProgress
from knight_vision.domain.phase import Limit, Phase

__all__ = [
    "NODES_PER_SECOND",
    "estimated_seconds_left",
    "extrapolated_seconds_left",
    "phase_seconds_left",
    "poll_after_s",
]

NODES_PER_SECOND = 400_000
"""Assumed where nothing was measured yet: Stockfish 17 with one thread on one Lambda vCPU, rounded down."""
SOONEST_POLL_S = 1
LATEST_POLL_S = 60
LOOKS_PER_PHASE = 4
"""Somebody who asks each time after a fourth of what is left sees a bar move, and asks a dozen times in all,
however long it takes."""
POLL_WITHOUT_ESTIMATE_S = 2
"""The queue does not answer, or knows nothing of the job for a moment, as between two phases."""
NODES_OF_DEPTH_1 = 30
NODES_GROWTH_PER_DEPTH = 1.59
"""A depth limit is guessed as `30 * 1.59 ** depth` nodes: 1,200 for depth 8, as measured over a game."""


def estimated_seconds_left(
    progress: JobProgress,
    limit_of: Callable[[Phase], Limit],
    segment_size_of: Callable[[Phase], int],
    *,
    workers: int = 10,
) -> int:
    """Whole seconds until the last phase is finished, at least 1.

    The units ahead and the rest of the job are shared by as many functions as are at work in the running
    phase, at least one and at most `workers`; in later phases by `workers`. A position takes the measured
    time, or the nodes of its phase's limit at the speed last measured (never measured: NODES_PER_SECOND).

    >>> from knight_vision.domain.job import Priority
    >>> progress = JobProgress(1, Phase.COMPLETE, True, 20, 80, None, 5, Priority.STANDARD, 500.0)
    >>> estimated_seconds_left(progress, lambda phase: Limit(nodes=1_000_000), lambda phase: 9)
    6
    """
    ms_left = 1000 * phase_seconds_left(progress, limit_of, segment_size_of, workers=workers)
    phase = progress.phase
    while (next_phase := phase.next) is not None:
        phase = next_phase
        # Whole segments: the last one alone takes as long as ten side by side.
        segments = ceil(progress.position_count / segment_size_of(phase))
        positions_in_a_row = ceil(segments / workers) * progress.position_count / segments
        ms_left += ms_per_node(progress, limit_of) * nodes_of(limit_of(phase)) * positions_in_a_row
    return max(1, ceil(ms_left / 1000))


def phase_seconds_left(
    progress: JobProgress,
    limit_of: Callable[[Phase], Limit],
    segment_size_of: Callable[[Phase], int],
    *,
    workers: int = 10,
) -> float:
    """The same until the running phase is finished, when the next report is to be had."""
    at_work = min(max(1, progress.units_in_flight), workers)
    # The games ahead are taken to be at least as long as this one.
    unit_size = min(segment_size_of(progress.phase), progress.position_count)
    positions_ahead = (progress.units_ahead or 0) * unit_size
    positions_left = positions_ahead + progress.position_count - progress.positions_done
    ms_per_position = ms_per_node(progress, limit_of) * nodes_of(limit_of(progress.phase))
    return ms_per_position * positions_left / at_work / 1000


def extrapolated_seconds_left(share_done: float, elapsed_s: float) -> int | None:
    """Whole seconds until all is done, if it goes on as it went; None while nothing is.

    >>> [extrapolated_seconds_left(share, 60) for share in (0.25, 0, 1)]
    [180, None, 0]
    """
    return ceil(elapsed_s * (1 - share_done) / share_done) if share_done > 0 else None


def poll_after_s(phase_s_left: float | None) -> int:
    """Whole seconds after which it is worth asking again, from 1 to 60: a fourth of the time until there is
    something new to read. None: nobody can tell.

    >>> [poll_after_s(left) for left in (0.2, 4, 20, 100, 240, 86_400, None)]
    [1, 1, 5, 25, 60, 60, 2]
    """
    if phase_s_left is None:
        return POLL_WITHOUT_ESTIMATE_S
    return min(max(ceil(phase_s_left / LOOKS_PER_PHASE), SOONEST_POLL_S), LATEST_POLL_S)


def ms_per_node(progress: JobProgress, limit_of: Callable[[Phase], Limit]) -> float:
    """The speed last measured in the running phase, or the one assumed."""
    measured = progress.ms_per_position
    return measured / nodes_of(limit_of(progress.phase)) if measured else 1000 / NODES_PER_SECOND


def nodes_of(limit: Limit) -> float:
    """The nodes that a search under this limit takes, guessed for a depth."""
    if limit.expected_nodes is not None:
        return limit.expected_nodes
    return NODES_OF_DEPTH_1 * NODES_GROWTH_PER_DEPTH ** (limit.depth or 1)
