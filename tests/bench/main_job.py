"""How far the whole system is from its engine: `make bench-main`. Ratios to a bare UCI pipe of the same run.

Prints a table and exits 1 when a budget is exceeded. Not a test: a busy machine is not a bug.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from infra.local.engine import engine_path
from knight_vision.domain.game import Game
from knight_vision.domain.pgn_reader import read_game
from tests.bench.rows import Row
from tests.support.stack import ROOT, LocalStack
from tests.support.users import Api

GAME = ROOT / "examples" / "byrne-fischer-1956.pgn"
FIRST_RESULT_RUNS = 9
FIRST_RESULT_BUDGET_S = 2.0
ALL_PHASES_BUDGET = 1.3
LIMITS = ("depth 8", "nodes 150000", "nodes 1000000")
WITHOUT_CACHE = {"PositionCacheTtlS": "0"}
"""The same game comes again and again: every run is to search it."""
FIRST_POLL_S = 0.02
POLL_S = 0.5
"""Polling costs processor time, too: twenty-five polls a second take half a core from the engines."""


def pipe_seconds(game: Game, positions: range, limit: str, path: str | None = None) -> float:
    """Seconds that the engine alone takes for positions, last to first, hash kept: the bound.

    `path` of its binary; None for the one that the local stack uses.
    """
    engine = subprocess.Popen(
        [path or engine_path()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert engine.stdin is not None
    assert engine.stdout is not None

    def ask(commands: str, last_word: str) -> None:
        assert engine.stdin is not None
        assert engine.stdout is not None
        engine.stdin.write(commands)
        while not engine.stdout.readline().startswith(last_word):
            pass

    ask("uci\n", "uciok")
    ask("setoption name Hash value 32\nucinewgame\nisready\n", "readyok")
    ask("go depth 1\n", "bestmove")
    started = time.perf_counter()
    for position in reversed(positions):
        if not game.boards[position].is_game_over():
            moves = " ".join(game.moves[:position])
            ask(f"position fen {game.start_fen} moves {moves}\ngo {limit}\n", "bestmove")
    seconds = time.perf_counter() - started
    engine.communicate("quit\n")
    return seconds


def two_pipes_seconds(game: Game, limit: str) -> float:
    """The same with two engines at once, each on every other nine positions: what two cores can do."""
    parts = [range(start, min(start + 9, game.position_count)) for start in range(0, game.position_count, 9)]
    threads = [
        threading.Thread(target=lambda mine=mine: [pipe_seconds(game, part, limit) for part in mine])
        for mine in (parts[::2], parts[1::2])
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def renamed(pgn: str, name: str) -> str:
    """The same moves as another game, so that nothing is joined or found stored."""
    return pgn.replace('[White "', f'[White "{name} ')


def seconds_until(
    api: Api, game_id: str, poll_s: float, is_there: Callable[[dict[str, object]], bool]
) -> float:
    """Seconds from the request for an analysis until its status says so."""
    started = time.perf_counter()
    assert api.annotate(game_id).status_code == 202
    while not is_there(api.status(game_id)):
        time.sleep(poll_s)
    return time.perf_counter() - started


def first_results(pgn: str) -> list[float]:
    """Seconds from request to readable initial phase, warm, one after the other."""
    # The later phases are made tiny: they would compete with the next run's first.
    parameters = {"IntermediateLimit": "nodes 1", "CompleteLimit": "nodes 1", **WITHOUT_CACHE}
    with LocalStack(parameters=parameters) as stack, Api.of_new_user(stack) as api:
        runs = []
        for number in range(FIRST_RESULT_RUNS + 1):
            game_id = api.submit(renamed(pgn, f"run {number}"))
            runs.append(
                seconds_until(api, game_id, FIRST_POLL_S, lambda status: status["finished_phase"] is not None)
            )
            api.finished(game_id)
        return runs[1:]


def all_phases(pgn: str) -> tuple[float, int]:
    """Seconds from request to complete report at default limits, and the workers used."""
    with LocalStack(parameters=WITHOUT_CACHE) as stack, Api.of_new_user(stack) as api:
        warm = api.submit("1. e4 e5 2. Nf3 *")
        api.annotate(warm)
        api.finished(warm)
        seconds = seconds_until(api, api.submit(pgn), POLL_S, lambda status: status["state"] == "done")
        return seconds, int(stack.ready["workers"])


def main() -> int:
    """Measure, print, judge."""
    rows = measure()
    print("within budget" if all(row.is_kept for row in rows) else "OVER BUDGET")
    return 0 if all(row.is_kept for row in rows) else 1


def measure(*, is_quick: bool = False) -> list[Row]:
    """The first result and, unless it is to be quick, all phases; with the table printed."""
    pgn = GAME.read_text()
    game = read_game(pgn, max_plies=600)
    name = subprocess.run([engine_path(), "quit"], capture_output=True, text=True, check=False).stdout.split(
        " by"
    )[0]
    print(
        f"{name} on {platform.processor() or platform.machine()}, {Path(GAME).stem}, {game.ply_count} plies\n"
    )
    initial_s = pipe_seconds(game, range(game.position_count), LIMITS[0])
    firsts = first_results(pgn)
    first_s = statistics.median(firsts)
    print(f"{'what':45} {'seconds':>8} {'ratio':>6} {'budget':>6}")
    say("one pipe, depth 8", initial_s)
    say(f"request to initial phase, median of {len(firsts)}", first_s, first_s / initial_s)
    say("the same, slowest", max(firsts), max(firsts) / initial_s)
    rows = [
        Row(
            "request to initial phase, warm",
            initial_s,
            first_s,
            "s",
            first_s / initial_s,
            FIRST_RESULT_BUDGET_S,
            is_of_ours=True,
        )
    ]
    if not is_quick:
        rows.append(all_phases_row(pgn, game, initial_s))
    print("\nratio: to half of one pipe's time for all phases, to one pipe at depth 8 for the initial phase")
    return rows


def all_phases_row(pgn: str, game: Game, initial_s: float) -> Row:
    """All three phases beside half of one pipe's time, `initial_s` of which are known; with its lines of the
    table printed."""
    one_s = initial_s + sum(pipe_seconds(game, range(game.position_count), limit) for limit in LIMITS[1:])
    two_s = initial_s + sum(two_pipes_seconds(game, limit) for limit in LIMITS[1:])
    total_s, workers = all_phases(pgn)
    half_s = one_s / 2
    say("one pipe, all three limits", one_s)
    say("two pipes, all three limits", two_s, two_s / half_s)
    say(f"all three phases, {workers} workers", total_s, total_s / half_s, ALL_PHASES_BUDGET)
    what = "request to complete report beside half of a pipe"
    return Row(what, half_s, total_s, "s", total_s / half_s, ALL_PHASES_BUDGET)


def say(what: str, seconds: float, ratio: float | None = None, budget: float | None = None) -> None:
    """A line of the table."""
    shown = [f"{value:6.2f}" if value is not None else " " * 6 for value in (ratio, budget)]
    print(f"{what:45} {seconds:8.2f} {' '.join(shown)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
