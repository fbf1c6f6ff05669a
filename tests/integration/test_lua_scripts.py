"""What only the scripts on Redis promise, beyond the contract of every queue."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import ResponseError

from knight_vision.adapters.redis_queue.client import RedisClient, Script, connect
from knight_vision.adapters.redis_queue.kept_texts import name_of
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.adapters.redis_queue.queue import RedisQueue
from knight_vision.adapters.redis_queue.script_files import LUA, load_script
from knight_vision.adapters.redis_queue.scripts import Scripts
from knight_vision.domain.job import Claim, EnqueueAnswer, FinishAnswer, Priority, Unit, UserId
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import Tally
from knight_vision.domain.queue_state import QueueState
from knight_vision.errors import QueueUnavailableError
from tests.support.queues import LEASE_MS, ORDER, a_job, a_plan, claim_one, finish_phase, load, result_of
from tests.support.valkey import (
    DeclaredKeysClient,
    ValkeyServer,
    admin,
    end_all_jobs,
    leaked_keys,
    pass_time,
)
from tests.support.wait import wait_until

NAMES = sorted(path.stem for path in LUA.glob("*.lua"))


@pytest.fixture
def client(valkey: ValkeyServer) -> Iterator[RedisClient]:
    """A client as the functions have it."""
    client = connect(valkey.url, "cluster")
    yield client
    client.close()


@pytest.fixture
def watcher(valkey: ValkeyServer) -> Iterator[Redis]:
    """A client that may call everything."""
    watcher = admin(valkey)
    yield watcher
    watcher.close()


@pytest.fixture
def queue(client: RedisClient, watcher: Redis) -> Iterator[RedisQueue]:
    """A queue as the functions have it; its jobs are ended afterwards."""
    queue = RedisQueue(client, prefix="kv", order=ORDER)
    yield queue
    end_all_jobs(watcher, queue)


@pytest.mark.parametrize("name", NAMES)
class TestEveryScript:
    def test_has_a_header_that_says_what_a_caller_must_know(self, name: str) -> None:
        text = (LUA / f"{name}.lua").read_text()
        header = text.split("\nlocal ")[0]
        assert f"-- {name}: " in header
        for part in ("-- KEYS: ", "-- ARGV: ", "-- Answers: ", "-- Guarantees: "):
            assert part in header

    def test_has_the_name_of_its_method_and_of_its_transition(self, name: str) -> None:
        transition = name.removesuffix("_again")  # what the first script of a transition leaves to a second
        assert hasattr(Scripts, transition)
        assert hasattr(QueueState, transition)

    def test_may_not_touch_another_slot(self, name: str, watcher: Redis) -> None:
        shebang = load_script(name).text.splitlines()[0]
        assert shebang.startswith("#!lua")
        with pytest.raises(ResponseError, match="do not hash to the same slot"):
            watcher.eval(f"{shebang}\nreturn redis.call('GET', '{{other}}:key')", 1, "{kv}:key")


def test_a_script_that_touches_an_undeclared_key_would_be_noticed(valkey: ValkeyServer) -> None:
    client = DeclaredKeysClient(valkey)
    try:
        assert client.run(Script("#!lua\nreturn redis.call('GET', KEYS[1])"), ["{kv}:mine"], []) is None
        with pytest.raises(ResponseError, match="No permissions to access a key"):
            client.run(Script("#!lua\nreturn redis.call('GET', '{kv}:other')"), ["{kv}:mine"], [])
    finally:
        client.close()


def test_a_leaked_key_would_be_noticed(valkey: ValkeyServer, watcher: Redis) -> None:
    permanent = Keys("kv").permanent
    watcher.hset("{kv}:rates", "initial", "1.0")
    assert leaked_keys(watcher, permanent) == set()
    watcher.set("{kv}:job:g1", "x")
    assert leaked_keys(watcher, permanent) == {"{kv}:job:g1"}
    watcher.delete("{kv}:job:g1")
    watcher.expire("{kv}:rates", 100)
    assert leaked_keys(watcher, permanent) == {"{kv}:rates"}
    watcher.persist("{kv}:rates")


@pytest.mark.parametrize("prefix", ["", "a{b", "a}b"])
def test_a_prefix_that_is_no_hash_tag_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        Keys(prefix)


def let_lease_end(queue: RedisQueue, watcher: Redis, claim: Claim) -> None:
    pass_time(watcher, queue.keys, LEASE_MS + 1)


def let_another_take_over(queue: RedisQueue, watcher: Redis, claim: Claim) -> None:
    pass_time(watcher, queue.keys, LEASE_MS + 1)
    queue.expire_leases(max_attempts=3)
    claim_one(queue, "another")


def let_a_new_generation_come(queue: RedisQueue, watcher: Redis, claim: Claim) -> None:
    queue.enqueue(a_job(generation=2, segments=1))
    claim_one(queue, "another")


def remove_the_job(queue: RedisQueue, watcher: Redis, claim: Claim) -> None:
    queue.remove(claim.unit.game_id, claim.unit.generation)


CALLS: dict[str, Callable[[RedisQueue, Claim], Any]] = {
    "report_progress": lambda queue, claim: queue.report_progress(claim, 1),
    "finish_segment": lambda queue, claim: queue.finish_segment(claim, result_of(claim), 10),
    "finish_and_claim": lambda queue, claim: queue.finish_and_claim(
        claim, result_of(claim), 10, token="next", lease_ms=LEASE_MS
    )[0],
    "read_evaluations": lambda queue, claim: queue.read_evaluations(claim),
    "advance": lambda queue, claim: queue.advance(claim, a_plan(Phase.COMPLETE)),
    "advance to the end": lambda queue, claim: queue.advance(claim, None),
    "fail_unit": lambda queue, claim: queue.fail_unit(claim, max_attempts=1),
    "release": lambda queue, claim: queue.release(claim),
}


@pytest.mark.parametrize(
    "lose", [let_lease_end, let_another_take_over, let_a_new_generation_come, remove_the_job]
)
@pytest.mark.parametrize("call", CALLS)
def test_who_lost_the_claim_is_told_so_and_changes_nothing(
    queue: RedisQueue, watcher: Redis, call: str, lose: Callable[[RedisQueue, Redis, Claim], None]
) -> None:
    queue.enqueue(a_job(segments=1))
    needs_report = call.startswith(("advance", "read"))
    claim = finish_phase(queue) if needs_report else claim_one(queue)
    lose(queue, watcher, claim)
    before = contents(watcher)
    for _ in range(2):
        assert CALLS[call](queue, claim) in ("stale", None)
    assert contents(watcher) == before


def contents(client: Redis) -> dict[str, Any]:
    """Every key with its value."""
    return {key: dump(client, key) for key in client.scan_iter()}


def dump(client: Redis, key: str) -> Any:
    readers: dict[str, Callable[[], Any]] = {
        "hash": lambda: client.hgetall(key),
        "zset": lambda: client.zrange(key, 0, -1, withscores=True),
    }
    return readers[str(client.type(key))]()


def test_a_lease_ends_by_the_servers_clock(queue: RedisQueue) -> None:
    queue.enqueue(a_job(segments=1))
    claim = queue.claim(Phase.INTERMEDIATE, token="t", lease_ms=30)
    assert isinstance(claim, Claim)
    requeued: list[Unit] = []

    def expired() -> bool:
        requeued.extend(queue.expire_leases(max_attempts=3).requeued)
        return bool(requeued)

    wait_until(expired, description="the lease of 30 ms ends")
    assert requeued == [claim.unit]


def test_workers_side_by_side_never_share_a_unit_and_one_closes_the_phase(valkey: ValkeyServer) -> None:
    clients = [connect(valkey.url, "cluster") for _ in range(4)]
    queues = [RedisQueue(one, prefix="kv", order=ORDER) for one in clients]
    for game in range(5):
        queues[0].enqueue(a_job(f"g{game}", segments=10))
    start = threading.Barrier(len(queues))
    done: list[tuple[Unit, FinishAnswer]] = []

    def work(worker: int) -> None:
        start.wait()
        number = 0
        while claim := queues[worker].claim(
            Phase.INTERMEDIATE, token=f"{worker}-{number}", lease_ms=LEASE_MS
        ):
            assert isinstance(claim, Claim)
            number += 1
            answer = queues[worker].finish_segment(claim, result_of(claim), 10)
            done.append((claim.unit, answer))
            if answer is FinishAnswer.PHASE_READY:
                queues[worker].advance(claim.for_report(), None)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(queues))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({unit for unit, _answer in done}) == len(done) == 50
    closed = [unit.game_id for unit, answer in done if answer is FinishAnswer.PHASE_READY]
    assert sorted(closed) == [f"g{game}" for game in range(5)]
    assert queues[0].counts().jobs == 0
    for client in clients:
        client.close()


def test_the_longest_game_in_the_smallest_segments_fits(queue: RedisQueue) -> None:
    job = a_job(segments=1_201)
    queue.enqueue(job)
    assert load(queue) == (1_201, 0)
    progress = queue.read(job.game_id)
    assert progress is not None
    assert progress.units_ahead == 0
    queue.enqueue(a_job(priority=Priority.PREMIUM, segments=1_201))
    assert queue.remove(job.game_id, 1)


def test_a_full_redis_refuses_jobs_but_lets_the_queue_be_worked_off(
    queue: RedisQueue, watcher: Redis
) -> None:
    queue.enqueue(a_job("g1", segments=2))
    queue.enqueue(a_job("g2", segments=1))
    used = int(watcher.info("memory")["used_memory"])
    watcher.config_set("maxmemory", used - 1)
    try:
        with pytest.raises(QueueUnavailableError):
            queue.enqueue(a_job("g3"))
        # Whoever is about to accept a game hears of it before.
        with pytest.raises(QueueUnavailableError):
            queue.unfinished_games(UserId("u1"))
        failed = claim_one(queue, "failed")
        queue.fail_unit(failed, max_attempts=3)
        queue.release(claim_one(queue, "released"))
        report = None
        for number in range(3):
            claim = claim_one(queue, f"t{number}")
            if queue.finish_segment(claim, result_of(claim), 10) is FinishAnswer.PHASE_READY:
                report = claim.for_report()
                assert queue.read_evaluations(report) is not None
                assert queue.advance(report, None) == "finished"
        assert report is not None
        assert queue.counts().jobs == 0
    finally:
        watcher.config_set("maxmemory", 0)
    assert queue.enqueue(a_job("g3")) == "enqueued"


def test_a_server_that_forgot_the_scripts_is_told_them_again(queue: RedisQueue, watcher: Redis) -> None:
    queue.enqueue(a_job())
    watcher.script_flush()
    claim_one(queue)


@pytest.mark.parametrize("known", ["", "enqueue", "enqueue_again", "allow_calls"])
@pytest.mark.parametrize("along", [None, KeptText("somewhere", "else", 60)])
def test_calls_are_allowed_for_new_jobs_whichever_script_was_forgotten(
    queue: RedisQueue, watcher: Redis, known: str, along: KeptText | None
) -> None:
    """A call that is never sent is made good by the next sweep only, a minute later."""
    most = dict.fromkeys(Phase, 20)
    for number, count in enumerate((2, 1, 150)):
        watcher.script_flush()
        if known:
            watcher.script_load(load_script(known).text)
        jobs = [a_job(f"{number}-{game}", segments=1, phase=Phase.INITIAL) for game in range(count)]
        admitted = queue.admit(jobs, wanted=2, most=most, along=along)
        assert set(admitted.answers) == {EnqueueAnswer.ENQUEUED}
        assert admitted.calls == {Phase.INITIAL: min(count, 2)}
        assert not (admitted.is_kept and watcher.get(name_of("kv", "somewhere")) is None)
    assert queue.counts().jobs == 153
    watcher.delete(name_of("kv", "somewhere"))


@pytest.mark.parametrize(
    "words",
    [
        "LOADING Valkey is loading the dataset in memory",
        "READONLY You can't write against a read only replica.",
        "CLUSTERDOWN The cluster is down",
        "MASTERDOWN Link with MASTER is down",
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "BUSY Valkey is busy running a script",
        "MISCONF Errors writing to the AOF file",
        "OOM command not allowed when used memory > 'maxmemory'.",
    ],
)
def test_answers_that_mean_not_now_are_told_from_faults(client: RedisClient, words: str) -> None:
    script = Script(f'#!lua\nreturn redis.error_reply("{words}")')
    with pytest.raises(QueueUnavailableError):
        client.run(script, ["{kv}:key"], [])
    with pytest.raises(ResponseError, match="our own fault"):
        client.run(Script("#!lua\nreturn redis.error_reply('ERR our own fault')"), ["{kv}:key"], [])


def test_five_thousand_games_of_one_user_delay_anothers_by_the_one_in_line(queue: RedisQueue) -> None:
    for number in range(5_000):
        queue.enqueue(
            a_job(f"heavy{number}", user="heavy", segments=3, enqueued_at_ms=1_700_000_000_000 + number)
        )
    claim_one(queue, "first")
    queue.enqueue(a_job("single", user="light", segments=3, enqueued_at_ms=None))
    urgent = a_job("urgent", user="heavy", segments=1, priority=Priority.PREMIUM, enqueued_at_ms=None)
    queue.enqueue(urgent)
    games = [claim_one(queue, f"then {number}").unit.game_id for number in range(7)]
    assert games == ["heavy0", "heavy0", "urgent", "single", "single", "single", "heavy1"]


def test_activity_older_than_an_hour_is_not_told_and_then_forgotten(
    queue: RedisQueue, watcher: Redis
) -> None:
    queue.enqueue(a_job(segments=1))
    claim_one(queue)
    minute = int(watcher.time()[0]) // 60
    watcher.hset(queue.keys.activity, f"{minute - 61} searched initial", 7 * 2**40 + 5)
    watcher.hset(queue.keys.activity, f"{minute - 58} searched initial", 3 * 2**40 + 6)
    assert queue.activity().searched[Phase.INITIAL] == Tally(3, 6)
    queue.expire_leases(max_attempts=3)
    fields = watcher.hkeys(queue.keys.activity)
    assert f"{minute - 61} searched initial" not in fields
    assert len(fields) == 2
