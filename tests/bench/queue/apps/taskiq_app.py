"""taskiq on streams, the broker of taskiq-redis that acknowledges; no result backend."""
# mypy: disable-error-code="import-not-found,untyped-decorator"

from __future__ import annotations

import asyncio
import os
import time

from taskiq_redis import RedisStreamBroker, RedisStreamClusterBroker

from tests.bench.queue.apps.no_op import URL, do_nothing

is_cluster = os.environ["QUEUE_BENCH_MODE"] == "cluster"
# The group must know of jobs that were there before the worker: "0", where "$" means only what is to come.
broker = (RedisStreamClusterBroker if is_cluster else RedisStreamBroker)(URL, consumer_id="0")


@broker.task
async def work(payload: str) -> None:
    do_nothing(payload)


async def enqueue(jobs: int, payload: str) -> float:
    await broker.startup()
    started = time.perf_counter()
    for _ in range(jobs):
        await work.kiq(payload)
    seconds = time.perf_counter() - started
    await broker.shutdown()
    return seconds


def produce(jobs: int, payload: str) -> float:
    return asyncio.run(enqueue(jobs, payload))
