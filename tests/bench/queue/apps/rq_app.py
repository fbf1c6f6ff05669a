"""rq: a job survives its worker only with `Retry`."""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import time

from redis import Redis
from rq import Queue, Retry

from tests.bench.queue.apps.no_op import URL, do_nothing


def produce(jobs: int, payload: str) -> float:
    queue = Queue("default", connection=Redis.from_url(URL))
    retry = Retry(max=3)
    started = time.perf_counter()
    for _ in range(jobs):
        queue.enqueue(do_nothing, payload, retry=retry, result_ttl=0)
    return time.perf_counter() - started
