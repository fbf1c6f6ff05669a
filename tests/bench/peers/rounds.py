"""Every contestant in turn, each between two runs of the bound."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from knight_vision.domain.game import Game
from knight_vision.domain.phase import Phase
from tests.bench.installed import PeerError
from tests.bench.peers.contestants import Peer
from tests.bench.peers.ours import OneWorker, TwoWorkers, settings_with
from tests.bench.peers.pipes import BarePipe, seconds_at_once

__all__ = ["APPS", "ENVIRONMENTS", "Names", "Setting", "measured_round", "ours_and_pipes", "peer_seconds"]

ROOT = Path(__file__).parents[3]
APPS = Path(__file__).parent / "apps"
ENVIRONMENTS = ROOT / ".tools" / "bench-peers"
TIMEOUT_S = 900.0
Seconds = Callable[[], float]


class Names:
    """The rows that are no peers."""

    bound = "bare pipe, one core"
    two_pipes = "two bare pipes, two cores"
    forwards = "bare pipe, forwards"
    backwards = "bare pipe, backwards"
    one_core = "Knight Vision, one core"
    two_cores = "Knight Vision, two cores"
    few_segments = "Knight Vision, one core, few segments"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is analysed, and how."""

    pgn_path: Path
    pgn: str
    game: Game
    engine: str
    depth: int
    hash_mb: int


@contextmanager
def ours_and_pipes(setting: Setting) -> Iterator[dict[str, Seconds]]:
    """What takes the seconds of ours and of the bare pipes, by name; all of it runs already."""
    game, depth = setting.game, setting.depth
    settings = settings_with(depth, setting.hash_mb)
    with ExitStack() as stack:
        pipes = [
            stack.enter_context(closing(BarePipe(setting.engine, hash_mb=setting.hash_mb))) for _ in range(2)
        ]
        one = stack.enter_context(closing(OneWorker(setting.engine, settings)))
        two = stack.enter_context(closing(TwoWorkers(setting.engine, settings)))
        forwards = range(game.position_count)

        def pipe(positions: range, *, is_cleared: bool) -> Seconds:
            return timed(lambda: pipes[0].search(game, positions, depth, is_cleared=is_cleared))

        yield {
            Names.bound: pipe(forwards, is_cleared=True),
            Names.two_pipes: lambda: seconds_at_once(pipes, game, depth),
            Names.forwards: pipe(forwards, is_cleared=False),
            Names.backwards: pipe(forwards[::-1], is_cleared=False),
            Names.one_core: timed(lambda: one.analyse(setting.pgn, Phase.COMPLETE)),
            Names.two_cores: timed(lambda: two.analyse(setting.pgn, Phase.COMPLETE)),
            Names.few_segments: timed(lambda: one.analyse(setting.pgn, Phase.INITIAL)),
        }


def timed(work: Callable[[], object]) -> Seconds:
    """What does the work and gives the seconds it took."""

    def seconds() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return seconds


def peer_seconds(peer: Peer, setting: Setting) -> float:
    """Seconds that a peer takes, from the PGN's text to its result, in a new process of its environment.

    Raises PeerError when it did not evaluate every position, to the full depth where it tells. The start may
    be missing, or an end that needs no engine.
    """
    app = f"{peer.library}_app:{peer.function}"
    with tempfile.TemporaryDirectory() as folder:
        numbers = str(setting.depth), str(setting.hash_mb)
        given = (str(setting.pgn_path), setting.engine, *numbers, folder)
        python = ENVIRONMENTS / peer.library / "bin" / "python"
        try:
            ended = subprocess.run(
                [python, "-m", "tests.bench.peers.apps.drive", app, *given],
                env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": folder},
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PeerError(f"{peer.name} was not done after {TIMEOUT_S:.0f} s") from error
    if ended.returncode != 0:
        raise PeerError(f"{peer.name} failed: {(ended.stderr.strip().splitlines() or ['?'])[-1]}")
    return proven(peer, json.loads(ended.stdout), setting.game)


def proven(peer: Peer, answer: Mapping[str, float], game: Game) -> float:
    """The seconds of an answer. Raises PeerError when it tells of too few positions."""
    if answer["positions"] < game.ply_count - 1:
        raise PeerError(f"{peer.name} evaluated {answer['positions']} of {game.position_count} positions")
    return answer["seconds"]


def measured_round(
    bound: Seconds, contestants: Mapping[str, Seconds], failed: Callable[[str, PeerError], None]
) -> tuple[float, dict[str, tuple[float, float]]]:
    """The bound's mean seconds, and each contestant's with their ratio to the bound's just before and after.

    Whoever raises PeerError is told to `failed` and left out.
    """
    bounds = [bound()]
    found: dict[str, tuple[float, float]] = {}
    for name, seconds in contestants.items():
        try:
            taken_s = seconds()
        except PeerError as error:
            failed(name, error)
            continue
        bounds.append(bound())
        found[name] = taken_s, 2 * taken_s / (bounds[-2] + bounds[-1])
        print(f"{name}: {taken_s:.2f} s, {found[name][1]:.2f} times the bound", flush=True)
    return sum(bounds) / len(bounds), found
