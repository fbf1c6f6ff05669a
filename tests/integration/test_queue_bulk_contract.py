"""Many jobs put into the queue, and taken out of it, with few calls: as one by one, on every kind."""

from __future__ import annotations

from knight_vision.domain.job import EnqueueAnswer, GameId, Priority
from knight_vision.ports import JobQueue
from tests.support.queues import a_job, claim_one

MANY = 230
"""More than go in two round trips."""


def games(count: int) -> list[GameId]:
    return [GameId(f"bulk-{number:03}") for number in range(count)]


def test_many_jobs_are_enqueued_and_removed(queue: JobQueue) -> None:
    jobs = [a_job(game_id) for game_id in games(MANY)]
    assert set(queue.enqueue_all(jobs)) == {EnqueueAnswer.ENQUEUED}
    assert queue.counts().jobs == MANY
    assert queue.known(games(MANY)) == set(games(MANY))
    some = [(game_id, 1) for game_id in games(MANY)[:150]]
    assert queue.remove_all(some) == 150
    assert queue.remove_all(some) == 0
    assert queue.known(games(MANY)) == set(games(MANY)[150:])
    assert queue.remove_all([(game_id, 1) for game_id in games(MANY)]) == MANY - 150
    assert queue.counts().jobs == 0


def test_each_is_answered_in_its_place(queue: JobQueue) -> None:
    first, second, third = games(3)
    queue.enqueue(a_job(first, priority=Priority.BULK))
    queue.enqueue(a_job(second, priority=Priority.STANDARD))
    jobs = [a_job(one, priority=Priority.STANDARD) for one in (first, third, second)]
    assert queue.enqueue_all(jobs) == [
        EnqueueAnswer.PROMOTED,
        EnqueueAnswer.ENQUEUED,
        EnqueueAnswer.JOINED,
    ]
    assert queue.remove_all([(third, 2), (third, 1)]) == 1


def test_the_first_is_claimed_first_and_none_at_all_is_fine(queue: JobQueue) -> None:
    assert queue.enqueue_all([]) == []
    assert queue.remove_all([]) == 0
    queue.enqueue_all([a_job(game_id) for game_id in games(3)])
    assert claim_one(queue).unit.game_id == games(3)[0]
