"""Position caches of either kind, and the entries that they are fed with."""

from __future__ import annotations

from knight_vision.adapters.position_cache import RedisPositionCache
from knight_vision.adapters.redis_queue.client import RedisClient
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.position_cache import PositionKey
from knight_vision.ports import Observer
from tests.support.recording import ManualClock, RecordingObserver

__all__ = ["PREFIX", "TTL_S", "a_redis_cache", "entries", "key"]

PREFIX = "kv"
TTL_S = 1_000_000
"""Longer than a new entry is kept."""


def a_redis_cache(
    client: RedisClient,
    observer: Observer | None = None,
    clock: ManualClock | None = None,
    ttl_s: int = TTL_S,
) -> RedisPositionCache:
    """A cache with a clock that moves only when told to."""
    clock = clock or ManualClock()
    return RedisPositionCache(
        client,
        prefix=PREFIX,
        ttl_s=ttl_s,
        observer=observer or RecordingObserver(),
        monotonic_s=clock.monotonic_s,
    )


def key(number: int) -> PositionKey:
    return PositionKey(f"{number:032x}")


def entries(count: int = 30) -> dict[PositionKey, Evaluation]:
    """Entries that differ, in slots of all nodes of a cluster."""
    return {
        key(number): Evaluation(white_cp=number, line=("e2e4", "e7e5"), depth=20, nodes=1_000_000 + number)
        for number in range(count)
    }
