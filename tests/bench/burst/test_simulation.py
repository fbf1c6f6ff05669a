"""Laws of the simulation, and small bursts against arithmetic."""

from __future__ import annotations

import argparse
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knight_vision.domain import cost
from knight_vision.domain.queue_state import QueueState
from knight_vision.domain.queue_tables import OrderSettings
from tests.bench.burst.constants import PHASES, Constants
from tests.bench.burst.lines import Lines
from tests.bench.burst.options import add_options, constants_of, meanings
from tests.bench.burst.outcome import Outcome, idle_dollars_per_month
from tests.bench.burst.simulate import HEADINGS, rows, table
from tests.bench.burst.simulation import Simulation, simulate
from tests.support import cost_tables
from tests.support.stack import ROOT

CONSTANTS = Constants()
UNDEGRADED = replace(CONSTANTS, settings=replace(CONSTANTS.settings, degrade_after_ms=0))
small_limits = st.integers(1, 60)
small_bursts = st.integers(1, 40)


def bursts_of(games: int, limit: int, **changes: object) -> Outcome:
    """With as many functions of each phase as the account may have."""
    return simulate(replace(with_concurrency(UNDEGRADED, limit, limit, limit), limit=limit, **changes), games)  # type: ignore[arg-type]


def with_concurrency(constants: Constants, initial: int, intermediate: int, complete: int) -> Constants:
    settings = replace(
        constants.settings,
        initial_concurrency=initial,
        intermediate_concurrency=intermediate,
        complete_concurrency=complete,
    )
    return replace(constants, settings=settings)


def test_one_game_takes_what_its_parts_take() -> None:
    c = CONSTANTS
    cold_s = c.prepare_s + c.init_s + c.call_s
    claim_s = c.queue_call_s + c.queue_script_s
    report_s = claim_s + c.read_s + c.report_s + c.save_s + 3 * c.queue_call_s
    longest_s = max(c.search_s(0, index) for index in range(2))
    first_s = c.request_s + c.event_s + cold_s + claim_s + longest_s + report_s
    outcome = simulate(c, 1)
    assert list(outcome.first_s) == [pytest.approx(first_s, abs=2 * c.queue_script_s)]
    # Ten functions each for one segment; the first gets the longest or is a script's time before it.
    later_s = sum(
        c.event_s + cold_s + claim_s + max(c.search_s(phase, index) for index in range(10)) + report_s
        for phase in (1, 2)
    )
    assert outcome.drain_s == pytest.approx(first_s + later_s, abs=40 * c.queue_script_s)
    assert (outcome.peak, outcome.cold_starts, outcome.dropped_calls) == (10, 22, 0)


def test_one_environment_does_everything_one_after_the_other() -> None:
    outcome = bursts_of(3, 1)
    assert outcome.drain_s > 3 * UNDEGRADED.engine_s
    assert outcome.peak == 1
    assert outcome.search_s == pytest.approx(3 * UNDEGRADED.engine_s)


@settings(max_examples=60, deadline=None)
@given(small_bursts, small_limits)
def test_every_game_is_finished_after_its_first_report(games: int, limit: int) -> None:
    outcome = bursts_of(games, limit)
    assert outcome.games == games == len(outcome.first_s) == len(outcome.done_s)
    assert outcome.first_s[0] < outcome.done_s[0]
    assert outcome.search_s == pytest.approx(games * UNDEGRADED.engine_s)


@settings(max_examples=60, deadline=None)
@given(small_bursts, small_limits)
def test_nobody_works_faster_than_all_engines_at_once(games: int, limit: int) -> None:
    outcome = bursts_of(games, limit)
    assert outcome.drain_s >= games * UNDEGRADED.engine_s / limit
    assert outcome.peak <= limit


@settings(max_examples=60, deadline=None)
@given(small_bursts, small_limits)
def test_the_engines_time_and_every_cold_start_are_paid_for(games: int, limit: int) -> None:
    outcome = bursts_of(games, limit)
    assert outcome.billed_s >= outcome.search_s + outcome.cold_starts * UNDEGRADED.init_s
    engine = cost.price_of(outcome.search_s * 1000, UNDEGRADED.memory_mb, requests=0)
    assert engine < sum(outcome.dollars[f"functions, {phase}"] for phase in PHASES)
    assert outcome.total_dollars == pytest.approx(sum(outcome.dollars.values()))


