"""The client in a real cluster of three: it finds the node of its keys, and again when that moves or dies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import chain

import pytest

from knight_vision.adapters.redis_queue.client import RedisClient, Script, connect
from knight_vision.errors import QueueUnavailableError
from tests.support.unavailable import REFUSED_WITHIN_S, SILENT_WITHIN_S, assert_unavailable
from tests.support.valkey_cluster import ClusterNode, ValkeyCluster
from tests.support.wait import wait_until

NEXT = Script("#!lua\nreturn redis.call('INCR', KEYS[1])")
NEXT_OF_TWO = Script("#!lua\nredis.call('INCR', KEYS[1])\nreturn redis.call('INCR', KEYS[2])")
ONE, TWO = "{kv}:one", "{kv}:two"


@pytest.fixture(scope="module")
def shared_cluster() -> Iterator[ValkeyCluster]:
    """A cluster whose slots move and whose nodes stay."""
    with ValkeyCluster() as cluster:
        yield cluster


@pytest.fixture
def cluster(shared_cluster: ValkeyCluster) -> ValkeyCluster:
    """The same, empty."""
    for node in shared_cluster.nodes:
        node.call("FLUSHALL")
        node.call("SCRIPT FLUSH")
    return shared_cluster


@pytest.fixture
def mortal_cluster() -> Iterator[ValkeyCluster]:
    """A cluster for one test, whose nodes may die."""
    with ValkeyCluster() as cluster:
        yield cluster


@pytest.fixture
def clients() -> Iterator[list[RedisClient]]:
    """Clients that are closed at the end."""
    clients: list[RedisClient] = []
    yield clients
    for client in clients:
        client.close()


def client_of(clients: list[RedisClient], node: ClusterNode) -> RedisClient:
    """A client that knows one node's address."""
    client = connect(node.url, "cluster")
    clients.append(client)
    return client


def is_available(client: RedisClient) -> bool:
    try:
        client.run(NEXT, [ONE], [])
    except QueueUnavailableError:
        return False
    return True


def test_every_seed_leads_to_the_node_of_the_keys(cluster: ValkeyCluster, clients: list[RedisClient]) -> None:
    keys = {cluster.holder(key): key for key in (f"{{tag{number}}}:key" for number in range(20))}
    assert len(keys) == 3
    for holder, key in keys.items():
        for number, seed in enumerate(cluster.nodes, start=1):
            assert client_of(clients, seed).run(NEXT, [key], []) == number
        assert holder.call("GET", key) == "3"


@pytest.mark.parametrize("has_moved", [False, True])
def test_after_the_first_call_only_the_node_of_the_keys_is_asked(
    cluster: ValkeyCluster, clients: list[RedisClient], has_moved: bool
) -> None:
    holder = cluster.holder(ONE)
    client = client_of(clients, cluster.others(holder)[0])
    client.run(NEXT, [ONE], [])
    if has_moved:
        holder = cluster.others(holder)[0]
        cluster.move(ONE, holder)
        client.run(NEXT, [ONE], [])
    before = [reads_done(node) for node in cluster.nodes]
    for _ in range(100):
        client.run(NEXT, [ONE], [])
    done = [reads_done(node) - count for node, count in zip(cluster.nodes, before, strict=True)]
    for node, count in zip(cluster.nodes, done, strict=True):
        assert (count >= 100) if node is holder else count < 10, "the asking itself is counted"


def reads_done(node: ClusterNode) -> int:
    """How often a node has heard something from a client, MOVED or not."""
    return int(node.call("INFO", "stats")["total_reads_processed"])


@pytest.mark.parametrize("move", [ValkeyCluster.move, ValkeyCluster.move_at_once], ids=["by-key", "at-once"])
def test_keys_that_moved_are_found(
    cluster: ValkeyCluster,
    clients: list[RedisClient],
    move: Callable[[ValkeyCluster, str, ClusterNode], None],
) -> None:
    client = client_of(clients, cluster.nodes[0])
    assert client.run(NEXT_OF_TWO, [ONE, TWO], []) == 1
    for number, target in enumerate(cluster.others(cluster.holder(ONE)), start=2):
        move(cluster, ONE, target)
        assert client.run(NEXT_OF_TWO, [ONE, TWO], []) == number
        assert cluster.holder(ONE) is target


def test_a_key_that_has_left_is_followed_before_its_slot_has_moved(
    cluster: ValkeyCluster, clients: list[RedisClient]
) -> None:
    client = client_of(clients, cluster.nodes[0])
    client.run(NEXT_OF_TWO, [ONE, TWO], [])
    source, target = cluster.holder(ONE), cluster.others(cluster.holder(ONE))[0]
    cluster.open_move(ONE, target)
    try:
        assert client.run(NEXT_OF_TWO, [ONE, TWO], []) == 2, "both are still here"
        cluster.move_keys(source, target, ONE, TWO)
        assert client.run(NEXT_OF_TWO, [ONE, TWO], []) == 3, "both are there"
        assert client.run(NEXT, ["{kv}:new"], []) == 1, "new keys are made there"
    finally:
        cluster.close_move(ONE, source, target)
    assert client.run(NEXT_OF_TWO, [ONE, TWO], []) == 4
    assert client.run(NEXT, ["{kv}:new"], []) == 2


