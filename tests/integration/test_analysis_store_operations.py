"""What every AnalysisStore must do about priorities, cancelling and operators; in memory and in Supabase."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knight_vision.domain.job import GameId, Priority, UserId
from knight_vision.domain.phase import Phase
from knight_vision.errors import ForbiddenError, InvalidRequestError
from knight_vision.ports import AnalysisState, CancelledAnalysis, DeadLetter, SaveAnswer
from tests.support.store_worlds import World, a_stored_game, at_once, world
from tests.support.supabase import a_new_game, a_result

UNKNOWN_ID = GameId("00000000-0000-4000-8000-000000000000")
MANY = 100_000


@pytest.fixture(scope="module", params=["memory", "supabase"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as here:
        yield here


def an_analysis(here: World, plan: str = "free") -> tuple[UserId, GameId]:
    """A new user and a game of theirs whose analysis was asked for."""
    user_id = here.user(plan)
    game_id = a_stored_game(here, user_id)
    here.store.request_analyses(user_id, [game_id])
    return user_id, game_id


def a_failed_analysis(here: World, reason: str = "3 workers died over it") -> tuple[UserId, GameId]:
    user_id, game_id = an_analysis(here)
    here.store.fail(game_id, 1, reason)
    return user_id, game_id


def all_dead_letters(here: World, at_most: int = 500) -> list[DeadLetter]:
    """Read page by page."""
    letters: list[DeadLetter] = []
    cursor = None
    while True:
        page, cursor = here.store.dead_letters(here.operator(), at_most=at_most, before=cursor)
        assert len(page) <= at_most
        letters += page
        if cursor is None:
            return letters


# Priorities


@pytest.mark.parametrize(
    ("plan", "alone", "in_bulk"),
    [
        ("free", Priority.STANDARD, Priority.BULK),
        ("premium", Priority.PREMIUM, Priority.PREMIUM_BULK),
    ],
)
def test_plan_and_way_of_asking_decide_the_priority(
    here: World, plan: str, alone: Priority, in_bulk: Priority
) -> None:
    user_id = here.user(plan)
    [requested] = here.store.request_analyses(user_id, [a_stored_game(here, user_id)])
    assert requested.priority is alone
    a_stored_game(here, user_id)
    [requested] = here.store.request_unannotated(user_id, MANY)
    assert requested.priority is in_bulk


@pytest.mark.parametrize(("plan", "raised"), [("free", Priority.STANDARD), ("premium", Priority.PREMIUM)])
def test_waiting_for_what_was_asked_for_in_bulk_makes_it_urgent(
    here: World, plan: str, raised: Priority
) -> None:
    user_id = here.user(plan)
    game_id = a_stored_game(here, user_id)
    [in_bulk] = here.store.request_unannotated(user_id, 1)
    here.store.save_phase(a_result(game_id))
    [now] = here.store.request_analyses(user_id, [game_id])
    assert (now.priority, now.generation, now.state) == (raised, 1, AnalysisState.RUNNING)
    assert now.requested_at_ms == in_bulk.requested_at_ms


def test_asking_again_after_an_upgrade_raises_the_priority(here: World) -> None:
    user_id, game_id = an_analysis(here)
    here.promote(user_id)
    [again] = here.store.request_analyses(user_id, [game_id])
    assert (again.priority, again.generation) == (Priority.PREMIUM, 1)


def test_a_priority_is_never_lowered_while_the_analysis_is_unfinished(here: World) -> None:
    user_id, game_id = an_analysis(here)
    assert here.store.request_unannotated(user_id, MANY) == []
    [still] = here.store.request_analyses(user_id, [game_id])
    assert still.priority is Priority.STANDARD


def test_the_priority_of_what_is_done_is_left_alone(here: World) -> None:
    user_id = here.user()
    game_id = a_stored_game(here, user_id)
    here.store.request_unannotated(user_id, 1)
    here.store.save_phase(a_result(game_id, Phase.COMPLETE))
    [done] = here.store.request_analyses(user_id, [game_id])
    assert (done.priority, done.state) == (Priority.BULK, AnalysisState.DONE)


# Cancelling


def cancelled(here: World, user_id: UserId, game_id: GameId) -> tuple[SaveAnswer, int]:
    """What cancelling did; that it told of the game as the user's own library does."""
    did = here.store.cancel(user_id, game_id)
    assert did.game == here.library(user_id).analysis(user_id, game_id, with_report=False)
    return did.answer, did.generation


