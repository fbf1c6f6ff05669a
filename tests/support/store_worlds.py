"""The two worlds in which the contracts of store and library are tested: in memory, and the real Supabase."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from knight_vision.adapters.supabase.client import open_http
from knight_vision.adapters.supabase.library import SupabaseLibrary
from knight_vision.adapters.supabase.store import SupabaseStore
from knight_vision.domain.job import GameId, UserId
from knight_vision.ports import AnalysisStore, GameLibrary
from tests.support.memory_store import PREMIUM_PRIORITY, MemoryStore
from tests.support.supabase import SignedIn, rest, sign_up, the_server


class World(Protocol):
    """A store and what surrounds it."""

    store: AnalysisStore

    def user(self, plan: str = "free") -> UserId:
        """A new user."""

    def library(self, user_id: UserId) -> GameLibrary:
        """The library as that user sees it."""

    def cancel(self, user_id: UserId, game_id: GameId) -> None:
        """Cancel the user's analysis."""

    def delete(self, game_id: GameId) -> None:
        """Delete a game."""

    def promote(self, user_id: UserId) -> None:
        """Make a user premium."""

    def close(self) -> None:
        """Close what was opened."""


class MemoryWorld:
    """Everything in memory."""

    def __init__(self) -> None:
        self.memory = MemoryStore()
        self.store: AnalysisStore = self.memory

    def user(self, plan: str = "free") -> UserId:
        user_id = UserId(str(uuid.uuid4()))
        self.memory.plans[user_id] = plan
        return user_id

    def library(self, user_id: UserId) -> GameLibrary:
        return self.memory

    def cancel(self, user_id: UserId, game_id: GameId) -> None:
        self.memory.cancel(user_id, game_id)

    def delete(self, game_id: GameId) -> None:
        self.memory.delete_game(game_id)

    def promote(self, user_id: UserId) -> None:
        self.memory.plans[user_id] = "premium"

    def close(self) -> None:
        pass


class SupabaseWorld:
    """The session's Supabase."""

    def __init__(self) -> None:
        self.server = the_server()
        self.http = open_http()
        self.store: AnalysisStore = SupabaseStore(
            self.server.url, self.server.secret_key, premium_priority=PREMIUM_PRIORITY, http=self.http
        )
        self.libraries = SupabaseLibrary(self.server.url, self.server.publishable_key, http=self.http)
        self.users: dict[UserId, SignedIn] = {}

    def user(self, plan: str = "free") -> UserId:
        user = sign_up(self.server, plan)
        self.users[user.id] = user
        return user.id

    def library(self, user_id: UserId) -> GameLibrary:
        return self.libraries.for_token(self.users[user_id].token)

    def cancel(self, user_id: UserId, game_id: GameId) -> None:
        arguments = {"p_user_id": user_id, "p_game_id": game_id}
        rest(self.server, "POST", "rpc/cancel_analysis_v1", body=arguments).raise_for_status()

    def delete(self, game_id: GameId) -> None:
        rest(self.server, "DELETE", "games", params={"id": f"eq.{game_id}"}).raise_for_status()

    def promote(self, user_id: UserId) -> None:
        self.server.set_plan(user_id, "premium")

    def close(self) -> None:
        self.http.close()


@contextmanager
def world(name: str) -> Iterator[World]:
    """The world `memory` or `supabase`, closed in the end."""
    here = MemoryWorld() if name == "memory" else SupabaseWorld()
    try:
        yield here
    finally:
        here.close()
