"""A Redis that is away is reported soon, and served again by the same client when it is back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from knight_vision.adapters.redis_queue.client import RedisClient, Script, connect
from tests.support.unavailable import REFUSED_WITHIN_S, SILENT_WITHIN_S, assert_unavailable
from tests.support.valkey import ValkeyServer, admin

NEXT = Script("#!lua\nreturn redis.call('INCR', KEYS[1])")
KEY = "{kv}:number"


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    """A server that these tests may stop."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture(params=["cluster", "single"])
def client(server: ValkeyServer, request: pytest.FixtureRequest) -> Iterator[RedisClient]:
    """A client in either mode; nothing is connected yet."""
    with admin(server) as watcher:
        watcher.flushall()
    client = connect(server.url, request.param)
    yield client
    client.close()


def test_a_server_that_is_gone_is_reported_at_once(server: ValkeyServer, client: RedisClient) -> None:
    client.run(NEXT, [KEY], [])
    server.kill()
    for _ in range(3):
        assert_unavailable(lambda: client.run(NEXT, [KEY], []), REFUSED_WITHIN_S)
    server.start()
    assert client.run(NEXT, [KEY], []) == 1, "an empty server, which does not know the script either"


def test_a_restart_between_two_calls_is_not_noticed(server: ValkeyServer, client: RedisClient) -> None:
    run_in_threads(lambda: client.run(NEXT, [KEY], []), 4)  # several connections, dead by the next call
    server.restart()
    assert client.run(NEXT, [KEY], []) == 1


def test_a_server_that_does_not_answer_is_given_up_soon(server: ValkeyServer, client: RedisClient) -> None:
    client.run(NEXT, [KEY], [])
    server.pause()
    try:
        assert_unavailable(lambda: client.run(NEXT, [KEY], []), SILENT_WITHIN_S)
        assert_unavailable(lambda: client.run(NEXT, [KEY], []), SILENT_WITHIN_S)
    finally:
        server.resume()
    client.run(NEXT, [KEY], [])


def test_a_client_made_while_redis_is_away_works_later(server: ValkeyServer, client: RedisClient) -> None:
    server.kill()
    assert_unavailable(lambda: client.run(NEXT, [KEY], []), REFUSED_WITHIN_S)
    server.start()
    assert client.run(NEXT, [KEY], []) == 1


def test_a_client_made_while_redis_is_silent_works_later(server: ValkeyServer, client: RedisClient) -> None:
    server.pause()
    try:
        assert_unavailable(lambda: client.run(NEXT, [KEY], []), SILENT_WITHIN_S)
    finally:
        server.resume()
    client.run(NEXT, [KEY], [])


def test_a_cut_connection_is_not_noticed(server: ValkeyServer, client: RedisClient) -> None:
    before: int = client.run(NEXT, [KEY], [])
    with admin(server) as watcher:
        watcher.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    assert client.run(NEXT, [KEY], []) == before + 1


def test_a_script_whose_answer_came_too_late_is_run_again(server: ValkeyServer, client: RedisClient) -> None:
    client.run(NEXT, [KEY], [])
    server.pause()
    resume = threading.Timer(1.5, server.resume)  # in the second of the two waits
    resume.start()
    try:
        assert client.run(NEXT, [KEY], []) == 3, "the first command was still in the server's socket"
    finally:
        resume.join()
    assert client.run(NEXT, [KEY], []) == 4, "the late answer is told to nobody"


def test_a_script_that_fails_leaves_the_connection_in_order(client: RedisClient) -> None:
    fault = Script("#!lua\nreturn redis.error_reply('ERR our own fault')")
    start = int(client.run(NEXT, [KEY], []))
    with pytest.raises(Exception, match="our own fault"):
        client.run(fault, [KEY], [])
    assert client.run(NEXT, [KEY], []) == start + 1


def test_a_full_server_does_not_serve(client: RedisClient, server: ValkeyServer) -> None:
    client.run(NEXT, [KEY], [])
    write = Script("#!lua\nreturn redis.call('SET', KEYS[1], ARGV[1])")
    with admin(server) as watcher:
        watcher.config_set("maxmemory", 1)
        try:
            assert_unavailable(lambda: client.run(write, [KEY], ["x"]), REFUSED_WITHIN_S)
        finally:
            watcher.config_set("maxmemory", 0)
    assert client.run(write, [KEY], ["x"]) == "OK"


def test_threads_share_a_client(server: ValkeyServer, client: RedisClient) -> None:
    echo = Script("#!lua\nreturn ARGV[1]")
    wrong: list[tuple[str, str]] = []

    def call() -> None:
        mine = threading.current_thread().name
        for number in range(200):
            answer = client.run(echo, [KEY], [f"{mine}-{number}"])
            if answer != f"{mine}-{number}":
                wrong.append((mine, answer))

    run_in_threads(call, 8)
    assert not wrong


def run_in_threads(call: Callable[[], object], count: int) -> None:
    """Run a call in several threads at once. Raises what one of them raised."""
    start, errors = threading.Barrier(count), list[BaseException]()

    def run() -> None:
        start.wait()
        try:
            call()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
