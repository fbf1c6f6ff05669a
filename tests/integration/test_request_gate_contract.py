"""What every RequestGate promises, checked on each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from knight_vision.adapters.redis_queue.client import connect
from knight_vision.adapters.redis_queue.queue import RedisQueue
from knight_vision.adapters.request_gate import RedisRequestGate
from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_glance import NOTHING_SEEN, QueueGlance
from knight_vision.domain.quota import RateCount, RequestRate
from knight_vision.entrance import QueueLook, RequestGate
from knight_vision.ports import JobQueue
from tests.support.memory_gate import MemoryGate
from tests.support.memory_queue import MemoryQueue
from tests.support.queues import ORDER, a_job
from tests.support.recording import ManualClock, RecordingObserver
from tests.support.valkey import ValkeyServer, admin
from tests.support.valkey_cluster import ValkeyCluster

SLOW = RequestRate("user", per_s=1, burst=3)
"""A test takes much less than the second in which one request comes back."""
ADDRESS = RequestRate("address", per_s=1, burst=5)
CLAIM = KeptText("key", "first", 1_000)


@dataclass
class Here:
    gate: RequestGate
    another: RequestGate
    """Another function's, on the same servers."""
    pass_s: Callable[[int], None]
    """Let time pass for the rates."""
    queue: JobQueue
    """What is looked at."""


@pytest.fixture(params=["memory", "redis-single", "redis", "redis-cluster"])
def here(request: pytest.FixtureRequest) -> Iterator[Here]:
    if request.param == "memory":
        clock = ManualClock()
        queue: JobQueue = MemoryQueue(clock)
        memory = MemoryGate(clock, queue=lambda: queue)
        yield Here(memory, memory, memory.clock.sleep, queue)
        return
    servers: list[ValkeyServer]
    if request.param == "redis-cluster":
        cluster: ValkeyCluster = request.getfixturevalue("shared_cluster")
        servers = [*cluster.nodes]
    else:
        servers = [request.getfixturevalue("shared_valkey")]
    flush(servers)
    mode = "single" if request.param == "redis-single" else "cluster"
    clients = [connect(servers[place].url, mode) for place in (0, -1)]
    observer = RecordingObserver()
    gates = [RedisRequestGate(client, prefix="kv", order=ORDER, observer=observer) for client in clients]
    queue = RedisQueue(clients[0], prefix="kv", order=ORDER)
    yield Here(gates[0], gates[1], lambda seconds: set_back(servers, seconds), queue)
    assert observer.events == [], "nothing was away"
    for client in clients:
        client.close()
    assert_all_expire(servers)
    flush(servers)


def flush(servers: list[ValkeyServer]) -> None:
    for server in servers:
        with admin(server) as watcher:
            watcher.flushall()


def set_back(servers: list[ValkeyServer], seconds: int) -> None:
    """Move what the script keeps, the time at which the burst is whole, into the past."""
    for server in servers:
        with admin(server) as watcher:
            for name in watcher.scan_iter("kv:rate:*"):
                value: Any = watcher.get(name)
                watcher.set(name, float(value) - seconds, keepttl=True)


def assert_all_expire(servers: list[ValkeyServer]) -> None:
    for server in servers:
        with admin(server) as watcher:
            for name in watcher.scan_iter("kv:*"):
                ttl: Any = watcher.ttl(name)
                assert ttl >= 0, name
                if name.startswith("kv:rate:"):
                    assert ttl <= ADDRESS.window_s, "no longer than a burst takes to come back"


def one(here: Here, who: str = "u1", rate: RequestRate = SLOW) -> RateCount:
    counts = here.gate.enter([(rate, who)]).counts
    assert counts is not None
    return counts[0]


def test_a_burst_is_let_in_and_one_more_is_refused(here: Here) -> None:
    counts = [one(here) for _ in range(4)]
    assert [count.is_refused for count in counts] == [False, False, False, True]
    assert [count.left for count in counts] == [2, 1, 0, 0]
    assert 0 < counts[-1].retry_in_s <= 1
    assert 0 < counts[0].full_in_s <= 1
    assert 2 < counts[2].full_in_s <= 3


def test_a_request_comes_back_with_time(here: Here) -> None:
    for _ in range(4):
        one(here)
    here.pass_s(1)
    assert not one(here).is_refused
    assert one(here).is_refused
    here.pass_s(3)
    assert one(here).left == 2


def test_a_refused_request_is_not_counted(here: Here) -> None:
    for _ in range(3 + 20):
        one(here)
    here.pass_s(1)
    assert not one(here).is_refused


