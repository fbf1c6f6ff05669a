"""The position cache in Redis: how long entries live, where they are, and what happens while it is away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from knight_vision.adapters.position_cache import AWAY_FOR_S, NEW_FOR_S
from knight_vision.adapters.redis_queue.client import RedisClient, connect
from knight_vision.adapters.redis_queue.queue import RedisQueue
from tests.support.position_caches import PREFIX, TTL_S, a_redis_cache, entries, key
from tests.support.queues import ORDER, a_job
from tests.support.recording import ManualClock, RecordingObserver
from tests.support.valkey import ValkeyServer, admin
from tests.support.valkey_cluster import ValkeyCluster

AWAY = "position_cache_unavailable"
NAME = f"{PREFIX}:position:{key(0)}"


@pytest.fixture(scope="module")
def mortal_valkey() -> Iterator[ValkeyServer]:
    """A server that these tests may stop."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def server(mortal_valkey: ValkeyServer) -> ValkeyServer:
    """The same, empty."""
    with admin(mortal_valkey) as watcher:
        watcher.flushall()
    return mortal_valkey


@pytest.fixture
def watcher(server: ValkeyServer) -> Iterator[Redis]:
    with admin(server) as watcher:
        yield watcher


@pytest.fixture(params=["cluster", "single"])
def client(server: ValkeyServer, request: pytest.FixtureRequest) -> Iterator[RedisClient]:
    client = connect(server.url, request.param)
    yield client
    client.close()


class TestLife:
    def test_a_new_entry_lives_for_a_day_and_one_that_was_found_for_the_whole_ttl(
        self, client: RedisClient, watcher: Redis
    ) -> None:
        cache = a_redis_cache(client)
        cache.write(entries(2))
        assert watcher.ttl(NAME) in range(NEW_FOR_S - 60, NEW_FOR_S + 1)
        cache.read([key(0)])
        assert watcher.ttl(NAME) in range(TTL_S - 60, TTL_S + 1)
        assert watcher.ttl(f"{PREFIX}:position:{key(1)}") <= NEW_FOR_S

    def test_a_ttl_of_less_than_a_day_is_that_of_new_entries_too(
        self, client: RedisClient, watcher: Redis
    ) -> None:
        cache = a_redis_cache(client, ttl_s=100)
        cache.write(entries(1))
        assert watcher.ttl(NAME) in range(40, 101)

    def test_what_is_not_there_is_not_made_by_asking(self, client: RedisClient, watcher: Redis) -> None:
        a_redis_cache(client).read([key(0)])
        assert watcher.dbsize() == 0

    def test_an_entry_that_is_none_of_ours_is_as_good_as_none(
        self, client: RedisClient, watcher: Redis
    ) -> None:
        observer = RecordingObserver()
        cache = a_redis_cache(client, observer)
        cache.write(entries(8))
        bad = ["", "null", "17", "{}", '["x"]', "[null,null,null,null,null]", "[1,2,3,4,5]"]
        for number, text in enumerate(bad):
            watcher.set(f"{PREFIX}:position:{key(number)}", text)
        assert cache.read([key(number) for number in range(8)]) == {key(7): entries(8)[key(7)]}
        assert observer.events == []

    def test_a_full_redis_gives_up_entries_and_never_the_queue(
        self, client: RedisClient, watcher: Redis
    ) -> None:
        queue = RedisQueue(client, prefix=PREFIX, order=ORDER)
        cache = a_redis_cache(client)
        queue.enqueue(a_job("g1"))
        cache.write(entries(2_000))
        jobs = sorted(watcher.scan_iter("{kv}:*"))
        watcher.config_set("maxmemory", int(watcher.info("memory")["used_memory"]) - 100_000)
        try:
            assert queue.enqueue(a_job("g2", user="u2")) == "enqueued"
            cache.write({key(5_000): entries(1)[key(0)]})
        finally:
            watcher.config_set("maxmemory", 0)
        assert 0 < len(cache.read(list(entries(2_000)))) < 2_000
        assert cache.read([key(5_000)])
        assert set(jobs) <= set(watcher.scan_iter("{kv}:*"))
        assert queue.counts().jobs == 2