def test_cancelling_ends_an_analysis_and_keeps_what_is_readable(here: World) -> None:
    user_id, game_id = an_analysis(here)
    here.store.save_phase(a_result(game_id, mark="readable"))
    assert cancelled(here, user_id, game_id) == (SaveAnswer.SAVED, 1)
    assert cancelled(here, user_id, game_id) == (SaveAnswer.ALREADY_SAVED, 1)
    row = here.library(user_id).analysis(user_id, game_id, with_report=True)
    assert row is not None
    assert (row["analysis"]["state"], row["queue_status"]) == ("cancelled", "cancelled")
    assert row["analysis"]["report"]["mark"] == "readable"
    assert len(row["analysis"]["moves"]) == 4
    assert game_id not in {one.game_id for one in here.store.unfinished(older_than_ms=0, at_most=MANY)}


@pytest.mark.parametrize("end", ["done", "failed"])
def test_what_is_final_cannot_be_cancelled(here: World, end: str) -> None:
    user_id, game_id = an_analysis(here)
    if end == "done":
        here.store.save_phase(a_result(game_id, Phase.COMPLETE))
    else:
        here.store.fail(game_id, 1, "x")
    assert cancelled(here, user_id, game_id) == (SaveAnswer.STALE, 1)
    row = here.library(user_id).game(user_id, game_id)
    assert row is not None
    assert row["queue_status"] == end


def test_there_is_nothing_to_cancel_of_foreign_unknown_and_never_asked_for_games(here: World) -> None:
    owner_id, game_id = an_analysis(here)
    never_asked = a_stored_game(here, owner_id)
    assert here.store.cancel(here.user(), game_id) == CancelledAnalysis(SaveAnswer.UNKNOWN, 0, None)
    for unknown in (UNKNOWN_ID, GameId("no-uuid'; --")):
        assert here.store.cancel(owner_id, unknown) == CancelledAnalysis(SaveAnswer.UNKNOWN, 0, None)
    found = here.store.cancel(owner_id, never_asked)
    assert (found.answer, found.generation) == (SaveAnswer.UNKNOWN, 0)
    assert found.game is not None
    assert (found.game["id"], found.game["analysis"]) == (never_asked, None)
    assert here.store.save_phase(a_result(game_id)) is SaveAnswer.SAVED


def test_cancelled_by_many_at_once_is_cancelled_once(here: World) -> None:
    user_id, game_id = an_analysis(here)
    answers = at_once(6, lambda _: here.store.cancel(user_id, game_id).answer)
    assert sorted(answers) == [SaveAnswer.ALREADY_SAVED] * 5 + [SaveAnswer.SAVED]


def test_cancelling_races_the_last_phase_and_one_of_them_wins(here: World) -> None:
    user_id, game_id = an_analysis(here)
    last = a_result(game_id, Phase.COMPLETE)
    cancelled, saved = at_once(
        2, lambda index: here.store.save_phase(last) if index else here.store.cancel(user_id, game_id).answer
    )
    assert {cancelled, saved} == {SaveAnswer.SAVED, SaveAnswer.STALE}


# Dead letters


def test_dead_letters_say_what_was_given_up_and_why(here: World) -> None:
    user_id, game_id = an_analysis(here)
    here.store.save_phase(a_result(game_id, Phase.INTERMEDIATE))
    before = here.store.count_dead_letters()
    here.store.fail(game_id, 1, "first")
    assert here.store.count_dead_letters() == before + 1
    [letter] = [one for one in all_dead_letters(here) if one.game_id == game_id]
    assert letter.failed_at_ms > 1_700_000_000_000
    assert letter == DeadLetter(
        game_id=game_id,
        user_id=user_id,
        generation=1,
        finished_phase=Phase.INTERMEDIATE,
        reason="first",
        failed_at_ms=letter.failed_at_ms,
    )
    here.store.request_analyses(user_id, [game_id])
    assert game_id not in {one.game_id for one in all_dead_letters(here)}
    here.store.fail(game_id, 2, "second")
    [letter] = [one for one in all_dead_letters(here) if one.game_id == game_id]
    # The older generation's report can still be read.
    assert (letter.generation, letter.reason, letter.finished_phase) == (2, "second", Phase.INTERMEDIATE)


def test_dead_letters_are_read_page_by_page_the_last_failed_first(here: World) -> None:
    failed = [a_failed_analysis(here)[1] for _ in range(7)]
    everything = all_dead_letters(here)
    assert len(everything) == here.store.count_dead_letters()
    order = [(one.failed_at_ms, one.game_id) for one in everything]
    assert [time for time, _ in order] == sorted((time for time, _ in order), reverse=True)
    assert set(failed) <= {one.game_id for one in everything}
    assert all_dead_letters(here, at_most=3) == everything
    page, cursor = here.store.dead_letters(here.operator(), at_most=len(everything))
    assert (page, cursor) == (everything, None)


