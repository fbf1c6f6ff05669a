"""Laws of the queue as a pure state machine: nothing is lost, nobody starves, whatever workers do."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.job import Claim, FinishAnswer, GameId, Job, Priority
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_state import QueueState
from tests.support.queues import LEASE_MS, ORDER, PRIORITY_BOOST_MS, a_job, a_plan, result_of

MAX_ATTEMPTS = 3
GAMES = 4


def a_queue() -> QueueState:
    return QueueState(ORDER)


@given(st.lists(st.sampled_from(["finish", "finish", "crash", "fail", "release"]), max_size=40))
def test_every_job_ends_exactly_once_whatever_its_workers_do(fates: list[str]) -> None:
    """Done or given up, and then nothing of it is left."""
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
        if not isinstance(claim, Claim):
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
                assert [evaluation.white_cp for evaluation in found.evaluations] == list(range(10))
                queue.advance(claim.for_report(), plan, now_ms=now_ms)
                ends[claim.unit.game_id] += plan is None
        expired = queue.expire_leases(max_attempts=MAX_ATTEMPTS, at_most=100, now_ms=now_ms)
        for unit in expired.exhausted:
            ends[unit.game_id] += queue.remove(unit.game_id, unit.generation, now_ms=now_ms)
    assert ends == Counter({GameId(f"g{number}"): 1 for number in range(GAMES)})
    leftovers = [
        queue.waiting,
        queue.leases,
        queue.attempts,
        queue.holders,
        queue.exhausted,
        queue.users,
        queue.lines,
        queue.behind,
    ]
    assert not any(leftovers)


@given(st.lists(st.tuples(st.integers(0, 500_000), st.sampled_from(Priority)), min_size=1, max_size=20))
def test_nobody_is_passed_by_who_came_later_than_priority_is_worth(
    arrivals: list[tuple[int, Priority]],
) -> None:
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
        assert isinstance(claim, Claim)
        order.append(claim.job)
    assert len(order) == len(arrivals)
    for place, earlier in enumerate(order):
        for later in order[place + 1 :]:
            came_later_by_ms = (earlier.enqueued_at_ms or 0) - (later.enqueued_at_ms or 0)
            assert came_later_by_ms <= (earlier.priority - later.priority) * PRIORITY_BOOST_MS
