"""arq: at least once by itself; `keep_result = 0` stores no results.

It polls; with its own pause of half a second it would serve 200 jobs a second, so the pause is taken away.
"""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import asyncio
import time
from typing import Any

from arq import create_pool
from arq.connections import RedisSettings

from tests.bench.queue.apps.no_op import URL, do_nothing


async def work(context: dict[str, Any], payload: str) -> None:
    do_nothing(payload)


class WorkerSettings:
    functions = (work,)
    redis_settings = RedisSettings.from_dsn(URL)
    keep_result = 0
    poll_delay = 0


async def enqueue(jobs: int, payload: str) -> float:
    pool = await create_pool(WorkerSettings.redis_settings)
    started = time.perf_counter()
    for _ in range(jobs):
        await pool.enqueue_job("work", payload)
    seconds = time.perf_counter() - started
    await pool.aclose()
    return seconds


def produce(jobs: int, payload: str) -> float:
    return asyncio.run(enqueue(jobs, payload))
