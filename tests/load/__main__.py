"""Simulated users on the local stack: `make load`. Exits 1 when a request failed or an analysis was lost."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.load.outcome import Outcome
from tests.support.stack import ROOT, LocalStack
from tests.support.tool_environment import programs
from tests.support.users import Api

HERE = Path(__file__).parent
GRACE_S = 600
"""What users may take for their last game after the time is up."""


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--users", type=int, default=6, help="users at the same time (6)")
    parser.add_argument("--per-minute", type=float, default=12.0, help="games of all users together (12)")
    parser.add_argument("--minutes", type=float, default=2.0, help="how long users begin new games (2)")
    for phase, limit in (
        ("initial", "depth 8"),
        ("intermediate", "nodes 5000"),
        ("complete", "nodes 20000 adaptive"),
    ):
        parser.add_argument(f"--{phase}-limit", default=limit, help=f"search limit ({limit})")
    return parser.parse_args()


def run_locust(program: Path, stack: LocalStack, chosen: argparse.Namespace, folder: Path) -> Outcome:
    """Users come within ten seconds, play for the time, and finish what they began."""
    environment = {
        **os.environ,
        "LOAD_SUPABASE_URL": stack.supabase_url,
        "LOAD_SUPABASE_KEY": stack.ready["supabase_publishable_key"],
        "LOAD_GAMES": str(ROOT / "examples"),
        "LOAD_SAMPLES": str(folder / "samples"),
        "LOAD_PACING_S": str(60 * chosen.users / chosen.per_minute),
    }
    command: list[str | Path] = [program, "--headless", "--only-summary", "--skip-log-setup"]
    command += ["--locustfile", HERE / "player.py", "--host", stack.api_url, "--csv", folder / "load"]
    command += ["--users", str(chosen.users), "--spawn-rate", str(max(1, chosen.users / 10))]
    command += ["--run-time", f"{round(60 * chosen.minutes)}s", "--stop-timeout", str(GRACE_S)]
    subprocess.run(command, env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return Outcome.read(folder / "load_stats.csv", folder / "load_failures.csv", folder / "samples")


def main() -> int:
    """Start the stack, let users play, report, judge."""
    chosen = options()
    program = programs("load", HERE / "requirements.txt") / "locust"
    parameters = {
        "InitialLimit": chosen.initial_limit,
        "IntermediateLimit": chosen.intermediate_limit,
        "CompleteLimit": chosen.complete_limit,
        # The seven example games come again and again: every one is to be searched.
        "PositionCacheTtlS": "0",
    }
    with tempfile.TemporaryDirectory(prefix="knight-vision-load-") as name:
        with LocalStack(parameters=parameters) as stack, Api.of_new_user(stack) as api:
            warm = api.submit("1. e4 e5 2. Nf3 *")
            api.annotate(warm)
            api.finished(warm)
            started = time.monotonic()
            outcome = run_locust(program, stack, chosen, Path(name))
            took_s = time.monotonic() - started
        print(f"{chosen.users} users, {chosen.per_minute:g} games a minute, {took_s:.0f} s\n")
        print("\n".join(outcome.lines()))
        problems = list(outcome.problems())
        print("\n".join(["", *problems]) if problems else "\nEvery accepted analysis was finished.")
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
