"""Serves ASGI applications on ports of this machine, all in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

from infra.local.process import HOST, free_port

__all__ = ["WebServers"]


class WebServers:
    """Web servers that start and stop together with the local stack."""

    def __init__(self) -> None:
        self.servers: list[tuple[Server, asyncio.Task[None]]] = []

    async def serve(self, app: Starlette, port: int = 0) -> str:
        """Serve an application; returns its base URL. `port` 0: a free one. Raises OSError when taken."""
        # With the protocol named, asyncio turns Nagle's algorithm off; without, every answer waits 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port or free_port()))
        server = Server(config(app))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        self.servers.append((server, task))
        while not server.started:
            await asyncio.sleep(0.002)
        return f"http://{HOST}:{listener.getsockname()[1]}"

    async def stop(self) -> None:
        """Take no more requests and end; requests under way have a second left."""
        for server, _ in self.servers:
            server.should_exit = True
        await asyncio.gather(*(task for _, task in self.servers), return_exceptions=True)


def config(app: Starlette) -> uvicorn.Config:
    """Who asks is whoever is connected: API Gateway does not go by X-Forwarded-For, uvicorn would."""
    return uvicorn.Config(
        app, lifespan="off", log_config=None, timeout_graceful_shutdown=1, proxy_headers=False
    )


class Server(uvicorn.Server):
    """uvicorn that leaves signals to the stack."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield
