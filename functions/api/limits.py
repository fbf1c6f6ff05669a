"""Middleware: counts each request under /v1 by user and by address, and says on each answer what is left.

One round trip to Redis before anything else is done. While Redis is away everybody passes. With an
Idempotency-Key the same round trip looks for an earlier answer (api/idempotency.py), and for some routes
at the queue (api/queue_looks.py).
"""

from __future__ import annotations

import math
from typing import Any

from fastapi import Request
from fastapi.security.utils import get_authorization_scheme_param
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.address import address_of
from api.auth import User
from api.dependencies import token_verifier
from api.errors import problem_of
from api.idempotency import answer_once, idempotency_key
from api.limit_headers import WhatIsLeft
from api.queue_looks import look_of
from knight_vision import bootstrap
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.quota import DayUsage, RequestRate
from knight_vision.entrance import Entry
from knight_vision.errors import KnightVisionError, RateLimitError

__all__ = ["Arrival", "Limits", "say_what_is_left"]


class Arrival:
    """One request under /v1: who sends it, and the one look at Redis."""

    def __init__(self, scope: Scope) -> None:
        """Raises SettingsUnavailableError."""
        settings = bootstrap.settings()
        self.user = user_of(scope)
        of_user, of_address = settings.request_rates
        subjects = [(of_address, address_of(scope))]
        if self.user is not None:
            subjects.insert(0, (of_user, str(self.user.id)))
        self.subjects: list[tuple[RequestRate, str]] = [one for one in subjects if one[0].per_s > 0]
        self.left = WhatIsLeft([rate for rate, _ in self.subjects])
        self.look = look_of(scope, self.user.id) if self.user is not None else None
        self.state: dict[str, Any] = scope["state"]
        self.state |= {"left": self.left, "user": self.user}

    def enter(self, claim: KeptText | None = None) -> Entry:
        """Count the request, make the claim if any, and look at the queue for the route."""
        entry = bootstrap.request_gate().enter(self.subjects, claim, self.look)
        self.left.counts = entry.counts
        self.state["glance"] = entry.glance
        return entry

    def check(self) -> None:
        """Raises RateLimitError when the request was one too many."""
        refused = [count for count in self.left.counts or () if count.is_refused]
        if refused:
            longest = max(refused, key=lambda count: count.retry_in_s)
            raise RateLimitError(longest.rate.name, math.ceil(longest.retry_in_s))


class Limits:
    """See the module."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps an ASGI application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 429 in the application's place, or let it answer and add what is left."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start" and "left" in state:
                MutableHeaders(scope=message).update(state["left"].all_headers())
            await send(message)

        try:
            arrival, key = await run_in_threadpool(arrive, scope)
            if key is None:
                await self._app(scope, receive, send_with_limits)
            else:
                await answer_once(self._app, arrival, key, scope, receive, send_with_limits)
        except KnightVisionError as error:
            await problem_of(Request(scope), error)(scope, receive, send_with_limits)


def arrive(scope: Scope) -> tuple[Arrival, str | None]:
    """The request, and its Idempotency-Key; without one it is counted by now.

    Raises RateLimitError, InvalidRequestError, SettingsUnavailableError.
    """
    arrival = Arrival(scope)
    key = idempotency_key(scope) if arrival.user is not None else None
    if key is None:
        arrival.enter()
        arrival.check()
    return arrival, key


def user_of(scope: Scope) -> User | None:
    """The signed-in user; None for everybody else, whom the route will tell what is missing."""
    scheme, token = get_authorization_scheme_param(Headers(scope=scope).get("authorization"))
    if scheme.lower() != "bearer" or not token:
        return None
    try:
        return token_verifier().verify(token)
    except KnightVisionError:
        return None


def say_what_is_left(request: Request, usage: DayUsage | None) -> None:
    """Let the answer tell of the user's day."""
    left: Any = getattr(request.state, "left", None)
    if usage is not None and isinstance(left, WhatIsLeft):
        left.day = (bootstrap.settings().games_per_day.of(usage.plan), usage)
