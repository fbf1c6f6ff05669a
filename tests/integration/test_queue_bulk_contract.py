"""Many jobs put into the queue, and taken out of it, with few calls: as one by one, on every kind."""

from __future__ import annotations

from collections.abc import Sequence

from knight_vision.domain.job import Admitted, EnqueueAnswer, GameId, Job, Priority
from knight_vision.domain.phase import Phase
from knight_vision.ports import JobQueue
from tests.support.queues import a_job, claim_one

MANY = 230
"""More than go in two round trips."""


def games(count: int) -> list[GameId]:
    return [GameId(f"bulk-{number:03}") for number in range(count)]


def admit(queue: JobQueue, jobs: Sequence[Job], wanted: int = 10, most: int = 20) -> Admitted:
    return queue.admit(jobs, wanted=wanted, most=dict.fromkeys(Phase, most))


def test_many_jobs_are_enqueued_and_removed(queue: JobQueue) -> None:
    jobs = [a_job(game_id) for game_id in games(MANY)]
    assert set(admit(queue, jobs).answers) == {EnqueueAnswer.ENQUEUED}
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
    admitted = admit(queue, jobs)
    assert admitted.answers == (EnqueueAnswer.PROMOTED, EnqueueAnswer.ENQUEUED, EnqueueAnswer.JOINED)
    assert admitted.progress is None
    assert queue.remove_all([(third, 2), (third, 1)]) == 1


def test_the_first_is_claimed_first_and_none_at_all_is_fine(queue: JobQueue) -> None:
    assert admit(queue, []) == Admitted((), {})
    assert queue.remove_all([]) == 0
    admit(queue, [a_job(game_id) for game_id in games(3)])
    assert claim_one(queue).unit.game_id == games(3)[0]


class TestCallsForWhatIsAdmitted:
    def test_a_new_job_is_called_for_and_its_progress_told(self, queue: JobQueue) -> None:
        job = a_job(segments=3, phase=Phase.INTERMEDIATE)
        admitted = admit(queue, [job])
        assert admitted.answers == (EnqueueAnswer.ENQUEUED,)
        assert admitted.calls == {Phase.INTERMEDIATE: 3}
        assert admitted.progress == queue.read(job.game_id)
        assert admitted.progress is not None

    def test_one_that_was_there_is_not_called_for(self, queue: JobQueue) -> None:
        job = a_job(segments=3, phase=Phase.INTERMEDIATE)
        queue.enqueue(job)
        admitted = admit(queue, [job])
        assert admitted.answers == (EnqueueAnswer.JOINED,)
        assert set(admitted.calls.values()) == {0}
        assert admitted.progress == queue.read(job.game_id)
        # nor is anything counted as on its way
        assert queue.allow_calls(Phase.INTERMEDIATE, 20, most=20) == 20

    def test_a_newer_generation_is_new(self, queue: JobQueue) -> None:
        queue.enqueue(a_job(segments=3, phase=Phase.INTERMEDIATE))
        admitted = admit(queue, [a_job(generation=2, segments=2, phase=Phase.INTERMEDIATE)])
        assert admitted.answers == (EnqueueAnswer.ENQUEUED,)
        assert admitted.calls == {Phase.INTERMEDIATE: 2}

    def test_no_more_than_is_wanted_and_has_room(self, queue: JobQueue) -> None:
        assert admit(queue, [a_job(segments=9)], wanted=4).calls == {Phase.INTERMEDIATE: 4}
        assert admit(queue, [a_job(games(1)[0], segments=9)], most=6).calls == {Phase.INTERMEDIATE: 2}

    def test_of_many_the_new_ones_are_called_for_in_each_phase(self, queue: JobQueue) -> None:
        first, second, third, fourth = games(4)
        queue.enqueue(a_job(first, segments=5))
        jobs = [
            a_job(first, segments=5),
            a_job(second, segments=2),
            a_job(third, segments=1, phase=Phase.INITIAL),
            a_job(fourth, segments=1),
        ]
        assert admit(queue, jobs).calls == {Phase.INITIAL: 1, Phase.INTERMEDIATE: 3}

    def test_newer_generations_among_many_are_new(self, queue: JobQueue) -> None:
        first, second = games(2)
        queue.enqueue(a_job(first, segments=5))
        admitted = admit(queue, [a_job(first, generation=2, segments=2), a_job(second, segments=1)])
        assert set(admitted.answers) == {EnqueueAnswer.ENQUEUED}
        assert 1 <= admitted.calls[Phase.INTERMEDIATE] <= 3

    def test_more_than_a_round_trip_takes(self, queue: JobQueue) -> None:
        jobs = [a_job(game_id, segments=1) for game_id in games(MANY)]
        assert admit(queue, jobs, wanted=500, most=MANY - 1).calls == {Phase.INTERMEDIATE: MANY - 1}
