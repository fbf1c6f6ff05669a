"""A burst of real games on this machine beside what the simulation says of it: `make bench-burst`.

Prints who used the cores until the last report was saved, and exits 1 when the engines had less than 90 per
cent of what other programs left. Not a test: a busy machine is not a bug.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit
from tests.bench.burst.constants import Constants
from tests.bench.burst.cores import ENGINES, FUNCTIONS
from tests.bench.burst.engine_speed import fitted, measured_speed
from tests.bench.burst.local_burst import LocalBurst, run_burst, warm_up
from tests.bench.burst.outcome import Outcome
from tests.bench.burst.simulation import simulate
from tests.bench.rows import Row, judged
from tests.support.stack import ROOT, LocalStack
from tests.support.users import Api

GAME = ROOT / "examples" / "byrne-fischer-1956.pgn"
GOAL = 0.9
WARM_GAMES = 2
NEVER_S = 1e9


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=100, help="how many at once")
    parser.add_argument("--pgn", type=Path, default=GAME, help="the game that all of them are")
    parser.add_argument("--initial", default="depth 4", help="limit of the initial phase, a depth")
    parser.add_argument("--intermediate", default="nodes 20000", help="limit of the intermediate phase")
    parser.add_argument("--complete", default="nodes 100000", help="limit of the complete phase")
    parser.add_argument("--workers", type=int, help="of each function at once; default: the cores")
    return parser.parse_args(given)


def local_constants(options: argparse.Namespace, plies: int) -> Constants:
    """This machine as the simulation sees it: an environment for each core, all warm, no network."""
    cores = os.cpu_count() or 1
    settings = replace(
        Constants().settings,
        initial_limit=Limit.parse(options.initial),
        intermediate_limit=Limit.parse(options.intermediate),
        complete_limit=Limit.parse(options.complete),
        degrade_after_ms=0,
        initial_concurrency=cores,
        intermediate_concurrency=cores,
        complete_concurrency=cores,
    )
    return Constants(
        settings=settings,
        plies=plies,
        limit=cores,
        prepare_s=0.0,
        init_s=0.0,
        call_age_s=NEVER_S,
        request_s=0.02,
        event_s=0.007,
        queue_call_s=0.0002,
        read_s=0.01,
        save_s=0.03,
    )


def main() -> int:
    """Measure, simulate, print, judge."""
    rows = measure_burst(arguments())
    print(f"\n{judged(rows)}")
    return 0 if all(row.is_kept for row in rows) else 1


def measure(*, is_quick: bool = False) -> list[Row]:
    """The engines' part of the cores at default options, with the tables printed."""
    return measure_burst(arguments(["--games", "20"] if is_quick else []))


def measure_burst(options: argparse.Namespace) -> list[Row]:
    """The same at these options."""
    pgn = options.pgn.read_text()
    game = read_game(pgn, max_plies=600)
    constants = local_constants(options, game.ply_count)
    speed = measured_speed(constants, game, constants.limit)
    constants = replace(fitted(constants, speed.search_s), report_s=speed.report_s)
    parameters = {
        "InitialLimit": options.initial,
        "IntermediateLimit": options.intermediate,
        "CompleteLimit": options.complete,
        "DegradeAfterMs": "0",
        # It is the same game again and again: each is to be searched.
        "PositionCacheTtlS": "0",
    }
    with LocalStack(parameters=parameters, workers=options.workers) as stack, Api.of_new_user(stack) as api:
        warm_up(api, pgn, WARM_GAMES)
        burst = run_burst(stack, api, pgn, options.games)
        workers = int(stack.ready["workers"])
    predicted = simulate(constants, options.games, most_played=options.games)
    print(told(burst, predicted, constants, workers))
    share = burst.use.share_of_ours(ENGINES)
    what = f"engines' part of what other programs leave of the cores, {options.games} games at once"
    return [Row(what, ratio=share, budget=GOAL, at_least=True)]


def told(burst: LocalBurst, predicted: Outcome, constants: Constants, workers: int) -> str:
    """The tables."""
    use, limits = burst.use, ", ".join(str(plan.limit) for plan in constants.plans)
    free_s = burst.drain_s * (1 - use.others_s / (use.wall_s * use.cores))
    engine_s, reports_s = constants.engine_s, 3 * constants.report_s
    median_s, last_s = burst.first_s[len(burst.first_s) // 2], burst.first_s[-1]
    per_game = {name: count / burst.games for name, count in burst.counts.items()}
    environments = f"{use.cores} cores, {workers} environments of each function"
    lines = [
        f"{burst.games} games of {constants.plies} plies ({limits}); {environments};",
        f"alone, a game takes an engine {engine_s:.2f} s and its three reports {reports_s:.2f} s.\n",
        "| | s | to the simulated |",
        "|---|---|---|",
        f"| all done after, simulated | {predicted.drain_s:.1f} | |",
        f"| measured | {burst.drain_s:.1f} | {burst.drain_s / predicted.drain_s:.2f} |",
        f"| measured, less what others used | {free_s:.1f} | {free_s / predicted.drain_s:.2f} |",
        f"\nFirst report: median {median_s:.1f} s, last {last_s:.1f} s (not simulated: here the functions of",
        "three phases share the cores, there each environment has its own).\n",
        "| processor time | s | of the cores | ms for a game |",
        "|---|---|---|---|",
    ]
    used = sorted(use.by_role.items(), key=lambda pair: -pair[1])
    for role, seconds in [*used, ("other programs", use.others_s), ("nobody", use.idle_s)]:
        part = seconds / (use.wall_s * use.cores)
        lines.append(f"| {role} | {seconds:.1f} | {part:.1%} | {seconds / burst.games * 1000:.0f} |")
    calls, empty, segments = (per_game[name] for name in ("phase_run", "empty", "segment_searched"))
    engines_s, functions_s = (use.by_role.get(role, 0.0) for role in (ENGINES, FUNCTIONS))
    share = engines_s / max(1e-9, engines_s + functions_s)
    log_kb, events = burst.log_bytes / burst.games / 1000, burst.events / burst.games
    lines += [
        f"\nOf a game: {events:.2f} wake-up calls, {calls:.2f} calls of functions, {empty:.2f} of them for",
        f"nothing; {segments:.1f} segments, {log_kb:.1f} kB of logs.",
        f"Of what functions do in AWS, too, engines had {share:.0%}.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
