"""What each JobQueue says about calls for functions: never more at work and on their way than may be."""

from __future__ import annotations

import pytest

from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_calls import CALL_LIFE_MS
from knight_vision.ports import JobQueue
from tests.support.queues import LEASE_MS, QueueAndClock, a_job, claim_one, result_of

PHASE = Phase.INTERMEDIATE


def arrive(queue: JobQueue, token: str) -> None:
    """A called function begins."""
    queue.claim(PHASE, token=token, lease_ms=LEASE_MS, answers_call=True)


def test_as_many_are_called_as_are_wanted_and_have_room(queue: JobQueue) -> None:
    assert queue.allow_calls(PHASE, 2, most=5) == 2
    assert queue.allow_calls(PHASE, 4, most=5) == 3
    assert queue.allow_calls(PHASE, 1, most=5) == 0


def test_a_function_that_is_at_work_takes_room(queue: JobQueue) -> None:
    queue.enqueue(a_job(segments=2))
    claim_one(queue, "at work")
    claim_one(queue, "at work, too")
    assert queue.allow_calls(PHASE, 10, most=3) == 1


def test_a_function_that_left_takes_none(queue: JobQueue) -> None:
    queue.enqueue(a_job(segments=2))
    claim = claim_one(queue)
    queue.finish_segment(claim, result_of(claim), 50)
    assert queue.allow_calls(PHASE, 10, most=3) == 3


def test_a_call_that_found_work_counts_once(queue: JobQueue) -> None:
    queue.enqueue(a_job(segments=2))
    queue.allow_calls(PHASE, 2, most=3)
    arrive(queue, "first")
    assert queue.allow_calls(PHASE, 10, most=3) == 1


def test_a_call_that_found_nothing_makes_room(queue: JobQueue) -> None:
    queue.allow_calls(PHASE, 1, most=1)
    arrive(queue, "first")
    assert queue.allow_calls(PHASE, 1, most=1) == 1


def test_a_function_that_claims_again_answers_no_second_call(queue: JobQueue) -> None:
    queue.enqueue(a_job(segments=2))
    queue.allow_calls(PHASE, 3, most=4)
    arrive(queue, "first")
    arrive(queue, "first")
    claim_one(queue, "first, once more")
    assert queue.allow_calls(PHASE, 10, most=5) == 1


def test_calls_that_were_not_counted_may_arrive(queue: JobQueue) -> None:
    arrive(queue, "doubled")
    assert queue.allow_calls(PHASE, 10, most=2) == 2


def test_a_call_that_is_never_answered_is_forgotten(timed: QueueAndClock) -> None:
    queue = timed.queue
    queue.allow_calls(PHASE, 2, most=2)
    timed.pass_time(CALL_LIFE_MS // 2)
    assert queue.allow_calls(PHASE, 1, most=2) == 0
    timed.pass_time(CALL_LIFE_MS // 2)
    assert queue.allow_calls(PHASE, 5, most=2) == 2


def test_each_phase_has_calls_of_its_own(queue: JobQueue) -> None:
    assert [queue.allow_calls(phase, 2, most=1) for phase in Phase] == [1, 1, 1]


@pytest.mark.parametrize(("wanted", "called"), [(0, 0), (1, 1), (5, 2)])
def test_the_least_may_be_called_beside_those_who_seem_to_be_at_work(
    queue: JobQueue, wanted: int, called: int
) -> None:
    queue.enqueue(a_job(segments=1))
    claim_one(queue, "dead, perhaps")
    assert queue.allow_calls(PHASE, wanted, most=1, least=2) == called


def test_the_least_is_not_called_again_while_a_call_is_on_its_way(queue: JobQueue) -> None:
    queue.enqueue(a_job(segments=1))
    claim_one(queue, "dead, perhaps")
    assert queue.allow_calls(PHASE, 1, most=1, least=1) == 1
    assert queue.allow_calls(PHASE, 1, most=1, least=1) == 0
