"""What a claim and an enqueue cost when little waits and when very much does, in turns on one server."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from redis import Redis

from infra.local.valkey import ValkeyServer
from knight_vision.adapters.redis_queue.queue import RedisQueue
from tests.bench.queue.ours import claim_one, make_queue
from tests.bench.queue.servers import CLUSTER, empty
from tests.bench.queue.workload import SEGMENTS, segmented_job

__all__ = ["SMALL", "ScaleFigures", "measure_scale"]

SMALL = 1_000
"""Waiting segments of the small queue."""
TURNS = 10
CALLS_A_TURN = 50


@dataclass(slots=True)
class Timings:
    """Seconds of single calls."""

    claims: list[float] = field(default_factory=list)
    enqueues: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    """One kind of backlog."""

    whose: str
    large: int
    """Waiting segments of the large queue."""
    claim_us: tuple[float, float]
    """Median time of a claim, microseconds, in the small and in the large queue."""
    enqueue_us: tuple[float, float]
    bytes_per_segment: float
    """Valkey's memory for the large queue, jobs and all, by waiting segments."""
    fill_s: float

    @property
    def claim_ratio(self) -> float:
        """How many times longer a claim takes in the large queue."""
        return self.claim_us[1] / self.claim_us[0]

    @property
    def enqueue_ratio(self) -> float:
        """How many times longer an enqueue takes in the large queue."""
        return self.enqueue_us[1] / self.enqueue_us[0]


def measure_scale(server: ValkeyServer, large: int) -> Iterator[ScaleFigures]:
    """Backlogs of one user, and of as many users as jobs. Empties the server."""
    for whose, is_one_user in (("one user", True), (f"{large // SEGMENTS:,} users", False)):
        empty(server)
        queues = [make_queue(server, CLUSTER, prefix) for prefix in ("small", "large")]
        fill(queues[0], SMALL, is_one_user)
        before, started = used_memory(server), time.perf_counter()
        fill(queues[1], large, is_one_user)
        fill_s, memory = time.perf_counter() - started, used_memory(server) - before
        timings = [Timings(), Timings()]
        for _ in range(TURNS):
            for queue, timing in zip(queues, timings, strict=True):
                time_claims(queue, timing)
                time_enqueues(queue, timing, is_one_user)
        small, big = timings
        yield ScaleFigures(
            whose,
            large,
            (median_us(small.claims), median_us(big.claims)),
            (median_us(small.enqueues), median_us(big.enqueues)),
            memory / large,
            fill_s,
        )
        for queue in queues:
            queue.scripts.client.close()
    empty(server)


def fill(queue: RedisQueue, segments: int, is_one_user: bool) -> None:
    """Enqueue jobs of ten segments until so many wait."""
    for number in range(segments // SEGMENTS):
        queue.enqueue(segmented_job(user_of(number, is_one_user)))


def user_of(number: int, is_one_user: bool) -> str:
    return str(uuid.UUID(int=1 if is_one_user else number))


def time_claims(queue: RedisQueue, timing: Timings) -> None:
    """Claim segments, each another one, then give them all back."""
    claims = []
    for _ in range(CALLS_A_TURN):
        started = time.perf_counter()
        claims.append(claim_one(queue))
        timing.claims.append(time.perf_counter() - started)
    for claim in claims:
        queue.release(claim)


def time_enqueues(queue: RedisQueue, timing: Timings, is_one_user: bool) -> None:
    """Enqueue jobs, then remove them."""
    jobs = [segmented_job(user_of(number, is_one_user)) for number in range(CALLS_A_TURN)]
    for job in jobs:
        started = time.perf_counter()
        queue.enqueue(job)
        timing.enqueues.append(time.perf_counter() - started)
    for job in jobs:
        queue.remove(job.game_id, job.generation)


def used_memory(server: ValkeyServer) -> int:
    """Bytes, by Valkey's own count."""
    with Redis.from_url(server.admin_url) as redis:
        return int(redis.info("memory")["used_memory"])


def median_us(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1e6
