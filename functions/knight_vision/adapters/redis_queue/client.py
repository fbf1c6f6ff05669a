"""The connection to Redis or Valkey: made on first use, quick to give up, back by itself.

Runs scripts and single commands, and turns what says "not now" into QueueUnavailableError. Both are run again
when their answer was lost: all must stand that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from redis import CredentialProvider, Redis
from redis.backoff import NoBackoff
from redis.exceptions import (
    AskError,
    ClusterError,
    ConnectionError,  # noqa: A004
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004
    TryAgainError,
)
from redis.retry import Retry

from knight_vision.adapters.redis_queue.nodes import Command, Nodes
from knight_vision.adapters.redis_queue.spread_keys import SpreadKeys
from knight_vision.errors import QueueUnavailableError

__all__ = ["RedisClient", "Script", "ScriptCall", "connect", "evalsha", "evaluated"]

CONNECT_TIMEOUT_S = 1.0
CALLS_AT_ONCE = 100
"""Scripts sent together: others wait for a few milliseconds, not longer."""
ANSWER_TIMEOUT_S = 1.0
"""A script takes well under a millisecond; a caller rather hears soon that nobody answers."""
UNAVAILABLE = (
    AskError,
    ClusterError,
    ConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
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


ScriptCall = tuple[Script, Sequence[str], Sequence[str | int | float]]
"""A script with the keys and arguments of one call."""


def evalsha(call: ScriptCall) -> Command:
    """A call of a script that the server should know."""
    script, keys, args = call
    return ("EVALSHA", script.sha, len(keys), *keys, *args)


def evaluated(call: ScriptCall) -> Command:
    """The same with the script's text, which the server then knows."""
    script, keys, args = call
    return ("EVAL", script.text, len(keys), *keys, *args)


class RedisClient:
    """Runs scripts whose keys all share one hash tag, and commands of one key each, wherever that is.

    Connects on first use; threads may share it.
    """

    def __init__(self, make: Callable[[], Redis], *, is_cluster: bool = False) -> None:
        """`make` gives the address and the options of connections: a node's, when it is a cluster."""
        self.make = make
        self.is_cluster = is_cluster

    @cached_property
    def nodes(self) -> Nodes:
        """The servers. Their errors come through."""
        return Nodes(self.make().connection_pool, is_cluster=self.is_cluster)

    @cached_property
    def spread_keys(self) -> SpreadKeys:
        """The way to keys outside the hash tag. Their errors come through."""
        return SpreadKeys(self.nodes)

    def run(self, script: Script, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        """The script's answer. Raises QueueUnavailableError."""
        key, call = keys[0] if keys else "", (script, keys, args)
        try:
            [answer] = self.nodes.ask(key, evalsha(call))
            if isinstance(answer, NoScriptError):  # a fresh or restarted server: EVAL makes it remember
                [answer] = self.nodes.ask(key, evaluated(call))
        except UNAVAILABLE as error:
            give_up(error)
        return checked(answer)

    def run_each(self, calls: Sequence[ScriptCall]) -> list[Any]:
        """The answers to many calls, done one after the other, a hundred in each round trip.

        On a server that forgot a script, what stands behind that call is done twice, the second time in
        order: only calls that may be repeated stand in one line with those of other scripts.

        Raises QueueUnavailableError; nobody knows then which of the calls were done.
        """
        answers: list[Any] = []
        while len(answers) < len(calls):
            some = calls[len(answers) : len(answers) + CALLS_AT_ONCE]
            try:
                given = self.nodes.ask(some[0][1][0], *map(evalsha, some))
            except UNAVAILABLE as error:
                give_up(error)
            for call, answer in zip(some, given, strict=True):
                if isinstance(answer, NoScriptError):
                    # Those behind it in the line may have been done before it: they are asked again.
                    answers.append(self.run(*call))
                    break
                answers.append(checked(answer))
        return answers

    def run_each_along(self, calls: Sequence[ScriptCall], command: Command) -> tuple[list[Any], bool]:
        """As `run_each`, with a command of one key, wherever that is, in the last of the round trips.

        The second answer says whether the command was done: not where a call of the last round trip has to be
        repeated, which is then all that is.
        """
        first = (len(calls) - 1) // CALLS_AT_ONCE * CALLS_AT_ONCE
        answers = self.run_each(calls[:first])
        last = self.ask_each([*map(evalsha, calls[first:]), command])
        if any(isinstance(answer, RedisError) for answer in last):
            return [*answers, *self.run_each(calls[first:])], False
        return [*answers, *last[:-1]], True

    def ask_each(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to commands and scripts of one key each; error answers are in the list.

        Raises QueueUnavailableError.
        """
        try:
            return self.spread_keys.ask(commands)
        except UNAVAILABLE as error:
            give_up(error)

    def close(self) -> None:
        """Give the connections back; the next call makes new ones."""
        if "nodes" in self.__dict__:
            self.nodes.close()
            del self.__dict__["nodes"]
            self.__dict__.pop("spread_keys", None)


def checked(answer: Any) -> Any:
    """The answer, unless it is an error. Raises QueueUnavailableError or what went wrong in the script."""
    if isinstance(answer, ResponseError):
        if isinstance(answer, UNAVAILABLE) or str(answer).startswith(UNAVAILABLE_WORDS):
            give_up(answer)
        raise answer
    return answer


def give_up(error: Exception) -> NoReturn:
    """Say in the project's words that Redis does not serve."""
    raise QueueUnavailableError(f"Redis does not answer: {error}") from error


def connect(redis_url: str, redis_mode: str, credentials: CredentialProvider | None = None) -> RedisClient:
    """A client for a `redis://` or `rediss://` URL in the mode `cluster` or `single`. Nothing is sent yet.

    `credentials` gives user and password for each new connection, instead of the URL.
    """
    options: dict[str, Any] = {
        "credential_provider": credentials,
        "decode_responses": True,
        "protocol": 2,  # RESP3 costs a round trip for each new connection and brings nothing here
        "driver_info": None,  # and so does telling the server the client's name
        "retry": Retry(NoBackoff(), 0),  # Nodes repeats
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "socket_timeout": ANSWER_TIMEOUT_S,
    }
    return RedisClient(lambda: Redis.from_url(redis_url, **options), is_cluster=redis_mode == "cluster")