@settings(max_examples=60, deadline=None)
@given(small_bursts, small_limits)
def test_cold_starts_are_environments(games: int, limit: int) -> None:
    outcome = bursts_of(games, limit)
    assert outcome.cold_starts == outcome.environments <= len(PHASES) * limit


@settings(max_examples=40, deadline=None)
@given(small_bursts, small_limits, st.integers(2, 4))
def test_more_environments_are_never_later(games: int, limit: int, times: int) -> None:
    few, many = bursts_of(games, limit), bursts_of(games, times * limit)
    # Another order of the same work may end a segment and three cold starts later, no more.
    longest_s = max(UNDEGRADED.search_s(2, index) for index in range(10))
    assert many.drain_s <= few.drain_s + longest_s + 3 * (UNDEGRADED.init_s + UNDEGRADED.prepare_s)


@pytest.mark.parametrize("limits", [(10, 30), (100, 300), (300, 900)])
def test_thrice_the_limit_is_much_sooner_under_load(limits: tuple[int, int]) -> None:
    few, many = (bursts_of(1_000, limit).drain_s for limit in limits)
    assert many < few / 2.5


@pytest.mark.parametrize("order", ["oldest", "newest", "any"])
def test_whoever_begins_first_all_is_done(order: str) -> None:
    outcome = bursts_of(200, 30, call_order=order)
    assert len(outcome.done_s) == 200
    assert outcome.search_s == pytest.approx(200 * UNDEGRADED.engine_s)


