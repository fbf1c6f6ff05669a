"""The estimate of the time left grows and shrinks with what it is made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knight_vision.domain.estimate import NODES_PER_SECOND, estimated_seconds_left
from knight_vision.domain.job import JobProgress, Priority
from knight_vision.domain.phase import Limit, Phase

LIMITS = {
    Phase.INITIAL: Limit(depth=8),
    Phase.INTERMEDIATE: Limit(nodes=100_000),
    Phase.COMPLETE: Limit(nodes=1_000_000),
}
SEGMENTS = {Phase.INITIAL: 50, Phase.INTERMEDIATE: 12, Phase.COMPLETE: 12}
RUNNING = JobProgress(
    generation=1,
    phase=Phase.COMPLETE,
    is_running=True,
    positions_done=0,
    position_count=60,
    units_ahead=None,
    units_in_flight=1,
    priority=Priority.STANDARD,
    ms_per_position=1_000.0,
)


def seconds(progress: JobProgress) -> int:
    return estimated_seconds_left(progress, LIMITS.__getitem__, SEGMENTS.__getitem__)


def test_one_worker_takes_the_measured_time_for_what_is_left() -> None:
    assert seconds(RUNNING) == 60
    assert seconds(replace(RUNNING, positions_done=40)) == 20


def test_workers_side_by_side_share_the_positions() -> None:
    assert seconds(replace(RUNNING, units_in_flight=5)) == 12
    assert seconds(replace(RUNNING, units_in_flight=1_000)) == seconds(replace(RUNNING, units_in_flight=10))


def test_units_ahead_are_waited_for() -> None:
    assert seconds(replace(RUNNING, units_ahead=10)) == 60 + 10 * 12


@pytest.mark.parametrize(("position_count", "unit"), [(40, 40), (60, 50)])
def test_a_unit_of_the_initial_phase_is_a_game_or_a_large_part_of_one(position_count: int, unit: int) -> None:
    initial = replace(RUNNING, phase=Phase.INITIAL, ms_per_position=10.0, position_count=position_count)
    waiting = replace(initial, units_ahead=100)
    assert seconds(waiting) - seconds(initial) == pytest.approx(100 * unit * 0.010, abs=1)


def test_without_a_measurement_the_assumed_speed_counts() -> None:
    expected = 60 * 1_000_000 / NODES_PER_SECOND
    assert seconds(replace(RUNNING, ms_per_position=None)) == expected


def test_phases_to_come_are_counted_by_their_nodes() -> None:
    intermediate = replace(RUNNING, phase=Phase.INTERMEDIATE, ms_per_position=100.0)
    # its own 60 positions at 0.1 s, then five segments side by side with ten times the nodes
    assert seconds(intermediate) == 6 + 12


def test_an_analysis_that_runs_is_never_said_to_be_over() -> None:
    assert seconds(replace(RUNNING, positions_done=60)) == 1
