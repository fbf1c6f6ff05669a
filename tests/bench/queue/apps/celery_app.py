"""Celery: at least once with late acknowledgement; results are ignored."""
# mypy: disable-error-code="import-not-found,untyped-decorator"

from __future__ import annotations

import time

from celery import Celery

from tests.bench.queue.apps.no_op import URL, do_nothing

app = Celery("bench", broker=URL)
app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True, task_ignore_result=True)


@app.task
def work(payload: str) -> None:
    do_nothing(payload)


def produce(jobs: int, payload: str) -> float:
    started = time.perf_counter()
    for _ in range(jobs):
        work.delay(payload)
    return time.perf_counter() - started
