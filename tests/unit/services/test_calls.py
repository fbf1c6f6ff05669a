"""Functions are called for new work only where too few are at it or on their way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_calls import CALL_LIFE_MS
from knight_vision.errors import QueueUnavailableError
from tests.support.small_world import OPERA, SETTINGS, SmallWorld


@pytest.fixture
def world() -> SmallWorld:
    """Two functions of each phase at once."""
    two = replace(SETTINGS, initial_concurrency=2, intermediate_concurrency=2, complete_concurrency=2)
    return SmallWorld(settings=two)


def request(world: SmallWorld, number: int = 0) -> None:
    world.request(world.submit(OPERA.replace("Morphy", f"Player {number}")))


def calls(world: SmallWorld, phase: Phase) -> int:
    return world.bus.calls.count(phase)


def test_many_games_call_as_many_functions_as_may_be_at_work(world: SmallWorld) -> None:
    for number in range(5):
        request(world, number)
    assert world.bus.calls == [Phase.INITIAL] * 2


def test_the_functions_that_were_called_do_all_the_work(world: SmallWorld) -> None:
    for number in range(5):
        request(world, number)
    world.answer_calls()
    assert world.queue.counts().is_idle


def test_a_phase_calls_for_the_next_once_not_for_each_game(world: SmallWorld) -> None:
    for number in range(5):
        request(world, number)
    world.run(world.bus.calls.pop())
    assert calls(world, Phase.INTERMEDIATE) == 2


def test_nobody_is_called_while_all_are_at_work(world: SmallWorld) -> None:
    for number in range(2):
        request(world, number)
        claim = world.queue.claim(
            Phase.INITIAL, token=f"at work {number}", lease_ms=60_000, answers_call=True
        )
        assert claim is not None
    world.bus.calls.clear()
    request(world, 2)
    assert world.bus.calls == []


def test_a_function_without_time_for_more_calls_its_successor(world: SmallWorld) -> None:
    request(world)
    world.bus.calls.clear()
    world.run(Phase.INITIAL, seconds=1)
    assert world.bus.calls == [Phase.INITIAL]


def test_a_lost_call_is_missed_by_the_next_game_only_for_a_while(world: SmallWorld) -> None:
    for number in range(2):
        request(world, number)
    world.bus.calls.clear()
    request(world, 2)
    assert world.bus.calls == []
    world.clock.advance(CALL_LIFE_MS)
    request(world, 3)
    assert world.bus.calls == [Phase.INITIAL]


def test_the_sweeper_makes_lost_calls_good(world: SmallWorld) -> None:
    for number in range(3):
        request(world, number)
    world.bus.calls.clear()
    world.clock.advance(CALL_LIFE_MS)
    assert world.sweep().woken == 1  # one user stands in line with one game
    world.answer_calls()
    assert world.queue.counts().is_idle


def test_the_sweeper_does_not_call_beside_calls_on_their_way(world: SmallWorld) -> None:
    for number in range(3):
        request(world, number)
    assert world.sweep().woken == 0


def test_a_queue_that_cannot_be_asked_allows_all(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> int:
        raise QueueUnavailableError("away")

    request(world)
    monkeypatch.setattr(world.queue, "allow_calls", away)
    world.run(world.bus.calls.pop())
    assert calls(world, Phase.INTERMEDIATE) > 2
    assert "queue_unavailable" in world.observer.names()
