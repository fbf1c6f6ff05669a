"""The table of games an hour in docs/operations.md; `python -m tests.support.scaling_table` prints it.

Computed from docs/cost.md's own constants: games of 82 plies that come evenly, at default limits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from knight_vision.domain.cost import Architecture
from tests.bench.burst.simulation import QUEUE_CALLS_OF_REPORT
from tests.support.cost_tables import CONSTANTS, TIMES, priced_besides, row

__all__ = ["RATES", "rows"]

RATES = (10, 1_000, 100_000)
"""Games an hour."""
HOUR_S, DAY_H = 3600, 24
PER_1000 = 1_000


def rows() -> Iterator[str]:
    """What each rate needs, a row for each kind."""
    for name, of_rate in measures().items():
        yield row(name, *(shown(of_rate(rate)) for rate in RATES))


def measures() -> dict[str, Callable[[int], float]]:
    """What is needed → how much of it, by games an hour."""
    initial, intermediate, complete = (time.engine_s + time.besides_s for time in TIMES)
    scripts = sum(3 + len(segments) + QUEUE_CALLS_OF_REPORT for segments in CONSTANTS.searches)
    dollars = sum(time.dollars(Architecture.X86_64) for time in TIMES)
    dollars += sum(amount for *_, amount in priced_besides())
    return {
        "functions at work: initial": lambda rate: rate * initial / HOUR_S,
        "intermediate": lambda rate: rate * intermediate / HOUR_S,
        "complete": lambda rate: rate * complete / HOUR_S,
        "together": lambda rate: rate * (initial + intermediate + complete) / HOUR_S,
        "scripts a second in Redis": lambda rate: rate * scripts / HOUR_S,
        "ECPU a second": lambda rate: rate * scripts * CONSTANTS.queue_call_ecpus / HOUR_S,
        "reports saved a second": lambda rate: rate * len(TIMES) / HOUR_S,
        "GB a day on Supabase's disk": lambda rate: rate * DAY_H * CONSTANTS.report_bytes / 1e9,
        "GB of logs a day": lambda rate: rate * DAY_H * CONSTANTS.log_bytes / 1e9,
        "dollars a day": lambda rate: rate * DAY_H * dollars / PER_1000,
    }


def shown(value: float) -> str:
    """Two digits that count, and no more.

    >>> shown(0.00136), shown(1.26), shown(18.76), shown(1876.4)
    ('0.0014', '1.3', '19', '1,900')
    """
    return f"{float(f'{value:.2g}'):,.10g}" if value < 1000 else f"{round(value, -2):,.0f}"


if __name__ == "__main__":
    print("\n".join(rows()))  # noqa: T201
