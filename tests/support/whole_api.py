"""The HTTP application over a real Supabase, with queue and event bus in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api import dependencies
from api.app import create_app
from infra.local.supabase import SupabaseServer
from knight_vision import bootstrap
from knight_vision.adapters.supabase import client
from tests.support.memory_gate import MemoryGate
from tests.support.small_world import SmallWorld

KEPT = (
    bootstrap.store,
    bootstrap.user_store,
    bootstrap.supabase_http,
    bootstrap.request_analysis,
    bootstrap.give_feedback,
)
KEPT_BY_API = (bootstrap.operate, dependencies.token_verifier, dependencies.library_source)
"""What an environment makes once: made anew for each of these applications."""


class WholeApi:
    """The application as a new environment has it."""

    def __init__(self, patch: pytest.MonkeyPatch, supabase: SupabaseServer, url: str | None = None) -> None:
        """`url` when Supabase is not asked directly; `patch` puts everything back at the end."""
        self.world = SmallWorld()
        self.world.settings = replace(
            self.world.settings,
            supabase_url=url or supabase.url,
            supabase_publishable_key=supabase.publishable_key,
            supabase_secret_key=supabase.secret_key,
            supabase_jwt_secret=supabase.jwt_secret,
        )
        patch.setattr(bootstrap, "settings", lambda: self.world.settings)
        patch.setattr(bootstrap, "queue", lambda: self.world.queue)
        patch.setattr(bootstrap, "event_bus", lambda: self.world.bus)
        patch.setattr(bootstrap, "observer", lambda: self.world.observer)
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", "KnightVision")
        gate = MemoryGate(self.world.clock, queue=lambda: self.world.queue)
        patch.setattr(bootstrap, "request_gate", lambda: gate)
        patch.setattr(client, "TIMEOUT_S", 60.0)  # a busy machine is not an outage
        self.forget()
        self.app = create_app()

    def forget(self) -> None:
        """Close and forget what was kept, at the beginning and at the end."""
        if bootstrap.supabase_http.cache_info().currsize:
            bootstrap.supabase_http().close()
        for part in (*KEPT, *KEPT_BY_API):
            part.cache_clear()

    def ask(self, method: str, path: str, token: str | None = None, **how: Any) -> httpx.Response:
        """The answer to a request, with a user's token or none."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        headers |= how.pop("headers", {})

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as client:
                return await client.request(method, path, headers=headers, **how)

        return asyncio.run(ask())
