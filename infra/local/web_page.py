"""The web client's static files, as a static host serves them: with config.json and strict headers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["page_app"]


def page_app(folder: Path, config: Mapping[str, str]) -> Starlette:
    """The ASGI application that serves the built page in `folder`.

    `config` is what the page reads from config.json: api_url, supabase_url, supabase_publishable_key.
    """

    def serve_config(_: Request) -> Response:
        return JSONResponse(dict(config), headers={"Cache-Control": "no-cache"})

    return Starlette(
        routes=[Route("/config.json", serve_config), Mount("/", StaticFiles(directory=folder, html=True))],
        middleware=[Middleware(Headers, headers=headers(config))],
    )


def headers(config: Mapping[str, str]) -> dict[str, str]:
    """The headers of every answer; the rest of its policy the page names itself (clients/web/vite.config.ts)."""
    servers = f"{config['api_url']} {config['supabase_url']}"
    return {
        "Content-Security-Policy": f"connect-src 'self' {servers}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class Headers:
    """Middleware that adds the same headers to every answer."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app = app
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self.headers]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
