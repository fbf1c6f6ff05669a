"""The stack of a chaos run: tiny searches, short lives, and an engine that dies of toxic games.

Times, in seconds: a phase function lives 16 and claims while it has 13 left, so what it claims is held for
4 to 7. A lease usually outlives its function (docs/decisions/0004). Here it is the other way round: a worker
frozen for 7.5 wakes up with its lease lost and 5 or more to do harm in, if anything let it.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

from infra.local.engine import engine_path
from knight_vision.domain.phase import Limit, Phase
from tests.chaos import toxic_engine
from tests.chaos.games import TOXIC_OPENINGS
from tests.support.altered_template import altered_template

__all__ = ["LIMITS", "MAX_ATTEMPTS", "POSITIONS_PER_SEGMENT", "PREFIX", "template_for"]

LIMITS = {
    Phase.INITIAL: Limit(depth=4),
    Phase.INTERMEDIATE: Limit(nodes=300),
    Phase.COMPLETE: Limit(nodes=1000),
}
POSITIONS_PER_SEGMENT = 6
MAX_ATTEMPTS = 4
"""More than the usual three: a game that faults hit again and again by chance must not count as toxic."""
PHASE_TIMEOUT_S = 16
LEASE_MARGIN_MS = -9_000
PREFIX = "knight-vision"
"""The stack's name, which its keys in Redis begin with."""


def template_for(folder: Path) -> Path:
    """A copy of the project's template in `folder`, made for a chaos run."""
    return altered_template(folder, variables(folder), phase_timeout_s=PHASE_TIMEOUT_S)


def variables(folder: Path) -> dict[str, str]:
    """The environment of all functions."""
    return {
        **{f"{phase.upper()}_LIMIT": str(limit) for phase, limit in LIMITS.items()},
        "POSITIONS_PER_SEGMENT": str(POSITIONS_PER_SEGMENT),
        "POSITIONS_PER_INITIAL_SEGMENT": str(POSITIONS_PER_SEGMENT),
        "MAX_ATTEMPTS": str(MAX_ATTEMPTS),
        "LEASE_MARGIN_MS": str(LEASE_MARGIN_MS),
        "REBUILD_AFTER_MS": "2000",
        # Every report is compared with one that had all the time in the world.
        "DEGRADE_AFTER_MS": "0",
        "REDO_DEGRADED_LIMIT": "0",
        # And that knew nothing of other games.
        "POSITION_CACHE_TTL_S": "0",
        "STOCKFISH_PATH": str(engine_script(folder)),
    }


def engine_script(folder: Path) -> Path:
    """An executable that runs toxic_engine.py."""
    openings = {opening: toxin.value for toxin, opening in TOXIC_OPENINGS.items()}
    command = [
        *(sys.executable, "-IS", str(toxic_engine.__file__)),
        *(engine_path(), json.dumps(openings), str(LIMITS[Phase.COMPLETE])),
    ]
    script = folder / "toxic-engine"
    script.write_text(f"#!/bin/sh\nexec {shlex.join(command)}\n")
    script.chmod(0o755)
    return script
