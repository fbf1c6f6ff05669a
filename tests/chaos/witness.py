"""Looks at a stack while and after it is disturbed: rows, reports, keys, log lines, processes."""

from __future__ import annotations

import contextlib
import json
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import redis

from infra.local.http import request
from infra.local.process import descendants, processes_with_env
from knight_vision.adapters.redis_queue.keys import Keys
from tests.chaos.customer import Customer
from tests.chaos.outcome import Reading, Row, Save
from tests.chaos.saboteur import admin
from tests.chaos.stack_settings import PREFIX
from tests.support.stack import MARKER, LocalStack

__all__ = ["Witness", "crashes_in", "keys_left", "notes_in", "orphans", "rows_of", "saves_in", "survivors"]

COLUMNS = ",".join(field.name for field in fields(Row))
PAGE = 1000
SAMPLE_S = 0.4


class Witness:
    """Sees every row's changes and reads reports at random, in a thread of its own."""

    def __init__(self, stack: LocalStack, seed: int) -> None:
        self.stack = stack
        self.chance = random.Random(f"{seed} witness")
        self.samples: list[Row] = []
        self.readings: list[Reading] = []
        self.stopping = threading.Event()
        self.latest: dict[str, Row] = {}

    @contextlib.contextmanager
    def watching(self, customers: Sequence[Customer]) -> Iterator[None]:
        """Look while this is open."""
        thread = threading.Thread(target=self.watch, args=(customers,), name="witness")
        thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            thread.join()

    def watch(self, customers: Sequence[Customer]) -> None:
        """Look again and again, until the end."""
        while not self.stopping.wait(SAMPLE_S):
            with contextlib.suppress(httpx.HTTPError):  # Supabase is away: that is what it is about
                self.sample()
            customer = self.chance.choice(customers)
            games = list(customer.accepted)
            reading = customer.read(self.chance.choice(games)) if games else None
            if reading is not None:
                self.readings.append(reading)

    def sample(self) -> None:
        """Keep what changed. Raises httpx.HTTPError."""
        for row in rows_of(self.stack).values():
            if self.latest.get(row.game_id) != row:
                self.samples.append(row)
                self.latest[row.game_id] = row


def rows_of(stack: LocalStack) -> dict[str, Row]:
    """Every analysis in the store at this moment, by game. Raises httpx.HTTPError."""
    rows: dict[str, Row] = {}
    last = "00000000-0000-0000-0000-000000000000"
    while True:
        answer = request(
            "GET",
            f"{stack.supabase_url}/rest/v1/analyses",
            headers={"apikey": stack.ready["supabase_secret_key"]},
            params={"select": COLUMNS, "order": "game_id", "game_id": f"gt.{last}", "limit": str(PAGE)},
        ).raise_for_status()
        page = [Row(**values) for values in answer.json()]
        rows.update((row.game_id, row) for row in page)
        if len(page) < PAGE:
            return rows
        last = page[-1].game_id


def keys_left(stack: LocalStack) -> list[str]:
    """Every key in Redis that neither stays nor goes by itself. Raises redis.RedisError."""
    permanent = Keys(PREFIX).permanent
    with admin(stack) as connection:
        names = [name.decode() for name in connection.scan_iter(count=1000)]
        return sorted(
            name for name in names if name not in permanent and not goes_by_itself(connection, name)
        )


GATE = re.compile(rf"{PREFIX}:(rate|answer):")
"""Counts of requests, which every reader makes anew, and kept answers."""


def goes_by_itself(connection: redis.Redis, name: str) -> bool:
    """Whether the request gate wrote the key and it has a TTL, or has gone meanwhile."""
    return GATE.match(name) is not None and connection.ttl(name) != -1


def saves_in(logs: Path) -> list[Save]:
    """Every saved phase of which a function's log tells."""
    return [
        Save(line["game_id"], line["generation"], line["phase"])
        for line in log_lines(logs, "phase_finished")
        if line.get("saved") == "saved"
    ]


NOTABLE = ("job_dropped", "lease_expired", "lease_lost", "store_is_back", "store_unavailable", "unit_failed")
"""Log lines of work that did not go straight on."""


def notes_in(logs: Path) -> Counter[str]:
    """How often the functions say that something did not go straight on, and how phases ended."""
    counts = Counter(line["message"] for name in NOTABLE for line in log_lines(logs, name))
    for line in log_lines(logs, "phase_finished"):
        counts[f"phase {line['saved']} and {line['advanced']}"] += 1
    return counts


def crashes_in(logs: Path) -> dict[str, str]:
    """What the API's requests that crashed died of, by request id."""
    return {
        line["correlation_id"]: line["exception"].strip().splitlines()[-1]
        for line in log_lines(logs, "request_crashed")
    }


def log_lines(logs: Path, message: str) -> Iterator[dict[str, Any]]:
    """The functions' own log lines of one event; half of one, after a kill, is none."""
    for path in sorted(logs.glob("*Function.log")):
        for text in path.read_text(errors="replace").splitlines():
            if message in text:
                # What libraries print may stand before it on the same line.
                with contextlib.suppress(ValueError):
                    line: dict[str, Any] = json.loads(text[text.index('{"level"') :])
                    if line["message"] == message:
                        yield line


def orphans(stack: LocalStack) -> list[str]:
    """Processes of the stack that none of its parts knows any more."""
    top = int(stack.ready["pids"]["stack"])
    family = {top, *descendants(top)}
    return [describe(pid) for pid in processes_with_env(MARKER, stack.id) if pid not in family]


def survivors(stack: LocalStack) -> list[str]:
    """Processes of the stack after its end."""
    return [describe(pid) for pid in processes_with_env(MARKER, stack.id)]


def describe(pid: int) -> str:
    """A process in words."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        command = "has just ended"
    return f"{pid}: {command[:150]}"
