"""The connection to Redis or Valkey: made on first use, quick to give up, back by itself.

Runs scripts, and turns what says "not now" into QueueUnavailableError. redis-py repeats a command whose
answer was lost, scripts too: every script must stand that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.cluster import RedisCluster
from redis.exceptions import (
    ClusterError,
    ConnectionError,  # noqa: A004
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    ResponseError,
    TimeoutError,  # noqa: A004
    TryAgainError,
)
from redis.retry import Retry

from knight_vision.errors import QueueUnavailableError

__all__ = ["RedisClient", "Script", "connect"]

CONNECT_TIMEOUT_S = 1.0
ANSWER_TIMEOUT_S = 1.0
"""A script takes well under a millisecond; a caller rather hears soon that nobody answers."""
RETRIES = 1
RETRY_AFTER_S = 0.05
UNAVAILABLE = (
    ClusterError,
    ConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    TimeoutError,
    TryAgainError,
)
UNAVAILABLE_WORDS = ("BUSY", "LOADING", "MISCONF", "NOREPLICAS", "READONLY")
"""First words of answers that redis-py knows no class for, or not inside a script."""


@dataclass(frozen=True)
class Script:
    """A Lua script, known to the server by its digest."""

    text: str

    @cached_property
    def sha(self) -> str:
        """The name under which the server keeps the script."""
        return hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()


class RedisClient:
    """A connection pool to one Redis, made on first use: a function starts while Redis is away."""

    def __init__(self, make: Callable[[], Redis | RedisCluster]) -> None:
        """`make` connects."""
        self.make = make

    @cached_property
    def redis(self) -> Redis | RedisCluster:
        """The client of redis-py, with texts for answers. Its own errors come through."""
        return self.make()

    def run(self, script: Script, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        """The script's answer. Raises QueueUnavailableError."""
        try:
            try:
                return self._execute("EVALSHA", script.sha, len(keys), *keys, *args)
            except NoScriptError:  # a fresh or restarted server: EVAL makes it remember
                return self._execute("EVAL", script.text, len(keys), *keys, *args)
        except UNAVAILABLE as error:
            give_up(error)
        except ResponseError as error:
            if str(error).startswith(UNAVAILABLE_WORDS):
                give_up(error)
            raise

    def _execute(self, *command: str | int | float) -> Any:
        redis: Any = self.redis
        if isinstance(redis, Redis):
            return redis.execute_command(*command)  # type: ignore[no-untyped-call]
        # All keys share one slot, so its node is looked up by one key here: left to itself, redis-py computes
        # the slot of every key, twice. Given a node it still follows moved slots, but does not repeat.
        key = command[3]
        try:
            return redis.execute_command(*command, target_nodes=redis.get_node_from_key(key))
        except RedisCluster.ERRORS_ALLOW_RETRY:  # by now redis-py has read the cluster's nodes anew
            return redis.execute_command(*command, target_nodes=redis.get_node_from_key(key))

    def close(self) -> None:
        """Give the connections back; the next call makes new ones."""
        if "redis" in self.__dict__:
            self.redis.close()
            del self.__dict__["redis"]


def give_up(error: Exception) -> NoReturn:
    """Say in the project's words that Redis does not serve."""
    raise QueueUnavailableError(f"Redis does not answer: {error}") from error


def connect(redis_url: str, redis_mode: str) -> RedisClient:
    """A client for a `redis://` or `rediss://` URL in the mode `cluster` or `single`. Nothing is sent yet."""
    retry = Retry(ConstantBackoff(RETRY_AFTER_S), RETRIES)
    options: dict[str, Any] = {
        "decode_responses": True,
        "protocol": 2,  # RESP3 costs a round trip for each new connection and brings nothing here
        "driver_info": None,  # and so does telling the server the client's name
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "socket_timeout": ANSWER_TIMEOUT_S,
    }
    if redis_mode == "single":
        return RedisClient(lambda: Redis.from_url(redis_url, retry=retry, **options))
    return RedisClient(lambda: RedisCluster.from_url(redis_url, retry=retry, **options))
