"""Who waits for whom: the promises of the order of work (docs/decisions/0014), by simulation."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knight_vision.config import Settings
from knight_vision.domain.job import Priority
from knight_vision.domain.queue_tables import OrderSettings
from tests.support.queue_simulation import Arrival, Simulation, strict_arrival_order
from tests.support.small_world import SETTINGS

HOUR_MS = 3_600_000
BULK, PREMIUM_BULK, STANDARD, PREMIUM = Priority


def order_of(known: Settings) -> OrderSettings:
    return OrderSettings(priority_boost_ms=known.priority_boost_ms, fair_share_ms=known.fair_share_ms)


ORDER = order_of(SETTINGS)
BOUND_MS = (PREMIUM - BULK) * ORDER.priority_boost_ms + ORDER.fair_share_ms
"""Nothing in line is passed by what came into line this much later or more: 30.5 minutes by default."""


def simulated(arrivals: list[Arrival], *, workers: int = 2, segment_ms: int = 4_000) -> Simulation:
    simulation = Simulation(ORDER, workers, segment_ms)
    simulation.run(arrivals)
    assert len(simulation.claimed) == sum(arrival.segments for arrival in arrivals)
    return simulation


def heavy_user(games: int, segments: int = 1, priority: Priority = STANDARD) -> list[Arrival]:
    return [Arrival(number, "heavy", f"heavy{number}", segments, priority) for number in range(games)]


@pytest.mark.parametrize(("segments", "after_ms"), [(1, 10_000), (1, 2 * HOUR_MS), (10, HOUR_MS // 2)])
def test_five_thousand_games_of_one_user_delay_anothers_by_few_segments(segments: int, after_ms: int) -> None:
    """However long the five thousand have waited: theirs stand in line one at a time."""
    games = 5_000 // segments
    single = Arrival(after_ms, "light", "single", segments)
    simulation = simulated([*heavy_user(games, segments), single])
    passed = [
        unit
        for at_ms, unit in simulation.claimed
        if after_ms <= at_ms <= simulation.last_claim_ms()["single"] and unit.game_id != "single"
    ]
    # The rest of the one game in line; and a worker must become free.
    assert len(passed) <= segments
    in_order = strict_arrival_order([*heavy_user(games, segments), single], workers=2, segment_ms=4_000)
    assert simulation.first_claim_ms()["single"] < in_order["single"]


def test_premium_is_served_first_and_interactive_before_bulk() -> None:
    arrivals = [
        Arrival(number, f"user {number}", f"{priority.label} {number}", 1, priority)
        for number, priority in enumerate(list(Priority) * 20)
    ]
    simulation = simulated(arrivals, workers=1)
    served = [unit.game_id.split()[0] for _at_ms, unit in simulation.claimed[1:]]
    # The very first found nobody else in line.
    expected = Counter(arrival.game.split()[0] for arrival in arrivals)
    expected[simulation.claimed[0][1].game_id.split()[0]] -= 1
    assert served == [
        priority.label for priority in reversed(Priority) for _ in range(expected[priority.label])
    ]


def test_a_stream_of_urgent_games_starves_nobody() -> None:
    """Premium alone asks for more than there are workers for, for two hours."""
    urgent = [
        Arrival(number * 3_000, f"premium {number}", f"urgent {number}", 1, PREMIUM)
        for number in range(2 * HOUR_MS // 3_000)
    ]
    bulk = Arrival(0, "patient", "bulk", 1, BULK)
    simulation = simulated([Arrival(0, "first", "first"), bulk, *urgent], workers=1)
    waited_ms = simulation.first_claim_ms()["bulk"]
    passed_by = [unit for at_ms, unit in simulation.claimed if at_ms < waited_ms]
    came_last_ms = max(int(unit.game_id.split()[1]) for unit in passed_by if unit.game_id != "first") * 3_000
    assert came_last_ms <= BOUND_MS


arrivals_of_anyone = st.lists(
    st.tuples(
        st.integers(0, 3 * BOUND_MS // 2),
        st.sampled_from("abcde"),
        st.integers(1, 4),
        st.sampled_from(Priority),
    ),
    min_size=1,
    max_size=40,
)


@settings(deadline=None)
@given(arrivals_of_anyone, st.integers(1, 3), st.sampled_from([4_000, 60_000, 400_000]))
def test_nothing_in_line_is_passed_by_what_came_later_than_the_bound(
    drawn: list[tuple[int, str, int, Priority]], workers: int, segment_ms: int
) -> None:
    arrivals = [
        Arrival(at_ms, user, f"g{number}", segments, priority)
        for number, (at_ms, user, segments, priority) in enumerate(drawn)
    ]
    simulation = simulated(arrivals, workers=workers, segment_ms=segment_ms)
    priorities = {arrival.game: arrival.priority for arrival in arrivals}
    games = list(dict.fromkeys(unit.game_id for _at_ms, unit in simulation.claimed))
    claimed_ms = simulation.first_claim_ms()
    for place, earlier in enumerate(games):
        for later in games[place + 1 :]:
            came_later_by_ms = simulation.lined_up_ms[earlier] - simulation.lined_up_ms[later]
            if simulation.lined_up_ms[later] > claimed_ms[earlier]:
                continue  # it was not there to be passed
            boost_ms = (priorities[earlier] - priorities[later]) * ORDER.priority_boost_ms
            assert came_later_by_ms <= boost_ms + ORDER.fair_share_ms <= BOUND_MS


@settings(deadline=None)
@given(arrivals_of_anyone)
def test_a_user_is_served_in_the_order_asked_for(drawn: list[tuple[int, str, int, Priority]]) -> None:
    arrivals = [
        Arrival(at_ms, user, f"g{number:03}", segments)
        for number, (at_ms, user, segments, _priority) in enumerate(drawn)
    ]
    first_claim_ms = simulated(arrivals).first_claim_ms()
    for user in "abcde":
        own = sorted((one for one in arrivals if one.user == user), key=lambda one: (one.at_ms, one.game))
        claimed_ms = [first_claim_ms[arrival.game] for arrival in own]
        assert claimed_ms == sorted(claimed_ms)


def test_users_who_wait_with_many_games_share_the_workers_evenly() -> None:
    arrivals = [
        Arrival(user_number, f"user{user_number}", f"user{user_number} game{game}")
        for user_number, games in enumerate([400, 100, 25])
        for game in range(games)
    ]
    simulation = simulated(arrivals, workers=1)
    served = Counter(unit.game_id.split()[0] for _at_ms, unit in simulation.claimed[:60])
    assert all(15 <= count <= 25 for count in served.values())


def test_at_a_load_that_can_be_served_nobody_waits_much_longer_than_in_strict_arrival_order() -> None:
    """Four hours at nine tenths of what the workers can do, three heavy users among many light ones."""
    randomness = random.Random(7)
    workers, segment_ms, segments = 4, 4_000, 5
    capacity_games = 4 * HOUR_MS * workers // (segment_ms * segments)
    arrivals = []
    for number in range(int(capacity_games * 0.9)):
        is_heavy = number % 3 == 0
        user = f"heavy{number % 2}" if is_heavy else f"light{number}"
        priority = BULK if is_heavy else randomness.choice([STANDARD, STANDARD, PREMIUM])
        at_ms = 0 if is_heavy and number % 2 else randomness.randrange(4 * HOUR_MS)
        arrivals.append(Arrival(at_ms, user, f"g{number}", segments, priority))
    simulation = simulated(arrivals, workers=workers, segment_ms=segment_ms)
    in_order = strict_arrival_order(arrivals, workers=workers, segment_ms=segment_ms)
    first_claim_ms = simulation.first_claim_ms()
    later_ms = {
        arrival.game: first_claim_ms[arrival.game] - in_order[arrival.game]
        for arrival in arrivals
        if arrival.user.startswith("light")
    }
    assert max(later_ms.values()) <= BOUND_MS
    # Those who ask for one game gain by it, and the heavy ones' last game comes no later than everything
    # would have ended anyway.
    assert sum(later_ms.values()) < 0
    assert max(first_claim_ms.values()) <= max(in_order.values()) + 2 * segments * segment_ms
