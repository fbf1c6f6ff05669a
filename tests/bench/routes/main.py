"""What requests cost: `make bench-routes`.

The calls of Redis and Supabase that each route makes, and the time of a status request at fifty a second.
Exits 1 when a route makes more calls than three, with an Idempotency-Key or without. Not a test of time: a
busy machine is not a bug.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter

from tests.bench.machine import machine, today
from tests.bench.routes.calls import KEY, MOST, WAITING, calls_of_routes
from tests.bench.routes.status import PER_SECOND, percentile, status_times_ms
from tests.bench.rows import Row

SECONDS, QUICK_SECONDS = 20.0, 5.0


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="make bench-routes", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"statuses for {QUICK_SECONDS:.0f} s only")
    rows = measure(is_quick=parser.parse_args().quick)
    return 0 if all(row.is_kept for row in rows) else 1


def measure(*, is_quick: bool = False) -> list[Row]:
    """The greatest number of calls, and the times, with tables of both printed."""
    load = os.getloadavg()[0]
    calls = calls_of_routes()
    print(f"Measured on {today()}. {machine()}. load {load:.1f} before.\n")
    print("| route | calls | of what |\n|---|---|---|")
    for route, made in calls.items():
        counts = Counter(made)  # in the order of their first call
        names = (f"`{name}`" + (f" x {count}" if count > 1 else "") for name, count in counts.items())
        print(f"| {route} | {len(made)} | {', '.join(names)} |")
    alone, many = status_times_ms(QUICK_SECONDS if is_quick else SECONDS)
    print("\n| status requests | p50, ms | p99, ms |\n|---|---|---|")
    for what, times_ms in (("one after the other", alone), (f"{PER_SECOND} a second", many)):
        print(f"| {what} | {percentile(times_ms, 50):.1f} | {percentile(times_ms, 99):.1f} |")
    with_key = [len(made) for route, made in calls.items() if KEY in route]
    most = max(len(made) for route, made in calls.items() if KEY not in route and WAITING not in route)
    bound_ms = percentile(alone, 50)
    return [
        Row("most calls of a route", ours=most, unit="calls", budget=MOST, is_of_ours=True),
        Row(
            "most calls with an Idempotency-Key",
            ours=max(with_key),
            unit="calls",
            budget=MOST,
            is_of_ours=True,
        ),
        *(
            Row(
                f"status, p{percent} at {PER_SECOND} a second beside p50 alone",
                bound_ms,
                time_ms,
                "ms",
                time_ms / bound_ms,
            )
            for percent in (50, 99)
            for time_ms in [percentile(many, percent)]
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