@pytest.mark.parametrize("games", [1_000, 4_000])
def test_each_may_stand_for_several(games: int) -> None:
    constants = replace(UNDEGRADED, limit=400, reserved=(100, 100, 200))
    exact, small = simulate(constants, games), simulate(constants, games, most_played=games // 4)
    assert small.games == games
    assert small.drain_s == pytest.approx(exact.drain_s, rel=0.06)
    assert small.total_dollars == pytest.approx(exact.total_dollars, rel=0.06)
    assert small.first_percentile_s(99) == pytest.approx(exact.first_percentile_s(99), rel=0.2)


def test_a_backlog_shrinks_the_work_and_the_price() -> None:
    degraded, whole = (simulate(replace(constants, limit=50), 500) for constants in (CONSTANTS, UNDEGRADED))
    assert degraded.degraded > 0 == whole.degraded
    assert degraded.drain_s < whole.drain_s
    assert degraded.total_dollars < whole.total_dollars


@pytest.mark.parametrize("reserved", [(0, 0, 0), (14, 2, 4)])
def test_a_bound_on_each_phase_gives_first_reports_in_time(reserved: tuple[int, int, int]) -> None:
    """Without it the calls of the later phases take the room that the first phase's functions leave."""
    constants = replace(CONSTANTS, limit=20)
    without = simulate(with_concurrency(constants, 20, 20, 20), 5_000)
    with_it = simulate(replace(with_concurrency(constants, 14, 2, 4), reserved=reserved), 5_000)
    assert with_it.first_percentile_s(99) < without.first_percentile_s(99) / 2


@settings(max_examples=60, deadline=None)
@given(small_bursts, small_limits, small_limits, small_limits)
def test_no_more_are_called_than_may_be_at_work_and_nobody_waits_for_a_sweep(
    games: int, first: int, second: int, third: int
) -> None:
    never_swept = replace(UNDEGRADED, sweep_every_s=1e9)
    outcome = simulate(with_concurrency(never_swept, first, second, third), games)
    assert outcome.peak <= first + second + third
    assert outcome.drain_s < 1e6
    assert len(outcome.done_s) == games


def test_no_call_is_given_up_while_the_phases_fit_into_the_account() -> None:
    for games in (300, 3_000):
        outcome = simulate(replace(with_concurrency(CONSTANTS, 15, 15, 65), limit=100), games)
        assert outcome.dropped_calls == 0


def test_a_burst_needs_hardly_more_calls_than_functions() -> None:
    played = Simulation(CONSTANTS, 1_000)
    played.run()
    product = CONSTANTS.settings
    assert played.usage.events <= 1.1 * sum(product.concurrency_of(phase) for phase in PHASES)


def test_a_database_that_saves_slowly_is_waited_for() -> None:
    assert bursts_of(300, 300, saves_per_s=2.0).drain_s >= 300 * 3 / 2.0 > bursts_of(300, 300).drain_s


def test_scripts_of_the_queue_run_one_after_the_other() -> None:
    games, script_s = 20, 1.0
    finishes = games * sum(len(segments) for segments in UNDEGRADED.searches)
    assert bursts_of(games, 1_000, queue_script_s=script_s).drain_s >= finishes * script_s


def test_half_a_processor_takes_twice_as_long_to_search() -> None:
    half = replace(CONSTANTS, memory_mb=CONSTANTS.memory_mb // 2)
    assert half.engine_s == pytest.approx(2 * CONSTANTS.engine_s, rel=0.001)
    assert replace(CONSTANTS, memory_mb=4000).engine_s == CONSTANTS.engine_s


def test_every_position_is_searched_and_one_of_each_next_segment() -> None:
    assert [sum(segments) for segments in CONSTANTS.searches] == [83 + 1, 83 + 9, 83 + 9]


@given(st.integers(0, 10**8))
def test_budgets_shrink_as_the_queue_shrinks_them(waited_ms: int) -> None:
    product = CONSTANTS.settings
    queue = QueueState(
        OrderSettings(
            priority_boost_ms=product.priority_boost_ms,
            fair_share_ms=product.fair_share_ms,
            degrade_after_ms=product.degrade_after_ms,
            degrade_floor_percent=product.degrade_floor_percent,
        )
    )
    assert Lines(CONSTANTS, 1).budget_percent(waited_ms / 1000) == pytest.approx(
        queue.budget_percent(waited_ms), abs=1
    )


def test_no_more_is_played_than_was_asked_for() -> None:
    played = Simulation(CONSTANTS, 7)
    played.run()
    assert played.usage.requests == [14, 70, 70]
    assert played.usage.events == 7 * 22


def test_idle_is_paid_for_the_cache_the_sweeper_and_one_snapshot() -> None:
    idle = idle_dollars_per_month(CONSTANTS)
    assert idle["cache, 100 MB at least"] == pytest.approx(6.132)
    assert idle["snapshot of the API"] == pytest.approx(3.954, abs=0.001)
    assert sum(idle.values()) < 15


def test_the_command_line_changes_constants_and_settings() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    line = ["--limit", "3000", "--reserved", "1", "2", "3", "--set", "COMPLETE_LIMIT=nodes 5", "--set"]
    constants = constants_of(parser.parse_args([*line, "PHASE_FANOUT=4"]))
    assert (constants.limit, constants.reserved) == (3000, (1, 2, 3))
    assert str(constants.plans[2].limit) == "nodes 5"
    assert constants.settings.phase_fanout == 4
    with pytest.raises(ValueError, match="no setting"):
        constants_of(parser.parse_args(["--set", "NO=1"]))


def test_every_constant_that_is_not_a_plain_choice_says_what_it_is() -> None:
    silent = {name for name, meaning in meanings().items() if not meaning}
    assert silent == {"architecture", "memory_mb", "api_memory_mb"}


def test_the_table_has_a_row_for_each_burst() -> None:
    lines = table(rows(CONSTANTS, [1, 10])).splitlines()
    assert len(lines) == 4
    assert all(line.count("|") == len(HEADINGS) + 1 for line in lines)


def test_the_bursts_of_the_documentation_are_these() -> None:
    page = (ROOT / "docs" / "cost.md").read_text().splitlines()
    missing = [row for row in cost_tables.bursts(cost_tables.ALL_BURSTS) if row not in page]
    assert not missing, "PYTHONPATH=functions python -m tests.support.cost_tables prints the rows"
