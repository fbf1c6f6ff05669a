"""What a new environment costs before its first request: `make bench-cold-start`.

INIT as AWS's runtime emulator reports it, on the built artifacts and Lambda's Python, in turn with an empty
handler of the same packages. Exits 1 over budget. Not a test: a busy machine is not a bug.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from infra.local.http import request
from infra.local.template import Function, load_template
from tests.bench.rows import Row
from tests.support.built_functions import EVENTS, ROOT, BuiltFunctions, lambda_runtime

RUNTIME = "3.13"
BUILD = ROOT / ".aws-sam" / "build"
ROUNDS, QUICK_ROUNDS = 7, 3
EMPTY = "EmptyFunction"
BUDGETS = {"InitialPhaseFunction": 250 / 85, "SweeperFunction": 250 / 85, "ApiFunction": 450 / 85}
"""Times the empty handler's INIT, which takes 85 ms in Lambda (maxday/lambda-perf, Python 3.13, x86_64)."""
INIT = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)\)")
NOWHERE = {
    "SUPABASE_SECRET_KEY": "x",
    "REDIS_URL": "redis://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def functions_of(build: Path) -> dict[str, Function]:
    """The functions of a build and, beside them, one that does nothing."""
    parameters = {"SupabaseUrl": "http://127.0.0.1:1", "SupabasePublishableKey": "x"}
    functions = dict(load_template(build / "template.yaml", parameters).functions)
    folder = build / EMPTY
    folder.mkdir(exist_ok=True)
    (folder / "empty.py").write_text("def lambda_handler(event, context):\n    return {}\n")
    functions[EMPTY] = replace(functions["SweeperFunction"], name=EMPTY, handler="empty.lambda_handler")
    return functions


def start_ms(build: Path, functions: dict[str, Function], name: str) -> tuple[float, float]:
    """INIT of a new environment, and the time until its first answer, in milliseconds."""
    event = EVENTS / "ApiFunction-health.json"
    body = json.loads(event.read_text()) if name == "ApiFunction" else {}
    logs = Path(tempfile.mkdtemp())
    running = BuiltFunctions(build, functions, lambda_runtime(RUNTIME), NOWHERE, logs)
    try:
        url = running.start(functions[name])
        started = time.perf_counter()
        request("POST", url, json=body, timeout_s=60)
        answered_ms = (time.perf_counter() - started) * 1000
        found = INIT.search((logs / f"{name}.log").read_text())
        assert found, running.log(name)
        return float(found[1]), answered_ms
    finally:
        running.close()
        shutil.rmtree(logs, ignore_errors=True)


def main() -> int:
    """Measure in turn, print, judge."""
    rows = measure(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD)
    print("\nwithin budget" if all(row.is_kept for row in rows) else "\nOVER BUDGET")
    return 0 if all(row.is_kept for row in rows) else 1


def measure(build: Path = BUILD, *, is_quick: bool = False) -> list[Row]:
    """Each function beside the empty one, with the table printed."""
    if not build.exists():
        raise FileNotFoundError("nothing is built: make build")
    rounds = QUICK_ROUNDS if is_quick else ROUNDS
    functions = functions_of(build)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in (EMPTY, *BUDGETS)}
    for _ in range(rounds):
        for name, found in times.items():
            found.append(start_ms(build, functions, name))
    empty_ms = statistics.median(init_ms for init_ms, _ in times[EMPTY])
    print(f"Python {RUNTIME}, {rounds} starts each, medians\n")
    print("| function | INIT, ms (least to greatest) | times the empty handler | budget |")
    print("|---|---|---|---|")
    rows = []
    for name, found in times.items():
        inits = sorted(init_ms for init_ms, _ in found)
        ratio, budget = statistics.median(inits) / empty_ms, BUDGETS.get(name)
        if budget is not None:
            what = f"cold start of {name} beside an empty function"
            rows.append(Row(what, empty_ms, statistics.median(inits), "ms", ratio, budget))
        shown = f"{statistics.median(inits):.0f} ({inits[0]:.0f} to {inits[-1]:.0f})"
        print(f"| {name} | {shown} | {ratio:.1f} | {f'{budget:.1f}' if budget else ''} |")
    return rows


if __name__ == "__main__":
    sys.exit(main())
