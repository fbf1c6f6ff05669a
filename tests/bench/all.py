"""Every bench one after the other and one table of them all: `make bench`.

Each runs in a process of its own, so that none inherits another's pinned cores or warm caches, and prints its
own tables as it goes. Exits 1 when a budget is exceeded or a bench could not run. Not a test: a busy machine
is not a bug.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import multiprocessing
import os
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from tests.bench.machine import machine, today
from tests.bench.rows import Row, summary

ROOT = Path(__file__).parents[2]
OUTPUT = ROOT / ".local" / "bench" / "all.md"
BENCHES = {
    "cold-start": "tests.bench.cold_start",
    "report": "tests.bench.report",
    "first-result": "tests.bench.first_result.__main__",
    "routes": "tests.bench.routes.main",
    "engine": "tests.bench.engine",
    "main": "tests.bench.main_job",
    "peers": "tests.bench.peers.main",
    "queue": "tests.bench.queue.main",
    "burst": "tests.bench.burst.measure",
}
"""By name, shortest first; each has `measure(*, is_quick)`, which prints its tables and gives its rows."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, without the complete phase")
    parser.add_argument("--only", nargs="+", choices=list(BENCHES), default=list(BENCHES), metavar="BENCH")
    return parser.parse_args()


def rows_of(module: str, *, is_quick: bool) -> list[Row]:
    """The rows of one bench."""
    rows: list[Row] = importlib.import_module(module).measure(is_quick=is_quick)
    return rows


def rows_apart(name: str, module: str, *, is_quick: bool) -> list[Row]:
    """The same from a new process; of a bench that fails, one row that says why."""
    print(f"\n## {name}\n", flush=True)
    started = time.monotonic()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            rows = pool.submit(rows_of, module, is_quick=is_quick).result()
        except BrokenProcessPool:
            print("its process died", flush=True)
            rows = [Row(name, missing="failed: its process died")]
        except Exception as error:
            # Whatever it is, the others are still to be measured.
            traceback.print_exception(error)
            rows = [Row(name, missing=f"failed: {(str(error).splitlines() or [repr(error)])[0]}")]
    print(f"\n({name}: {time.monotonic() - started:.0f} s)", flush=True)
    return [replace(row, what=f"{name}: {row.what}" if row.what != name else name) for row in rows]


def main() -> int:
    """Run, print, judge."""
    options = arguments()
    load = os.getloadavg()[0]
    rows = [row for name in options.only for row in rows_apart(name, BENCHES[name], is_quick=options.quick)]
    setting = (
        f"Measured on {today()}. {machine()}. load {load:.1f} before and {os.getloadavg()[0]:.1f} after."
    )
    text = f"{setting}\n\n{summary(rows)}"
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(f"# Benchmarks\n\n{text}\n")
    print(f"\n## All\n\n{text}\n")
    with contextlib.suppress(ValueError):
        print(f"written to {OUTPUT.relative_to(Path.cwd())}")
    missed = [row for row in rows if not row.is_kept]
    print("within budget" if not missed else f"OVER BUDGET: {len(missed)} of {len(rows)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
