"""The two worlds in which the contracts of store and library are tested: in memory, and the real Supabase."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, Protocol, TypeVar

from infra.local.http import request
from knight_vision.adapters.supabase.client import open_http
from knight_vision.adapters.supabase.library import SupabaseLibrary
from knight_vision.adapters.supabase.store import SupabaseStore
from knight_vision.adapters.supabase.user_store import SupabaseUserStore
from knight_vision.domain.job import GameId, UserId
from knight_vision.ports import AnalysisStore, GameLibrary
from knight_vision.user_ports import UserStore
from tests.support.memory_store import MemoryStore
from tests.support.supabase import SignedIn, a_new_game, rest, sign_up, the_server

Answer = TypeVar("Answer")


class World(Protocol):
    """A store and what surrounds it."""

    store: AnalysisStore
    users: UserStore

    def user(self, plan: str = "free") -> UserId:
        """A new user."""

    def has_account(self, user_id: UserId) -> bool:
        """Whether the user could sign in."""

    def library(self, user_id: UserId) -> GameLibrary:
        """The library as that user sees it."""

    def delete(self, game_id: GameId) -> None:
        """Delete a game."""

    def promote(self, user_id: UserId) -> None:
        """Make a user premium."""

    def operator(self) -> UserId:
        """A new user who operates the service."""

    def make_operator(self, user_id: UserId) -> None:
        """Let a user operate the service."""

    def close(self) -> None:
        """Close what was opened."""


class MemoryWorld:
    """Everything in memory."""

    def __init__(self) -> None:
        self.memory = MemoryStore()
        self.store: AnalysisStore = self.memory
        self.users: UserStore = self.memory

    def user(self, plan: str = "free") -> UserId:
        user_id = UserId(str(uuid.uuid4()))
        self.memory.plans[user_id] = plan
        return user_id

    def has_account(self, user_id: UserId) -> bool:
        return user_id in self.memory.plans

    def library(self, user_id: UserId) -> GameLibrary:
        return self.memory

    def delete(self, game_id: GameId) -> None:
        self.memory.delete_game(self.memory.rows[game_id].user_id, game_id)

    def promote(self, user_id: UserId) -> None:
        self.memory.plans[user_id] = "premium"

    def operator(self) -> UserId:
        user_id = self.user()
        self.make_operator(user_id)
        return user_id

    def make_operator(self, user_id: UserId) -> None:
        self.memory.operators.add(user_id)

    def close(self) -> None:
        pass


class SupabaseWorld:
    """The session's Supabase."""

    def __init__(self) -> None:
        self.server = the_server()
        self.http = open_http()
        self.store: AnalysisStore = SupabaseStore(self.server.url, self.server.secret_key, http=self.http)
        self.users: UserStore = SupabaseUserStore(self.server.url, self.server.secret_key, http=self.http)
        self.libraries = SupabaseLibrary(self.server.url, self.server.publishable_key, http=self.http)
        self.signed_in: dict[UserId, SignedIn] = {}

    def user(self, plan: str = "free") -> UserId:
        user = sign_up(self.server, plan)
        self.signed_in[user.id] = user
        return user.id

    def has_account(self, user_id: UserId) -> bool:
        headers = {
            "apikey": self.server.publishable_key,
            "Authorization": f"Bearer {self.signed_in[user_id].token}",
        }
        answer = request("GET", f"{self.server.url}/auth/v1/user", headers=headers)
        return answer.status_code == 200

    def library(self, user_id: UserId) -> GameLibrary:
        return self.libraries.for_token(self.signed_in[user_id].token)

    def delete(self, game_id: GameId) -> None:
        rest(self.server, "DELETE", "games", params={"id": f"eq.{game_id}"}).raise_for_status()

    def promote(self, user_id: UserId) -> None:
        self.server.set_plan(user_id, "premium")

    def operator(self) -> UserId:
        user_id = self.user()
        self.make_operator(user_id)
        return user_id

    def make_operator(self, user_id: UserId) -> None:
        found = {"user_id": f"eq.{user_id}"}
        rest(self.server, "PATCH", "profiles", params=found, body={"is_operator": True}).raise_for_status()

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


def a_stored_game(here: World, user_id: UserId, **how: Any) -> GameId:
    """A game unlike all others, stored for a user."""
    return here.store.add_games(user_id, [a_new_game(**how)])[0].game_id


def a_requested_game(here: World) -> GameId:
    """A new user's game whose analysis was asked for."""
    user_id = here.user()
    game_id = a_stored_game(here, user_id)
    here.store.request_analyses(user_id, [game_id])
    return game_id


def at_once(count: int, call: Callable[[int], Answer]) -> list[Answer]:
    """The answers of calls that all start at the same moment."""
    gate = Barrier(count)

    def through_the_gate(index: int) -> Answer:
        gate.wait()
        return call(index)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(through_the_gate, range(count)))
