"""`make drill`: lose Redis, Supabase, all but the database, with games under way. Exits 1 on a FAIL.

python -m tests.drill [--only redis supabase region] [--quick]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from tests.drill.drills import DRILLS, MakeStack
from tests.drill.outcome import Outcome, table
from tests.support.altered_template import altered_template
from tests.support.stack import ROOT, LocalStack

LIMITS = {
    "InitialLimit": "depth 8",
    "IntermediateLimit": "nodes 20000",
    "CompleteLimit": "nodes 100000 adaptive",
    # A game that another one has searched already is not under way for long.
    "PositionCacheTtlS": "0",
}
QUICK_LIMITS = {**LIMITS, "IntermediateLimit": "nodes 2000", "CompleteLimit": "nodes 20000 adaptive"}
PHASE_TIMEOUT_S = 15
"""In a quick drill, so that leases end soon."""


def main() -> int:
    """Run the drills one after the other, print the table, judge."""
    arguments = parser().parse_args()
    folder = ROOT / ".local" / "drill" / time.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    make_stack = stacks(folder, is_quick=arguments.quick)
    outcomes = [run(name, make_stack, folder / name, arguments.quick) for name in arguments.only]
    say(f"\n{table(outcomes)}")
    if all(outcome.is_ok for outcome in outcomes):
        shutil.rmtree(folder)
        return 0
    say(f"\nFAIL: logs and databases are in {folder}")
    return 1


def run(name: str, make_stack: MakeStack, folder: Path, sweeps_often: bool) -> Outcome:
    """One drill; what goes wrong on the way is a failed check."""
    say(f"{name} …")
    try:
        return DRILLS[name](make_stack, folder, sweeps_often)
    except Exception as error:
        outcome = Outcome(name, "not brought to its end")
        outcome.must("the drill comes to its end", False, repr(error))
        return outcome


def stacks(folder: Path, *, is_quick: bool) -> MakeStack:
    """Stacks as deployed, but for smaller limits; quick ones forget soon, too."""
    template = None
    if is_quick:
        template = altered_template(
            folder,
            {"LEASE_MARGIN_MS": "1000", "REBUILD_AFTER_MS": "3000"},
            phase_timeout_s=PHASE_TIMEOUT_S,
        )
    limits = QUICK_LIMITS if is_quick else LIMITS
    return lambda data: LocalStack(parameters=limits, template=template, data=data)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="make drill", description=__doc__)
    made.add_argument("--only", nargs="+", choices=DRILLS, default=list(DRILLS), help="some of the drills")
    made.add_argument(
        "--quick",
        action="store_true",
        help="smaller limits, shorter leases, a sweep every second: shows that it recovers, not how fast",
    )
    return made


def say(text: str) -> None:
    """One line of output, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
