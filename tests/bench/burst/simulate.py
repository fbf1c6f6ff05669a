"""A burst of games on AWS, simulated: `make simulate-burst [OPTIONS="--limit 3000"]`.

Prints how soon, with how many functions and for how much bursts of one to a million games would be done, and
all constants that this follows from. `--help` says where each of them comes from.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields

from tests.bench.burst.constants import Constants
from tests.bench.burst.options import add_options, constants_of
from tests.bench.burst.outcome import Outcome, idle_dollars_per_month
from tests.bench.burst.simulation import simulate

__all__ = ["HEADINGS", "duration", "rows", "table"]

BURSTS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
HEADINGS = (
    "games",
    "first report, median",
    "99 of 100",
    "all done after",
    "functions at the peak",
    "cold starts",
    "phases cut short",
    "searching",
    "dollars",
    "for 1,000 games",
)


def duration(seconds: float) -> str:
    """Readable.

    >>> duration(1.234), duration(99), duration(600), duration(7200)
    ('1.2 s', '99 s', '10.0 min', '2.0 h')
    """
    if seconds < 120:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def row(outcome: Outcome) -> tuple[str, ...]:
    """An outcome under HEADINGS."""
    games = outcome.games
    return (
        f"{games:,}",
        duration(outcome.first_percentile_s(50)),
        duration(outcome.first_percentile_s(99)),
        duration(outcome.drain_s),
        f"{outcome.peak:,}",
        f"{outcome.cold_starts:,}",
        f"{100 * outcome.degraded / games / 2:.0f} %",
        f"{100 * outcome.search_s / outcome.billed_s:.0f} %",
        f"{outcome.total_dollars:,.4f}" if games < 100 else f"{outcome.total_dollars:,.2f}",
        f"{1000 * outcome.total_dollars / games:.2f}",
    )


def rows(constants: Constants, bursts: Iterable[int]) -> Iterator[tuple[str, ...]]:
    """One row for each number of games."""
    for games in bursts:
        yield row(simulate(constants, games))


def table(lines: Iterable[tuple[str, ...]]) -> str:
    """Markdown."""
    return "\n".join("| " + " | ".join(line) + " |" for line in (HEADINGS, ("---",) * len(HEADINGS), *lines))


def main() -> int:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", nargs="+", type=int, default=BURSTS, help="how many arrive at once")
    add_options(parser)
    options = parser.parse_args()
    constants = constants_of(options)
    print(table(rows(constants, options.games)))
    idle = idle_dollars_per_month(constants)
    parts = ", ".join(f"{what} {dollars:.2f}" for what, dollars in idle.items())
    print(f"\nIdle: {sum(idle.values()):.2f} dollars a month ({parts}), Supabase besides.")
    print("\nConstants (--help says where they come from):")
    for item in fields(constants):
        if item.name != "settings":
            print(f"  {item.name:26} {getattr(constants, item.name)}")
    for name, limit in zip(("initial", "intermediate", "complete"), constants.plans, strict=True):
        print(f"  {name + ' phase':26} {limit.limit}, {limit.segment_count} segments")
    return 0


if __name__ == "__main__":
    sys.exit(main())
