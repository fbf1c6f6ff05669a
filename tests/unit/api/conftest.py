"""The HTTP application over the whole system in memory, asked without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import jwt
import pytest

from api import dependencies
from api.app import create_app
from api.auth import User
from knight_vision import bootstrap
from knight_vision.domain.job import UserId
from knight_vision.services.operate import Operate
from knight_vision.services.own_data import GiveFeedback
from tests.support.memory_gate import MemoryGate
from tests.support.openapi import assert_documented
from tests.support.small_world import SETTINGS, USER, SmallWorld

JWT_SECRET = "a-secret-that-is-long-enough-for-hs256-tokens"


@dataclass
class SmallApi:
    """The application, asked as `user`."""

    world: SmallWorld
    user: User = field(default_factory=lambda: User(USER, "token"))
    may_crash: bool = False
    """True: an exception nobody expected is answered, as by the server, and not raised."""

    def __post_init__(self) -> None:
        self.app = create_app()
        self.app.dependency_overrides[dependencies.current_user] = lambda: self.user
        self.app.dependency_overrides[dependencies.library] = lambda: self.world.store
        world = self.world
        self.gate = MemoryGate(world.clock, queue=lambda: world.queue)
        self.confirmed_s: dict[UserId, float] = {}

    def operate(self) -> Operate:
        """The use cases of operators, with the queue that the world has now."""
        world = self.world
        return Operate(
            world.store,
            world.store,
            world.queue,
            world.requests,
            world.observer,
            world.clock,
            self.confirmed_s,
        )

    def sign_in(self, user_id: UserId = USER) -> dict[str, str]:
        """The header of a user whose token is really looked at."""
        claims = {"sub": user_id, "aud": "authenticated", "role": "authenticated", "exp": 2**31}
        token = jwt.encode(claims, JWT_SECRET, "HS256")
        self.user = User(user_id, token)
        return {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, address: str = "192.0.2.1", **how: Any) -> httpx.Response:
        """The answer to a request, which must be one that the OpenAPI document promises."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(
                self.app, client=(address, 1), raise_app_exceptions=not self.may_crash
            )
            async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as client:
                return await client.request(method, path, **how)

        answer = asyncio.run(ask())
        assert_documented(method, answer.url.path, answer)
        return answer


def small_api(monkeypatch: pytest.MonkeyPatch) -> SmallApi:
    """The application with every part in memory for as long as the patch holds."""
    world = SmallWorld(settings=replace(SETTINGS, supabase_jwt_secret=JWT_SECRET))
    small = SmallApi(world)
    dependencies.token_verifier.cache_clear()
    parts = {
        "settings": lambda: world.settings,
        "store": lambda: world.store,
        "user_store": lambda: world.store,
        "queue": lambda: world.queue,
        "event_bus": lambda: world.bus,
        "request_analysis": lambda: world.requests,
        "give_feedback": lambda: GiveFeedback(world.store, world.observer),
        "request_gate": lambda: small.gate,
        "observer": lambda: world.observer,
        "supabase_http": lambda: None,  # with a secret no keys are fetched
        "operate": small.operate,
    }
    for name, part in parts.items():
        monkeypatch.setattr(bootstrap, name, part)
    return small


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallApi]:
    yield small_api(monkeypatch)
    dependencies.token_verifier.cache_clear()
