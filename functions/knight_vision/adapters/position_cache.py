"""The PositionCache port on Redis or Valkey: one small key with a TTL for each evaluation.

The keys are under no hash tag, so that a cluster spreads them over its nodes. Having a TTL they are what
`volatile-lru` evicts when memory is short, and never the queue, whose keys have none.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis.exceptions import RedisError

from knight_vision.adapters.redis_queue.client import RedisClient
from knight_vision.adapters.redis_queue.nodes import Command
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.position_cache import PositionKey
from knight_vision.errors import QueueUnavailableError
from knight_vision.ports import Observer

__all__ = ["NEW_FOR_S", "RedisPositionCache"]

NEW_FOR_S = 86_400
"""A new entry lives for a day at most, and for the whole TTL only once it was found: nearly all positions of
a game never come again, and keeping them costs more than it saves (docs/decisions/0025)."""
AWAY_FOR_S = 30.0
"""So long nothing is asked after a failure: a search must not wait for a cache at every segment."""


class RedisPositionCache:
    """See ports.PositionCache. Each call is one round trip to each node that is concerned."""

    def __init__(
        self,
        client: RedisClient,
        *,
        prefix: str,
        ttl_s: int,
        observer: Observer,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`ttl_s`: how long an entry lives after it was last found, at least 1. Nothing is sent yet."""
        self.client = client
        self.prefix = prefix
        self.ttl_s = ttl_s
        self.observer = observer
        self.monotonic_s = monotonic_s
        self.away_until_s = float("-inf")

    def read(self, keys: Sequence[PositionKey]) -> dict[PositionKey, Evaluation]:
        """See ports.PositionCache. What is found lives for the whole TTL from now on."""
        answers = self._ask([("GETEX", self.name(key), "EX", self.ttl_s) for key in keys])
        found = {key: evaluation_of(text) for key, text in zip(keys, answers, strict=True)}
        return {key: evaluation for key, evaluation in found.items() if evaluation is not None}

    def write(self, entries: Mapping[PositionKey, Evaluation]) -> None:
        """See ports.PositionCache."""
        ttl_s = min(self.ttl_s, NEW_FOR_S)
        self._ask(
            [
                ("SET", self.name(key), compact_json(evaluation.to_json()), "EX", ttl_s)
                for key, evaluation in entries.items()
            ]
        )

    def name(self, key: PositionKey) -> str:
        """The name of a position's key in Redis."""
        return f"{self.prefix}:position:{key}"

    def _ask(self, commands: Sequence[Command]) -> list[Any]:
        """The answers; None or an error in place of what is not to be had."""
        nothing = [None] * len(commands)
        if not commands or self.monotonic_s() < self.away_until_s:
            return nothing
        try:
            answers = self.client.ask_each(commands)
        except (QueueUnavailableError, RedisError) as error:
            self._is_away(error)
            return nothing
        refusal = next((answer for answer in answers if isinstance(answer, RedisError)), None)
        if refusal is not None:
            self._is_away(refusal)
        return answers

    def _is_away(self, error: Exception) -> None:
        self.away_until_s = self.monotonic_s() + AWAY_FOR_S
        self.observer.went_wrong("position_cache_unavailable", error, pause_s=AWAY_FOR_S)


def evaluation_of(answer: Any) -> Evaluation | None:
    """The evaluation in an entry; None when there is none, or what is there was not written by us."""
    if not isinstance(answer, str):
        return None
    try:
        return Evaluation.from_json(json.loads(answer))
    except (AttributeError, TypeError, ValueError):
        return None


compact_json = json.JSONEncoder(separators=(",", ":")).encode
"""JSON without spaces."""
