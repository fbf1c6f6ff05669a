"""What the engine adapter and the engine's build cost or gain: `make bench-engine`.

The bound of a phase is the same binary on a plain UCI pipe in the same run: every position of a game once,
backwards, hash kept. Ours is the phase as functions search it, segments with their overlap and second looks
included, in turn with the bound; of all example games but for the complete phase, since what hash one game
leaves is chance. The build's bound is the same Stockfish built for any processor.
Exits 1 over budget. Not a test: a busy machine is not a bug.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from knight_vision.adapters.stockfish import Stockfish
from knight_vision.config import DEFAULT_LIMITS, Settings
from knight_vision.domain.game import Game
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.segments import PhasePlan
from tests.bench.main_job import pipe_seconds
from tests.bench.rows import Row

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path for path in (ROOT / "examples").glob("*.pgn") if path.stem != "several-games")
LONG = ROOT / "examples" / "byrne-fischer-1956.pgn"
ROUNDS = {Phase.INITIAL: 7, Phase.INTERMEDIATE: 1, Phase.COMPLETE: 1}
QUICK_ROUNDS = {Phase.INITIAL: 3}
BUDGETS = {Phase.INITIAL: 1.10, Phase.INTERMEDIATE: 1.02, Phase.COMPLETE: 1.01}
LEAST_GAIN = 1.6
HASH_MB = 32
DEADLINE_S = 3600.0
SPEED = re.compile(r"Nodes/second\s*: (\d+)")


@dataclass(frozen=True, slots=True)
class PhaseFigures:
    """Medians of the rounds."""

    ratio: float
    """Ours by the bound."""
    bound_s: float
    ours_s: float
    games: int
    segments: int


def built(architecture: str, *, is_plain: bool) -> Path:
    """A Stockfish by the layer's own script, compiled once."""
    folder = ROOT / ".tools" / "stockfish" / ("bench-plain" if is_plain else "bench")
    environment = {**os.environ, **({"STOCKFISH_PLAIN": "yes"} if is_plain else {})}
    script = ROOT / "layers" / "stockfish" / "build.sh"
    subprocess.run(["sh", script, architecture, folder], env=environment, check=True)
    return folder / "bin" / "stockfish"


def nodes_per_second(engine: Path) -> int:
    """The engine's own benchmark: fifty positions at depth 13, one thread."""
    found = SPEED.search(subprocess.run([engine, "bench"], capture_output=True, text=True, check=True).stderr)
    assert found is not None
    return int(found[1])


def phase_seconds(engine: Stockfish, game: Game, plan: PhasePlan, limit: Limit) -> float:
    """Seconds of all segments of a phase, one after the other."""
    started = time.perf_counter()
    for index in range(plan.segment_count):
        engine.search_segment(game, plan.segment(index), limit, deadline_s=DEADLINE_S)
    return time.perf_counter() - started


def phase_ratios(path: Path, rounds_of: Mapping[Phase, int]) -> dict[Phase, PhaseFigures]:
    """What was found of each phase."""
    engine = Stockfish(str(path), hash_mb=HASH_MB)
    engine.start()
    sizes = {name: field.default for name, field in Settings.__dataclass_fields__.items()}
    found = {}
    for phase, rounds in rounds_of.items():
        limit = DEFAULT_LIMITS[phase]
        size = "positions_per_initial_segment" if phase is Phase.INITIAL else "positions_per_segment"
        games = [example(path) for path in ([LONG] if phase is Phase.COMPLETE else EXAMPLES)]
        plans = [PhasePlan.of(phase, limit, game.position_count, int(str(sizes[size]))) for game in games]
        pairs = []
        for _ in range(rounds):
            bound_s = ours_s = 0.0
            for game, plan in zip(games, plans, strict=True):
                bound_s += pipe_seconds(game, range(game.position_count), pipe_limit(limit), str(path))
                ours_s += phase_seconds(engine, game, plan, limit)
            pairs.append((bound_s, ours_s))
        ratio = statistics.median(ours / bound for bound, ours in pairs)
        bound_s, ours_s = (statistics.median(side) for side in zip(*pairs, strict=True))
        segments = sum(plan.segment_count for plan in plans)
        found[phase] = PhaseFigures(ratio, bound_s, ours_s, len(games), segments)
    engine.close()
    return found


def example(path: Path) -> Game:
    """A game of the examples."""
    return read_game(path.read_text(), max_plies=600)


def pipe_limit(limit: Limit) -> str:
    """A limit in UCI: all its nodes."""
    return str(replace(limit, is_adaptive=False))


def main() -> int:
    """Measure, print, judge."""
    rows = measure()
    print("within budget" if all(row.is_kept for row in rows) else "OVER BUDGET")
    return 0 if all(row.is_kept for row in rows) else 1


def measure(*, is_quick: bool = False) -> list[Row]:
    """The build's gain and each phase, with the table printed."""
    architecture = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    ours, plain = built(architecture, is_plain=False), built(architecture, is_plain=True)
    speeds = [(nodes_per_second(ours), nodes_per_second(plain)) for _ in range(3)]
    gain = statistics.median(one / other for one, other in speeds)
    phases = phase_ratios(ours, QUICK_ROUNDS if is_quick else ROUNDS)
    print(f"{architecture}, {len(EXAMPLES)} games, of the complete phase {LONG.stem}, one core\n")
    print("| phase | limit | games | segments | one pipe, s | ours by it | budget |")
    print("|---|---|---|---|---|---|---|")
    for phase, found in phases.items():
        shown = (
            f"{found.games} | {found.segments} | {found.bound_s:.2f} | {found.ratio:.3f} | {BUDGETS[phase]}"
        )
        print(f"| {phase} | {DEFAULT_LIMITS[phase]} | {shown} |")
    fast, slow = (statistics.median(side) for side in zip(*speeds, strict=True))
    print(f"\nnodes a second: the layer's build {fast:,.0f}, plain {slow:,.0f}: {gain:.2f} times")
    return [
        Row("the engine's build beside a plain one", slow, fast, "nodes/s", gain, LEAST_GAIN, at_least=True),
        *(
            Row(f"{phase} phase beside a pipe", found.bound_s, found.ours_s, "s", found.ratio, BUDGETS[phase])
            for phase, found in phases.items()
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
