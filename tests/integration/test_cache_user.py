"""The rights that infra/cache.yaml gives the functions, on a real Valkey: enough, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from redis import Redis
from redis.exceptions import NoPermissionError

from infra.local.cloudformation import CloudFormationLoader, Resolver
from knight_vision.adapters.position_cache import RedisPositionCache
from knight_vision.adapters.redis_queue.client import RedisClient, connect
from knight_vision.adapters.redis_queue.queue import RedisQueue
from knight_vision.adapters.request_gate import RedisRequestGate
from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.phase import Phase
from knight_vision.domain.quota import RequestRate
from knight_vision.entrance import QueueLook
from tests.integration.test_redis_acl import OUTSIDE_SCRIPTS, commands_in_scripts
from tests.support.position_caches import entries
from tests.support.queues import ORDER, a_job, claim_one, finish_phase
from tests.support.recording import RecordingObserver
from tests.support.valkey import ValkeyServer, admin

NAME = "kv-stack"
TEMPLATE = Path(__file__).parents[2] / "infra" / "cache.yaml"


def access_string() -> list[str]:
    """The user's rights as ElastiCache gets them, word by word."""
    template: Any = yaml.load(TEMPLATE.read_text(), CloudFormationLoader)  # a SafeLoader
    resolver = Resolver(template, {"Name": NAME})
    return str(resolver.resolve(template["Resources"]["User"]["Properties"]["AccessString"])).split()


@pytest.fixture
def functions(valkey: ValkeyServer) -> Iterator[RedisClient]:
    """A client with the functions' rights."""
    with admin(valkey) as watcher:
        watcher.execute_command("ACL", "SETUSER", NAME, "reset", ">secret", *access_string())
        client = connect(valkey.url.replace("redis://", f"redis://{NAME}:secret@"), "cluster")
        yield client
        client.close()
        watcher.execute_command("ACL", "DELUSER", NAME)
        watcher.flushall()


def test_every_command_that_is_sent_is_allowed_and_no_other() -> None:
    allowed = {word[1:] for word in access_string() if word.startswith("+")}
    # Whoever signs in need not be allowed to.
    assert allowed == (commands_in_scripts() | OUTSIDE_SCRIPTS) - {"auth"}
    assert "-@all" in access_string()


def test_a_job_goes_through_with_these_rights(functions: RedisClient) -> None:
    queue = RedisQueue(functions, prefix=NAME, order=ORDER)
    gate = RedisRequestGate(functions, prefix=NAME, order=ORDER, observer=(observer := RecordingObserver()))
    rate = (RequestRate("user", per_s=1, burst=3), "u1")
    job = a_job("g1", segments=2)
    admitted = queue.admit([job, a_job("g2")], wanted=2, most=dict.fromkeys(Phase, 9))
    assert len(admitted.answers) == 2
    entry = gate.enter([rate], KeptText("k", "text", 10), QueueLook(game_id=GameId("g1")))
    assert entry.glance.progress is not None
    gate.keep(KeptText("k", "answer", 10))
    assert gate.read("k") == "answer"
    gate.forget("k")
    claim = claim_one(queue)
    queue.report_progress(claim, 1)
    queue.fail_unit(claim, max_attempts=3)
    queue.release(claim_one(queue, "t2"))
    finish_phase(queue, Phase.INTERMEDIATE)
    queue.expire_leases(max_attempts=3)
    queue.counts_and_activity()
    queue.store_is_away()
    queue.store_is_back()
    assert queue.known([GameId("g1"), GameId("x")]) <= {GameId("g1")}
    queue.remove_all([(GameId("g1"), 1), (GameId("g2"), 1)])
    assert queue.unfinished_games(UserId("u1")) == 0
    assert observer.events == []


def test_evaluations_are_shared_with_these_rights(functions: RedisClient) -> None:
    observer = RecordingObserver()
    cache = RedisPositionCache(functions, prefix=NAME, ttl_s=60, observer=observer)
    kept = entries(3)
    cache.write(kept)
    assert cache.read(list(kept)) == kept
    assert observer.events == []


@pytest.mark.parametrize(
    "command",
    [
        "GET other:key",
        "SET {other}:jobs x",
        "KEYS *",
        "FLUSHALL",
        "CONFIG GET *",
        "PUBLISH kv-stack:x y",
        "SCAN 0",
    ],
)
def test_nothing_else_is_allowed(functions: RedisClient, valkey: ValkeyServer, command: str) -> None:
    with (
        Redis.from_url(valkey.url.replace("redis://", f"redis://{NAME}:secret@"), protocol=2) as anybody,
        pytest.raises(NoPermissionError),
    ):
        anybody.execute_command(*re.split(" +", command))
