"""Prices: AWS' own worked examples, and laws."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.cost import (
    METRIC_MONTH_USD,
    Architecture,
    PhaseCost,
    billed_ms,
    cache_requests_price,
    cache_storage_price_per_month,
    data_out_price,
    events_price,
    gb_seconds,
    http_requests_price,
    log_price,
    messages_price,
    node_price_per_month,
    phase_cost,
    price_of,
)

FREE_GB_SECONDS, FREE_REQUESTS = 400_000, 1_000_000
quantities = st.integers(0, 10**12)
memories = st.integers(128, 10_240)
architectures = st.sampled_from(Architecture)


def test_three_million_calls_of_a_second_with_half_a_gigabyte() -> None:
    """The first example of https://aws.amazon.com/lambda/pricing/: 18.74 dollars beyond the free tier."""
    billed = 3_000_000 * billed_ms(1.0)
    assert gb_seconds(billed, 512) == 1_500_000
    free = price_of(FREE_GB_SECONDS * 1000, 1024, requests=FREE_REQUESTS)
    assert price_of(billed, 512, requests=3_000_000) - free == pytest.approx(18.74, abs=0.01)


def test_thirty_million_calls_of_two_hundred_milliseconds() -> None:
    """The second example of the same page: 11.63 dollars beyond the free tier."""
    price = price_of(30_000_000 * billed_ms(0.2), 128, requests=30_000_000)
    free = price_of(FREE_GB_SECONDS * 1000, 1024, requests=FREE_REQUESTS)
    assert price - free == pytest.approx(11.63, abs=0.01)


def test_arm_costs_four_fifths() -> None:
    x86, arm = (price_of(10**9, 1769, architecture, 0) for architecture in Architecture)
    assert arm / x86 == pytest.approx(0.8, abs=1e-5)


def test_a_thousand_seconds_of_one_whole_processor() -> None:
    assert price_of(1_000_000, 1769, requests=0) == pytest.approx(0.028792, abs=1e-6)


def test_what_a_million_of_each_costs() -> None:
    assert events_price(1_000_000) == 1.0
    assert http_requests_price(1_000_000) == 1.0
    assert messages_price(1_000_000) == 0.4
    assert cache_requests_price(1_000_000) == 0.0023
    assert price_of(0, 128, requests=1_000_000) == pytest.approx(0.2)


@pytest.mark.parametrize(("body_bytes", "counted"), [(0, 1), (1, 1), (524_288, 1), (524_289, 2), (10**7, 20)])
def test_a_large_request_counts_for_several(body_bytes: int, counted: int) -> None:
    assert http_requests_price(1, body_bytes) == pytest.approx(counted * http_requests_price(1))


def test_caches_cost_something_while_nothing_happens() -> None:
    assert cache_storage_price_per_month() == cache_storage_price_per_month(0.1) == pytest.approx(6.132)
    assert node_price_per_month() == pytest.approx(9.344)
    assert node_price_per_month(2) == 2 * node_price_per_month()


def test_what_a_gigabyte_of_each_costs() -> None:
    assert log_price(1024**3) == 0.5
    assert data_out_price(1024**3) == 0.09
    assert METRIC_MONTH_USD == 0.3


@pytest.mark.parametrize(
    ("seconds", "milliseconds"), [(0, 0), (0.000001, 1), (0.001, 1), (0.001002, 2), (0.1 + 0.2, 300)]
)
def test_begun_milliseconds_are_billed(seconds: float, milliseconds: int) -> None:
    """The last is 0.30000000000000004 and no millisecond more."""
    assert billed_ms(seconds) == milliseconds


def test_a_phase_says_what_its_price_is_made_of() -> None:
    cost = phase_cost(12_345, 1769, Architecture.ARM64, 3)
    assert cost == PhaseCost(12_345, 1769, 3, price_of(12_345, 1769, Architecture.ARM64, 3))
    assert json.loads(json.dumps(cost.to_json())) == {
        "billed_ms": 12_345,
        "memory_mb": 1769,
        "requests": 3,
        "dollars": round(cost.dollars, 9),
    }


@pytest.mark.parametrize(("billed", "memory_mb", "requests"), [(-1, 1769, 1), (1, 0, 1), (1, 1769, -1)])
def test_less_than_nothing_is_refused(billed: int, memory_mb: int, requests: int) -> None:
    with pytest.raises(ValueError, match="nothing to bill"):
        price_of(billed, memory_mb, requests=requests)


def test_no_call_takes_less_than_no_time() -> None:
    with pytest.raises(ValueError, match="cannot take"):
        billed_ms(-0.001)


@given(quantities, quantities, memories, architectures, quantities)
def test_time_adds_up(
    one: int, other: int, memory_mb: int, architecture: Architecture, requests: int
) -> None:
    together = price_of(one + other, memory_mb, architecture, requests)
    apart = price_of(one, memory_mb, architecture, requests) + price_of(other, memory_mb, architecture, 0)
    assert together == pytest.approx(apart)


@given(st.floats(0, 10**6))
def test_nothing_is_billed_for_less_than_it_took(seconds: float) -> None:
    assert seconds * 1000 - 0.001 <= billed_ms(seconds) < seconds * 1000 + 1
