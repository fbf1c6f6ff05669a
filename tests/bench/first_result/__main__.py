"""Where the time to the first result goes: `make trace-first-result`. Through the local stack, warm.

The functions log each of their calls (level DEBUG); from these lines, the emulator's and the client's own
clock a timeline is made that accounts for every millisecond between request sent and result read. Prints it
and exits 1 over budget. Not a test: a busy machine is not a bug.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.engine import engine_path, system_engine
from knight_vision.domain.pgn_reader import read_game
from tests.bench.first_result.logs import Invocation, LogReader
from tests.bench.first_result.path import first_result_path
from tests.bench.first_result.table import table
from tests.bench.first_result.timeline import Parts, mean, middle
from tests.bench.main_job import GAME, LIMITS, WITHOUT_CACHE, pipe_seconds, renamed
from tests.bench.rows import Row, judged
from tests.support.stack import LocalStack
from tests.support.users import Api

RUNS, QUICK_RUNS = 25, 9
POLL_S = 0.02
FIRST_POLL_S = 0.1
"""Of the first run. Nothing can be read before."""
FIRST_POLL_SHARE = 0.95
"""Of the time until the report was saved in the fastest run so far, when the others look first: polls take
processor time from what they wait for, and clients, who obey Retry-After, send none meanwhile."""
BUDGET_S = 1.0
BUDGET_TIMES_THE_ENGINE = 1.6


class Tracer:
    """Asks for analyses of one game again and again, and reads the logs of each."""

    def __init__(self, api: Api, logs: Path) -> None:
        self.api = api
        self.requests = LogReader(logs / "ApiFunction.log")
        self.phases = LogReader(logs / "InitialPhaseFunction.log")
        self.first_poll_s = FIRST_POLL_S
        self.fastest_s = float("inf")

    def run(self, game_id: str) -> Parts:
        """One timeline."""
        request_id, url = uuid.uuid4().hex, f"/v1/games/{game_id}"
        sent_ms = time.time() * 1000
        answer = self.api.post(f"{url}/enhanced-annotate", headers={"X-Request-Id": request_id})
        assert answer.status_code == 202, answer.text
        time.sleep(max(0.0, self.first_poll_s - (time.time() - sent_ms / 1000)))
        while True:
            poll_id, poll_sent_ms = uuid.uuid4().hex, time.time() * 1000
            answer = self.api.get(f"{url}/analysis/status", headers={"X-Request-Id": poll_id})
            read_ms = time.time() * 1000
            if answer.json()["finished_phase"] is not None:
                break
            time.sleep(POLL_S)
        # By then all is logged: the function goes on after its report is readable.
        self.api.finished(game_id)
        asked = self.of(self.requests, {request_id, poll_id})
        # Of the functions that searched its segments, the one that was done last.
        [searched] = [one for one in self.phases.invocations() if game_id in one.game_ids and one.saved_ms]
        saved_ms = searched.saved_ms
        self.fastest_s = min(self.fastest_s, (saved_ms - sent_ms) / 1000)
        self.first_poll_s = FIRST_POLL_SHARE * self.fastest_s
        return first_result_path(sent_ms, asked[request_id], searched, poll_sent_ms, asked[poll_id], read_ms)

    def of(self, log: LogReader, ids: set[str]) -> dict[str, Invocation]:
        """The invocations of these requests."""
        found: dict[str, Invocation] = {}
        for one in log.invocations():
            found |= dict.fromkeys(one.correlation_ids & ids, one)
        return found


def timelines(pgn: str, runs: int) -> tuple[list[Parts], float]:
    """The timelines of warm requests one after the other, and what the bare engine takes in between, ms."""
    game = read_game(pgn, max_plies=600)
    # The later phases are made tiny: they would compete with the next run's first.
    parameters = {"IntermediateLimit": "nodes 1", "CompleteLimit": "nodes 1", "LogLevel": "DEBUG"}
    found, bare = [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalStack(parameters={**parameters, **WITHOUT_CACHE}, data=Path(folder)) as stack,
        Api.of_new_user(stack) as api,
    ):
        tracer = Tracer(api, Path(stack.ready["logs"]))
        for number in range(runs + 1):
            game_id = api.submit(renamed(pgn, f"run {number}"))
            bare.append(pipe_seconds(game, range(game.position_count), LIMITS[0]) * 1000)
            found.append(tracer.run(game_id))
    return found[1:], statistics.median(bare[1:])


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--game", type=Path, default=GAME)
    given = parser.parse_args()
    rows = measure_runs(given.game, given.runs)
    print(f"\n{judged(rows)}")
    return 0 if all(row.is_kept for row in rows) else 1


def measure(*, is_quick: bool = False) -> list[Row]:
    """The time to the first result, with its timeline printed."""
    return measure_runs(GAME, QUICK_RUNS if is_quick else RUNS)


@contextmanager
def with_system_engine() -> Iterator[None]:
    """The engine that a machine has without a build: a faster one makes the rest look slower beside it."""
    before = os.environ.get("STOCKFISH_PATH")
    os.environ["STOCKFISH_PATH"] = before or system_engine()
    try:
        yield
    finally:
        if before is None:
            del os.environ["STOCKFISH_PATH"]


def measure_runs(path: Path, count: int) -> list[Row]:
    """The same of so many requests for a game."""
    pgn = path.read_text()
    game = read_game(pgn, max_plies=600)
    with with_system_engine():
        runs, bare_ms = timelines(pgn, count)
        engine = Path(engine_path()).resolve()
    totals = [sum(parts.values()) for parts in runs]
    shown = middle(runs)
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}, {engine}")
    print(f"{path.stem}, {game.ply_count} plies, {count} requests, {len(shown)} around the median\n")
    print(*table(mean(shown), bare_ms=bare_ms), sep="\n")
    median_ms = statistics.median(totals)
    ratio = median_ms / bare_ms
    print(f"\nmedian {median_ms:.0f} ms ({min(totals):.0f} to {max(totals):.0f}), ", end="")
    print(f"engine alone {bare_ms:.0f} ms: {ratio:.2f} times")
    what = "request to first result"
    return [
        Row(f"{what}, median", ours=median_ms / 1000, unit="s", budget=BUDGET_S, is_of_ours=True),
        Row(f"{what} beside the engine alone", bare_ms, median_ms, "ms", ratio, BUDGET_TIMES_THE_ENGINE),
    ]


if __name__ == "__main__":
    sys.exit(main())
