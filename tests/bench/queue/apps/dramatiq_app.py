"""dramatiq: at least once by itself, with the middleware it comes with."""
# mypy: disable-error-code="import-not-found,untyped-decorator"

from __future__ import annotations

import time

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from tests.bench.queue.apps.no_op import URL, do_nothing

dramatiq.set_broker(RedisBroker(url=URL))


@dramatiq.actor
def work(payload: str) -> None:
    do_nothing(payload)


def produce(jobs: int, payload: str) -> float:
    started = time.perf_counter()
    for _ in range(jobs):
        work.send(payload)
    return time.perf_counter() - started
