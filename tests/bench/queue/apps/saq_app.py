"""saq: a stuck job runs again when it has `retries`; `ttl=-1` stores no results."""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import asyncio
import time
from typing import Any

from saq import Queue

from tests.bench.queue.apps.no_op import URL, do_nothing


async def work(context: dict[str, Any], *, payload: str) -> None:
    do_nothing(payload)


queue = Queue.from_url(URL)
settings = {"queue": queue, "functions": [work]}


async def enqueue(jobs: int, payload: str) -> float:
    started = time.perf_counter()
    for _ in range(jobs):
        await queue.enqueue("work", payload=payload, retries=3, ttl=-1)
    seconds = time.perf_counter() - started
    await queue.disconnect()
    return seconds


def produce(jobs: int, payload: str) -> float:
    return asyncio.run(enqueue(jobs, payload))
