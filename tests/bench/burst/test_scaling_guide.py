"""The bursts of the scaling guide in docs/operations.md are what the simulation gives."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.burst.constants import DEFAULTS, Constants
from tests.bench.burst.simulate import rows

GUIDE = Path(__file__).parents[3] / "docs/operations.md"
ROW = re.compile(
    r"^\| ([\d,]+) \| ([\d,]+); (\d+), (\d+), (\d+)(?:, `PhaseFanout` (\d+))? \| (.*) \|$", re.MULTILINE
)
BURSTS = ROW.findall(GUIDE.read_text())


def test_there_are_bursts() -> None:
    assert len(BURSTS) == 6


@pytest.mark.parametrize("burst", BURSTS, ids=lambda burst: f"{burst[0]} at {burst[1]}")
def test_a_burst_is_simulated(burst: tuple[str, ...]) -> None:
    games, limit, initial, intermediate, complete, fanout, said = burst
    settings = replace(
        DEFAULTS,
        initial_concurrency=int(initial),
        intermediate_concurrency=int(intermediate),
        complete_concurrency=int(complete),
        phase_fanout=int(fanout or DEFAULTS.phase_fanout),
    )
    constants = Constants(limit=number(limit), settings=settings)
    [(_, first, late, all_done, peak, _, shortened, _, dollars, _)] = rows(constants, [number(games)])
    assert said == " | ".join((first, late, all_done, peak, shortened, f"{float(dollars):.2f}"))


def number(text: str) -> int:
    return int(text.replace(",", ""))
