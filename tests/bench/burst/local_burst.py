"""A burst of real games through the real local stack, and what its logs say afterwards."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knight_vision.domain.phase import Phase
from tests.bench.burst.cores import CoreUse, Snapshot
from tests.support.stack import LocalStack
from tests.support.users import PGN_TYPE, Api

__all__ = ["LocalBurst", "events_in", "run_burst", "warm_up"]

GAMES_PER_REQUEST = 100
MOST_IN_BULK = 500
POLL_S = 0.5
GIVE_UP_S = 180.0
FUNCTIONS = {phase: f"{phase.capitalize()}PhaseFunction" for phase in Phase}


@dataclass(frozen=True, slots=True)
class LocalBurst:
    """What was measured."""

    games: int
    first_s: tuple[float, ...]
    """From the request to the first report of each game, least first."""
    drain_s: float
    """From the request to the last complete report."""
    use: CoreUse
    counts: Counter[str]
    """Log lines by message; `empty`: calls of functions that found nothing to do."""
    log_bytes: int
    """Of the phase functions."""
    events: int
    """Wake-up calls that were sent."""


def run_burst(stack: LocalStack, api: Api, pgn: str, games: int) -> LocalBurst:
    """Submit, ask for all at once, wait for the last. Raises TimeoutError when nothing happens any more."""
    for first in range(0, games, GAMES_PER_REQUEST):
        batch = range(first, min(games, first + GAMES_PER_REQUEST))
        content = "\n\n".join(renamed(pgn, f"game {number}") for number in batch)
        answer = api.post("/v1/games", content=content, headers={"Content-Type": PGN_TYPE})
        assert answer.status_code == 201, answer.text
    logs = Path(stack.ready["logs"])
    sizes = {phase: log_of(logs, phase).stat().st_size for phase in Phase}
    assert stack.process is not None
    events_sent(stack)
    before = Snapshot.of(stack.process.pid)
    for _ in range(0, games, MOST_IN_BULK):
        answer = api.post("/v1/games/process-unannotated", params={"limit": MOST_IN_BULK})
        assert answer.status_code == 202, answer.text
    wait_for_last(log_of(logs, Phase.COMPLETE), sizes[Phase.COMPLETE], games)
    use = before.until(Snapshot.of(stack.process.pid))
    events = {phase: list(events_in(log_of(logs, phase), sizes[phase])) for phase in Phase}
    took_s = {
        phase: sorted(
            event["since_request_ms"] / 1000 for event in found if event["message"] == "phase_finished"
        )
        for phase, found in events.items()
    }
    return LocalBurst(
        games=games,
        first_s=tuple(took_s[Phase.INITIAL]),
        drain_s=took_s[Phase.COMPLETE][-1],
        use=use,
        counts=counts_of(event for found in events.values() for event in found),
        log_bytes=sum(log_of(logs, phase).stat().st_size - sizes[phase] for phase in Phase),
        events=events_sent(stack),
    )


def events_sent(stack: LocalStack) -> int:
    """How many events the bus has handed on since this was asked last."""
    counts: dict[str, int] = stack.control("PUT", "/parts/bus/faults", json={}).json()
    return counts.get("events", 0)


def warm_up(api: Api, pgn: str, games: int) -> None:
    """A few games one after the other, so that every function has been initialised."""
    for number in range(games):
        game_id = api.submit(renamed(pgn, f"warm {number}"))
        api.annotate(game_id)
        api.finished(game_id, timeout_s=GIVE_UP_S)


def counts_of(events: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How often what was logged, and as `empty` the calls that found nothing."""
    counts: Counter[str] = Counter()
    for event in events:
        counts[event["message"]] += 1
        counts["empty"] += event["message"] == "phase_run" and event["claims"] == 0
    return counts


def wait_for_last(log: Path, offset: int, games: int) -> None:
    """Return when that many complete phases have been finished since the log had `offset` bytes."""
    finished, moved_at = 0, time.monotonic()
    with log.open("rb") as lines:
        lines.seek(offset)
        while finished < games:
            time.sleep(POLL_S)
            new = lines.read().count(b'"phase_finished"')
            finished += new
            if new:
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > GIVE_UP_S:
                raise TimeoutError(f"{finished} of {games} games were done, then nothing for {GIVE_UP_S:g} s")


def events_in(log: Path, offset: int) -> Iterator[dict[str, Any]]:
    """The JSON objects of a function's log that carry a message; two environments may share a line."""
    with log.open("rb") as lines:
        lines.seek(offset)
        for line in lines:
            for event in objects_in(line.decode(errors="replace").strip()):
                if "message" in event:
                    yield event


def objects_in(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects at the beginning of a line.

    >>> list(objects_in('{"a": 1}{"b": 2} and more'))
    [{'a': 1}, {'b': 2}]
    """
    while text.startswith("{"):
        try:
            event, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            return
        yield event
        text = text[end:]


def log_of(logs: Path, phase: Phase) -> Path:
    """The log of a phase's function."""
    return logs / f"{FUNCTIONS[phase]}.log"


def renamed(pgn: str, name: str) -> str:
    """The same moves as another game."""
    return pgn.replace('[White "', f'[White "{name} ')
