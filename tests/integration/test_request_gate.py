"""The request gate on Redis: what it sends, what it leaves behind, and what happens while Redis is away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import OutOfMemoryError

from knight_vision.adapters.redis_queue.client import RedisClient, connect
from knight_vision.adapters.redis_queue.nodes import Command
from knight_vision.adapters.request_gate import AWAY_FOR_S, RedisRequestGate
from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.queue_glance import NOTHING_SEEN
from knight_vision.domain.quota import RequestRate
from knight_vision.entrance import QueueLook
from knight_vision.errors import QueueUnavailableError
from tests.support.queues import ORDER
from tests.support.recording import ManualClock, RecordingObserver
from tests.support.unavailable import REFUSED_WITHIN_S, assert_unavailable
from tests.support.valkey import ValkeyServer, admin
from tests.support.valkey_cluster import ValkeyCluster

USER = (RequestRate("user", per_s=1, burst=3), "u1")
ADDRESS = (RequestRate("address", per_s=1, burst=5), "192.0.2.1")
CLAIM = KeptText("key", "text", 1_000)
AWAY = "request_gate_unavailable"


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


@pytest.fixture
def client(server: ValkeyServer) -> Iterator[RedisClient]:
    client = connect(server.url, "cluster")
    yield client
    client.close()


def a_gate(
    client: RedisClient, observer: RecordingObserver | None = None, clock: ManualClock | None = None
) -> RedisRequestGate:
    clock = clock or ManualClock()
    return RedisRequestGate(
        client,
        prefix="kv",
        order=ORDER,
        observer=observer or RecordingObserver(),
        monotonic_s=clock.monotonic_s,
    )


def fill(watcher: Redis) -> None:
    """Write until it is refused."""
    for number in range(10_000):
        watcher.set(f"filler {number}", "x" * 10_000)


class TestOneRoundTrip:
    def test_rates_and_claim_travel_together(
        self, client: RedisClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gate = a_gate(client)
        gate.enter([USER, ADDRESS])  # the connection is made, the script known
        sent: list[int] = []
        ask_each = client.ask_each

        def counted(commands: Sequence[Command]) -> list[Any]:
            sent.append(len(commands))
            return ask_each(commands)

        monkeypatch.setattr(client, "ask_each", counted)
        gate.enter([USER, ADDRESS], CLAIM)
        gate.enter([USER, ADDRESS], CLAIM, QueueLook(game_id=GameId("g1")))
        assert sent == [3, 4, 1], "the look's script was not known yet"
        gate.enter([USER, ADDRESS], CLAIM, QueueLook(game_id=GameId("g1")))
        assert sent[3:] == [4]

    def test_a_server_that_forgot_the_script_is_told_again(self, client: RedisClient, watcher: Redis) -> None:
        gate, observer = a_gate(client), RecordingObserver()
        for left in (2, 1):
            watcher.script_flush()
            counts = gate.enter([USER, ADDRESS]).counts
            assert counts is not None
            assert counts[0].left == left
        assert observer.events == []


class TestMemory:
    def test_keys_live_no_longer_than_they_say_something(self, client: RedisClient, watcher: Redis) -> None:
        gate = a_gate(client)
        gate.enter([USER, ADDRESS], CLAIM)
        names: Any = watcher.scan_iter()
        assert {name: watcher.ttl(name) for name in names} == {
            "kv:rate:user:u1": 1,
            "kv:rate:address:192.0.2.1": 1,
            "kv:answer:key": 1_000,
        }
        for _ in range(10):
            gate.enter([USER])
        assert watcher.ttl("kv:rate:user:u1") in (2, 3), "a burst, however much was asked"

    def test_a_subject_takes_little(self, client: RedisClient, watcher: Redis) -> None:
        a_gate(client).enter([USER])
        taken: Any = watcher.memory_usage("kv:rate:user:u1")
        assert taken < 200


class TestAClaimThatIsSentTwice:
    def test_it_is_still_ours(self, client: RedisClient, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its first answer was lost: the client cuts the connection and sends all again."""
        ask_each = client.ask_each

        def twice(commands: Sequence[Command]) -> list[Any]:
            ask_each(commands)
            return ask_each(commands)

        monkeypatch.setattr(client, "ask_each", twice)
        assert a_gate(client).enter([USER], CLAIM).earlier is None
        monkeypatch.setattr(client, "ask_each", ask_each)
        assert a_gate(client).enter([USER], CLAIM).earlier == "text"


class TestAway:
    def test_everybody_passes_and_it_is_said_once_in_a_while(self, server: ValkeyServer) -> None:
        client, observer, clock = connect(server.url, "cluster"), RecordingObserver(), ManualClock()
        gate = a_gate(client, observer, clock)
        gate.enter([USER])
        server.kill()
        try:
            for _ in range(3):
                entry = gate.enter([USER], CLAIM)
                assert (entry.counts, entry.earlier, entry.is_claim_known) == (None, None, False)
            assert observer.names() == [AWAY], "and nobody waited a second time"
            assert observer.metrics == [("RequestGateUnavailable", 1, {})]
            clock.sleep(AWAY_FOR_S + 0.001)
            gate.enter([USER])
            assert observer.names() == [AWAY, AWAY]
        finally:
            server.restart()
        clock.sleep(AWAY_FOR_S + 0.001)
        counts = gate.enter([USER]).counts
        assert counts is not None
        assert counts[0].left == 2, "a lost count begins anew"
        client.close()

    def test_kept_answers_are_not_to_be_had(self, server: ValkeyServer, client: RedisClient) -> None:
        gate = a_gate(client)
        server.kill()
        try:
            assert_unavailable(lambda: gate.read("key"), REFUSED_WITHIN_S)
            with pytest.raises(QueueUnavailableError):
                gate.keep(KeptText("key", "text", 10))
            with pytest.raises(QueueUnavailableError):
                gate.forget("key")
        finally:
            server.restart()

    def test_a_full_server_counts_nobody(self) -> None:
        with ValkeyServer(maxmemory="3mb") as full:
            with admin(full) as watcher, pytest.raises(OutOfMemoryError):
                fill(watcher)
            client, observer, clock = connect(full.url, "cluster"), RecordingObserver(), ManualClock()
            gate = a_gate(client, observer, clock)
            entry = gate.enter([USER, ADDRESS], CLAIM)
            assert (entry.counts, entry.is_claim_known) == (None, False)
            assert AWAY in observer.names()
            clock.sleep(AWAY_FOR_S + 0.001)
            entry = gate.enter([], look=QueueLook(user_id=UserId("u1")))
            assert entry.glance == NOTHING_SEEN, (
                "no room for another game: who needs to know asks, and is refused"
            )
            assert gate.enter([], look=QueueLook(game_id=GameId("g1"))).glance.game_id == "g1", (
                "reading goes on"
            )
            client.close()


class TestCluster:
    def test_a_slot_that_moves_is_followed(self, shared_cluster: ValkeyCluster) -> None:
        for node in shared_cluster.nodes:
            node.call("FLUSHALL")
        client, observer = connect(shared_cluster.nodes[0].url, "cluster"), RecordingObserver()
        gate = a_gate(client, observer)
        gate.enter([USER], CLAIM)
        name = gate.rate_key(*USER)
        holder = shared_cluster.holder(name)
        target = shared_cluster.others(holder)[0]
        shared_cluster.move(name, target)
        try:
            entry = gate.enter([USER], CLAIM)
            assert entry.counts is not None
            assert entry.counts[0].left <= 1
            assert entry.earlier == "text"
            assert observer.events == []
        finally:
            shared_cluster.move(name, holder)
            client.close()
