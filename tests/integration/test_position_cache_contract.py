"""What every PositionCache promises, checked on each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from knight_vision.adapters.redis_queue.client import connect
from knight_vision.domain.evaluation import Evaluation
from knight_vision.ports import PositionCache
from tests.support.memory_position_cache import MemoryPositionCache
from tests.support.position_caches import a_redis_cache, entries, key
from tests.support.valkey import ValkeyServer, admin
from tests.support.valkey_cluster import ValkeyCluster

Connect = Callable[[], PositionCache]


@pytest.fixture(params=["memory", "redis-single", "redis", "redis-cluster"])
def another(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Makes another cache on the same servers: `redis` is a cluster of one, `redis-cluster` of three."""
    if request.param == "memory":
        memory = MemoryPositionCache()
        yield lambda: memory
        return
    servers: list[ValkeyServer]
    if request.param == "redis-cluster":
        cluster: ValkeyCluster = request.getfixturevalue("shared_cluster")
        for node in cluster.nodes:
            node.call("FLUSHALL")
        servers = [*cluster.nodes]
    else:
        server: ValkeyServer = request.getfixturevalue("own_valkey")
        servers = [server]
    mode = "single" if request.param == "redis-single" else "cluster"
    clients = [connect(server.url, mode) for server in servers for _ in range(2)]
    unused = iter(clients)
    yield lambda: a_redis_cache(next(unused))
    for client in clients:
        client.close()


@pytest.fixture
def own_valkey(shared_valkey: ValkeyServer) -> Iterator[ValkeyServer]:
    """The session's Valkey, empty before and after: that of the queue's tests must have no key with a TTL."""
    with admin(shared_valkey) as watcher:
        watcher.flushall()
        yield shared_valkey
        watcher.flushall()


@pytest.fixture
def cache(another: Connect) -> PositionCache:
    return another()


def test_an_empty_cache_has_nothing(cache: PositionCache) -> None:
    assert cache.read([key(1), key(2)]) == {}


def test_what_was_written_is_read_by_whoever_asks(cache: PositionCache, another: Connect) -> None:
    written = entries()
    cache.write(written)
    assert cache.read(list(written)) == written
    assert another().read(list(written)) == written


def test_only_what_was_asked_for_and_is_there_is_read(cache: PositionCache) -> None:
    written = entries(3)
    cache.write(written)
    assert cache.read([key(2), key(7), key(0)]) == {key(2): written[key(2)], key(0): written[key(0)]}


def test_asking_twice_for_one_key_is_no_trouble(cache: PositionCache) -> None:
    cache.write(entries(1))
    assert cache.read([key(0), key(0)]) == entries(1)


def test_a_later_entry_replaces_an_earlier_one(cache: PositionCache, another: Connect) -> None:
    cache.write(entries(2))
    later = Evaluation(white_mate=-4, line=("d8h4",), depth=30, nodes=5)
    another().write({key(1): later})
    assert cache.read([key(0), key(1)]) == {**entries(1), key(1): later}


@pytest.mark.parametrize(
    "evaluation",
    [
        Evaluation(white_cp=-31, line=("e7e8q", "a7a8"), depth=20, nodes=1_000_000, second_white_cp=-400),
        Evaluation(white_mate=3, line=("h5f7",), depth=245, nodes=1_234, second_white_mate=-2),
        Evaluation(white_cp=0),
    ],
    ids=["second", "mates", "bare"],
)
def test_an_evaluation_comes_back_whole(cache: PositionCache, evaluation: Evaluation) -> None:
    cache.write({key(1): evaluation})
    assert cache.read([key(1)]) == {key(1): evaluation}


def test_nothing_to_read_or_write_is_fine(cache: PositionCache) -> None:
    cache.write({})
    assert cache.read([]) == {}


def test_the_longest_game_is_written_and_read_at_once(cache: PositionCache) -> None:
    written = entries(1_201)
    cache.write(written)
    assert cache.read(list(written)) == written
