"""What each JobQueue does under load and without its store: limits, budgets, pauses, numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knight_vision.domain.job import FULL_BUDGET, Claim, Priority, StorePause, UserId
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import GameLength, QueueActivity, Tally
from knight_vision.domain.queue_state import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, PROBE_MS
from knight_vision.ports import JobQueue
from tests.support.queues import (
    LEASE_MS,
    ORDER,
    QueueAndClock,
    a_job,
    a_plan,
    claim_one,
    finish_phase,
    load,
    result_of,
)


def try_claim(queue: JobQueue, token: str, phase: Phase = Phase.INTERMEDIATE) -> Claim | StorePause | None:
    return queue.claim(phase, token=token, lease_ms=LEASE_MS)


class TestUserLimits:
    def test_unfinished_games_are_counted_by_user(self, queue: JobQueue) -> None:
        for number in range(3):
            queue.enqueue(a_job(f"g{number}", segments=1))
        queue.enqueue(a_job("other", user="u2", segments=1))
        assert queue.unfinished_games(UserId("u1")) == 3
        queue.remove(a_job("g2").game_id, 1)
        queue.enqueue(a_job("g1", generation=2))
        assert queue.unfinished_games(UserId("u1")) == 2
        assert queue.unfinished_games(UserId("stranger")) == 0

    def test_a_finished_game_no_longer_counts(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        queue.advance(finish_phase(queue), None)
        assert queue.unfinished_games(UserId("u1")) == 0


class TestBudgets:
    """ORDER begins to degrade after 20 s and goes down to 30 per cent."""

    @pytest.mark.parametrize(
        ("waited_ms", "expected"), [(10_000, FULL_BUDGET), (30_000, None), (600_000, 30)]
    )
    def test_the_budget_shrinks_with_the_wait_and_is_bounded(
        self, timed: QueueAndClock, waited_ms: int, expected: int | None
    ) -> None:
        timed.queue.enqueue(a_job())
        timed.pass_time(waited_ms)
        claim = claim_one(timed.queue)
        assert waited_ms <= claim.waited_ms < waited_ms + 5_000
        # In between it is in proportion to the wait, of which a slow machine adds some.
        percent = expected or 100 * 20_000 // claim.waited_ms
        assert claim.budget_percent == percent
        assert (claim.limit.nodes, claim.is_degraded) == (percent, percent < FULL_BUDGET)

    def test_all_segments_of_a_phase_and_its_report_have_one_budget(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job(segments=2))
        first = claim_one(queue, "first")
        timed.pass_time(30_000)
        second = claim_one(queue, "second")
        assert (first.budget_percent, second.budget_percent) == (FULL_BUDGET, FULL_BUDGET)
        queue.finish_segment(first, result_of(first), 10)
        queue.finish_segment(second, result_of(second), 10)
        timed.pass_time(LEASE_MS)
        queue.expire_leases(max_attempts=3)
        assert claim_one(queue, "report").budget_percent == FULL_BUDGET

    def test_the_next_phase_has_a_budget_of_its_own(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job(segments=1))
        timed.pass_time(39_000)
        claim = claim_one(queue)
        assert claim.budget_percent == 51
        queue.finish_segment(claim, result_of(claim), 10)
        queue.advance(claim.for_report(), a_plan(Phase.COMPLETE))
        assert claim_one(queue, "next", Phase.COMPLETE).budget_percent == FULL_BUDGET

    def test_what_is_done_again_keeps_its_whole_budget(self, timed: QueueAndClock) -> None:
        job = replace(a_job(segments=1), is_redo=True)
        timed.queue.enqueue(job)
        timed.pass_time(600_000)
        claim = claim_one(timed.queue)
        assert (claim.budget_percent, claim.is_degraded, claim.job) == (FULL_BUDGET, False, job)

    def test_waiting_behind_ones_own_games_is_not_overload(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job("g1", segments=1))
        queue.enqueue(a_job("g2", segments=1))
        timed.pass_time(600_000)
        assert claim_one(queue, "first").budget_percent == ORDER.degrade_floor_percent
        assert claim_one(queue, "second").budget_percent == FULL_BUDGET


class TestStorePause:
    def test_a_pause_holds_all_claims_and_keeps_what_waits(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job())
        held = claim_one(queue, "held")
        queue.store_is_away()
        assert queue.counts().is_store_away
        assert try_claim(queue, "next") is StorePause.WAIT
        assert try_claim(queue, "other", Phase.INITIAL) is StorePause.WAIT
        # What is held goes on: its segment is kept, and the same token gets the same claim.
        assert claim_one(queue, "held") == held
        assert queue.finish_segment(held, result_of(held), 10) == "segment_finished"
        assert load(queue) == (1, 0)
        queue.store_is_back()
        assert not queue.counts().is_store_away
        assert isinstance(try_claim(queue, "next"), Claim)

    def test_after_the_pause_one_is_asked_to_look(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job())
        queue.store_is_away()
        timed.pass_time(FIRST_PAUSE_MS)
        assert try_claim(queue, "probe") is StorePause.PROBE
        assert try_claim(queue, "probe") is StorePause.PROBE
        assert try_claim(queue, "other") is StorePause.WAIT
        timed.pass_time(PROBE_MS)  # it died over it
        assert try_claim(queue, "other") is StorePause.PROBE
        queue.store_is_back()

    def test_each_failed_look_doubles_the_pause_up_to_a_bound(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job())
        queue.store_is_away()
        for number in range(8):
            pause_ms = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2**number)
            timed.pass_time(pause_ms - 500)
            assert try_claim(queue, f"early {number}") is StorePause.WAIT
            timed.pass_time(500)
            assert try_claim(queue, f"probe {number}") is StorePause.PROBE
            queue.store_is_away()
        queue.store_is_back()

    def test_many_workers_that_fail_at_once_count_once(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job())
        for _ in range(10):
            queue.store_is_away()
        timed.pass_time(FIRST_PAUSE_MS)
        assert try_claim(queue, "probe") is StorePause.PROBE
        queue.store_is_back()


class TestNumbers:
    def test_an_empty_queue_is_idle(self, queue: JobQueue) -> None:
        counts = queue.counts()
        assert counts.is_idle
        assert (counts.jobs, counts.oldest_age_ms, counts.exhausted) == (0, 0, 0)
        assert queue.activity() == QueueActivity()

    def test_the_first_in_line_has_waited_longest_by_phase_and_priority(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job("g1", user="a"))
        timed.pass_time(30_000)
        queue.enqueue(a_job("g2", user="b", enqueued_at_ms=None))
        queue.enqueue(a_job("g3", user="c", priority=Priority.BULK, enqueued_at_ms=None))
        timed.pass_time(10_000)
        phase = queue.counts().phases[Phase.INTERMEDIATE]
        assert 40_000 <= phase.lines[Priority.STANDARD].oldest_ms < 45_000
        assert 10_000 <= phase.lines[Priority.BULK].oldest_ms < 15_000
        assert phase.lines[Priority.PREMIUM].oldest_ms == 0
        assert phase.oldest_ms == phase.lines[Priority.STANDARD].oldest_ms
        assert phase.units_in_line == 6

    def test_what_happened_is_told_by_phase_and_priority(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        asked_ms = timed.now_ms() - 60_000
        queue.enqueue(a_job(segments=2, priority=Priority.PREMIUM, enqueued_at_ms=asked_ms))
        timed.pass_time(10_000)
        for token in "ab":
            claim = claim_one(queue, token)
            queue.finish_segment(claim, result_of(claim), 300, known=2 if token == "a" else 0)
        queue.advance(claim.for_report(), a_plan(Phase.COMPLETE))
        activity = queue.activity()
        key = (Phase.INTERMEDIATE, Priority.PREMIUM)
        assert activity.waited[key].count == 2
        assert 20_000 <= activity.waited[key].total_ms < 25_000
        assert activity.searched[Phase.INTERMEDIATE].count == 2
        assert activity.searched[Phase.INTERMEDIATE].mean_ms == 300
        assert activity.positions[Phase.INTERMEDIATE].total_ms == a_plan().position_count
        assert activity.known == {Phase.INTERMEDIATE: Tally(1, 2)}
        assert activity.finished[key].count == 1
        assert 60_000 <= activity.finished[key].total_ms < 75_000
        took = activity.took[(Phase.INTERMEDIATE, GameLength.SHORT)]
        assert 10_000 <= took.total_ms < 15_000
        assert activity.failed == activity.expired == activity.exhausted == {}

    def test_attempts_that_came_to_nothing_are_told(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job(segments=1))
        queue.fail_unit(claim_one(queue, "a"), max_attempts=3)
        claim_one(queue, "b")
        timed.pass_time(LEASE_MS + 1)
        queue.expire_leases(max_attempts=3)
        queue.fail_unit(claim_one(queue, "c"), max_attempts=3)
        activity = queue.activity()
        assert activity.failed[Phase.INTERMEDIATE].count == 2
        assert activity.expired[Phase.INTERMEDIATE].count == 1
        assert activity.exhausted[Phase.INTERMEDIATE].count == 1
        assert (
            sum(tally.count for tally in activity.waited.values()) == 1
        )  # tries after the first do not count
        assert queue.counts().exhausted == 1
