"""huey: takes a job out of Redis before it runs it, so at most once; results are ignored."""
# mypy: disable-error-code="import-not-found,untyped-decorator"

from __future__ import annotations

import time

from huey import RedisHuey

from tests.bench.queue.apps.no_op import URL, do_nothing

huey = RedisHuey("bench", url=URL, results=False)


@huey.task()
def work(payload: str) -> None:
    do_nothing(payload)


def produce(jobs: int, payload: str) -> float:
    started = time.perf_counter()
    for _ in range(jobs):
        work(payload)
    return time.perf_counter() - started
