"""What a queue can at best reach: redis-py's own calls, one after the other, as bare as they come."""

from __future__ import annotations

import time
from dataclasses import dataclass

from redis import Redis

from infra.local.valkey import ValkeyServer

__all__ = ["Bound", "Bounds"]

WAITING, TAKEN = "{bound}waiting", "{bound}taken"


@dataclass(slots=True)
class Bounds:
    """Seconds spent on so many jobs of each kind."""

    enqueue_s: float = 0.0
    enqueued: int = 0
    claim_s: float = 0.0
    claimed: int = 0

    @property
    def enqueue_one_s(self) -> float:
        """LPUSH of one payload."""
        return self.enqueue_s / self.enqueued

    @property
    def claim_one_s(self) -> float:
        """BLMOVE of one payload to another list, and LREM from that: claim and acknowledgement."""
        return self.claim_s / self.claimed


class Bound:
    """Measures the bound with one connection, as often as it is asked."""

    def __init__(self, server: ValkeyServer, payload: str) -> None:
        self.redis = Redis.from_url(server.url)
        self.payload = payload
        self.redis.ping()

    def enqueue(self, bounds: Bounds, jobs: int) -> None:
        """Add the time of pushing `jobs` payloads to `bounds`."""
        started = time.perf_counter()
        for _ in range(jobs):
            self.redis.lpush(WAITING, self.payload)
        bounds.enqueue_s += time.perf_counter() - started
        bounds.enqueued += jobs
        self.redis.delete(WAITING)

    def claim(self, bounds: Bounds, jobs: int) -> None:
        """Add the time of moving and removing `jobs` payloads to `bounds`."""
        self.redis.lpush(WAITING, *[self.payload] * jobs)
        started = time.perf_counter()
        for _ in range(jobs):
            self.redis.blmove(WAITING, TAKEN, 1)
            self.redis.lrem(TAKEN, 1, self.payload)
        bounds.claim_s += time.perf_counter() - started
        bounds.claimed += jobs

    def both(self, bounds: Bounds, jobs: int) -> None:
        """Add the time of `jobs` of each kind to `bounds`."""
        self.enqueue(bounds, jobs)
        self.claim(bounds, jobs)

    def close(self) -> None:
        """Give the connection back."""
        self.redis.close()
