"""The servers that integration tests share, each started when first asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knight_vision.adapters.redis_queue.client import RedisClient, connect
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.adapters.redis_queue.queue import RedisQueue
from knight_vision.ports import JobQueue
from tests.support.memory_queue import MemoryQueue
from tests.support.queues import ORDER, QueueAndClock
from tests.support.recording import ManualClock
from tests.support.valkey import (
    DeclaredKeysClient,
    RepeatingClient,
    ValkeyServer,
    admin,
    end_all_jobs,
    leaked_keys,
    pass_time,
)
from tests.support.valkey_cluster import ValkeyCluster


@pytest.fixture(scope="session")
def shared_valkey() -> Iterator[ValkeyServer]:
    """One Valkey for the session; ask for `valkey` instead."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture(scope="session")
def shared_cluster() -> Iterator[ValkeyCluster]:
    """Three nodes for the session, whose slots stay where they are."""
    with ValkeyCluster() as cluster:
        yield cluster


@pytest.fixture
def valkey(shared_valkey: ValkeyServer) -> Iterator[ValkeyServer]:
    """An empty Valkey. The test fails when a key outlives the jobs of a queue with the prefix `kv`."""
    client = admin(shared_valkey)
    client.flushall()
    yield shared_valkey
    leaked = leaked_keys(client, Keys("kv").permanent)
    client.flushall()
    client.close()
    assert not leaked, f"these keys outlived their jobs: {sorted(leaked)}"


@pytest.fixture(params=["memory", "redis", "redis-repeated", "redis-cluster"])
def timed(request: pytest.FixtureRequest) -> Iterator[QueueAndClock]:
    """A queue of each kind, with its clock, for the contract suites.

    `redis` may touch only the keys that each script declares; `redis-repeated` executes every script twice;
    `redis-cluster` is one of three nodes, reached by another's address.
    """
    if request.param == "memory":
        clock = ManualClock()
        memory = MemoryQueue(clock, ORDER)
        yield QueueAndClock(memory, lambda ms: clock.sleep(ms / 1000), clock.now_ms)
        state = memory.state
        for game_id, job_state in list(state.jobs.items()):
            assert memory.remove(game_id, job_state.job.generation)
        for table in (
            state.waiting,
            state.leases,
            state.attempts,
            state.holders,
            state.exhausted,
            state.users,
            state.lines,
            state.behind,
        ):
            assert not table
        return
    client: RedisClient
    if request.param == "redis-cluster":
        cluster: ValkeyCluster = request.getfixturevalue("shared_cluster")
        holder = cluster.holder("{kv}:")
        holder.call("FLUSHALL")
        server: ValkeyServer = holder
        client = connect(cluster.others(holder)[0].url, "cluster")
    else:
        server = request.getfixturevalue("valkey")
        client = DeclaredKeysClient(server) if request.param == "redis" else RepeatingClient(server)
    queue = RedisQueue(client, prefix="kv", order=ORDER)
    watcher = admin(server)

    def now_ms() -> int:
        seconds, microseconds = watcher.time()
        return int(seconds) * 1000 + int(microseconds) // 1000

    yield QueueAndClock(queue, lambda ms: pass_time(watcher, queue.keys, ms), now_ms)
    end_all_jobs(watcher, queue)
    watcher.close()
    client.close()


@pytest.fixture
def queue(timed: QueueAndClock) -> JobQueue:
    return timed.queue
