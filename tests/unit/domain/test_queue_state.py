"""Laws of the queue as a pure state machine: nothing is lost, nobody starves, whatever workers do."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.job import MAX_DEAD_LETTERS, FinishAnswer, GameId, Job, Unit
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_state import QueueState
from tests.support.queues import FAIR_SHARE_MS, LEASE_MS, PRIORITY_BOOST_MS, a_job, a_plan, result_of

MAX_ATTEMPTS = 3
GAMES = 4


def a_queue() -> QueueState:
    return QueueState(PRIORITY_BOOST_MS, FAIR_SHARE_MS)


@given(st.lists(st.sampled_from(["finish", "finish", "crash", "fail", "release"]), max_size=40))
def test_every_job_ends_exactly_once_whatever_its_workers_do(fates: list[str]) -> None:
    """Done or buried, and then nothing of it is left."""
    queue, now_ms = a_queue(), 0
    for number in range(GAMES):
        job = a_job(f"g{number}", user=f"u{number % 2}", phase=Phase.INTERMEDIATE, segments=2)
        queue.enqueue(job, call_id=f"call {number}", now_ms=now_ms)
    ends: Counter[GameId] = Counter()
    claims = 0
    while queue.jobs:
        now_ms += 1_000
        phase = Phase.INTERMEDIATE if claims % 2 else Phase.COMPLETE
        claims += 1
        claim = queue.claim(phase, token=f"token {claims}", lease_ms=LEASE_MS, now_ms=now_ms)
        fate = fates.pop() if claim and fates else "finish"
        if claim is None:
            continue
        if fate == "crash":
            now_ms += LEASE_MS
        elif fate == "release":
            queue.release(claim, now_ms=now_ms)
        elif fate == "fail":
            queue.fail_unit(claim, max_attempts=MAX_ATTEMPTS, now_ms=now_ms)
        elif fate == "finish":
            is_ready = claim.is_report
            if not is_ready:
                answer = queue.finish_segment(claim, result_of(claim), 10, now_ms=now_ms)
                is_ready = answer is FinishAnswer.PHASE_READY
            if is_ready:
                next_phase = claim.unit.phase.next
                plan = a_plan(next_phase) if next_phase else None
                found = queue.read_evaluations(claim.for_report(), now_ms=now_ms)
                assert found is not None
                assert [evaluation.white_cp for evaluation in found] == list(range(10))
                queue.advance(claim.for_report(), plan, now_ms=now_ms)
                ends[claim.unit.game_id] += plan is None
        expired = queue.expire_leases(max_attempts=MAX_ATTEMPTS, at_most=100, now_ms=now_ms)
        for unit in expired.exhausted:
            ends[unit.game_id] += queue.bury(unit, "toxic", now_ms=now_ms)
    assert ends == Counter({GameId(f"g{number}"): 1 for number in range(GAMES)})
    leftovers = [queue.waiting, queue.leases, queue.attempts, queue.holders, queue.exhausted, queue.users]
    assert not any(leftovers)


@given(st.lists(st.tuples(st.integers(0, 500_000), st.integers(0, 3)), min_size=1, max_size=20))
def test_nobody_is_passed_by_who_came_later_than_priority_is_worth(arrivals: list[tuple[int, int]]) -> None:
    queue = a_queue()
    for number, (enqueued_at_ms, priority) in enumerate(arrivals):
        job = a_job(
            f"g{number}",
            user=f"u{number}",
            segments=1,
            priority=priority,
            enqueued_at_ms=enqueued_at_ms,
        )
        queue.enqueue(job, call_id=f"call {number}", now_ms=0)
    order: list[Job] = []
    while claim := queue.claim(
        Phase.INTERMEDIATE, token=f"token {len(order)}", lease_ms=LEASE_MS, now_ms=600_000
    ):
        order.append(claim.job)
    assert len(order) == len(arrivals)
    for place, earlier in enumerate(order):
        for later in order[place + 1 :]:
            came_later_by_ms = (earlier.enqueued_at_ms or 0) - (later.enqueued_at_ms or 0)
            assert came_later_by_ms <= (earlier.priority - later.priority) * PRIORITY_BOOST_MS


def test_a_user_with_five_thousand_games_delays_another_by_few() -> None:
    queue = a_queue()
    for number in range(5_000):
        job = a_job(f"bulk{number}", user="bulk", segments=1, enqueued_at_ms=number)
        queue.enqueue(job, call_id=f"call {number}", now_ms=number)
    single = a_job("single", user="other", segments=1, enqueued_at_ms=5_000)
    queue.enqueue(single, call_id="single", now_ms=5_000)
    progress = queue.read(single.game_id)
    assert progress is not None
    assert progress.units_ahead is not None
    assert progress.units_ahead <= 2


def test_dead_letters_are_bounded_and_the_newest_stay() -> None:
    queue = a_queue()
    for number in range(MAX_DEAD_LETTERS + 5):
        queue.enqueue(a_job("g1", generation=number, segments=1), call_id=f"call {number}", now_ms=0)
        queue.bury(Unit(GameId("g1"), number, Phase.INTERMEDIATE, 0), "toxic", now_ms=number)
    assert len(queue.dead_letters) == MAX_DEAD_LETTERS
    assert queue.dead_letters[-1].buried_at_ms == MAX_DEAD_LETTERS + 4
