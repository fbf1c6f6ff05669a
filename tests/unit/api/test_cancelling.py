"""DELETE on an analysis: the store first, then the queue; the same answer whenever it is repeated."""

from __future__ import annotations

import pytest

from knight_vision.domain.job import GameId
from knight_vision.domain.phase import Phase
from knight_vision.errors import QueueUnavailableError
from tests.support.memory_queue import MemoryQueue
from tests.support.small_world import OTHER
from tests.unit.api.conftest import SmallApi

FIRST = [Phase.INITIAL]


class QueueThatCannotRemove(MemoryQueue):
    def remove(self, game_id: GameId, generation: int) -> bool:
        raise QueueUnavailableError("away")


def path_of(game_id: GameId) -> str:
    return f"/v1/games/{game_id}/analysis"


def a_requested_game(api: SmallApi) -> GameId:
    game_id = api.world.submit()
    api.world.request(game_id)
    return game_id


def test_an_unfinished_analysis_is_cancelled_and_leaves_the_queue(api: SmallApi) -> None:
    game_id = a_requested_game(api)
    answer = api.ask("DELETE", path_of(game_id))
    assert answer.status_code == 200
    assert answer.json()["state"] == "cancelled"
    assert answer.json()["generation"] == 1
    assert api.world.queue.counts().jobs == 0
    again = api.ask("DELETE", path_of(game_id))
    assert (again.status_code, again.json()) == (200, answer.json())


def test_what_was_finished_stays_readable_and_the_sweeper_puts_nothing_back(api: SmallApi) -> None:
    game_id = a_requested_game(api)
    api.world.run(api.world.bus.calls.pop(0))
    api.ask("DELETE", path_of(game_id))
    api.world.bus.calls.clear()
    api.world.clock.advance(3_600_000)
    api.world.sweep()
    assert api.world.queue.counts().jobs == 0
    analysis = api.ask("GET", path_of(game_id)).json()
    assert analysis["status"]["state"] == "cancelled"
    assert analysis["report"]["phase"] == "initial"


def test_asking_again_after_cancelling_starts_anew_and_ends(api: SmallApi) -> None:
    game_id = a_requested_game(api)
    api.ask("DELETE", path_of(game_id))
    answer = api.ask("POST", f"/v1/games/{game_id}/enhanced-annotate")
    assert answer.status_code == 202
    assert answer.json()["status"]["generation"] == 2
    api.world.answer_calls()
    assert api.ask("GET", path_of(game_id)).json()["status"]["state"] == "done"


def test_a_queue_that_is_away_does_not_stop_it_and_its_worker_saves_nothing(api: SmallApi) -> None:
    api.world.queue = QueueThatCannotRemove(api.world.clock)
    game_id = a_requested_game(api)
    assert api.ask("DELETE", path_of(game_id)).json()["state"] == "cancelled"
    # The job is still there, its worker finds out at the fence.
    queue = MemoryQueue(api.world.clock)
    queue.state = api.world.queue.state
    api.world.queue = queue
    api.world.answer_calls()
    assert queue.counts().jobs == 0
    status = api.ask("GET", f"{path_of(game_id)}/status").json()
    assert (status["state"], status["finished_phase"]) == ("cancelled", None)


@pytest.mark.parametrize("end", ["done", "failed"])
def test_what_has_ended_cannot_be_cancelled(api: SmallApi, end: str) -> None:
    game_id = a_requested_game(api)
    if end == "done":
        api.world.answer_calls()
    else:
        api.world.store.fail(game_id, 1, "3 workers died over it")
    answer = api.ask("DELETE", path_of(game_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "analysis_final")
    assert api.ask("GET", path_of(game_id)).json()["status"]["state"] == end


def test_unknown_foreign_and_never_asked_for_analyses_are_not_found(api: SmallApi) -> None:
    foreign = api.world.submit(user=OTHER)
    api.world.request(foreign, user=OTHER)
    for game_id, code in (
        (foreign, "game_not_found"),
        (GameId("00000000-0000-4000-8000-000000000000"), "game_not_found"),
        (api.world.submit(), "analysis_not_found"),
    ):
        answer = api.ask("DELETE", path_of(game_id))
        assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert api.world.queue.counts().jobs == 1


def test_a_store_that_is_away_says_so_and_changes_nothing(api: SmallApi) -> None:
    game_id = a_requested_game(api)
    api.world.store.is_away = True
    answer = api.ask("DELETE", path_of(game_id))
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert api.world.queue.counts().jobs == 1
