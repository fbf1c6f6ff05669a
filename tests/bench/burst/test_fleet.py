"""Lambda's rules as the simulation keeps them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bench.burst.constants import Constants
from tests.bench.burst.fleet import Fleet

CONSTANTS = Constants()


def started(fleet: Fleet, now_s: float) -> list[tuple[int, bool]]:
    found = []
    while (start := fleet.start(now_s)) is not None:
        found.append(start)
    return found


def test_a_thousand_environments_at_once_and_a_hundred_more_each_second() -> None:
    fleet = Fleet(replace(CONSTANTS, limit=10_000))
    fleet.call(0, 5_000, 0.0)
    assert len(started(fleet, 0.0)) == 1_000
    assert fleet.next_start_s(0.0) == pytest.approx(0.01)
    assert len(started(fleet, 1.005)) == 100
    assert len(started(fleet, 11.0)) == pytest.approx(1_000, abs=1)


def test_what_is_not_used_is_not_saved_up() -> None:
    fleet = Fleet(replace(CONSTANTS, limit=10_000))
    fleet.call(0, 5_000, 100.0)
    assert len(started(fleet, 100.0)) == 1_000


def test_each_function_grows_by_itself() -> None:
    fleet = Fleet(replace(CONSTANTS, limit=10_000))
    for function in range(3):
        fleet.call(function, 5_000, 0.0)
    assert len(started(fleet, 0.0)) == 3_000


def test_the_account_limits_all_functions_together() -> None:
    fleet = Fleet(replace(CONSTANTS, limit=5))
    for function in range(3):
        fleet.call(function, 3, float(function))
    assert started(fleet, 3.0) == [(0, True)] * 3 + [(1, True)] * 2
    fleet.end(0)
    assert started(fleet, 4.0) == [(1, True)]


def test_a_warm_environment_is_used_again() -> None:
    fleet = Fleet(CONSTANTS)
    fleet.call(1, 1, 0.0)
    assert started(fleet, 0.0) == [(1, True)]
    fleet.end(1)
    fleet.call(1, 2, 1.0)
    assert started(fleet, 1.0) == [(1, False), (1, True)]
    assert (fleet.cold_starts, fleet.peak) == ([0, 2, 0], 2)


def test_calls_that_waited_too_long_are_dropped() -> None:
    fleet = Fleet(replace(CONSTANTS, limit=1))
    fleet.call(0, 3, 0.0)
    fleet.call(2, 1, 30.0)
    assert started(fleet, 30.0) == [(0, True)]
    fleet.end(0)
    assert started(fleet, 61.0) == [(2, True)]
    assert fleet.dropped == 2


def test_a_reserved_part_is_nobody_elses_and_no_more() -> None:
    fleet = Fleet(replace(CONSTANTS, limit=10, reserved=(3, 0, 0)))
    for function in (1, 2, 0):
        fleet.call(function, 10, float(function == 0))
    assert started(fleet, 1.0) == [(1, True)] * 7 + [(0, True)] * 3
    fleet.end(0)
    assert started(fleet, 2.0) == [(0, False)]


def test_in_a_smaller_picture_everything_is_smaller() -> None:
    fleet = Fleet(replace(CONSTANTS, reserved=(100, 0, 0)), each=100)
    fleet.call(0, 20, 0.0)
    fleet.call(1, 20, 0.0)
    assert started(fleet, 0.0) == [(0, True)] + [(1, True)] * 9


@pytest.mark.parametrize(("order", "first"), [("oldest", {0}), ("newest", {2}), ("any", {0, 1, 2})])
def test_whose_call_begins_is_a_choice(order: str, first: set[int]) -> None:
    fleet = Fleet(replace(CONSTANTS, limit=1, call_order=order))
    for function in range(3):
        fleet.call(function, 30, float(function))
    found = set()
    for _ in range(20):
        (start,) = started(fleet, 3.0)
        found.add(start[0])
        fleet.end(start[0])
    assert found == first
