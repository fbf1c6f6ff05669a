"""The FastAPI application: routes, errors, request ids."""

from __future__ import annotations

import re
import uuid

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import install_error_handlers
from api.limits import Limits
from api.openapi import document
from api.routes import analysis, batches, docs_page, games, health, me, operations, quota
from knight_vision import __version__
from knight_vision.observability import logger

__all__ = ["create_app"]

PLAIN_ID = re.compile(r"[\x21-\x7e]{1,128}")


class RequestIds:
    """Middleware: every request has an id, on its log lines and in its answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps an ASGI application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep the caller's X-Request-Id if it is printable and short, else take Lambda's or a new one."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        if not PLAIN_ID.fullmatch(given):
            context = scope.get("aws.context")
            given = getattr(context, "aws_request_id", None) or str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = given
        logger.append_keys(correlation_id=given)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = given
            await send(message)

        await self._app(scope, receive, send_with_id)


class HeadAsGet:
    """Middleware: a HEAD is answered as the GET would be, without the body. Monitors ask so."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps an ASGI application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep headers and status, `Content-Length` too, as RFC 9110 has it."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)


def create_app() -> FastAPI:
    """The application with all routes; talks to nothing until the first request."""
    app = FastAPI(
        title="Knight Vision",
        version=__version__,
        summary="Chess game analysis in phases: a first verdict within a second, then deeper.",
        license_info={"name": "GPL-3.0-or-later"},
        # FastAPI's own pages load scripts from elsewhere: see routes/docs_page.py.
        docs_url=None,
        redoc_url=None,
        # An address has one spelling: a redirect would lose the token of most callers.
        redirect_slashes=False,
    )
    install_error_handlers(app)
    app.include_router(docs_page.router)
    app.include_router(health.router)
    app.include_router(games.router, prefix="/v1")
    app.include_router(analysis.router, prefix="/v1")
    app.include_router(batches.router, prefix="/v1")
    app.include_router(me.router, prefix="/v1")
    app.include_router(quota.router, prefix="/v1")
    app.include_router(operations.router, prefix="/v1")
    app.add_middleware(Limits)
    app.add_middleware(RequestIds)
    app.add_middleware(HeadAsGet)  # outside of all others
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app
