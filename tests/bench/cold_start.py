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
EMPTY, BARE = "EmptyFunction", "BareFastApiFunction"
SOURCES = {
    EMPTY: "def lambda_handler(event, context):\n    return {}\n",
    # What the API cannot be faster than: no route of ours, no domain, no logger.
    BARE: """\
from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()
app.get("/health")(lambda: {"status": "ok"})
lambda_handler = Mangum(app, lifespan="off")
""",
}
"""Functions that stand beside ours."""
EMPTY_LAMBDA_MS = 85
"""INIT of an empty handler in Lambda (maxday/lambda-perf, Python 3.13, x86_64)."""
BUDGETS = {
    "InitialPhaseFunction": (EMPTY, 250 / EMPTY_LAMBDA_MS),
    "SweeperFunction": (EMPTY, 250 / EMPTY_LAMBDA_MS),
    # 450 ms would be 5.3 times the empty one: FastAPI and Mangum alone take more.
    "ApiFunction": (BARE, 1.5),
}
"""Times the INIT of which other function each may take."""
INIT = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)\)")
NOWHERE = {
    "SUPABASE_SECRET_KEY": "x",
    "REDIS_URL": "redis://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def functions_of(build: Path) -> dict[str, Function]:
    """The functions of a build and, beside them, one that does nothing and one that is FastAPI alone."""
    parameters = {"SupabaseUrl": "http://127.0.0.1:1", "SupabasePublishableKey": "x"}
    functions = dict(load_template(build / "template.yaml", parameters).functions)
    for name, source in SOURCES.items():
        folder = build / name
        folder.mkdir(exist_ok=True)
        (folder / "alone.py").write_text(source)
        functions[name] = replace(functions["SweeperFunction"], name=name, handler="alone.lambda_handler")
    return functions


def start_ms(build: Path, functions: dict[str, Function], name: str) -> tuple[float, float]:
    """INIT of a new environment, and the time until its first answer, in milliseconds."""
    event = EVENTS / "ApiFunction-health.json"
    body = json.loads(event.read_text()) if name in ("ApiFunction", BARE) else {}
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
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in (*SOURCES, *BUDGETS)}
    for _ in range(rounds):
        for name, found in times.items():
            found.append(start_ms(build, functions, name))
    inits = {name: statistics.median(init_ms for init_ms, _ in found) for name, found in times.items()}
    print(f"Python {RUNTIME}, {rounds} starts each, medians\n")
    print("| function | INIT, ms (least to greatest) | times the empty handler | times its bound | budget |")
    print("|---|---|---|---|---|")
    rows = []
    for name, found in times.items():
        least, *_, greatest = sorted(init_ms for init_ms, _ in found)
        ours_ms = inits[name]
        cells = [f"{ours_ms:.0f} ({least:.0f} to {greatest:.0f})", f"{ours_ms / inits[EMPTY]:.1f}", "", ""]
        if name in BUDGETS:
            bound, budget = BUDGETS[name]
            ratio = ours_ms / inits[bound]
            rows.append(
                Row(f"cold start of {name} beside {bound}", inits[bound], ours_ms, "ms", ratio, budget)
            )
            cells[2:] = [f"{ratio:.2f}", f"{budget:.1f}"]
        print(f"| {name} | {' | '.join(cells)} |")
    return rows


if __name__ == "__main__":
    sys.exit(main())
