"""The local bus loses, doubles and delays as much as it is told, and nothing by itself."""

from __future__ import annotations

from infra.local.event_faults import EventFaults


def test_by_default_every_event_arrives_once_and_at_once() -> None:
    faults = EventFaults()
    assert [faults.arrivals() for _ in range(100)] == [[0.0]] * 100
    assert faults.counts == {"events": 100, "doubled": 0}


def test_what_is_always_dropped_never_arrives() -> None:
    faults = EventFaults(drop=1, double=1, delay=1, longest_delay_s=5)
    assert [faults.arrivals() for _ in range(100)] == [[]] * 100


def test_what_is_always_doubled_and_late_arrives_twice_within_the_time() -> None:
    faults = EventFaults(double=1, delay=1, longest_delay_s=5)
    arrivals = [faults.arrivals() for _ in range(100)]
    assert all(len(times) == 2 and all(0 <= late_s <= 5 for late_s in times) for times in arrivals)
    assert faults.counts == {"events": 100, "doubled": 100, "delayed": 200}


def test_the_same_seed_does_the_same() -> None:
    one, same, other = (
        EventFaults(seed=seed, drop=0.3, double=0.3, delay=0.3, longest_delay_s=1) for seed in (1, 1, 2)
    )
    first, second, third = ([faults.arrivals() for _ in range(100)] for faults in (one, same, other))
    assert first == second != third
    assert {len(times) for times in first} == {0, 1, 2}