def test_a_script_whose_keys_are_parted_waits_a_little(
    cluster: ValkeyCluster, clients: list[RedisClient]
) -> None:
    client = client_of(clients, cluster.nodes[0])
    client.run(NEXT_OF_TWO, [ONE, TWO], [])
    source, target = cluster.holder(ONE), cluster.others(cluster.holder(ONE))[0]
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(client.run(NEXT_OF_TWO, [ONE, TWO], [])))
    cluster.open_move(ONE, target)
    try:
        cluster.move_keys(source, target, ONE)
        assert_unavailable(lambda: client.run(NEXT_OF_TWO, [ONE, TWO], []), SILENT_WITHIN_S)
        waiting.start()
    finally:
        cluster.close_move(ONE, source, target)
    waiting.join()
    assert answers == [2], "what was refused has not been done"


@pytest.mark.parametrize("move", [ValkeyCluster.move, ValkeyCluster.move_at_once], ids=["by-key", "at-once"])
def test_nothing_is_lost_or_done_twice_while_keys_move(
    cluster: ValkeyCluster,
    clients: list[RedisClient],
    move: Callable[[ValkeyCluster, str, ClusterNode], None],
) -> None:
    for number in range(50):
        cluster.holder(ONE).call("SET", f"{{kv}}:ballast{number}", "x" * 1_000)
    client = client_of(clients, cluster.nodes[0])
    stop = threading.Event()
    done: list[list[int]] = [[], [], []]

    def work(answers: list[int]) -> None:
        while not stop.is_set():
            answers.append(client.run(NEXT_OF_TWO, [ONE, TWO], []))

    threads = [threading.Thread(target=work, args=[answers]) for answers in done]
    for thread in threads:
        thread.start()
    try:
        for _ in range(6):
            so_far = sum(map(len, done))
            move(cluster, ONE, cluster.others(cluster.holder(ONE))[0])
            wait_until(lambda: sum(map(len, done)) > so_far + 20, description="work goes on")  # noqa: B023
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert all(answers == sorted(answers) for answers in done)
    assert sorted(chain(*done)) == list(range(1, sum(map(len, done)) + 1))
    assert cluster.holder(ONE).call("GET", ONE) == cluster.holder(ONE).call("GET", TWO)


def test_a_node_that_dies_is_reported_at_once_and_served_again_when_it_is_back(
    mortal_cluster: ValkeyCluster, clients: list[RedisClient]
) -> None:
    cluster = mortal_cluster
    holder = cluster.holder(ONE)
    client = client_of(clients, cluster.others(holder)[0])
    assert client.run(NEXT, [ONE], []) == 1
    holder.kill()
    assert_unavailable(lambda: client.run(NEXT, [ONE], []), REFUSED_WITHIN_S)
    others = cluster.others(holder)
    wait_until(lambda: not any(node.serves() for node in others), description="the others notice")
    assert_unavailable(lambda: client.run(NEXT, [ONE], []), REFUSED_WITHIN_S)
    assert_unavailable(lambda: client_of(clients, others[1]).run(NEXT, [ONE], []), REFUSED_WITHIN_S)
    holder.start()
    wait_until(lambda: is_available(client), timeout_s=30, description="the node serves again")
    assert client.run(NEXT, [ONE], []) == 2, "without what it held"


def test_a_seed_that_dies_with_the_keys_is_replaced_by_another_node(
    mortal_cluster: ValkeyCluster, clients: list[RedisClient]
) -> None:
    cluster = mortal_cluster
    holder = cluster.holder(ONE)
    client = client_of(clients, holder)
    client.run(NEXT, [ONE], [])
    heir = cluster.others(holder)[1]
    holder.kill()
    cluster.take_over(holder, heir)
    assert client.run(NEXT, [ONE], []) == 1, "at the first attempt"
    assert heir.call("GET", ONE) == "1"


def test_a_node_that_falls_silent_is_given_up_for_the_one_that_took_over(
    mortal_cluster: ValkeyCluster, clients: list[RedisClient]
) -> None:
    cluster = mortal_cluster
    holder = cluster.holder(ONE)
    client = client_of(clients, holder)
    client.run(NEXT, [ONE], [])
    holder.pause()
    try:
        assert_unavailable(lambda: client.run(NEXT, [ONE], []), SILENT_WITHIN_S)
        cluster.take_over(holder, cluster.others(holder)[0])
        assert client.run(NEXT, [ONE], []) == 1
    finally:
        holder.resume()
    wait_until(lambda: holder.call("CLUSTER INFO")["cluster_size"] == "2", description="it gives way")
    assert client.run(NEXT, [ONE], []) == 2
