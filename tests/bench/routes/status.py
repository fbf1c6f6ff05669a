"""How long a status request takes at fifty a second, through a local stack."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.bench.main_job import GAME
from tests.support.stack import LocalStack
from tests.support.users import Api

__all__ = ["PER_SECOND", "percentile", "status_times_ms"]

PER_SECOND = 50
CLIENTS = 32
WARM_UP = 400
"""Requests that come before those that are measured."""
WITHOUT_LIMITS = {"UserRequestsPerS": "0", "AddressRequestsPerS": "0"}


def status_times_ms(seconds: float) -> tuple[list[float], list[float]]:
    """The times of requests one after the other, and of those sent every 20 ms whatever the others do, ms.

    The latter count from when they were to be sent: who waits for a free client waits for the service.
    Raises AssertionError when one fails.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalStack(parameters=WITHOUT_LIMITS, data=Path(folder)) as stack,
        Api.of_new_user(stack) as api,
    ):
        game_id = api.submit(GAME.read_text())
        path = f"/v1/games/{game_id}/analysis/status"
        api.annotate(game_id)
        api.delete(f"/v1/games/{game_id}/analysis")  # engines would take the processor
        alone = [timed(api, path, time.monotonic()) for _ in range(PER_SECOND)]
        clients = threading.local()

        def ask(due_s: float) -> float:
            if not hasattr(clients, "api"):
                clients.api = httpx.Client(
                    base_url=api.base_url, headers=api.headers, timeout=60, verify=False
                )
            time.sleep(max(0.0, due_s - time.monotonic()))
            return timed(clients.api, path, due_s)

        with ThreadPoolExecutor(CLIENTS) as pool:
            # The first ones together start the function's environments: that is a bench of its own.
            for _ in pool.map(ask, [0.0] * WARM_UP):
                pass
            began_s = time.monotonic() + 0.1
            due = [began_s + number / PER_SECOND for number in range(round(seconds * PER_SECOND))]
            return alone, list(pool.map(ask, due))


def timed(api: httpx.Client, path: str, since_s: float) -> float:
    """Milliseconds from a moment until a status was read."""
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return (time.monotonic() - since_s) * 1000


def percentile(times_ms: list[float], percent: int) -> float:
    """The time that so many percent of the requests kept within."""
    return statistics.quantiles(times_ms, n=100)[percent - 1]
