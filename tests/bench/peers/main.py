"""Ours beside a bare pipe and beside the analysers that install from PyPI: `make bench-peers`.

From a PGN's text to a whole result, with the same Stockfish, depth, hash and one thread. Prints a table and
exits 1 when a goal of ours is missed. Not a test: a busy machine is not a bug.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from infra.local.engine import system_engine
from knight_vision.domain.pgn_reader import read_game
from tests.bench.installed import PeerError, install
from tests.bench.machine import machine, today
from tests.bench.peers.contestants import PEERS
from tests.bench.peers.report import Results, goals, markdown
from tests.bench.peers.rounds import (
    APPS,
    ENVIRONMENTS,
    ROOT,
    Names,
    Setting,
    measured_round,
    ours_and_pipes,
    peer_seconds,
)
from tests.bench.rows import Row, judged

OUTPUT = ROOT / ".local" / "bench" / "peers.md"
GAMES = sorted(path for path in (ROOT / "examples").glob("*.pgn") if path.stem != "several-games")
DEPTH, HASH_MB = 12, 32
ROUNDS = 5
"""Of a single game; else each has one."""
QUICK_ROUNDS = 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one game, one round")
    parser.add_argument("--only-ours", action="store_true", help="without the peers")
    parser.add_argument(
        "--game", type=Path, help="the PGN to analyse in five rounds, not all examples in one"
    )
    return parser.parse_args()


def main() -> int:
    """Measure, print, judge."""
    options = arguments()
    rows = measure(is_quick=options.quick, only_ours=options.only_ours, one_game=options.game)
    return 0 if all(row.is_kept for row in rows) else 1


def measure(*, is_quick: bool = False, only_ours: bool = False, one_game: Path | None = None) -> list[Row]:
    """Our goals, with the table printed."""
    load = os.getloadavg()[0]
    rounds = [one_game] * ROUNDS if one_game else GAMES
    settings = [setting_of(path.resolve()) for path in (rounds[:QUICK_ROUNDS] if is_quick else rounds)]
    results = Results()
    if not only_ours:
        install_peers(results)

    def failed(name: str, error: PeerError) -> None:
        results.failures[name] = str(error).splitlines()[-1]
        print(f"{name}: {error}", flush=True)

    for setting in settings:
        print(f"{setting.pgn_path.stem}, {setting.game.ply_count} plies", flush=True)
        with ours_and_pipes(setting) as contestants:
            bound = contestants.pop(Names.bound)
            peers = {
                peer.name: partial(peer_seconds, peer, setting)
                for peer in PEERS
                if not only_ours and peer.name not in results.failures
            }
            results.add(*measured_round(bound, {**contestants, **peers}, failed))
    rows = goals(results)
    text = "\n\n".join([told(settings, load), markdown(results), judged(rows)])
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(f"# Beside other analysers\n\n{text}\n")
    print(f"\n{text}\n\nwritten to {OUTPUT}")
    return rows


def setting_of(path: Path) -> Setting:
    """How a game is analysed."""
    pgn = path.read_text()
    return Setting(path, pgn, read_game(pgn, max_plies=600), stockfish(), DEPTH, HASH_MB)


def stockfish() -> str:
    """The engine of all: the one named, or the system's, which peers find where they are installed."""
    return os.environ.get("STOCKFISH_PATH") or system_engine()


def install_peers(results: Results) -> None:
    """Put each peer into its environment; who does not install is a failure of all its rows."""
    for peer in PEERS:
        try:
            install(APPS / f"{peer.library}.txt", ENVIRONMENTS / peer.library)
        except PeerError as error:
            results.failures[peer.name] = str(error).splitlines()[-1]
            print(f"{peer.name}: {error}", flush=True)


def told(settings: Sequence[Setting], load: float) -> str:
    """What was measured where, and how to repeat it."""
    setting = settings[0]
    plies = [one.game.ply_count for one in settings]
    banner = subprocess.run([setting.engine, "quit"], capture_output=True, text=True, check=False).stdout
    sentences = [
        f"Measured on {today()}",
        machine(),
        f"load {load:.1f} before and {os.getloadavg()[0]:.1f} after",
        f"{banner.split(' by')[0]}, depth {setting.depth}, one thread, {setting.hash_mb} MB of hash",
        f"Python {platform.python_version()}",
        f"{len({one.pgn_path for one in settings})} games, {min(plies)} to {max(plies)} plies",
        "Ratios: all seconds to those of the bound just before and after; in brackets those of single games",
        "Engines run already, but for a process a position",
        "To repeat: `make bench-peers`",
    ]
    return ". ".join(sentences) + "."


if __name__ == "__main__":
    sys.exit(main())
