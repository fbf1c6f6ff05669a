"""A Redis that is away is reported within seconds, and served again by the same client when it is back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from knight_vision.adapters.redis_queue.client import RedisClient, connect
from knight_vision.adapters.redis_queue.queue import RedisQueue
from knight_vision.domain.job import EnqueueAnswer
from knight_vision.errors import QueueUnavailableError
from tests.support.queues import a_job
from tests.support.valkey import ValkeyServer

REPORTED_WITHIN_S = 3.0


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    """A server that these tests may stop."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def clients(server: ValkeyServer) -> Iterator[list[RedisClient]]:
    """A client of either mode; nothing is connected yet."""
    clients = [connect(server.url, mode) for mode in ("cluster", "single")]
    yield clients
    for client in clients:
        client.close()


def queues_of(clients: list[RedisClient]) -> list[RedisQueue]:
    return [
        RedisQueue(client, prefix=f"kv{number}", priority_boost_ms=1, fair_share_ms=1)
        for number, client in enumerate(clients)
    ]


def assert_reported_soon(call: Callable[[], object]) -> None:
    start_s = time.monotonic()
    with pytest.raises(QueueUnavailableError):
        call()
    assert time.monotonic() - start_s < REPORTED_WITHIN_S


def test_after_a_restart_the_queue_is_empty_and_takes_jobs(
    server: ValkeyServer, clients: list[RedisClient]
) -> None:
    queues = queues_of(clients)
    for queue in queues:
        assert queue.enqueue(a_job()) is EnqueueAnswer.ENQUEUED
    server.kill()
    for queue in queues:
        for _ in range(2):
            assert_reported_soon(queue.ping)
        assert_reported_soon(lambda: queue.enqueue(a_job("g2")))  # noqa: B023
    server.start()
    for queue in queues:
        assert queue.counts().jobs == 0
        assert queue.enqueue(a_job()) is EnqueueAnswer.ENQUEUED


def test_a_server_that_does_not_answer_is_given_up_soon(
    server: ValkeyServer, clients: list[RedisClient]
) -> None:
    queues = queues_of(clients)
    queues[0].ping()  # one has a connection, the other has none yet
    server.pause()
    try:
        for queue in queues:
            assert_reported_soon(queue.ping)
    finally:
        server.resume()
    for queue in queues:
        queue.ping()


def test_a_client_made_while_redis_is_away_works_later(
    server: ValkeyServer, clients: list[RedisClient]
) -> None:
    queues = queues_of(clients)
    server.kill()
    for queue in queues:
        assert_reported_soon(queue.ping)
    server.start()
    for queue in queues:
        queue.ping()
