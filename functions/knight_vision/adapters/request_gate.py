"""The RequestGate on Redis or Valkey: one small key with a TTL for each subject and each kept answer.

What a use case wants to know of the queue is asked along: the queue's own scripts, on its keys.

The rates are throttled-py's GCRA (docs/decisions/0032), its script on our own connection: with its own, each
rate would be a round trip, on a cluster client that looks up every key. The keys are under no hash tag, and
all of a request go in one pipeline.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from redis.exceptions import NoScriptError, RedisError
from throttled.rate_limiter import per_sec
from throttled.rate_limiter.gcra import RedisLimitAtomicActionSpec

from knight_vision.adapters.redis_queue.client import RedisClient, Script, ScriptCall, evalsha, evaluated
from knight_vision.adapters.redis_queue.kept_texts import (
    MARK_BYTES,
    MARK_LENGTH,
    claiming,
    keeping,
    name_of,
)
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.adapters.redis_queue.nodes import Command
from knight_vision.adapters.redis_queue.scripts import Scripts
from knight_vision.adapters.redis_queue.texts import progress_of
from knight_vision.domain.job import UserId
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.queue_glance import NOTHING_SEEN, QueueGlance
from knight_vision.domain.queue_tables import OrderSettings
from knight_vision.domain.quota import RateCount, RequestRate
from knight_vision.entrance import Entry, QueueLook
from knight_vision.errors import QueueUnavailableError
from knight_vision.ports import Observer

__all__ = ["AWAY_FOR_S", "RedisRequestGate"]

COUNT = Script(RedisLimitAtomicActionSpec.SCRIPTS)
AWAY_FOR_S = 5.0
"""So long nothing is asked after a failure: requests must not wait for what lets them pass anyway."""


class RedisRequestGate:
    """See entrance.RequestGate. Each call is one round trip to each node that is concerned: to one at
    ElastiCache Serverless. Redis' clock counts, so all environments agree."""

    def __init__(
        self,
        client: RedisClient,
        *,
        prefix: str,
        order: OrderSettings,
        observer: Observer,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is sent yet. `prefix` is the first part of every key; it and `order` are the queue's."""
        self.client = client
        self.prefix = prefix
        self.queue = Scripts(client, Keys(prefix), order)
        self.observer = observer
        self.monotonic_s = monotonic_s
        self.away_until_s = float("-inf")

    def enter(
        self,
        rates: Sequence[tuple[RequestRate, str]],
        claim: KeptText | None = None,
        look: QueueLook | None = None,
    ) -> Entry:
        """See entrance.RequestGate."""
        calls = [count_call(rate, self.rate_key(rate, who)) for rate, who in rates]
        if look is not None:
            calls.append(self._look_call(look))
        mark = os.urandom(MARK_BYTES).hex()
        claims = [] if claim is None else [claiming(self.prefix, claim, mark)]
        if not calls and not claims:
            return Entry(())
        if self.monotonic_s() < self.away_until_s:
            return Entry(None, is_claim_known=claim is None)
        try:
            answers = self._ask([*(evalsha(call) for call in calls), *claims])
            answers = self._run_unknown_scripts(calls, answers)
        except (QueueUnavailableError, RedisError) as error:
            self._is_away(error)
            return Entry(None, is_claim_known=claim is None)
        counted, claimed = answers[: len(rates)], answers[len(calls) :]
        refusal = next((answer for answer in (*counted, *claimed) if isinstance(answer, RedisError)), None)
        if refusal is not None:
            self._is_away(refusal)
        counts = None
        if not any(isinstance(answer, RedisError) for answer in counted):
            counts = tuple(count_of(rate, answer) for (rate, _), answer in zip(rates, counted, strict=True))
        glance = NOTHING_SEEN if look is None else glance_of(look, answers[len(rates)])
        [found] = claimed or [None]
        if isinstance(found, RedisError):
            return Entry(counts, is_claim_known=False, glance=glance)
        is_ours = found is None or found[:MARK_LENGTH] == mark
        return Entry(counts, None if is_ours else found[MARK_LENGTH:], glance=glance)

    def read(self, key: str) -> str | None:
        """See entrance.RequestGate."""
        found = self._ask_one(("GET", name_of(self.prefix, key)))
        return None if found is None else str(found)[MARK_LENGTH:]

    def keep(self, text: KeptText) -> None:
        """See entrance.RequestGate."""
        self._ask_one(keeping(self.prefix, text))

    def forget(self, key: str) -> None:
        """See entrance.RequestGate."""
        self._ask_one(("DEL", name_of(self.prefix, key)))

    def rate_key(self, rate: RequestRate, who: str) -> str:
        """The name of a subject's key in Redis."""
        return f"{self.prefix}:rate:{rate.name}:{who}"

    def _ask(self, commands: Sequence[Command]) -> list[Any]:
        return self.client.ask_each(commands)

    def _ask_one(self, command: Command) -> Any:
        [answer] = self._ask([command])
        if isinstance(answer, RedisError):
            raise QueueUnavailableError(f"Redis does not keep answers: {answer}") from answer
        return answer

    def _look_call(self, look: QueueLook) -> ScriptCall:
        if look.game_id is not None:
            return self.queue.read_call(look.game_id)
        return self.queue.unfinished_games_call(look.user_id or UserId(""))

    def _run_unknown_scripts(self, calls: Sequence[ScriptCall], answers: list[Any]) -> list[Any]:
        """The answers, also where a fresh or restarted server did not know a call's script."""
        unknown = [place for place in range(len(calls)) if isinstance(answers[place], NoScriptError)]
        if not unknown:
            return answers
        answers = list(answers)
        again = self._ask([evaluated(calls[place]) for place in unknown])
        for place, answer in zip(unknown, again, strict=True):
            answers[place] = answer
        return answers

    def _is_away(self, error: Exception) -> None:
        self.away_until_s = self.monotonic_s() + AWAY_FOR_S
        self.observer.went_wrong("request_gate_unavailable", error, pause_s=AWAY_FOR_S)
        self.observer.measured("RequestGateUnavailable", 1, "Count")


def count_call(rate: RequestRate, key: str) -> ScriptCall:
    """The call of throttled-py's script for one request."""
    quota = per_sec(rate.per_s, burst=rate.burst)
    return COUNT, [key], [quota.emission_interval, quota.burst, 1]


def glance_of(look: QueueLook, answer: Any) -> QueueGlance:
    """What a look saw; nothing where the queue refused to say."""
    if isinstance(answer, RedisError):
        return NOTHING_SEEN
    if look.game_id is not None:
        return QueueGlance(game_id=look.game_id, progress=progress_of(answer))
    return QueueGlance(unfinished_games=answer)


def count_of(rate: RequestRate, answer: Sequence[Any]) -> RateCount:
    """What throttled-py's script answers. Its `limited` is an integer, its times are texts."""
    limited, left, full_in_s, retry_in_s = answer
    # A refusal that ends in this very moment is still one.
    wait_s = max(float(retry_in_s), 0.001) if limited else 0.0
    return RateCount(rate, int(left), float(full_in_s), wait_s)