def test_all_functions_count_together(here: Here) -> None:
    for gate in (here.gate, here.another, here.gate):
        gate.enter([(SLOW, "u1")])
    counts = here.another.enter([(SLOW, "u1")]).counts
    assert counts is not None
    assert counts[0].is_refused


def test_each_subject_and_each_rate_counts_for_itself(here: Here) -> None:
    for _ in range(3):
        counts = here.gate.enter([(SLOW, "u1"), (ADDRESS, "u1")]).counts
    assert counts is not None
    assert [(count.rate.name, count.left) for count in counts] == [("user", 0), ("address", 2)]
    assert one(here, "u2").left == 2


def test_many_subjects_in_slots_of_all_nodes(here: Here) -> None:
    for number in range(40):
        here.gate.enter([(SLOW, f"u{number}"), (ADDRESS, f"2001:db8:{number}::/64")])
    assert one(here, "u39").left == 1


def test_the_first_claim_of_a_key_is_made_and_a_later_one_finds_it(here: Here) -> None:
    first = here.gate.enter([(SLOW, "u1")], CLAIM)
    assert (first.earlier, first.is_claim_known) == (None, True)
    later = here.another.enter([(SLOW, "u1")], KeptText("key", "second", 1_000))
    assert later.earlier == "first"
    assert later.counts is not None
    assert later.counts[0].left == 1, "both were counted"
    assert here.gate.read("key") == "first"


def test_a_claim_alone_counts_nothing(here: Here) -> None:
    entry = here.gate.enter([], CLAIM)
    assert (entry.counts, entry.earlier) == ((), None)
    assert one(here).left == 2


def test_what_is_kept_replaces_what_was_claimed(here: Here) -> None:
    here.gate.enter([], CLAIM)
    here.gate.keep(KeptText("key", "ünïcode answer", 1_000))
    assert here.another.read("key") == "ünïcode answer"
    assert here.another.enter([], CLAIM).earlier == "ünïcode answer"


@pytest.mark.parametrize("count", [0, 1, 3, 230])
def test_what_goes_along_with_jobs_is_kept_as_well(here: Here, count: int) -> None:
    here.gate.enter([], CLAIM)
    jobs = [a_job(f"g{number}", user="u1") for number in range(count)]
    for text in ("first answer", "another's answer"):
        along = KeptText("key", text, 1_000)
        # The first time a server may not know the scripts: then it is the caller's to keep it.
        admitted = here.queue.admit(jobs, wanted=10, most=dict.fromkeys(Phase, 20), along=along)
        if not admitted.is_kept:
            here.gate.keep(along)
        assert here.another.read("key") == text
    assert admitted.is_kept
    assert here.queue.counts().jobs == count
    here.another.forget("key")
    assert here.gate.read("key") is None


def test_what_is_forgotten_can_be_claimed_anew(here: Here) -> None:
    here.gate.enter([], CLAIM)
    here.gate.forget("key")
    here.gate.forget("key")
    assert here.gate.read("key") is None
    assert here.another.enter([], CLAIM).earlier is None


def test_a_look_counts_a_users_unfinished_games(here: Here) -> None:
    for game in ("g1", "g2"):
        here.queue.enqueue(a_job(game, user="u1"))
    entry = here.gate.enter([(SLOW, "u1")], CLAIM, QueueLook(user_id=UserId("u1")))
    assert entry.glance == QueueGlance(unfinished_games=2)
    assert entry.counts is not None
    assert (entry.counts[0].left, entry.earlier) == (2, None)
    again = here.another.enter([], CLAIM, QueueLook(user_id=UserId("stranger")))
    assert (again.glance, again.earlier) == (QueueGlance(unfinished_games=0), "first")


def test_a_look_reads_a_games_progress(here: Here) -> None:
    game_id = GameId("g1")
    look = QueueLook(game_id=game_id)
    assert here.gate.enter([(SLOW, "u1")], None, look).glance == QueueGlance(game_id=game_id)
    here.queue.enqueue(a_job("g1", user="u1"))
    seen = here.gate.enter([(SLOW, "u1"), (ADDRESS, "a")], None, look).glance
    assert seen == QueueGlance(game_id=game_id, progress=here.queue.read(game_id))
    assert seen.progress is not None


def test_without_a_look_nothing_is_seen(here: Here) -> None:
    here.queue.enqueue(a_job("g1", user="u1"))
    assert here.gate.enter([(SLOW, "u1")], CLAIM).glance == NOTHING_SEEN


def test_nothing_to_ask_is_fine(here: Here) -> None:
    assert here.gate.enter([]).counts == ()
