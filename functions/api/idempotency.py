"""Idempotency-Key: a POST is answered once, and its repetitions are given the same answer.

By Powertools' idempotency utility on our Redis. A key counts for one user, method and path; who sends it with
another body or query is refused. Errors of ours (5xx) and 429 are not kept: the next try may do better. While
Redis is away requests are answered without: the same PGN is one game and an analysis is joined anyway.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from anyio import from_thread
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from knight_vision import bootstrap
from knight_vision.errors import InvalidRequestError, KeyInUseError, KeyReusedError
from knight_vision.services.later import Later

if TYPE_CHECKING:
    from api.auth import User
    from knight_vision.domain.kept_text import KeptText
    from knight_vision.entrance import Entry

# Powertools' utility takes 0.3 s to load, with boto3: the first key loads it, or before that api/warm_up.py.

__all__ = ["KeptAnswer", "answer_once", "idempotency_key"]

KEY = re.compile(r"[\x20-\x7e]{1,255}")
NOT_KEPT = frozenset({401, 429})
OF_ONE_ANSWER = frozenset({"content-length", "x-request-id"})
"""Headers that are made anew for each answer."""


class Entrance(Protocol):
    """The one look at Redis of a request; see api/limits.py."""

    user: User | None

    def enter(self, claim: KeptText | None = None) -> Entry:
        """Count the request, and make the claim if any."""

    def check(self) -> None:
        """Raises RateLimitError when the request was one too many."""


class NotKeptError(Exception):
    """Carries an answer past Powertools, which keeps what is returned and forgets what raises."""

    def __init__(self, answer: KeptAnswer) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A whole answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def may_be_kept(self) -> bool:
        """Whether a repetition should get the same."""
        return self.status < 500 and self.status not in NOT_KEPT

    def to_json(self) -> dict[str, Any]:
        """What is kept: the body compressed, since reports shrink to a tenth."""
        packed = base64.b64encode(zlib.compress(self.body)).decode("ascii")
        return {"status": self.status, "headers": self.headers, "body": packed}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> KeptAnswer:
        """What `to_json` wrote."""
        headers = tuple((name, value) for name, value in fields["headers"])
        return cls(fields["status"], headers, zlib.decompress(base64.b64decode(fields["body"])))

    def response(self, *, is_replayed: bool) -> Response:
        """The answer to send."""
        response = Response(self.body, self.status)
        for name, value in self.headers:
            response.headers.append(name, value)
        if is_replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return response


def idempotency_key(scope: Scope) -> str | None:
    """The Idempotency-Key of a POST; None where none is heeded. Raises InvalidRequestError."""
    key = Headers(scope=scope).get("idempotency-key")
    if key is None or scope["method"] != "POST" or bootstrap.settings().idempotency_ttl_s <= 0:
        return None
    if not KEY.fullmatch(key):
        raise InvalidRequestError("An Idempotency-Key has 1 to 255 printable ASCII characters.")
    return key


async def answer_once(
    app: ASGIApp, entrance: Entrance, key: str, scope: Scope, receive: Receive, send: Send
) -> None:
    """Let the application answer, or send what it answered before.

    Raises RateLimitError, KeyReusedError, KeyInUseError.
    """
    body = await Request(scope, receive).body()
    request = described(scope, entrance.user, key, body)
    later = scope["state"]["later"] = Later()

    def answer() -> KeptAnswer:
        return from_thread.run(collected, app, scope, body)

    def finished() -> tuple[KeptAnswer, bool]:
        try:
            return remembering(entrance, request, answer, later, lambda_context(scope))
        finally:
            later.do()  # whatever became of the answer

    kept, is_replayed = await run_in_threadpool(finished)
    await kept.response(is_replayed=is_replayed)(scope, receive, send)


def remembering(
    entrance: Entrance, request: dict[str, str], answer: Callable[[], KeptAnswer], later: Later, context: Any
) -> tuple[KeptAnswer, bool]:
    """The answer, and whether it is an earlier one's repetition. Raises as `answer_once`."""
    from aws_lambda_powertools.utilities.idempotency import exceptions

    from api.answer_store import AnswerLayer, remember

    settings = bootstrap.settings()
    layer = AnswerLayer(entrance.enter, bootstrap.request_gate(), later)
    made: list[KeptAnswer] = []
    crashes: list[Exception] = []

    def make() -> dict[str, Any]:
        entrance.check()
        try:
            made.append(answer())
        except Exception as error:
            crashes.append(error)
            raise
        fields = made[0].to_json()
        if not made[0].may_be_kept or len(fields["body"]) > settings.idempotency_answer_bytes:
            raise NotKeptError(made[0])
        return fields

    try:
        fields = remember(make, request, layer, settings.idempotency_ttl_s, context)
    except NotKeptError as carrier:
        return carrier.answer, False
    except exceptions.IdempotencyValidationError as error:
        entrance.check()
        raise KeyReusedError("This Idempotency-Key was sent with another request: take a new one.") from error
    except exceptions.IdempotencyAlreadyInProgressError as error:
        entrance.check()
        raise KeyInUseError("The first request with this Idempotency-Key is not answered yet.") from error
    except (
        exceptions.IdempotencyPersistenceLayerError,
        exceptions.IdempotencyInconsistentStateError,
    ) as error:
        bootstrap.observer().went_wrong("answer_not_kept", error)
        bootstrap.observer().measured("AnswersNotKept", 1, "Count")
        if crashes:  # what Powertools could not do afterwards is the lesser trouble
            raise crashes[0] from error
        if not made:
            entrance.check()
            made.append(answer())
        return made[0], False
    if not made:
        entrance.check()
    return (made[0], False) if made else (KeptAnswer.from_json(fields), True)


def described(scope: Scope, user: User | None, key: str, body: bytes) -> dict[str, str]:
    """What makes a request itself: `scope` is whose key it is, `content` what was asked under it."""
    headers = Headers(scope=scope)
    content = hashlib.sha256(body)
    for part in (scope["query_string"], headers.get("content-type", "").encode("latin-1")):
        content.update(b"\0" + part)
    whose = json.dumps([user.id if user else "", scope["method"], scope["path"], key])
    return {"scope": whose, "content": content.hexdigest()}


def lambda_context(scope: Scope) -> Any:
    """Lambda's context, which knows how long this request may take; None outside of Lambda."""
    context = scope.get("aws.context")
    return context if hasattr(context, "get_remaining_time_in_millis") else None


async def collected(app: ASGIApp, scope: Scope, body: bytes) -> KeptAnswer:
    """The application's whole answer."""
    started: Message = {}
    parts: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    headers = tuple(
        (name, value)
        for name, value in Headers(raw=started["headers"]).items()
        if name.lower() not in OF_ONE_ANSWER
    )
    return KeptAnswer(started["status"], headers, b"".join(parts))
