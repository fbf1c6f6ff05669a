"""What every JobQueue promises, checked on each of them.

`redis` may touch only the keys that each script declares; `redis-repeated` executes every script twice.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from knight_vision.domain.job import (
    REPORT_UNIT,
    Advanced,
    Claim,
    EnqueueAnswer,
    ExpiredLeases,
    FenceAnswer,
    FinishAnswer,
    GameId,
    JobProgress,
    Priority,
    RetryAnswer,
    StorePause,
    Unit,
)
from knight_vision.domain.phase import Phase
from knight_vision.ports import JobQueue
from tests.support.queues import (
    LEASE_MS,
    PRIORITY_BOOST_MS,
    QueueAndClock,
    a_job,
    a_plan,
    claim_one,
    finish_phase,
    load,
    result_of,
)

G1 = GameId("g1")


class TestEnqueue:
    def test_a_new_job_waits_with_all_its_segments(self, queue: JobQueue) -> None:
        assert queue.enqueue(a_job(segments=3)) is EnqueueAnswer.ENQUEUED
        assert queue.counts().jobs == 1
        assert load(queue) == (3, 0)
        assert load(queue, Phase.INITIAL) == load(queue, Phase.COMPLETE) == (0, 0)

    def test_the_same_generation_joins(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=3))
        assert queue.enqueue(a_job(segments=2, phase=Phase.INITIAL)) is EnqueueAnswer.JOINED
        assert load(queue, Phase.INTERMEDIATE)[0] == 3
        assert load(queue, Phase.INITIAL)[0] == 0

    def test_a_join_with_less_priority_changes_nothing(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(priority=Priority.PREMIUM))
        assert queue.enqueue(a_job(priority=Priority.STANDARD)) is EnqueueAnswer.JOINED
        assert claim_one(queue).job.priority is Priority.PREMIUM

    def test_more_priority_moves_what_waits_ahead(self, queue: JobQueue) -> None:
        queue.enqueue(a_job("g1"))
        queue.enqueue(a_job("g2", user="u2", enqueued_at_ms=1_700_000_000_001))
        assert queue.enqueue(a_job("g2", user="u2", priority=Priority.PREMIUM)) is EnqueueAnswer.PROMOTED
        claim = claim_one(queue)
        assert claim.unit.game_id == "g2"
        assert claim.job.priority is Priority.PREMIUM

    def test_a_promoted_job_keeps_its_place_when_a_unit_comes_back(self, queue: JobQueue) -> None:
        queue.enqueue(a_job("g0", user="u3", segments=1))
        held = claim_one(queue, "first")
        assert held.unit.game_id == "g0"
        assert (
            queue.enqueue(a_job("g0", user="u3", segments=1, priority=Priority.PREMIUM))
            is EnqueueAnswer.PROMOTED
        )
        queue.enqueue(a_job("g1", segments=1, enqueued_at_ms=1_700_000_000_000 - PRIORITY_BOOST_MS + 1))
        queue.release(held)
        assert claim_one(queue, "second").unit.game_id == "g0"

    def test_a_newer_generation_replaces_everything_of_the_older(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=3))
        held = claim_one(queue)
        assert queue.enqueue(a_job(generation=2, phase=Phase.INITIAL, segments=1)) is EnqueueAnswer.ENQUEUED
        assert queue.finish_segment(held, result_of(held), 10) is FinishAnswer.STALE
        assert queue.report_progress(held, 1) is FenceAnswer.STALE
        assert load(queue) == (0, 0)
        assert queue.counts().jobs == 1
        claim = claim_one(queue, "new", Phase.INITIAL)
        assert claim.unit.generation == 2
        assert claim.attempt == 1

    def test_an_older_generation_is_stale(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(generation=10))
        assert queue.enqueue(a_job(generation=9, priority=Priority.PREMIUM)) is EnqueueAnswer.STALE
        assert load(queue, Phase.INTERMEDIATE)[0] == 2
        assert claim_one(queue).unit.generation == 10

    def test_without_a_time_the_queue_takes_its_own(self, timed: QueueAndClock) -> None:
        before_ms = timed.now_ms()
        timed.queue.enqueue(a_job(enqueued_at_ms=None))
        enqueued_at_ms = claim_one(timed.queue).job.enqueued_at_ms
        assert enqueued_at_ms is not None
        assert before_ms <= enqueued_at_ms <= timed.now_ms()

    def test_odd_texts_come_back_as_they_were(self, queue: JobQueue) -> None:
        job = replace(
            a_job('game:1:"\\ü{x}', user="user | 1"), moves=(), is_chess960=True, correlation_id='"\n♞'
        )
        queue.enqueue(job)
        assert claim_one(queue).job == job
        assert queue.known([job.game_id]) == {job.game_id}


class TestClaim:
    def test_one_claim_takes_one_unit_and_phases_are_apart(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(phase=Phase.COMPLETE, segments=2))
        assert queue.claim(Phase.INITIAL, token="a", lease_ms=LEASE_MS) is None
        units = {claim_one(queue, token, Phase.COMPLETE).unit.index for token in "bc"}
        assert units == {0, 1}
        assert queue.claim(Phase.COMPLETE, token="d", lease_ms=LEASE_MS) is None

    def test_a_claim_brings_the_whole_job(self, queue: JobQueue) -> None:
        job = a_job(priority=Priority.BULK)
        queue.enqueue(job)
        claim = claim_one(queue)
        assert claim.job == job
        assert claim.unit == Unit(G1, 1, Phase.INTERMEDIATE, 0)
        assert (claim.attempt, claim.token, claim.is_report) == (1, "t", False)

    def test_the_same_token_gets_the_same_claim(self, queue: JobQueue) -> None:
        queue.enqueue(a_job())
        assert claim_one(queue, "t") == claim_one(queue, "t")
        assert load(queue) == (1, 1)

    def test_a_token_that_holds_nothing_may_be_used_again(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        segment = claim_one(queue, "t")
        queue.finish_segment(segment, result_of(segment), 10)
        assert queue.advance(segment.for_report(), a_plan(Phase.COMPLETE, segments=1)) is Advanced.ADVANCED
        again = claim_one(queue, "t", Phase.COMPLETE)
        assert queue.finish_segment(again, result_of(again), 10) is FinishAnswer.PHASE_READY
        assert queue.advance(again.for_report(), None) is Advanced.FINISHED

    def test_removing_a_job_leaves_what_its_last_worker_holds_now(self, queue: JobQueue) -> None:
        queue.enqueue(a_job("g1", segments=1))
        queue.release(claim_one(queue, "t"))
        queue.enqueue(a_job("g2", user="u2", segments=1, priority=Priority.PREMIUM))
        held = claim_one(queue, "t")
        assert held.unit.game_id == "g2"
        queue.remove(G1, 1)
        assert claim_one(queue, "t") == held

    def test_progress_is_shown_while_the_claim_holds(self, timed: QueueAndClock) -> None:
        timed.queue.enqueue(a_job())
        claim = claim_one(timed.queue)
        assert timed.queue.report_progress(claim, 3) is FenceAnswer.OK
        assert read(timed.queue).positions_done == 3
        timed.pass_time(LEASE_MS + 1)
        timed.queue.expire_leases(max_attempts=3)
        assert read(timed.queue).positions_done == 0
        claim_one(timed.queue, "next")
        assert read(timed.queue).positions_done == 0


class TestFinishing:
    def test_the_last_segment_hands_over_the_report(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=2))
        first, second = claim_one(queue, "a"), claim_one(queue, "b")
        assert queue.finish_segment(second, result_of(second), 10) is FinishAnswer.SEGMENT_FINISHED
        assert queue.finish_segment(first, result_of(first), 10) is FinishAnswer.PHASE_READY
        assert queue.claim(Phase.INTERMEDIATE, token="a", lease_ms=LEASE_MS) == first.for_report()
        assert load(queue) == (0, 1)

    def test_the_evaluations_come_in_order_whoever_was_first(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=3))
        claims = [claim_one(queue, token) for token in "abc"]
        for claim in reversed(claims):
            queue.finish_segment(claim, result_of(claim), 10)
        found = queue.read_evaluations(claims[0].for_report())
        assert found is not None
        assert [evaluation.white_cp for evaluation in found.evaluations] == list(range(10))
        assert found.evaluations[0] == result_of(claims[0])[0]

    def test_the_times_of_all_searches_of_the_phase_are_summed_and_repetitions_are_not(
        self, queue: JobQueue
    ) -> None:
        queue.enqueue(a_job(segments=2))
        first, second = claim_one(queue, "a"), claim_one(queue, "b")
        queue.finish_segment(first, result_of(first), 10)
        for search_ms in (400, 500):
            queue.finish_segment(second, result_of(second), search_ms)
        found = queue.read_evaluations(second.for_report())
        assert found is not None
        assert found.search_ms == 410
        queue.advance(second.for_report(), a_plan(Phase.COMPLETE, segments=1))
        [claim] = [queue.claim(Phase.COMPLETE, token="c", lease_ms=LEASE_MS)]
        assert isinstance(claim, Claim)
        queue.finish_segment(claim, result_of(claim), 7)
        found = queue.read_evaluations(claim.for_report())
        assert found is not None
        assert found.search_ms == 7

    def test_the_same_call_again_gets_the_same_answer(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=2))
        for token, expected in (("a", FinishAnswer.SEGMENT_FINISHED), ("b", FinishAnswer.PHASE_READY)):
            claim = claim_one(queue, token)
            for _ in range(2):
                assert queue.finish_segment(claim, result_of(claim), 10) is expected
        assert read(queue).positions_done == 10

    def test_a_segment_finished_by_another_is_stale(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job(segments=1))
        slow = claim_one(queue, "slow")
        timed.pass_time(LEASE_MS + 1)
        queue.expire_leases(max_attempts=3)
        fast = claim_one(queue, "fast")
        assert fast.attempt == 2
        assert queue.finish_segment(slow, result_of(slow), 10) is FinishAnswer.STALE
        assert queue.finish_segment(fast, result_of(fast), 10) is FinishAnswer.PHASE_READY
        assert queue.finish_segment(slow, result_of(slow), 10) is FinishAnswer.STALE
        assert queue.read_evaluations(slow.for_report()) is None

    def test_nobody_reads_without_holding_the_report(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        report = finish_phase(queue)
        assert queue.read_evaluations(replace(report, token="other")) is None
        queue.release(report)
        assert queue.read_evaluations(report) is None


class TestFinishAndClaim:
    def test_the_next_unit_comes_with_the_answer(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=3))
        first = claim_one(queue, "first")
        for _ in range(2):
            finished, following = queue.finish_and_claim(
                first, result_of(first), 10, token="second", lease_ms=LEASE_MS
            )
            assert finished is FinishAnswer.SEGMENT_FINISHED
            assert isinstance(following, Claim)
            assert (following.unit.index, following.token, following.attempt) == (1, "second", 1)
        assert following == claim_one(queue, "second")
        assert load(queue) == (1, 1)

    def test_whoever_holds_the_report_claims_nothing_else(self, queue: JobQueue) -> None:
        queue.enqueue(a_job("g1", segments=1))
        queue.enqueue(a_job("g2", user="u2", segments=1))
        first = claim_one(queue, "first")
        for _ in range(2):
            answers = queue.finish_and_claim(first, result_of(first), 10, token="second", lease_ms=LEASE_MS)
            assert answers == (FinishAnswer.PHASE_READY, None)
        assert load(queue) == (1, 1)
        assert queue.advance(first.for_report(), None) is Advanced.FINISHED

    def test_a_repeated_call_finds_its_claim_although_the_job_is_gone(self, queue: JobQueue) -> None:
        queue.enqueue(a_job("g1", segments=2))
        queue.enqueue(a_job("g2", user="u2", segments=1, enqueued_at_ms=1_700_000_000_001))
        first, second = claim_one(queue, "first"), claim_one(queue, "second")

        def finish_and_claim() -> object:
            return queue.finish_and_claim(first, result_of(first), 10, token="third", lease_ms=LEASE_MS)

        finish_and_claim()  # the answer is lost
        third = claim_one(queue, "third")
        queue.remove(second.unit.game_id, 1)
        assert finish_and_claim() == (FinishAnswer.STALE, third)

    def test_nothing_is_claimed_when_nothing_waits(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=2))
        first, second = claim_one(queue, "first"), claim_one(queue, "second")
        answers = queue.finish_and_claim(first, result_of(first), 10, token="third", lease_ms=LEASE_MS)
        assert answers == (FinishAnswer.SEGMENT_FINISHED, None)
        assert queue.finish_segment(second, result_of(second), 10) is FinishAnswer.PHASE_READY

    def test_who_lost_the_lease_claims_nothing(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job(segments=2))
        late = claim_one(queue, "late")
        timed.pass_time(LEASE_MS + 1)
        answers = queue.finish_and_claim(late, result_of(late), 10, token="next", lease_ms=LEASE_MS)
        assert answers == (FinishAnswer.STALE, None)
        assert load(queue)[0] == 1

    def test_while_the_store_is_away_the_segment_is_kept_and_nothing_is_claimed(
        self, queue: JobQueue
    ) -> None:
        queue.enqueue(a_job(segments=3))
        first = claim_one(queue, "first")
        queue.store_is_away()
        answers = queue.finish_and_claim(first, result_of(first), 10, token="next", lease_ms=LEASE_MS)
        assert answers == (FinishAnswer.SEGMENT_FINISHED, StorePause.WAIT)
        queue.store_is_back()


class TestAdvance:
    def test_the_next_phase_waits_in_the_jobs_place(self, queue: JobQueue) -> None:
        queue.enqueue(a_job("g1", segments=1, enqueued_at_ms=1_700_000_000_000))
        report = finish_phase(queue)
        queue.enqueue(a_job("g2", user="u2", phase=Phase.COMPLETE, enqueued_at_ms=1_600_000_000_000))
        plan = a_plan(Phase.COMPLETE, segments=3)
        for _ in range(2):
            assert queue.advance(report, plan) is Advanced.ADVANCED
        assert claim_one(queue, "a", Phase.COMPLETE).unit.game_id == "g2"
        claim_one(queue, "b", Phase.COMPLETE)
        claim = claim_one(queue, "c", Phase.COMPLETE)
        assert claim.unit.game_id == "g1"
        assert claim.job == replace(report.job, plan=plan)
        assert claim.attempt == 1
        assert read(queue).positions_done == 0

    def test_a_job_between_phases_is_running(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        queue.advance(finish_phase(queue), a_plan(Phase.COMPLETE))
        assert read(queue).is_running
        assert read(queue).units_ahead == 0

    def test_after_the_last_phase_nothing_is_left(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=2))
        report = finish_phase(queue)
        assert queue.advance(report, None) is Advanced.FINISHED
        assert queue.advance(report, None) is Advanced.STALE
        assert queue.known([G1]) == set()
        assert queue.read(G1) is None
        assert queue.counts().jobs == 0

    def test_the_old_phase_is_closed(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        segment = claim_one(queue)
        queue.finish_segment(segment, result_of(segment), 10)
        queue.advance(segment.for_report(), a_plan(Phase.COMPLETE))
        assert queue.finish_segment(segment, result_of(segment), 10) is FinishAnswer.STALE
        assert queue.release(segment.for_report()) is FenceAnswer.STALE
        assert queue.read_evaluations(segment.for_report()) is None

    def test_an_abandoned_report_is_claimed_like_a_segment(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job(segments=2))
        report = finish_phase(queue)
        timed.pass_time(LEASE_MS + 1)
        assert queue.expire_leases(max_attempts=3).requeued == (report.unit,)
        assert queue.advance(report, None) is Advanced.STALE
        again = claim_one(queue, "again")
        assert again.unit.index == REPORT_UNIT
        assert (again.is_report, again.attempt) == (True, 2)
        found = queue.read_evaluations(again)
        assert found is not None
        assert len(found.evaluations) == 10
        assert queue.advance(again, None) is Advanced.FINISHED

    def test_a_report_goes_before_segments_of_its_job(self, queue: JobQueue) -> None:
        assert str(Unit(G1, 1, Phase.INITIAL, REPORT_UNIT)) < str(Unit(G1, 1, Phase.INITIAL, 0))
        queue.enqueue(a_job("g1", segments=1))
        report = finish_phase(queue)
        queue.enqueue(a_job("g2", segments=1))
        queue.release(report)
        assert claim_one(queue, "again").unit == report.unit


class TestGivingBack:
    def test_a_failed_unit_waits_again_while_it_has_attempts(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        for attempt in (1, 2):
            claim = claim_one(queue, f"t{attempt}")
            assert claim.attempt == attempt
            for _ in range(2):
                assert queue.fail_unit(claim, max_attempts=3) is RetryAnswer.RETRYING
        claim = claim_one(queue, "t3")
        for _ in range(2):
            assert queue.fail_unit(claim, max_attempts=3) is RetryAnswer.EXHAUSTED

    def test_an_exhausted_unit_is_kept_aside_and_told_until_it_is_removed(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        claim = claim_one(queue)
        queue.fail_unit(claim, max_attempts=1)
        assert queue.claim(Phase.INTERMEDIATE, token="next", lease_ms=LEASE_MS) is None
        for _ in range(2):
            assert queue.expire_leases(max_attempts=1) == ExpiredLeases((), (claim.unit,))
        assert queue.remove(claim.unit.game_id, 1)
        assert queue.expire_leases(max_attempts=1) == ExpiredLeases((), ())

    def test_a_released_unit_does_not_count_the_attempt(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        for token in ("a", "b"):
            claim = claim_one(queue, token)
            assert claim.attempt == 1
            for _ in range(2):
                assert queue.release(claim) is FenceAnswer.OK

    def test_what_was_given_back_cannot_be_finished(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        claim = claim_one(queue)
        queue.release(claim)
        assert queue.finish_segment(claim, result_of(claim), 10) is FinishAnswer.STALE
        assert queue.report_progress(claim, 1) is FenceAnswer.STALE

    def test_what_another_holds_cannot_be_given_back(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        first = claim_one(queue, "first")
        queue.release(first)
        claim_one(queue, "second")
        assert queue.release(first) is FenceAnswer.STALE
        assert queue.fail_unit(first, max_attempts=1) is RetryAnswer.STALE
        assert load(queue) == (0, 1)


class TestLeases:
    def test_nothing_expires_while_leases_run(self, timed: QueueAndClock) -> None:
        timed.queue.enqueue(a_job())
        claim_one(timed.queue)
        timed.pass_time(LEASE_MS - 10_000)
        assert timed.queue.expire_leases(max_attempts=3) == ExpiredLeases((), ())

    def test_an_ended_lease_changes_nothing_any_more(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job(segments=1))
        claim = claim_one(queue)
        timed.pass_time(LEASE_MS + 1)
        for _ in range(2):  # before and after somebody noticed
            assert queue.report_progress(claim, 1) is FenceAnswer.STALE
            assert queue.finish_segment(claim, result_of(claim), 10) is FinishAnswer.STALE
            assert queue.fail_unit(claim, max_attempts=3) is RetryAnswer.STALE
            assert queue.release(claim) is FenceAnswer.STALE
            queue.expire_leases(max_attempts=3)
        assert load(queue) == (1, 0)

    def test_crashed_workers_use_up_the_attempts(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job(segments=1))
        for attempt in (1, 2):
            unit = claim_one(queue, f"t{attempt}").unit
            timed.pass_time(LEASE_MS + 1)
            assert queue.expire_leases(max_attempts=3) == ExpiredLeases((unit,), ())
        claim_one(queue, "t3")
        timed.pass_time(LEASE_MS + 1)
        assert queue.expire_leases(max_attempts=3) == ExpiredLeases((), (unit,))
        assert queue.claim(Phase.INTERMEDIATE, token="t4", lease_ms=LEASE_MS) is None

    def test_poison_of_one_job_does_not_stop_another(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job("toxic", segments=1, enqueued_at_ms=1_600_000_000_000))
        queue.enqueue(a_job("healthy", user="u2", segments=1))
        claim_one(queue)
        timed.pass_time(LEASE_MS + 1)
        queue.expire_leases(max_attempts=1)
        assert claim_one(queue, "next").unit.game_id == "healthy"

    def test_no_more_than_asked_for_are_given_back_at_once(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(a_job("g1", segments=3))
        queue.enqueue(a_job("g2", phase=Phase.INITIAL, segments=2))
        for number, phase in enumerate([Phase.INTERMEDIATE] * 3 + [Phase.INITIAL] * 2):
            claim_one(queue, f"t{number}", phase)
        timed.pass_time(LEASE_MS + 1)
        expired = [queue.expire_leases(max_attempts=3, at_most=2) for _ in range(4)]
        assert all(one.ended == len(one.requeued) for one in expired)
        assert max(one.ended for one in expired) == 2
        assert expired[-1].ended == 0
        assert sum(load(queue, phase)[0] for phase in Phase) == 5


class TestEnding:
    def test_removing_an_old_generation_leaves_the_new_one(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(generation=2))
        assert not queue.remove(G1, 1)
        assert not queue.remove(G1, 3)
        assert load(queue) == (2, 0)

    def test_removing_takes_everything_away(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=3))
        first, second = claim_one(queue, "a"), claim_one(queue, "b")
        queue.finish_segment(first, result_of(first), 10)
        assert queue.remove(G1, 1)
        assert not queue.remove(G1, 1)
        assert queue.report_progress(second, 1) is FenceAnswer.STALE
        assert queue.claim(Phase.INTERMEDIATE, token="b", lease_ms=LEASE_MS) is None
        assert load(queue) == (0, 0)

    def test_a_removed_game_may_be_asked_for_again(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        queue.remove(claim_one(queue).unit.game_id, 1)
        assert queue.enqueue(a_job(generation=2, segments=1)) is EnqueueAnswer.ENQUEUED
        assert claim_one(queue, "new").attempt == 1


class TestReading:
    def test_a_job_that_nobody_claimed_waits(self, queue: JobQueue) -> None:
        queue.enqueue(a_job("g0", user="u0", segments=3, enqueued_at_ms=1_600_000_000_000))
        queue.enqueue(a_job("g1", segments=2, priority=Priority.PREMIUM))
        assert queue.read(G1) == JobProgress(
            generation=1,
            phase=Phase.INTERMEDIATE,
            is_running=False,
            positions_done=0,
            position_count=10,
            units_ahead=3,
            units_in_flight=0,
            priority=Priority.PREMIUM,
            ms_per_position=None,
        )

    def test_a_running_job_shows_what_is_done(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=3))
        queue.enqueue(a_job("g2", user="u2", segments=2))
        first, second = claim_one(queue, "a"), claim_one(queue, "b")
        queue.finish_segment(first, result_of(first), 30)
        queue.report_progress(second, 2)
        progress = read(queue)
        assert progress.is_running
        assert progress.positions_done == 3 + 2
        assert (progress.units_ahead, progress.units_in_flight) == (0, 1)
        assert progress.ms_per_position == 10.0
        claim_one(queue, "c")
        assert read(queue).units_ahead is None

    def test_a_job_stays_running_when_its_only_unit_comes_back(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=1))
        queue.release(claim_one(queue))
        assert read(queue).is_running
        assert read(queue).units_ahead == 0

    def test_the_time_per_position_is_a_moving_mean_of_its_phase(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=2))
        for token, ms in (("a", 50), ("b", 100)):
            claim = claim_one(queue, token)
            queue.finish_segment(claim, result_of(claim), ms)
        assert read(queue).ms_per_position == pytest.approx(10 + 0.2 * (20 - 10))
        queue.enqueue(a_job("g2", phase=Phase.COMPLETE))
        progress = queue.read(GameId("g2"))
        assert progress is not None
        assert progress.ms_per_position is None

    def test_known_tells_which_games_are_there(self, queue: JobQueue) -> None:
        queue.enqueue(a_job("g1"))
        queue.enqueue(a_job("g2"))
        many = [GameId(f"unknown{number}") for number in range(2_500)]
        assert queue.known([G1, *many, GameId("g2")]) == {"g1", "g2"}
        assert queue.known([]) == set()
        assert queue.read(GameId("unknown1")) is None

    def test_the_oldest_job_has_an_age(self, timed: QueueAndClock) -> None:
        assert timed.queue.counts().oldest_age_ms == 0
        timed.queue.enqueue(a_job("young", enqueued_at_ms=None))
        timed.queue.enqueue(a_job("old", enqueued_at_ms=timed.now_ms() - 30_000))
        timed.pass_time(5_000)
        assert 35_000 <= timed.queue.counts().oldest_age_ms < 40_000

    def test_a_queue_that_answers_lets_ping_return(self, queue: JobQueue) -> None:
        queue.ping()


def read(queue: JobQueue, game_id: GameId = G1) -> JobProgress:
    progress = queue.read(game_id)
    assert progress is not None
    return progress
