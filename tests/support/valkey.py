"""A real Valkey for tests, and clients of it that watch the scripts more closely than Redis does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from redis import Redis

from infra.local.valkey import ValkeyServer
from knight_vision.adapters.redis_queue.client import RedisClient, Script, ScriptCall
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.adapters.redis_queue.queue import RedisQueue

__all__ = [
    "DeclaredKeysClient",
    "RepeatingClient",
    "ValkeyServer",
    "admin",
    "end_all_jobs",
    "leaked_keys",
    "pass_time",
]

PASSWORD = "fenced"
GLOB_SIGN = re.compile(r"[\\*?\[\]]")

ANSWERS_OF_REPEATED_CALLS = {"removed": "gone", "finished": "stale"}
"""Where a repeated call cannot know that it is one: everything that could tell is gone."""


def admin(server: ValkeyServer) -> Redis:
    """A client that may call everything."""
    return Redis.from_url(server.admin_url, decode_responses=True, protocol=2)


class DeclaredKeysClient(RedisClient):
    """Runs every script as a user who may touch that call's KEYS and no other key."""

    def __init__(self, server: ValkeyServer, user: str = "fenced") -> None:
        self.admin = admin(server)
        self.user = user
        self.admin.execute_command(  # type: ignore[no-untyped-call]
            "ACL", "SETUSER", user, "reset", "on", f">{PASSWORD}", "+@all", "-@dangerous", "-select", "-keys"
        )
        url = server.url.replace("redis://", f"redis://{user}:{PASSWORD}@")
        super().__init__(lambda: Redis.from_url(url, decode_responses=True, protocol=2))

    def run(self, script: Script, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        """The script's answer; an undeclared key is a NoPermissionError."""
        patterns = ["~" + GLOB_SIGN.sub(r"\\\g<0>", key) for key in keys]
        self.admin.execute_command("ACL", "SETUSER", self.user, "resetkeys", *patterns)  # type: ignore[no-untyped-call]
        return super().run(script, keys, args)

    def run_each(self, calls: Sequence[ScriptCall]) -> list[Any]:
        """One by one."""
        return [self.run(*call) for call in calls]

    def close(self) -> None:
        """Give the connections back."""
        super().close()
        self.admin.close()


class RepeatingClient(RedisClient):
    """Runs every script twice, as our client does when an answer is lost, and expects the same answer."""

    def __init__(self, server: ValkeyServer) -> None:
        super().__init__(lambda: Redis.from_url(server.url, decode_responses=True, protocol=2))

    def run_each(self, calls: Sequence[ScriptCall]) -> list[Any]:
        """One by one."""
        return [self.run(*call) for call in calls]

    def run(self, script: Script, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        """The script's first answer; of enqueue the second, as when the first is lost: see enqueue_again."""
        first = super().run(script, keys, args)
        second = super().run(script, keys, args)
        name = script.text.splitlines()[1].removeprefix("-- ").partition(":")[0]
        if name == "enqueue":
            assert second == "present"
            return second
        if name == "expire_leases":
            assert not set(first[0]) & set(second[0]), "a unit was requeued twice"
            assert second[1] == first[1], "exhausted units are told again"
        elif isinstance(first, str):
            assert second == ANSWERS_OF_REPEATED_CALLS.get(first, first)
        elif name == "activity":  # begins with the time
            assert second[1:] == first[1:]
        elif name != "counts":  # the ages move
            assert second == first
        return first


def pass_time(client: Redis, keys: Keys, ms: int) -> None:
    """Let time pass for everything in the queue, by moving what is noted of it into the past.

    The places in line stay: time passes for all of them alike.
    """
    for key in (*keys.leases.values(), *keys.calls.values(), keys.jobs):
        scores: Any = client.zrange(key, 0, -1, withscores=True)
        for member, score in scores:
            client.zadd(key, {member: score - ms})
    records: Any = client.hgetall(keys.records)
    for field, text in records.items():
        if " " not in field:  # a game's place
            place, priority, ready_ms, rest = text.split(" ", 3)
            client.hset(keys.records, field, f"{place} {priority} {int(ready_ms) - ms} {rest}")
    until_ms: Any = client.hget(keys.store_away, "until_ms")
    if until_ms is not None:
        client.hset(keys.store_away, "until_ms", int(until_ms) - ms)


def end_all_jobs(client: Redis, queue: RedisQueue) -> None:
    """Remove every job that a test left in the queue."""
    game_ids: Any = client.zrange(queue.keys.jobs, 0, -1)
    for game_id in game_ids:
        progress = queue.read(game_id)
        assert progress is not None
        assert queue.remove(game_id, progress.generation)


def leaked_keys(client: Redis, permanent: frozenset[str]) -> set[str]:
    """Keys that are there although every job has ended, and keys with a TTL."""
    keys = set(client.scan_iter())
    return {key for key in keys if key not in permanent or client.ttl(key) != -1}
