"""What a request wants to know of the queue is asked where it is counted, and not again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from knight_vision.domain.job import Admitted, GameId, JobProgress, UserId
from knight_vision.errors import QueueUnavailableError
from tests.support.memory_queue import MemoryQueue
from tests.support.small_world import OPERA
from tests.unit.api.conftest import SmallApi

Ask = tuple[str, str, dict[str, Any]]


class CountingQueue(MemoryQueue):
    """Notes who asks it what is looked at."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked: list[str] = []
        self.is_away = False

    def admit(self, *args: Any, **named: Any) -> Admitted:
        asked = list(self.asked)
        admitted = super().admit(*args, **named)
        self.asked = asked  # in memory it reads, in Redis that is part of it
        return admitted

    def read(self, game_id: GameId) -> JobProgress | None:
        self.note("read")
        return super().read(game_id)

    def unfinished_games(self, user_id: UserId) -> int:
        self.note("unfinished_games")
        return super().unfinished_games(user_id)

    def note(self, what: str) -> None:
        self.asked.append(what)
        if self.is_away:
            raise QueueUnavailableError("away")


@pytest.fixture
def queue(api: SmallApi) -> CountingQueue:
    queue = CountingQueue(api.world.clock)
    queue.state = api.world.queue.state
    api.world.queue = queue
    return queue


ROUTES: dict[str, Callable[[GameId], Ask]] = {
    "status": lambda game: ("GET", f"/v1/games/{game}/analysis/status", {}),
    "analysis": lambda game: ("GET", f"/v1/games/{game}/analysis", {}),
    "modified": lambda game: ("GET", f"/v1/games/{game}/analysis", {"If-None-Match": '"other"'}),
    "annotate": lambda game: ("POST", f"/v1/games/{game}/enhanced-annotate", {}),
    "unannotated": lambda game: ("POST", "/v1/games/process-unannotated", {}),
    "submit": lambda game: ("POST", "/v1/games?annotate=true", {"Content-Type": "text/plain"}),
    "quota": lambda game: ("GET", "/v1/me/quota", {}),
}


@pytest.mark.parametrize("route", ROUTES)
def test_the_queue_is_looked_at_once(api: SmallApi, queue: CountingQueue, route: str) -> None:
    game_id = api.world.submit()
    api.world.request(game_id)
    queue.asked.clear()
    method, path, headers = ROUTES[route](game_id)
    answer = api.ask(method, path, headers={**api.sign_in(), **headers}, content=OPERA)
    assert answer.is_success, answer.text
    assert len(queue.asked) == 1


@pytest.mark.parametrize("route", ROUTES)
def test_where_the_look_saw_nothing_the_queue_is_asked(
    api: SmallApi, queue: CountingQueue, route: str
) -> None:
    game_id = api.world.submit()
    api.world.request(game_id)
    queue.asked.clear()
    api.gate.is_away = True
    method, path, headers = ROUTES[route](game_id)
    answer = api.ask(method, path, headers={**api.sign_in(), **headers}, content=OPERA)
    assert answer.is_success, answer.text
    assert len(queue.asked) == 1, "by the use case"


def test_with_an_idempotency_key_it_is_looked_at_as_well(api: SmallApi, queue: CountingQueue) -> None:
    game_id = api.world.submit()
    headers = {**api.sign_in(), "Idempotency-Key": "k1"}
    queue.asked.clear()
    for _ in range(2):
        answer = api.ask("POST", f"/v1/games/{game_id}/enhanced-annotate", headers=headers)
        assert answer.status_code == 202
    assert queue.asked == ["unfinished_games"] * 2, "the second was answered by the gate alone, on the way in"


def test_a_queue_that_refuses_the_look_refuses_the_request(api: SmallApi, queue: CountingQueue) -> None:
    game_id = api.world.submit()
    queue.is_away = True
    answer = api.ask("POST", f"/v1/games/{game_id}/enhanced-annotate", headers=api.sign_in())
    assert (answer.status_code, answer.json()["code"]) == (503, "queue_unavailable")
    status = api.ask("GET", f"/v1/games/{game_id}/analysis/status", headers=api.sign_in())
    assert status.json()["code"] == "analysis_not_found"
