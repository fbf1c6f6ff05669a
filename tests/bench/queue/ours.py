"""Knight Vision's own queue against the bound, in one process and in turns of a few milliseconds."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from infra.local.valkey import ValkeyServer
from knight_vision.adapters.redis_queue.client import connect
from knight_vision.adapters.redis_queue.queue import RedisQueue
from knight_vision.config import Settings
from knight_vision.domain.job import Claim, FinishAnswer, Job, Priority, SegmentResult, StorePause
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_tables import OrderSettings
from tests.bench.queue.bound import Bound, Bounds
from tests.bench.queue.servers import CLUSTER
from tests.bench.queue.workload import (
    SEGMENTS,
    initial_job,
    payload,
    segmented_job,
    small_result,
    whole_result,
)

__all__ = ["BOUND_SHARE", "LEASE_MS", "OurFigures", "claim_one", "make_queue", "measure_ours"]

USERS = tuple((str(uuid.uuid4()), Priority(number % len(Priority))) for number in range(50))
JOBS_A_TURN, BOUND_SHARE = 20, 4
"""So many jobs in a turn of ours, and so many times as many in one of the bound; and of what is compared with
LPUSH, job for job, as many as of that: neither shall have warmer caches."""
LEASE_MS = 60_000
POSITIONS = 83


@dataclass(slots=True)
class Spent:
    """Seconds over a number of equal things."""

    seconds: float = 0.0
    count: int = 0

    @property
    def one_s(self) -> float:
        """Seconds for one."""
        return self.seconds / self.count


@dataclass(slots=True)
class OurFigures:
    """One round, with the bound of the same seconds."""

    bounds: Bounds = field(default_factory=Bounds)
    enqueue: Spent = field(default_factory=Spent)
    """A job of the initial phase, one segment: what a request makes."""
    enqueue_ten: Spent = field(default_factory=Spent)
    """A job of ten segments: what the sweeper puts back."""
    claim_finish: Spent = field(default_factory=Spent)
    """Claim and finish of one segment of ten, small result, as workers do: mostly finish_and_claim."""
    whole: Spent = field(default_factory=Spent)
    """The same, with its share of the report: read_evaluations and advance."""
    whole_real: Spent = field(default_factory=Spent)
    """The same with results of nine positions and lines of ten moves."""


def make_queue(server: ValkeyServer, mode: str, prefix: str = "kv") -> RedisQueue:
    """The queue as the functions make it, at default settings."""
    names = {setting.name for setting in fields(OrderSettings)}
    defaults: dict[str, Any] = {one.name: one.default for one in fields(Settings) if one.name in names}
    return RedisQueue(
        connect(server.url, "cluster" if mode == CLUSTER else "single"),
        prefix=prefix,
        order=OrderSettings(**defaults),
    )


def a_token() -> str:
    """A claim's token, as bootstrap makes them."""
    return os.urandom(16).hex()


def claim_one(queue: RedisQueue, phase: Phase = Phase.INTERMEDIATE) -> Claim:
    """A claim on a unit that is known to wait."""
    claim = queue.claim(phase, token=a_token(), lease_ms=LEASE_MS)
    assert isinstance(claim, Claim)
    return claim


def enqueue_all(queue: RedisQueue, jobs: Sequence[Job], spent: Spent) -> None:
    started = time.perf_counter()
    for job in jobs:
        queue.enqueue(job)
    spent.seconds += time.perf_counter() - started
    spent.count += len(jobs)


def finish_all(
    queue: RedisQueue, jobs: int, result: SegmentResult, whole: Spent, claim_finish: Spent | None = None
) -> None:
    """Work off jobs of ten segments as the functions do, from the first claim to the end of the last job."""
    reports_s = 0.0
    claim: Claim | StorePause | None = None
    started = time.perf_counter()
    for _ in range(jobs * SEGMENTS):
        held = claim if isinstance(claim, Claim) else claim_one(queue)
        finished, claim = queue.finish_and_claim(held, result, 50, token=a_token(), lease_ms=LEASE_MS)
        if finished is FinishAnswer.PHASE_READY:
            report_started = time.perf_counter()
            report = held.for_report()
            assert queue.read_evaluations(report)
            queue.advance(report, None)
            reports_s += time.perf_counter() - report_started
    seconds = time.perf_counter() - started
    assert queue.claim(Phase.INTERMEDIATE, token=a_token(), lease_ms=LEASE_MS) is None
    whole.seconds += seconds
    whole.count += jobs * SEGMENTS
    if claim_finish:
        claim_finish.seconds += seconds - reports_s
        claim_finish.count += jobs * SEGMENTS


def measure_ours(server: ValkeyServer, mode: str, jobs: int) -> OurFigures:
    """One round over an empty server: `jobs` of each kind, the bound after every twenty. Leaves keys."""
    figures = OurFigures()
    bound = Bound(server, payload())
    queue = make_queue(server, mode)
    small, real = small_result(), whole_result()
    enqueue_all(queue, [segmented_job(*USERS[0])], Spent())  # connects and makes the scripts known
    finish_all(queue, 1, small, Spent())
    for first in range(0, jobs, JOBS_A_TURN):
        users = [USERS[(first + number) % len(USERS)] for number in range(JOBS_A_TURN)]
        bound.enqueue(figures.bounds, BOUND_SHARE * JOBS_A_TURN)
        enqueue_all(queue, [initial_job(*user) for user in users * BOUND_SHARE], figures.enqueue)
        enqueue_all(queue, [segmented_job(*user) for user in users], figures.enqueue_ten)
        bound.claim(figures.bounds, BOUND_SHARE * JOBS_A_TURN)
        finish_all(queue, JOBS_A_TURN, small, figures.whole, figures.claim_finish)
        enqueue_all(queue, [segmented_job(*user, positions=POSITIONS) for user in users], Spent())
        finish_all(queue, JOBS_A_TURN, real, figures.whole_real)
    queue.scripts.client.close()
    bound.close()
    return figures