class TestCluster:
    @pytest.fixture
    def cluster(self, shared_cluster: ValkeyCluster) -> ValkeyCluster:
        for node in shared_cluster.nodes:
            node.call("FLUSHALL")
        return shared_cluster

    @pytest.fixture
    def client(self, cluster: ValkeyCluster) -> Iterator[RedisClient]:
        client = connect(cluster.nodes[0].url, "cluster")
        yield client
        client.close()

    def test_entries_are_spread_over_the_nodes(self, cluster: ValkeyCluster, client: RedisClient) -> None:
        a_redis_cache(client).write(entries(300))
        sizes = [node.call("DBSIZE") for node in cluster.nodes]
        assert sum(sizes) == 300
        assert min(sizes) > 50

    def test_each_node_is_spoken_to_once(self, cluster: ValkeyCluster, client: RedisClient) -> None:
        cache = a_redis_cache(client)
        cache.write(entries())
        before = [commands_read(node) for node in cluster.nodes]
        for _ in range(20):
            cache.read(list(entries()))
            cache.write(entries())
        after = [commands_read(node) for node in cluster.nodes]
        for was, now in zip(before, after, strict=True):
            assert 40 <= now - was < 60, "the watching itself is counted, and what the nodes tell each other"

    def test_entries_that_moved_are_found(self, cluster: ValkeyCluster, client: RedisClient) -> None:
        observer = RecordingObserver()
        cache = a_redis_cache(client, observer)
        cache.write(entries())
        source = cluster.holder(NAME)
        target = cluster.others(source)[0]
        cluster.move(NAME, target)
        try:
            assert cache.read(list(entries())) == entries()
            cache.write(entries())
        finally:
            cluster.move(NAME, source)
        assert cache.read(list(entries())) == entries()
        assert observer.events == []

    def test_an_entry_on_the_move_is_missed_and_the_others_are_not(
        self, cluster: ValkeyCluster, client: RedisClient
    ) -> None:
        observer = RecordingObserver()
        cache = a_redis_cache(client, observer)
        cache.write(entries())
        source = cluster.holder(NAME)
        target = cluster.others(source)[0]
        cluster.open_move(NAME, target)
        try:
            cluster.move_keys(source, target, NAME)
            others = {name: entry for name, entry in entries().items() if name != key(0)}
            assert cache.read(list(entries())) == others
        finally:
            cluster.close_move(NAME, source, target)
            cluster.move(NAME, source)
        assert observer.names() == [AWAY]


def commands_read(node: ValkeyServer) -> int:
    """How often a node has heard something from a client."""
    with admin(node) as watcher:
        return int(watcher.info("stats")["total_reads_processed"])


class TestAway:
    def test_a_cache_that_is_away_is_empty_takes_nothing_and_says_so_once(
        self, client: RedisClient, server: ValkeyServer
    ) -> None:
        observer, clock = RecordingObserver(), ManualClock()
        cache = a_redis_cache(client, observer, clock)
        cache.write(entries())
        server.kill()
        try:
            for _ in range(3):
                assert cache.read(list(entries())) == {}
                cache.write(entries())
        finally:
            server.start()
        assert observer.names() == [AWAY]
        assert cache.read(list(entries())) == {}, "not asked yet"
        clock.sleep(AWAY_FOR_S)
        cache.write(entries())
        assert cache.read(list(entries())) == entries()
        assert observer.names() == [AWAY]

    def test_one_that_was_away_from_the_beginning_is_there_later(
        self, client: RedisClient, server: ValkeyServer
    ) -> None:
        observer, clock = RecordingObserver(), ManualClock()
        cache = a_redis_cache(client, observer, clock)
        server.kill()
        try:
            cache.write(entries())
        finally:
            server.start()
        clock.sleep(AWAY_FOR_S)
        cache.write(entries())
        assert cache.read(list(entries())) == entries()

    def test_a_restart_or_a_cut_connection_between_two_calls_is_not_noticed(
        self, client: RedisClient, server: ValkeyServer
    ) -> None:
        observer = RecordingObserver()
        cache = a_redis_cache(client, observer)
        cache.write(entries())
        with admin(server) as watcher:
            watcher.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        assert cache.read(list(entries())) == entries()
        server.restart()
        assert cache.read(list(entries())) == {}
        cache.write(entries())
        assert cache.read(list(entries())) == entries()
        assert observer.events == []

    def test_a_server_that_refuses_is_away(self, client: RedisClient, watcher: Redis) -> None:
        observer = RecordingObserver()
        cache = a_redis_cache(client, observer)
        watcher.config_set("maxmemory", 1)
        try:
            cache.write(entries())
            cache.write(entries())
        finally:
            watcher.config_set("maxmemory", 0)
        assert observer.names() == [AWAY]

    def test_a_user_without_the_right_to_is_away(self, server: ValkeyServer, watcher: Redis) -> None:
        words = ("ACL", "SETUSER", "narrow", "reset", "on", ">narrow", "~{kv}:*", "+@all")
        watcher.execute_command(*words)  # type: ignore[no-untyped-call]
        observer = RecordingObserver()
        client = connect(server.url.replace("redis://", "redis://narrow:narrow@"), "cluster")
        assert a_redis_cache(client, observer).read([key(0)]) == {}
        assert observer.names() == [AWAY]
        client.close()
