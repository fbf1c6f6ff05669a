"""Powertools' idempotency utility on the request gate. Loaded late: see api/idempotency.py.

Not by its CachePersistenceLayer: that one forgets the hash of the request when an answer is kept, so that
every repetition looks like a misuse (its TypeScript twin did: powertools-lambda-typescript#5705), asks Redis
three times for a repetition, and warns that it will be removed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, cast

from aws_lambda_powertools.utilities.idempotency import (
    BasePersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from knight_vision.domain.kept_text import KeptText
from knight_vision.entrance import Entry, RequestGate
from knight_vision.errors import QueueUnavailableError
from knight_vision.services.later import Later

__all__ = ["AnswerLayer", "remember"]

LONGEST_REQUEST_MS = 29_000
"""The function's timeout in template.yaml: so long a key is in use at most."""
FIELDS = (
    "status",
    "expiry_timestamp",
    "in_progress_expiry_timestamp",
    "response_data",
    "payload_hash",
)
"""Of Powertools' record; its key is the key."""


class AnswerLayer(BasePersistenceLayer):
    """Where Powertools keeps what it knows of one request.

    Putting the first record is the request's one look at Redis: it claims the key or finds what is there,
    and counts the request. The answer is kept with what was put off until it is known, in one round trip: so
    a key costs one more only where nothing was, and a repetition none.
    What is claimed lives no longer than the function that claimed it may run: nothing stays of one that died.
    """

    def __init__(self, enter: Callable[[KeptText], Entry], gate: RequestGate, later: Later) -> None:
        """`enter` counts the request and makes a claim; it is called once. `later`: what was put off."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._enter = enter
        self._gate = gate
        self._later = later
        self._has_entered = False

    def _put_record(self, data_record: DataRecord) -> None:
        until_ms = data_record.in_progress_expiry_timestamp or 0
        seconds = max(1, round(until_ms / 1000 - time.time()) + 1)
        claim = KeptText(data_record.idempotency_key, text_of(data_record), seconds)
        entry = self._gate.enter([], claim) if self._has_entered else self._enter(claim)
        self._has_entered = True
        if not entry.is_claim_known:
            raise QueueUnavailableError("Redis does not say whether this key is new.")
        if entry.earlier is not None:
            found = record_of(data_record.idempotency_key, entry.earlier)
            self._validate_payload(data_payload=data_record, stored_data_record=found)
            raise IdempotencyItemAlreadyExistsError(old_data_record=found)

    def _update_record(self, data_record: DataRecord) -> None:
        key, text = data_record.idempotency_key, text_of(data_record)
        kept = KeptText(key, text, self.expires_after_seconds)
        if not self._later.do(kept):
            self._gate.keep(kept)

    def _delete_record(self, data_record: DataRecord) -> None:
        self._gate.forget(data_record.idempotency_key)

    def _get_record(self, idempotency_key: str) -> DataRecord:
        text = self._gate.read(idempotency_key)
        if text is None:
            raise IdempotencyItemNotFoundError
        return record_of(idempotency_key, text)


def text_of(record: DataRecord) -> str:
    """A record as it is kept."""
    values = {name: getattr(record, name) for name in FIELDS}
    return json.dumps(values, separators=(",", ":"))


def record_of(key: str, text: str) -> DataRecord:
    """What `text_of` wrote."""
    return DataRecord(idempotency_key=key, **json.loads(text))


class NoContext:
    """Stands for Lambda's context outside of Lambda."""

    def get_remaining_time_in_millis(self) -> int:
        """As if the request had just begun."""
        return LONGEST_REQUEST_MS


def remember(
    make: Callable[[], dict[str, Any]],
    request: dict[str, str],
    layer: AnswerLayer,
    ttl_s: int,
    context: Any,
) -> dict[str, Any]:
    """What `make` gives, or gave before under the same `scope`.

    Raises Powertools' errors, and what `make` does.
    """
    config = IdempotencyConfig(
        event_key_jmespath="scope",
        payload_validation_jmespath="content",
        expires_after_seconds=ttl_s,
        hash_function="sha256",
        lambda_context=cast("LambdaContext", context or NoContext()),
    )

    def once(*, request: dict[str, str]) -> dict[str, Any]:
        return make()

    answer: dict[str, Any] = idempotent_function(
        once,
        data_keyword_argument="request",
        persistence_store=layer,
        config=config,
        key_prefix="post",
    )(request=request)
    return answer
