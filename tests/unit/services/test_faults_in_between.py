"""Faults between any two steps of an analysis, in memory: the same report, and nothing lost."""

from typing import Any

import pytest

from knight_vision.domain.job import Claim, Priority
from knight_vision.domain.phase import Phase
from knight_vision.errors import EngineError, EngineTimeoutError, QueueUnavailableError
from tests.support.small_world import OPERA, USER, SmallWorld, finished_report, report_without_faults


def test_a_queue_lost_at_any_moment_is_rebuilt_with_the_same_result() -> None:
    expected = report_without_faults()
    for lost_after in range(12):
        world = SmallWorld()
        game_id = world.submit()
        world.request(game_id)
        for _step in range(lost_after):
            if world.bus.calls:
                # each invocation has time for about one segment
                world.run(world.bus.calls.pop(0), seconds=13.001)
        world.lose_the_queue()
        world.clock.advance(world.settings.rebuild_after_ms + 1)
        for _sweep in range(10):
            world.sweep()
            world.answer_calls()
        assert finished_report(world, game_id) == expected, f"lost after {lost_after} invocations"


def test_a_worker_that_dies_over_a_segment_is_replaced_when_its_lease_ends(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    assert world.queue.claim(Phase.INITIAL, token="dead", lease_ms=60_000)  # and never heard of again
    world.answer_calls()
    assert world.view(game_id).report is None
    world.clock.advance(60_001)
    swept = world.sweep()
    assert swept.requeued == 1
    assert swept.woken >= 1
    world.answer_calls()
    assert finished_report(world, game_id) == report_without_faults()


def test_a_worker_that_dies_over_the_report_is_replaced(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    claim = world.queue.claim(Phase.INITIAL, token="dead", lease_ms=60_000)
    assert isinstance(claim, Claim)
    game = next(iter(world.store.rows.values())).new.game
    plan = claim.job.plan
    world.queue.finish_segment(
        claim, world.engine.search_segment(game, plan.segment(0), plan.limit, deadline_s=60), 5
    )
    world.clock.advance(60_001)
    world.sweep()
    world.answer_calls()
    assert finished_report(world, game_id) == report_without_faults()


def test_a_lost_call_costs_time_only(world: SmallWorld) -> None:
    game_id = world.submit()
    world.bus.is_away = True
    world.request(game_id)
    world.bus.is_away = False
    assert "wake_up_failed" in world.observer.names()
    world.sweep()
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_doubled_calls_change_nothing(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    for phase in list(Phase) * 3:
        world.run(phase)
    world.answer_calls()
    assert finished_report(world, game_id) == report_without_faults()
    assert len(world.engine.searched) == 13


def test_a_unit_that_fails_three_times_fails_the_analysis_and_keeps_earlier_phases(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.run(world.bus.calls.pop())
    world.engine.faults = [EngineError("crash") for _attempt in range(3)]
    world.run(Phase.INTERMEDIATE)
    view = world.view(game_id)
    assert (view.status["state"], view.status["phase"], view.status["finished_phase"]) == (
        "failed",
        None,
        "initial",
    )
    assert "crash" in view.status["failure"]
    assert view.report is not None
    assert "segment 0 of the intermediate phase" in view.status["failure"]
    assert world.store.count_dead_letters() == 1
    assert world.queue.counts().jobs == 0


def test_a_function_without_an_engine_fails_and_touches_no_work(world: SmallWorld) -> None:
    """A layer built for another processor once must not send everything that waits to the dead letters."""
    game_id = world.submit()
    world.request(game_id)
    world.engine.is_broken = True
    for _call in range(5):
        with pytest.raises(EngineError):
            world.run(Phase.INITIAL)
    world.engine.is_broken = False
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_poison_does_not_stop_the_others(world: SmallWorld) -> None:
    poison = world.submit()
    healthy = world.submit(OPERA.replace("Morphy", "Somebody"))
    world.request(poison)
    world.request(healthy)
    world.engine.faults = [ValueError("a bug of ours") for _attempt in range(3)]
    world.answer_calls()
    assert world.view(poison).status["state"] == "failed"
    assert world.view(healthy).is_complete


def test_after_a_failure_a_new_generation_starts_from_the_beginning(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.engine.faults = [EngineError("crash") for _attempt in range(3)]
    world.answer_calls()
    assert world.view(game_id).status["state"] == "failed"
    world.request(game_id)
    assert world.view(game_id).status["generation"] == 2
    world.answer_calls()
    assert finished_report(world, game_id) == report_without_faults()


def test_running_out_of_time_is_not_the_units_fault(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.run(world.bus.calls.pop())
    world.bus.calls.clear()

    def slow_then_out_of_time() -> None:
        if len(world.engine.searched) == 2:
            world.engine.before_position = None
            raise EngineTimeoutError("no time left")

    world.engine.before_position = slow_then_out_of_time
    for _invocation in range(5):
        world.run(Phase.INTERMEDIATE)
        if not world.bus.calls:
            break
        world.bus.calls.clear()
    world.answer_calls()
    assert world.view(game_id).status["finished_phase"] == "intermediate" or world.view(game_id).is_complete
    assert world.store.count_dead_letters() == 0


def test_a_function_with_little_time_claims_nothing_and_calls_for_another(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.bus.calls.clear()
    run = world.run(Phase.INITIAL, seconds=12)
    assert (run.segments, world.bus.calls) == (0, [Phase.INITIAL])


def test_a_store_that_is_away_costs_no_engine_time_twice(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.bus.calls.clear()
    world.store.is_away = True
    run = world.run(Phase.INITIAL)
    assert (run.segments, run.reports) == (1, 0)
    world.store.is_away = False
    searched = len(world.engine.searched)
    world.sweep()
    world.run(world.bus.calls.pop(0))
    assert len(world.engine.searched) == searched
    assert world.view(game_id).status["finished_phase"] == "initial"


def test_a_worker_that_lost_its_lease_changes_nothing(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.engine.ms_per_position = 500

    def expire() -> None:
        # in mid-search the lease ends and somebody else takes the unit
        world.engine.before_position = None
        world.clock.advance(10_000_000)
        world.sweep()
        assert world.queue.claim(Phase.INITIAL, token="other", lease_ms=60_000)

    world.engine.before_position = expire
    run = world.run(Phase.INITIAL)
    assert (run.segments, run.reports) == (0, 0)
    assert "lease_lost" in world.observer.names()
    assert world.view(game_id).report is None


def test_a_queue_away_for_a_moment_costs_no_search(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Redis failover hits every running worker at once; each once lost its unit for a whole lease."""
    game_id = world.submit()
    world.request(game_id)
    world.engine.ms_per_position = 400
    failures = {"report_progress": 3, "finish_and_claim": 2}
    for name in failures:
        real = getattr(world.queue, name)

        def flaky(*args: Any, name: str = name, real: Any = real, **named: Any) -> Any:
            failures[name] -= 1
            if failures[name] >= 0:
                raise QueueUnavailableError("failover")
            return real(*args, **named)

        monkeypatch.setattr(world.queue, name, flaky)
    run = world.run(world.bus.calls.pop())
    assert (run.segments, run.reports, run.failures) == (1, 1, 0)
    assert len(world.engine.searched) == 1


def test_a_unit_that_cannot_be_given_up_does_not_stop_the_sweep(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = world.submit()
    world.request(poison)
    for attempt in range(3):
        assert world.queue.claim(Phase.INITIAL, token=f"dead-{attempt}", lease_ms=1)
        world.clock.advance(2)
        world.queue.expire_leases(max_attempts=3)
    lost = world.submit(OPERA.replace("Morphy", "Somebody"))
    world.store.request_analyses(USER, [lost])
    world.clock.advance(world.settings.rebuild_after_ms + 1)

    def refuse(*args: object) -> None:
        raise ValueError("the database objects")

    with monkeypatch.context() as patched:
        patched.setattr(world.store, "fail", refuse)
        swept = world.sweep()
    assert (swept.buried, swept.rebuilt) == (0, 1)
    assert world.sweep().buried == 1


def test_one_sweep_gives_back_every_ended_lease_and_calls_for_it(world: SmallWorld) -> None:
    for number in range(150):
        world.request(world.submit(OPERA.replace("Morphy", f"Player {number}")))
        assert world.queue.claim(Phase.INITIAL, token=f"dead-{number}", lease_ms=1)
    world.bus.calls.clear()
    world.clock.advance(2)
    swept = world.sweep()
    assert swept.requeued == 150
    assert world.bus.calls == [Phase.INITIAL] * world.settings.phase_fanout


def test_a_wait_survives_a_store_that_is_away_for_a_moment(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.answer_calls()
    world.store.is_away = True
    real_sleep = world.clock.sleep

    def come_back(seconds: float) -> None:
        world.store.is_away = False
        real_sleep(seconds)

    world.clock.sleep = come_back  # type: ignore[method-assign]
    assert world.reader.wait(USER, game_id, at_most_s=25).is_complete


def test_what_was_accepted_is_said_even_if_the_store_goes_away_at_once(world: SmallWorld) -> None:
    game_id = world.submit()
    requested = world.requests.of_game(USER, game_id, "r").requested
    world.store.is_away = True
    status = world.reader.accepted(requested).status
    world.store.is_away = False
    assert status == {**world.view(game_id).status, "requested_at": status["requested_at"]}


def test_a_rebuilt_queue_keeps_times_and_priorities(world: SmallWorld) -> None:
    bulk = [world.submit(OPERA.replace("Morphy", f"Player {number}")) for number in range(2)]
    world.requests.of_unannotated(USER, 10, "bulk")
    world.clock.advance(1_000)
    urgent = world.submit()
    world.request(urgent)
    world.lose_the_queue()
    world.clock.advance(world.settings.rebuild_after_ms + 1)
    assert world.sweep().rebuilt == 3
    found = []
    for number in range(3):
        claim = world.queue.claim(Phase.INITIAL, token=f"looked {number}", lease_ms=60_000)
        assert isinstance(claim, Claim)
        found.append((claim.unit.game_id, claim.job.priority, claim.job.enqueued_at_ms))
    assert found[0][:2] == (urgent, Priority.STANDARD)
    assert {game_id for game_id, _, _ in found[1:]} == set(bulk)
    assert {priority for _, priority, _ in found[1:]} == {Priority.BULK}
    assert found[1][2] == found[2][2]
    assert (found[0][2] or 0) - (found[1][2] or 0) == 1_001
