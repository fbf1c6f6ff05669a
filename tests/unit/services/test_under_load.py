"""Under load, and while the store is away: what is refused, what is done with less, what is done again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from knight_vision.domain.job import Claim, GameId, Priority, StorePause
from knight_vision.domain.phase import Limit, Phase
from knight_vision.errors import (
    EngineError,
    EngineTimeoutError,
    QueueLimitError,
    QueueUnavailableError,
    StoreUnavailableError,
)
from knight_vision.ports import PhaseResult, RequestedAnalysis, SaveAnswer
from tests.support.memory_store import MOST_REDOS
from tests.support.small_world import (
    OPERA,
    OTHER,
    SETTINGS,
    USER,
    SmallWorld,
    finished_report,
    report_without_faults,
)


def other_game(number: int) -> str:
    return OPERA.replace("Morphy", f"Player {number}")


class TestLimits:
    @pytest.fixture
    def world(self) -> SmallWorld:
        return SmallWorld(settings=replace(SETTINGS, max_unfinished_games=2))

    def test_more_unfinished_games_than_the_limit_are_refused_with_nothing_stored(
        self, world: SmallWorld
    ) -> None:
        games = [world.submit(other_game(number)) for number in range(3)]
        world.request(games[0])
        world.request(games[1])
        with pytest.raises(QueueLimitError) as refused:
            world.request(games[2])
        assert (refused.value.limit, refused.value.unfinished) == (2, 2)
        assert world.queue.counts().jobs == 2
        assert world.store.request_unannotated(USER, 10)[0].game_id == games[2]

    def test_asking_again_for_a_game_in_the_queue_is_no_new_game(self, world: SmallWorld) -> None:
        games = [world.submit(other_game(number)) for number in range(2)]
        for game_id in (*games, *games):
            world.request(game_id)
        assert world.queue.counts().jobs == 2

    def test_one_users_limit_is_not_anothers(self, world: SmallWorld) -> None:
        for number in range(2):
            world.request(world.submit(other_game(number)))
        world.request(world.submit(user=OTHER), user=OTHER)
        assert world.queue.counts().jobs == 3

    def test_bulk_takes_what_there_is_room_for(self, world: SmallWorld) -> None:
        for number in range(4):
            world.submit(other_game(number))
        assert world.requests.of_unannotated(USER, 100, "r") == 2
        with pytest.raises(QueueLimitError):
            world.requests.of_unannotated(USER, 100, "r")
        world.answer_calls()
        assert world.requests.of_unannotated(USER, 100, "r") == 2

    def test_finished_games_make_room(self, world: SmallWorld) -> None:
        for number in range(5):
            game_id = world.submit(other_game(number))
            world.request(game_id)
            world.answer_calls()
            assert world.view(game_id).is_complete


class TestInteractiveAndBulk:
    def test_a_game_asked_for_now_goes_before_all_that_was_asked_for_in_bulk(self, world: SmallWorld) -> None:
        bulk = {world.submit(other_game(number)) for number in range(3)}
        world.requests.of_unannotated(USER, 10, "bulk")
        now = world.submit(OPERA)
        world.request(now)
        first, *others = claimed_games(world, 4)
        assert first == now
        assert set(others) == bulk

    def test_a_bulk_game_that_is_asked_for_now_is_promoted(self, world: SmallWorld) -> None:
        bulk = [world.submit(other_game(number)) for number in range(3)]
        world.requests.of_unannotated(USER, 10, "bulk")
        world.request(bulk[2])
        first, *others = claimed_games(world, 3)
        assert first == bulk[2]
        assert set(others) == set(bulk[:2])
        assert world.view(bulk[2]).status["priority"] == Priority.STANDARD.label
        assert world.view(bulk[0]).status["priority"] == Priority.BULK.label


def claimed_games(world: SmallWorld, count: int) -> list[str]:
    games = []
    for number in range(count):
        claim = world.queue.claim(Phase.INITIAL, token=f"looked {number}", lease_ms=60_000)
        assert isinstance(claim, Claim)
        games.append(str(claim.unit.game_id))
    return games


class TestBacklog:
    def wait_long(self, world: SmallWorld) -> tuple[GameId, dict[str, object]]:
        """A game whose complete phase waited twice as long as is thought fair; and its report."""
        game_id = world.submit()
        world.request(game_id)
        world.run(world.bus.calls.pop(0))
        world.run(Phase.INTERMEDIATE)
        world.clock.advance(2 * world.settings.degrade_after_ms)
        world.run(Phase.COMPLETE)
        world.bus.calls.clear()
        return game_id, finished_report(world, game_id)

    def test_a_phase_that_waited_too_long_gets_a_smaller_budget_and_says_so(self, world: SmallWorld) -> None:
        game_id, report = self.wait_long(world)
        assert report["limit"] == str(Limit(nodes=500_000, is_adaptive=True))
        status = world.view(game_id).status
        assert (status["state"], status["degraded"]) == ("done", True)
        assert ("PhasesDegraded", 1, {"phase": "complete"}) in world.observer.metrics

    def test_when_the_queue_is_idle_it_is_done_again_in_full(self, world: SmallWorld) -> None:
        game_id, degraded = self.wait_long(world)
        assert world.sweep().redone == 1
        assert finished_report(world, game_id) == degraded  # never out of sight
        assert world.bus.calls
        world.answer_calls()
        assert finished_report(world, game_id) == report_without_faults()
        assert world.view(game_id).status["degraded"] is False
        assert world.sweep().redone == 0
        assert world.queue.counts().is_idle

    def test_while_others_wait_nothing_is_done_again(self, world: SmallWorld) -> None:
        self.wait_long(world)
        world.request(world.submit(other_game(1)))
        assert world.sweep().redone == 0

    def test_a_lost_queue_loses_no_second_try(self, world: SmallWorld) -> None:
        game_id, _degraded = self.wait_long(world)
        assert world.sweep().redone == 1
        world.lose_the_queue()
        assert world.sweep().redone == 1
        world.answer_calls()
        assert finished_report(world, game_id) == report_without_faults()

    def test_a_second_try_that_fails_leaves_the_first_and_is_not_tried_for_ever(
        self, world: SmallWorld
    ) -> None:
        game_id, degraded = self.wait_long(world)
        tries = 0
        while world.sweep().redone:
            tries += 1
            world.engine.faults = [EngineError("crash") for _attempt in range(3)]
            world.answer_calls()
            assert finished_report(world, game_id) == degraded
            assert world.queue.counts().is_idle
        assert tries == MOST_REDOS

    def test_limits_by_depth_are_not_shortened(self) -> None:
        world = SmallWorld(settings=replace(SETTINGS, complete_limit=Limit(depth=6)))
        game_id, report = self.wait_long(world)
        assert report["limit"] == "depth 6"
        assert world.view(game_id).status["degraded"] is False


class TestStoreAway:
    def test_workers_stop_claiming_until_the_store_is_back(self, world: SmallWorld) -> None:
        games = [world.submit(other_game(number)) for number in range(4)]
        for game_id in games:
            world.request(game_id)
        world.store.is_away = True
        run = world.run(Phase.INITIAL)
        assert (run.segments, run.reports) == (1, 0)
        for _call in range(5):
            assert world.run(Phase.INITIAL).segments == 0
        assert len(world.engine.searched) == 1
        assert "StoreUnavailable" in [name for name, _value, _dimensions in world.observer.metrics]

    def test_one_worker_looks_when_the_pause_is_over_and_all_go_on(self, world: SmallWorld) -> None:
        games = [world.submit(other_game(number)) for number in range(4)]
        for game_id in games:
            world.request(game_id)
        world.store.is_away = True
        world.run(Phase.INITIAL)
        for _pause in range(3):
            world.clock.advance(60_000)
            assert world.run(Phase.INITIAL).segments == 0
        world.store.is_away = False
        assert world.run(Phase.INITIAL).segments == 0  # it is not time to look yet
        world.clock.advance(60_000)
        run = world.run(Phase.INITIAL)
        assert (run.segments, run.reports) == (3, 4)
        assert "store_is_back" in world.observer.names()

    def test_the_sweeper_calls_nobody_while_the_store_is_away_and_ends_the_pause(
        self, world: SmallWorld
    ) -> None:
        game_id = world.submit()
        world.request(game_id)
        world.store.is_away = True
        world.run(world.bus.calls.pop())
        world.sweep()
        assert world.bus.calls == []
        world.store.is_away = False
        world.sweep()
        assert world.bus.calls == [Phase.INITIAL]
        world.answer_calls()
        assert finished_report(world, game_id) == report_without_faults()
        assert len(world.engine.searched) == 13  # the segment that could not be saved was kept

    def test_a_unit_out_of_attempts_is_given_up_when_the_store_is_back(self, world: SmallWorld) -> None:
        game_id = world.submit()
        world.request(game_id)
        world.engine.faults = [EngineError("crash") for _attempt in range(3)]
        world.store.is_away = True
        world.run(Phase.INITIAL)
        assert world.queue.counts().exhausted == 1
        world.store.is_away = False
        assert world.sweep().buried == 1
        assert world.view(game_id).status["state"] == "failed"


class TestDeadLetters:
    def test_what_was_given_up_is_listed_with_its_reason_and_can_be_started_again(
        self, world: SmallWorld
    ) -> None:
        game_id = world.submit()
        world.request(game_id)
        world.engine.faults = [EngineError("crash") for _attempt in range(3)]
        world.answer_calls()
        world.store.operators.add(OTHER)
        (letter,), _cursor = world.store.dead_letters(OTHER, at_most=10)
        assert (letter.game_id, letter.generation, letter.finished_phase) == (game_id, 1, None)
        assert letter.reason == "segment 0 of the initial phase: crash (attempt 3)"
        again: list[RequestedAnalysis] = world.store.redrive(OTHER, [game_id])
        world.requests.put_in_queue(again, "operator")
        world.answer_calls()
        assert finished_report(world, game_id) == report_without_faults()
        assert world.store.dead_letters(OTHER, at_most=10) == ([], None)


class TestOneBadReport:
    """What the reviewers of the queue broke once."""

    def test_a_report_that_the_store_does_not_take_stops_nobody_and_is_given_up(
        self, world: SmallWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad = world.submit(other_game(0))
        good = [world.submit(other_game(number)) for number in range(1, 4)]
        for game_id in (bad, *good):
            world.request(game_id)
        real = world.store.save_phase

        def refuse_one(result: PhaseResult) -> SaveAnswer:
            if result.game_id == bad:
                raise StoreUnavailableError("its row is locked for ever")
            return real(result)

        monkeypatch.setattr(world.store, "save_phase", refuse_one)
        world.answer_calls()
        assert all(world.view(game_id).is_complete for game_id in good)
        status = world.view(bad).status
        assert (status["state"], status["finished_phase"]) == ("failed", None)
        assert "its row is locked for ever" in status["failure"]
        assert not world.queue.counts().is_store_away

    def test_a_worker_that_lost_its_lease_before_saving_saves_nothing(
        self, world: SmallWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        game_id = world.submit()
        world.request(game_id)
        real = world.store.read_pgn

        def freeze(game_id: GameId) -> str | None:
            world.clock.advance(10_000_000)
            return real(game_id)

        with monkeypatch.context() as patched:
            patched.setattr(world.store, "read_pgn", freeze)
            assert world.run(Phase.INITIAL).reports == 0
        assert world.view(game_id).report is None
        world.sweep()
        world.answer_calls()
        assert world.view(game_id).is_complete

    def test_a_cancelled_search_takes_no_time_from_the_next_units_attempts(self, world: SmallWorld) -> None:
        cancelled, innocent = world.submit(other_game(0)), world.submit(other_game(1))
        world.request(cancelled)
        world.request(innocent)
        world.engine.ms_per_position = 500

        def cancel() -> None:
            world.engine.before_position = out_of_time
            world.store.cancel(USER, cancelled)
            world.queue.remove(cancelled, 1)

        def out_of_time() -> None:
            raise EngineTimeoutError("only what the first had left")

        world.engine.before_position = cancel
        world.run(Phase.INITIAL)
        claim = world.queue.claim(Phase.INITIAL, token="looked", lease_ms=60_000)
        assert isinstance(claim, Claim)
        assert (claim.unit.game_id, claim.attempt) == (innocent, 1)


class TestSweeper:
    def test_it_calls_for_work_although_the_dead_seem_to_be_at_it(self, world: SmallWorld) -> None:
        for number in range(world.settings.phase_fanout + 2):
            world.request(world.submit(other_game(number)))
        for number in range(world.settings.phase_fanout):
            assert world.queue.claim(Phase.INITIAL, token=f"dead-{number}", lease_ms=900_000)
        world.bus.calls.clear()
        assert world.sweep().woken == 1

    def test_what_ends_while_it_looks_is_not_put_back(
        self, world: SmallWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        game_id = world.submit()
        world.request(game_id)
        world.clock.advance(world.settings.rebuild_after_ms + 1)
        real = world.queue.known

        def end_it_first(game_ids: Sequence[GameId]) -> set[GameId]:
            world.answer_calls()
            return real(game_ids)

        monkeypatch.setattr(world.queue, "known", end_it_first)
        assert world.sweep().rebuilt == 0
        assert world.queue.counts().is_idle
        assert world.view(game_id).is_complete


def test_a_lost_answer_to_a_claim_costs_the_unit_no_attempt(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    game_id = world.submit()
    world.request(game_id)
    real = world.queue.claim
    answers_to_lose = 3

    def lose_answers(phase: Phase, **arguments: Any) -> Claim | StorePause | None:
        nonlocal answers_to_lose
        claim = real(phase, **arguments)
        answers_to_lose -= 1
        if answers_to_lose >= 0:
            raise QueueUnavailableError("the answer was lost")
        return claim

    monkeypatch.setattr(world.queue, "claim", lose_answers)
    run = world.run(Phase.INITIAL)
    assert (run.claims, run.reports, run.failures) == (1, 1, 0)
    [claimed] = [fields for name, fields in world.observer.events if name == "unit_claimed"]
    assert claimed["attempt"] == 1
    assert world.view(game_id).report is not None