@pytest.mark.parametrize("cursor", ["", "|", "yesterday|1", "2026-11-23T14:00:00+00:00|1"])
def test_a_cursor_of_dead_letters_that_no_page_gave_is_refused(here: World, cursor: str) -> None:
    with pytest.raises(InvalidRequestError):
        here.store.dead_letters(here.operator(), at_most=1, before=cursor)


def test_redriving_starts_the_failed_ones_again_with_their_priority(here: World) -> None:
    user_id, game_id = an_analysis(here, "premium")
    here.store.save_phase(a_result(game_id, mark="old"))
    here.store.fail(game_id, 1, "x")
    _, other = a_failed_analysis(here)
    _, running = an_analysis(here)
    asked = [other, running, UNKNOWN_ID, GameId("no-uuid"), game_id, other]
    begun = here.store.redrive(here.operator(), asked)
    assert [(one.game_id, one.generation, one.priority) for one in begun] == [
        (other, 2, Priority.STANDARD),
        (game_id, 2, Priority.PREMIUM),
    ]
    assert {(one.state, one.finished_phase) for one in begun} == {(AnalysisState.QUEUED, None)}
    assert here.store.redrive(here.operator(), asked) == []
    assert here.store.save_phase(a_result(game_id, generation=1)) is SaveAnswer.STALE
    row = here.library(user_id).analysis(user_id, game_id, with_report=True)
    assert row is not None
    assert (row["queue_status"], row["analysis"]["report"]["mark"]) == ("queued", "old")
    assert here.store.save_phase(a_result(game_id, generation=2)) is SaveAnswer.SAVED
    assert here.store.redrive(here.operator(), []) == []


def test_redriven_by_many_at_once_is_redriven_once(here: World) -> None:
    failed = [a_failed_analysis(here)[1] for _ in range(4)]
    answers = at_once(4, lambda index: here.store.redrive(here.operator(), failed[:: 1 if index % 2 else -1]))
    flat = [one for several in answers for one in several]
    assert sorted(one.game_id for one in flat) == sorted(failed)
    assert {one.generation for one in flat} == {2}


# Operators


def test_operators_are_those_that_were_made_so(here: World) -> None:
    user_id, other_id = here.user("premium"), here.user()
    _, failed = a_failed_analysis(here)
    for stranger in (user_id, UserId(UNKNOWN_ID), UserId("nobody'; --")):
        assert_forbidden(here, stranger, failed)
    here.make_operator(user_id)
    assert failed in {one.game_id for one in here.store.dead_letters(user_id, at_most=MANY)[0]}
    assert here.users.count_for_operators(user_id, days=1)[0] > 0
    assert_forbidden(here, other_id, failed)
    assert [one.game_id for one in here.store.redrive(user_id, [failed])] == [failed]


def assert_forbidden(here: World, user_id: UserId, failed: GameId) -> None:
    """Nothing is shown to a user, and nothing done."""
    before = here.store.count_dead_letters()
    for call in (
        lambda: here.store.dead_letters(user_id, at_most=1),
        lambda: here.store.redrive(user_id, [failed]),
        lambda: here.users.count_for_operators(user_id, days=1),
    ):
        with pytest.raises(ForbiddenError):
            call()
    assert here.store.count_dead_letters() == before


def test_an_operator_is_a_user_like_others_otherwise(here: World) -> None:
    user_id = here.user()
    here.make_operator(user_id)
    [added] = here.store.add_games(user_id, [a_new_game()])
    [requested] = here.store.request_analyses(user_id, [added.game_id])
    assert requested.priority is Priority.STANDARD


def test_what_was_requested_is_told_as_it_is_now(here: World) -> None:
    user_id, running = an_analysis(here)
    here.store.save_phase(a_result(running))
    _, failed = a_failed_analysis(here)
    never_asked = a_stored_game(here, user_id)
    found = here.store.requested([failed, never_asked, UNKNOWN_ID, running])
    assert [(one.game_id, one.state, one.finished_phase) for one in found] == [
        (failed, AnalysisState.FAILED, None),
        (running, AnalysisState.RUNNING, Phase.INITIAL),
    ]
    assert here.store.requested([]) == []


def test_a_store_that_can_be_written_to_answers_a_ping(here: World) -> None:
    here.store.ping()
