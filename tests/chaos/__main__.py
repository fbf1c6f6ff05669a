"""`make chaos`: many small games through a real stack while its parts die. Exits 1 when a check fails.

python -m tests.chaos [--seed N] [--games 300] [--minutes M] [--workers 2]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from dataclasses import asdict

from tests.chaos.plan import make_plan
from tests.chaos.run import ChaosRun, Result
from tests.support.stack import ROOT

GAMES = 300
GAMES_PER_MINUTE = 120
"""As many as the faults leave time for on two cores; submitted over four fifths of the time."""


def main() -> int:
    """Run, print, judge."""
    arguments = parser().parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(1_000_000)
    games = arguments.games or max(GAMES, round((arguments.minutes or 0) * GAMES_PER_MINUTE))
    duration_s = 60 * (arguments.minutes or games / GAMES_PER_MINUTE)
    say(f"seed {seed}: {games} games, faults for {duration_s:.0f} s")
    began = time.strftime("%Y%m%d-%H%M%S")
    folder = ROOT / ".local" / "chaos" / f"{began}-{seed}"
    plan = make_plan(seed, games, duration_s)
    result = ChaosRun(plan, folder, workers=arguments.workers, say=say).run()
    record = folder.with_suffix(".json")
    settings = {"seed": seed, "games": games, "duration_s": duration_s, "workers": arguments.workers}
    record.write_text(json.dumps({**settings, "is_ok": result.is_ok, **as_json(result)}, indent=1))
    say(table(result))
    say(f"\nThe record of the run: {record}")
    if result.is_ok:
        say(f"OK: seed {seed}, {games} games, nothing lost, nothing wrong")
        return 0
    say(f"FAILED: seed {seed}; logs and databases are in {folder}")
    say(f"Again: make chaos SEED={seed} GAMES={games} MINUTES={duration_s / 60:g}")
    return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    made.add_argument("--seed", type=int, help="decides games, requests and faults (default: by chance)")
    made.add_argument("--games", type=int, help=f"default: {GAMES}, or {GAMES_PER_MINUTE} a minute if more")
    made.add_argument("--minutes", type=float, help=f"of faults (default: one for {GAMES_PER_MINUTE} games)")
    made.add_argument("--workers", type=int, default=2, help="simultaneous functions of each phase")
    return made


def table(result: Result) -> str:
    """What was done, what was seen, and what was found."""
    lines = []
    for sort, counts in result.counts.items():
        if counts:
            lines += ["", sort, *(f"{count:8}  {what}" for what, count in sorted(counts.items()))]
    lines += ["", f"what must hold, after {result.seconds:.0f} s"]
    for verdict in result.verdicts:
        word = "FAILED" if verdict.problems else "ok"
        lines.append(f"{word:>8}  {verdict.name} ({verdict.looked_at} checked)")
        lines += [f"{'':10}{problem}" for problem in verdict.problems]
    return "\n".join(lines)


def as_json(result: Result) -> dict[str, object]:
    """The result for the record."""
    verdicts = [asdict(verdict) for verdict in result.verdicts]
    return {"counts": result.counts, "seconds": result.seconds, "verdicts": verdicts}


def say(text: str) -> None:
    """One line of output, at once."""
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
