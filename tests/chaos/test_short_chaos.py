"""The short mode of `make chaos`: half a minute of faults, another by chance each time.

CHAOS_SEED repeats one. Nothing here is timed: a slow machine only takes longer.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.chaos.plan import make_plan
from tests.chaos.run import ChaosRun

GAMES = 60
FAULTS_S = 25.0


@pytest.mark.timeout(900)
def test_nothing_is_lost_or_wrong_whatever_dies(tmp_path: Path) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"CHAOS_SEED={seed}")  # noqa: T201  pytest shows it when the test fails
    plan = make_plan(seed, GAMES, FAULTS_S)
    result = ChaosRun(plan, tmp_path / "chaos", workers=2, say=print).run()
    problems = [f"{one.name}: {problem}" for one in result.verdicts for problem in one.problems]
    assert not problems, f"CHAOS_SEED={seed}, data and logs are in {tmp_path}"
