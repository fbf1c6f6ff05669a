"""The HTTP application over the whole system in memory, asked without a network."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from api import dependencies
from api.app import create_app
from api.auth import User
from knight_vision import bootstrap
from knight_vision.services.operate import Operate, Operators
from tests.support.small_world import USER, SmallWorld


@dataclass
class SmallApi:
    """The application, asked as `user`."""

    world: SmallWorld
    user: User = field(default_factory=lambda: User(USER, "token"))

    def __post_init__(self) -> None:
        self.app = create_app()
        self.app.dependency_overrides[dependencies.current_user] = lambda: self.user
        self.app.dependency_overrides[dependencies.library] = lambda: self.world.store
        self.operators = Operators(self.world.store, self.world.clock)

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """The answer to a request."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as client:
                return await client.request(method, path, **how)

        return asyncio.run(ask())


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> SmallApi:
    world = SmallWorld()
    small = SmallApi(world)
    parts = {
        "settings": lambda: world.settings,
        "store": lambda: world.store,
        "queue": lambda: world.queue,
        "request_analysis": lambda: world.requests,
        "operators": lambda: small.operators,
        "operate": lambda: Operate(world.store, world.queue, world.requests, world.observer),
    }
    for name, part in parts.items():
        monkeypatch.setattr(bootstrap, name, part)
    return small
