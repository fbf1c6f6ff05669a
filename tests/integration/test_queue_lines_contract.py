"""The order of work, checked on each JobQueue: lines, turns, priority, promotion."""

from __future__ import annotations

import pytest

from knight_vision.domain.job import Claim, EnqueueAnswer, GameId, Job, Priority
from knight_vision.domain.phase import Phase
from knight_vision.ports import JobQueue
from tests.support.queues import (
    FAIR_SHARE_MS,
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

START_MS = 1_700_000_000_000


def served(queue: JobQueue, most: int = 100, phase: Phase = Phase.INTERMEDIATE) -> list[str]:
    """The games of the next claims, in order."""
    games: list[str] = []
    while len(games) < most:
        claim = queue.claim(phase, token=f"served {len(games)}", lease_ms=LEASE_MS)
        if claim is None:
            break
        assert isinstance(claim, Claim)
        games.append(claim.unit.game_id)
    return games


def of(
    game: str, user: str, came_ms: int = 0, *, segments: int = 1, priority: Priority = Priority.STANDARD
) -> Job:
    return a_job(game, user=user, segments=segments, priority=priority, enqueued_at_ms=START_MS + came_ms)


class TestOneLineForAll:
    def test_who_came_first_is_served_first(self, queue: JobQueue) -> None:
        for number, game in enumerate(["g2", "g3", "g1"]):
            queue.enqueue(of(game, game, number))
        assert served(queue) == ["g2", "g3", "g1"]

    def test_all_segments_of_a_game_are_served_together(self, queue: JobQueue) -> None:
        queue.enqueue(of("g1", "a", 0, segments=3))
        queue.enqueue(of("g2", "b", 1, segments=2))
        assert served(queue) == ["g1"] * 3 + ["g2"] * 2

    def test_priority_is_worth_waiting_time_but_no_more(self, queue: JobQueue) -> None:
        queue.enqueue(of("old", "a"))
        queue.enqueue(of("premium", "b", PRIORITY_BOOST_MS - 1, priority=Priority.PREMIUM))
        queue.enqueue(of("late", "c", PRIORITY_BOOST_MS + 1, priority=Priority.PREMIUM))
        assert served(queue) == ["premium", "old", "late"]

    def test_of_equal_ones_the_more_urgent_goes_first(self, queue: JobQueue) -> None:
        queue.enqueue(of("a", "a"))
        queue.enqueue(of("z", "b", PRIORITY_BOOST_MS, priority=Priority.PREMIUM))
        assert served(queue) == ["z", "a"]

    def test_interactive_goes_before_bulk_and_premium_before_the_rest(self, queue: JobQueue) -> None:
        for number, priority in enumerate(Priority):
            queue.enqueue(of(priority.label, priority.label, number, priority=priority))
        assert served(queue) == ["premium", "standard", "premium_bulk", "bulk"]


class TestTurns:
    def test_the_next_game_of_a_user_waits_until_the_one_before_is_claimed(self, queue: JobQueue) -> None:
        for number in range(3):
            queue.enqueue(of(f"g{number}", "a", number, segments=2))
        line = queue.counts().phases[Phase.INTERMEDIATE].lines[Priority.STANDARD]
        assert (line.units_in_line, line.games_behind) == (2, 2)
        claim_one(queue, "one")
        assert load(queue) == (1, 1)
        claim_one(queue, "two")
        line = queue.counts().phases[Phase.INTERMEDIATE].lines[Priority.STANDARD]
        assert (line.units_in_line, line.games_behind) == (2, 1)

    def test_a_users_games_are_served_in_the_order_asked_for(self, queue: JobQueue) -> None:
        for game, came_ms in (("g1", 5), ("g3", 30), ("g2", 20), ("g0", 10)):
            queue.enqueue(of(game, "a", came_ms))
        assert served(queue) == ["g1", "g0", "g2", "g3"]

    def test_many_games_of_one_user_delay_another_by_one_game_at_most(self, queue: JobQueue) -> None:
        for number in range(20):
            queue.enqueue(of(f"bulk{number}", "heavy", number))
        assert served(queue, 5) == [f"bulk{number}" for number in range(5)]
        # However long the others have waited: they are not in line yet.
        queue.enqueue(a_job("single", user="light", segments=3, enqueued_at_ms=None))
        games = served_with(queue, "then", 5)
        assert games == ["single"] * 3 + ["bulk5", "bulk6"]

    def test_a_next_game_stands_as_if_it_had_come_a_share_later(self, timed: QueueAndClock) -> None:
        queue = timed.queue
        queue.enqueue(of("first", "heavy"))
        queue.enqueue(of("next", "heavy"))
        assert served(queue, 1) == ["first"]
        turn_ms = timed.now_ms()
        queue.enqueue(a_job("before", user="b", segments=1, enqueued_at_ms=turn_ms + FAIR_SHARE_MS - 1_000))
        queue.enqueue(a_job("after", user="c", segments=1, enqueued_at_ms=turn_ms + FAIR_SHARE_MS + 1_000))
        assert served_with(queue, "then", 3) == ["before", "next", "after"]

    def test_interactive_and_bulk_of_one_user_stand_in_lines_of_their_own(self, queue: JobQueue) -> None:
        queue.enqueue(of("bulk1", "a", priority=Priority.BULK))
        queue.enqueue(of("bulk2", "a", priority=Priority.BULK))
        queue.enqueue(of("now", "a", 1_000))
        assert served(queue) == ["now", "bulk1", "bulk2"]

    def test_a_unit_that_comes_back_does_not_take_the_turn_of_the_next(self, queue: JobQueue) -> None:
        queue.enqueue(of("g1", "a"))
        queue.enqueue(of("g2", "a", 1))
        queue.enqueue(of("g3", "a", 2))
        held = claim_one(queue, "held")
        queue.release(held)
        line = queue.counts().phases[Phase.INTERMEDIATE].lines[Priority.STANDARD]
        assert (line.units_in_line, line.games_behind) == (2, 1)
        assert served(queue) == ["g1", "g2", "g3"]

    @pytest.mark.parametrize("segments", [1, 3])
    def test_removing_the_game_in_line_lets_the_next_one_take_its_turn(
        self, queue: JobQueue, segments: int
    ) -> None:
        queue.enqueue(of("g1", "a", segments=segments))
        queue.enqueue(of("g2", "a", 1))
        queue.enqueue(of("g3", "a", 2))
        assert queue.remove(GameId("g1"), 1)
        assert queue.remove(GameId("g2"), 1)
        assert served(queue) == ["g3"]

    def test_a_newer_generation_goes_to_the_end_of_its_users_games(self, queue: JobQueue) -> None:
        queue.enqueue(of("g1", "a"))
        queue.enqueue(of("g2", "a", 1))
        newer = a_job("g1", user="a", generation=2, segments=1, enqueued_at_ms=START_MS + 2)
        assert queue.enqueue(newer) is EnqueueAnswer.ENQUEUED
        assert served(queue) == ["g2", "g1"]

    def test_each_phase_has_lines_of_its_own(self, queue: JobQueue) -> None:
        queue.enqueue(of("g1", "a"))
        queue.advance(finish_phase(queue), a_plan(Phase.COMPLETE, segments=2))
        queue.enqueue(of("g2", "a", 1))
        assert load(queue) == (1, 0)
        queue.advance(finish_phase(queue), a_plan(Phase.COMPLETE, segments=1))
        lines = queue.counts().phases[Phase.COMPLETE].lines[Priority.STANDARD]
        assert (lines.units_in_line, lines.games_behind) == (2, 1)
        assert served(queue, phase=Phase.COMPLETE) == ["g1", "g1", "g2"]


def served_with(queue: JobQueue, token: str, most: int) -> list[str]:
    return [claim_one(queue, f"{token} {number}").unit.game_id for number in range(most)]


class TestPromotion:
    def test_a_bulk_game_that_a_user_now_waits_for_leaves_the_line_behind(self, timed: QueueAndClock) -> None:
        queue, after_ms = timed.queue, timed.now_ms() - START_MS
        for number in range(4):
            queue.enqueue(of(f"g{number}", "a", after_ms + number, priority=Priority.BULK))
        queue.enqueue(of("other", "b", after_ms + 10_000))
        assert queue.enqueue(of("g3", "a", after_ms + 3)) is EnqueueAnswer.PROMOTED
        assert served(queue) == ["g3", "other", "g0", "g1", "g2"]

    def test_promoting_the_game_in_line_lets_the_next_one_take_its_turn(self, queue: JobQueue) -> None:
        queue.enqueue(of("g1", "a", priority=Priority.BULK, segments=2))
        queue.enqueue(of("g2", "a", 1, priority=Priority.BULK))
        assert queue.enqueue(of("g1", "a", segments=2)) is EnqueueAnswer.PROMOTED
        lines = queue.counts().phases[Phase.INTERMEDIATE].lines
        assert lines[Priority.STANDARD].units_in_line == 2
        assert (lines[Priority.BULK].units_in_line, lines[Priority.BULK].games_behind) == (1, 0)
        assert served(queue) == ["g1", "g1", "g2"]

    def test_a_promoted_game_stands_behind_the_users_urgent_one(self, queue: JobQueue) -> None:
        queue.enqueue(of("urgent", "a", 5))
        queue.enqueue(of("g1", "a", priority=Priority.BULK))
        queue.enqueue(of("g2", "a", 1, priority=Priority.BULK))
        assert queue.enqueue(of("g2", "a", 1)) is EnqueueAnswer.PROMOTED
        lines = queue.counts().phases[Phase.INTERMEDIATE].lines
        assert (lines[Priority.STANDARD].units_in_line, lines[Priority.STANDARD].games_behind) == (1, 1)
        assert lines[Priority.BULK].games_behind == 0
        assert served(queue, 1) == ["urgent"]
        lines = queue.counts().phases[Phase.INTERMEDIATE].lines
        assert (lines[Priority.STANDARD].units_in_line, lines[Priority.STANDARD].games_behind) == (1, 0)

    def test_a_running_job_is_promoted_for_what_comes_later(self, queue: JobQueue) -> None:
        queue.enqueue(of("g1", "a", priority=Priority.BULK))
        held = claim_one(queue, "held")
        assert queue.enqueue(of("g1", "a", priority=Priority.PREMIUM)) is EnqueueAnswer.PROMOTED
        queue.finish_segment(held, result_of(held), 10)
        queue.enqueue(a_job("other", user="b", phase=Phase.COMPLETE, segments=1, enqueued_at_ms=START_MS - 1))
        queue.advance(held.for_report(), a_plan(Phase.COMPLETE, segments=1))
        assert served(queue, phase=Phase.COMPLETE) == ["g1", "other"]


class TestTrickery:
    def test_promoting_one_after_the_other_does_not_multiply_a_users_places(self, queue: JobQueue) -> None:
        for number in range(30):
            queue.enqueue(of(f"g{number:02}", "greedy", number, segments=2, priority=Priority.BULK))
        for number in range(30):
            assert queue.enqueue(of(f"g{number:02}", "greedy", number, segments=2)) is EnqueueAnswer.PROMOTED
        line = queue.counts().phases[Phase.INTERMEDIATE].lines[Priority.STANDARD]
        assert (line.units_in_line, line.games_behind) == (2, 29)
        queue.enqueue(a_job("victim", user="victim", segments=1, enqueued_at_ms=None))
        assert ahead(queue, "victim") == 2

    def test_an_old_backlog_gains_no_old_place_by_promotion(self, timed: QueueAndClock) -> None:
        queue, now_ms = timed.queue, timed.now_ms()
        for number in range(3):
            old = a_job(
                f"old{number}", user="greedy", segments=1, priority=Priority.BULK,
                enqueued_at_ms=now_ms - 10 * PRIORITY_BOOST_MS + number,
            )  # fmt: skip
            queue.enqueue(old)
        queue.enqueue(a_job("patient", user="patient", segments=1, enqueued_at_ms=now_ms - PRIORITY_BOOST_MS))
        promoted = a_job(
            "old2", user="greedy", segments=1, enqueued_at_ms=now_ms - 10 * PRIORITY_BOOST_MS + 2
        )
        assert queue.enqueue(promoted) is EnqueueAnswer.PROMOTED
        assert served(queue) == ["old0", "patient", "old2", "old1"]


class TestUnitsAhead:
    def test_of_a_game_in_line_it_counts_the_units_that_are_claimed_before(self, queue: JobQueue) -> None:
        queue.enqueue(of("slow", "a", segments=3, priority=Priority.BULK))
        queue.enqueue(of("quick", "b", segments=2, priority=Priority.PREMIUM))
        queue.enqueue(of("asked", "c", 10, segments=2))
        queue.enqueue(of("late", "d", 20, segments=5))
        assert ahead(queue, "asked") == 2
        assert ahead(queue, "slow") == 2 + 2 + 5
        assert ahead(queue, "quick") == 0

    def test_of_a_game_behind_it_counts_the_users_own_games_too(self, queue: JobQueue) -> None:
        for number in range(4):
            queue.enqueue(of(f"g{number}", "a", number, segments=2))
        queue.enqueue(of("other", "b", 9, segments=3))
        assert ahead(queue, "g1") == 2 + 3
        assert ahead(queue, "g3") == 2 + 3 + 2 * 2


def ahead(queue: JobQueue, game: str) -> int | None:
    progress = queue.read(GameId(game))
    assert progress is not None
    return progress.units_ahead
