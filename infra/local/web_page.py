"""The web client's static files, as a static host serves them: with config.json and strict headers.

One thing more than such a host: it passes sign-ins on to Supabase, since @supabase/lite answers browsers of
another origin without naming the headers that they may send. A hosted Supabase is asked directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["page_app"]

PASSED_ON = ("apikey", "authorization", "content-type", "accept", "x-client-info", "x-supabase-api-version")


def page_app(folder: Path, config: Mapping[str, str]) -> Starlette:
    """The ASGI application that serves the built page in `folder`.

    `config` is what the page reads from config.json: api_url, supabase_url, supabase_publishable_key.
    """

    def serve_config(request: Request) -> Response:
        here = str(request.base_url).rstrip("/")
        return JSONResponse({**config, "supabase_url": here}, headers={"Cache-Control": "no-cache"})

    async def pass_on(request: Request) -> Response:
        url = httpx.URL(config["supabase_url"]).copy_with(
            path=request.url.path, query=request.url.query.encode()
        )
        kept = {name: value for name, value in request.headers.items() if name in PASSED_ON}
        try:
            async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501  plain HTTP
                answer = await client.request(request.method, url, headers=kept, content=await request.body())
        except httpx.HTTPError:
            return JSONResponse({"message": "Supabase does not answer"}, 503)
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))

    return Starlette(
        routes=[
            Route("/config.json", serve_config),
            Route("/auth/v1/{path:path}", pass_on, methods=["GET", "POST", "PUT"]),
            Mount("/", StaticFiles(directory=folder, html=True)),
        ],
        middleware=[Middleware(Headers, headers=headers(config))],
    )


def headers(config: Mapping[str, str]) -> dict[str, str]:
    """The headers of every answer; the page names the rest of its policy (clients/web/vite.config.ts)."""
    return {
        "Content-Security-Policy": f"connect-src 'self' {config['api_url']}; frame-ancestors 'none'",
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
