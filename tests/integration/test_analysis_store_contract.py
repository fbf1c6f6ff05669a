"""What every AnalysisStore must do; the same tests for the one in memory and the one in Supabase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from knight_vision.domain.game import Game
from knight_vision.domain.job import GameId, Priority, UserId
from knight_vision.domain.phase import Phase
from knight_vision.ports import AddedGame, AnalysisState, NewGame, RequestedAnalysis, SaveAnswer
from tests.support.store_worlds import World, a_requested_game, a_stored_game, at_once, world
from tests.support.supabase import a_new_game, a_result

UNKNOWN_ID = GameId("00000000-0000-4000-8000-000000000000")
MANY = 100_000


@pytest.fixture(scope="module", params=["memory", "supabase"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as here:
        yield here


def owner_of(here: World, game_id: GameId) -> UserId:
    return next(one.user_id for one in unfinished(here) if one.game_id == game_id)


def unfinished(here: World, older_than_ms: int = 0) -> list[RequestedAnalysis]:
    return here.store.unfinished(older_than_ms=older_than_ms, at_most=MANY)


# Adding games


def test_games_are_answered_in_the_order_given(here: World) -> None:
    user_id = here.user()
    old, new = a_new_game(), a_new_game()
    [first] = here.store.add_games(user_id, [old])
    answers = here.store.add_games(user_id, [new, old, new])
    assert first.is_new
    assert answers[1] == AddedGame(first.game_id, is_new=False)
    assert answers[0].is_new
    assert answers[2] == AddedGame(answers[0].game_id, is_new=False)
    assert here.store.add_games(user_id, []) == []


def test_two_users_may_have_the_same_game(here: World) -> None:
    game = a_new_game()
    [mine] = here.store.add_games(here.user(), [game])
    [theirs] = here.store.add_games(here.user(), [game])
    assert mine.is_new
    assert theirs.is_new
    assert mine.game_id != theirs.game_id


def test_the_same_game_sent_many_times_at_once_is_stored_once(here: World) -> None:
    user_id, games = here.user(), [a_new_game(), a_new_game()]
    answers = at_once(6, lambda index: here.store.add_games(user_id, games[:: 1 if index % 2 else -1]))
    flat = [answer for several in answers for answer in several]
    assert sum(answer.is_new for answer in flat) == 2
    assert len({answer.game_id for answer in flat}) == 2


def test_a_pgn_comes_back_as_it_was_stored(here: World) -> None:
    user_id = here.user()
    pgn = '[Event "Qu\'est-ce; drop table games; -- \\" 将棋 ♞"]\n\n1. e4 {,()"\'%00} *'
    game_id = here.store.add_games(user_id, [NewGame(Game(("e2e4",)), pgn, "hash")])[0].game_id
    assert here.store.read_pgn(game_id) == pgn
    assert here.store.read_pgn(UNKNOWN_ID) is None


# Asking for analyses


def test_a_request_says_whether_the_pgn_brings_evaluations(here: World) -> None:
    user_id = here.user()
    with_some = '[Event "x"]\n\n1. e4 { [%eval 0.30] } *'
    without = '[Event "[%evaluation"]\n\n1. e4 { [%clk 0:01:00] eval } *'
    pgns = {with_some: True, without: False}
    games = [NewGame(Game(("e2e4",)), pgn, pgn) for pgn in pgns]
    ids = [added.game_id for added in here.store.add_games(user_id, games)]
    asked = here.store.request_analyses(user_id, ids)
    assert [one.brings_evaluations for one in asked] == list(pgns.values())
    assert [one.brings_evaluations for one in here.store.requested(ids)] == list(pgns.values())
    _, batched = here.store.start_batch(user_id, ids, 2)
    assert [one.brings_evaluations for one in batched] == list(pgns.values())
    singly = [here.store.request_analysis(user_id, game_id) for game_id in ids]
    assert [one[0].brings_evaluations for one in singly if one] == list(pgns.values())
    still = {one.game_id: one.brings_evaluations for one in unfinished(here)}
    assert [still[game_id] for game_id in ids] == list(pgns.values())


def test_asking_gives_all_that_the_queue_needs(here: World) -> None:
    user_id = here.user()
    game_id = a_stored_game(here, user_id, ply_count=3)
    [requested] = here.store.request_analyses(user_id, [game_id])
    assert requested == RequestedAnalysis(
        game_id=game_id,
        user_id=user_id,
        generation=1,
        state=AnalysisState.QUEUED,
        finished_phase=None,
        requested_at_ms=requested.requested_at_ms,
        priority=Priority.STANDARD,
        moves=("g1f3", "g8f6", "f3g1"),
        start_fen=Game(()).start_fen,
        is_chess960=False,
    )
    assert requested.requested_at_ms > 1_700_000_000_000


def test_asking_again_joins(here: World) -> None:
    user_id = here.user()
    game_id = a_stored_game(here, user_id)
    first = here.store.request_analyses(user_id, [game_id])
    assert here.store.request_analyses(user_id, [game_id, game_id]) == first
    answers = at_once(6, lambda _: here.store.request_analyses(user_id, [game_id]))
    assert all(answer == first for answer in answers)


def test_games_are_stored_and_begun_at_once(here: World) -> None:
    user_id = here.user()
    old, new, late = a_new_game(), a_new_game(), a_new_game()
    [known] = here.store.add_games(user_id, [old])
    assert here.store.add_games(user_id, [old]).batch is None
    added = here.store.add_games(user_id, [new, old, late, new], begin_at_most=2)
    assert added.batch is not None
    batch_id, begun = added.batch
    assert [one.game_id for one in begun] == [added[0].game_id, known.game_id]
    assert {one.priority for one in begun} == {Priority.BULK}
    read = here.library(user_id).batch(user_id, batch_id or "")
    assert read is not None
    assert (read["total"], read["source"]) == (2, "submission")
    assert here.store.add_games(user_id, [late], begin_at_most=0).batch == (None, [])


def test_one_analysis_is_asked_for_and_read_at_once(here: World) -> None:
    user_id = here.user()
    game_id = a_stored_game(here, user_id)
    found = here.store.request_analysis(user_id, game_id)
    assert found is not None
    requested, game = found
    assert [requested] == here.store.request_analyses(user_id, [game_id])
    assert game == here.library(user_id).analysis(user_id, game_id, with_report=True)
    here.store.save_phase(a_result(game_id))
    found = here.store.request_analysis(user_id, game_id)
    assert found is not None
    assert found[0].finished_phase is Phase.INITIAL
    assert found[1] == here.library(user_id).analysis(user_id, game_id, with_report=True)
    for unknown in (a_stored_game(here, here.user()), UNKNOWN_ID, GameId("x' or 1=1 --")):
        assert here.store.request_analysis(user_id, unknown) is None


def test_games_are_started_in_the_order_given_and_foreign_ones_are_left_out(here: World) -> None:
    user_id = here.user()
    foreign = a_stored_game(here, here.user())
    own = [a_stored_game(here, user_id) for _ in range(3)]
    asked = [own[2], UNKNOWN_ID, own[0], GameId("no-uuid'; --"), foreign, own[1]]
    answers = here.store.request_analyses(user_id, asked)
    assert [answer.game_id for answer in answers] == [own[2], own[0], own[1]]
    assert foreign not in {one.game_id for one in unfinished(here)}
    assert here.store.request_analyses(user_id, []) == []


def test_games_never_asked_for_are_taken_oldest_first_and_once(here: World) -> None:
    user_id, other_id = here.user(), here.user()
    games = [answer.game_id for answer in here.store.add_games(user_id, [a_new_game() for _ in range(4)])]
    theirs = a_stored_game(here, other_id)
    here.store.request_analyses(user_id, [games[1]])
    assert [one.game_id for one in here.store.request_unannotated(user_id, 2)] == [games[0], games[2]]
    assert [one.game_id for one in here.store.request_unannotated(user_id, 2)] == [games[3]]
    assert here.store.request_unannotated(user_id, 2) == []
    assert theirs in {one.game_id for one in here.store.request_unannotated(None, MANY)}
    assert here.store.request_unannotated(None, MANY) == []


def test_games_never_asked_for_are_taken_once_by_many_at_once(here: World) -> None:
    user_id = here.user()
    here.store.add_games(user_id, [a_new_game() for _ in range(10)])
    answers = at_once(5, lambda _: here.store.request_unannotated(user_id, 2))
    taken = Counter(one.game_id for several in answers for one in several)
    assert set(taken.values()) == {1}
    left = here.store.request_unannotated(user_id, MANY)
    assert len(taken) + len(left) == 10


# Saving phases


def test_phases_are_saved_one_after_the_other_until_done(here: World) -> None:
    game_id = a_requested_game(here)
    user_id = owner_of(here, game_id)
    states = []
    for phase in Phase:
        assert here.store.save_phase(a_result(game_id, phase)) is SaveAnswer.SAVED
        [now] = here.store.request_analyses(user_id, [game_id])
        states.append((now.state, now.finished_phase, now.generation))
    assert states == [
        (AnalysisState.RUNNING, Phase.INITIAL, 1),
        (AnalysisState.RUNNING, Phase.INTERMEDIATE, 1),
        (AnalysisState.DONE, Phase.COMPLETE, 1),
    ]
    assert game_id not in {one.game_id for one in unfinished(here)}


def test_a_phase_saved_again_changes_nothing(here: World) -> None:
    game_id = a_requested_game(here)
    user_id = owner_of(here, game_id)
    here.store.save_phase(a_result(game_id, Phase.INTERMEDIATE, mark="first"))
    before = here.library(user_id).analysis(user_id, game_id, with_report=True)
    for late in (Phase.INTERMEDIATE, Phase.INITIAL):
        assert here.store.save_phase(a_result(game_id, late, mark="again")) is SaveAnswer.ALREADY_SAVED
    assert here.library(user_id).analysis(user_id, game_id, with_report=True) == before


def test_a_phase_saved_after_the_end_was_saved_already(here: World) -> None:
    game_id = a_requested_game(here)
    here.store.save_phase(a_result(game_id, Phase.COMPLETE))
    for phase in Phase:
        assert here.store.save_phase(a_result(game_id, phase)) is SaveAnswer.ALREADY_SAVED


def test_a_phase_saved_by_many_at_once_is_saved_once(here: World) -> None:
    """Two workers may finish the same phase: one lost its lease without knowing."""
    game_id = a_requested_game(here)
    user_id = owner_of(here, game_id)
    answers = at_once(8, lambda index: here.store.save_phase(a_result(game_id, mark=str(index))))
    assert Counter(answers) == {SaveAnswer.SAVED: 1, SaveAnswer.ALREADY_SAVED: 7}
    row = here.library(user_id).analysis(user_id, game_id, with_report=True)
    assert row is not None
    assert row["analysis"]["report"]["mark"] == str(answers.index(SaveAnswer.SAVED))
    assert len(row["analysis"]["moves"]) == 4


def test_phases_saved_in_any_order_at_once_end_with_the_last(here: World) -> None:
    game_id = a_requested_game(here)
    user_id = owner_of(here, game_id)
    phases = [*Phase, *Phase]
    answers = at_once(6, lambda index: here.store.save_phase(a_result(game_id, phases[index])))
    assert set(answers) <= {SaveAnswer.SAVED, SaveAnswer.ALREADY_SAVED}
    [now] = here.store.request_analyses(user_id, [game_id])
    assert (now.state, now.finished_phase) == (AnalysisState.DONE, Phase.COMPLETE)


@pytest.mark.parametrize("plies", [[], [1, 2, 3], [1, 2, 3, 5], [0, 1, 2, 3], [1, 2, 3, 4, 5], [1, 2, 3, 3]])
def test_a_phase_with_a_hole_in_its_moves_is_refused(here: World, plies: list[int]) -> None:
    """A partial result never looks complete."""
    game_id = a_requested_game(here)
    user_id = owner_of(here, game_id)
    result = a_result(game_id)
    result.moves[:] = [{**result.moves[0], "ply": ply} for ply in plies]
    with pytest.raises(ValueError, match="one row for each ply"):
        here.store.save_phase(result)
    [now] = here.store.request_analyses(user_id, [game_id])
    assert now.finished_phase is None


def test_a_game_nobody_asked_for_or_deleted_is_unknown(here: World) -> None:
    never_asked = a_stored_game(here, here.user())
    deleted = a_requested_game(here)
    here.delete(deleted)
    for game_id in (never_asked, deleted, UNKNOWN_ID):
        assert here.store.save_phase(a_result(game_id)) is SaveAnswer.UNKNOWN
        assert here.store.fail(game_id, 1, "x") is SaveAnswer.UNKNOWN
    assert here.store.read_pgn(deleted) is None


# Generations


def test_failing_is_final_until_asked_again(here: World) -> None:
    game_id = a_requested_game(here)
    user_id = owner_of(here, game_id)
    here.store.save_phase(a_result(game_id))
    assert here.store.fail(game_id, 1, "3 workers died over it") is SaveAnswer.SAVED
    assert here.store.fail(game_id, 1, "again") is SaveAnswer.ALREADY_SAVED
    assert here.store.save_phase(a_result(game_id, Phase.INTERMEDIATE)) is SaveAnswer.STALE
    assert game_id not in {one.game_id for one in unfinished(here)}
    [again] = here.store.request_analyses(user_id, [game_id])
    assert (again.generation, again.state, again.finished_phase) == (2, AnalysisState.QUEUED, None)
    assert here.store.request_analyses(user_id, [game_id]) == [again]


def test_what_is_done_cannot_fail(here: World) -> None:
    game_id = a_requested_game(here)
    here.store.save_phase(a_result(game_id, Phase.COMPLETE))
    assert here.store.fail(game_id, 1, "too late") is SaveAnswer.STALE


def test_a_cancelled_analysis_takes_no_results_and_may_be_asked_for_again(here: World) -> None:
    game_id = a_requested_game(here)
    user_id = owner_of(here, game_id)
    here.store.cancel(user_id, game_id)
    assert here.store.save_phase(a_result(game_id)) is SaveAnswer.STALE
    assert here.store.fail(game_id, 1, "x") is SaveAnswer.STALE
    [again] = here.store.request_analyses(user_id, [game_id])
    assert (again.generation, again.state) == (2, AnalysisState.QUEUED)


def test_an_old_generation_cannot_overwrite_a_newer_one(here: World) -> None:
    game_id = a_requested_game(here)
    user_id = owner_of(here, game_id)
    here.store.fail(game_id, 1, "x")
    here.store.request_analyses(user_id, [game_id])
    for phase in Phase:
        assert here.store.save_phase(a_result(game_id, phase, generation=1)) is SaveAnswer.STALE
    assert here.store.fail(game_id, 1, "late") is SaveAnswer.STALE
    row = here.library(user_id).analysis(user_id, game_id, with_report=True)
    assert row is not None
    assert row["analysis"]["report"] is None


def test_a_generation_the_store_does_not_know_is_unknown(here: World) -> None:
    """A store restored from a backup is behind its queue: the worker must drop the job, not wait."""
    game_id = a_requested_game(here)
    assert here.store.save_phase(a_result(game_id, generation=2)) is SaveAnswer.UNKNOWN
    assert here.store.fail(game_id, 2, "x") is SaveAnswer.UNKNOWN


def test_a_new_generation_begins_with_the_first_phase_whatever_the_old_had_finished(here: World) -> None:
    game_id = a_requested_game(here)
    user_id = owner_of(here, game_id)
    library = here.library(user_id)
    here.store.save_phase(a_result(game_id, Phase.INTERMEDIATE, mark="old"))
    here.store.fail(game_id, 1, "x")
    here.store.request_analyses(user_id, [game_id])

    between = library.analysis(user_id, game_id, with_report=True)
    assert between is not None
    assert between["analysis"]["report"]["mark"] == "old"
    assert between["analysis_phase"] == between["analysis"]["report_phase"] == "intermediate"
    assert between["analysis"]["report_generation"] == 1
    assert between["analysis"]["finished_phase"] is None
    assert len(between["analysis"]["moves"]) == 4

    assert here.store.save_phase(a_result(game_id, generation=2, mark="new")) is SaveAnswer.SAVED
    after = library.analysis(user_id, game_id, with_report=True)
    assert after is not None
    assert after["analysis"]["report"]["mark"] == "new"
    assert after["analysis"]["report_generation"] == 2
    assert after["analysis"]["finished_phase"] == after["analysis_phase"] == "initial"


# What the sweeper reads


def test_unfinished_are_those_that_made_no_progress_for_long(here: World) -> None:
    game_id = a_requested_game(here)
    assert game_id in {one.game_id for one in unfinished(here)}
    assert game_id not in {one.game_id for one in unfinished(here, older_than_ms=600_000)}


def test_unfinished_can_be_read_page_by_page(here: World) -> None:
    user_id = here.user()
    here.store.add_games(user_id, [a_new_game() for _ in range(7)])
    here.store.request_unannotated(user_id, 7)  # all in the same millisecond
    everything = unfinished(here)
    assert everything == sorted(everything, key=lambda one: (one.requested_at_ms, one.game_id))
    pages: list[RequestedAnalysis] = []
    while page := here.store.unfinished(older_than_ms=0, at_most=5, after=pages[-1] if pages else None):
        assert len(page) <= 5
        pages += page
    assert pages == everything
    assert len({one.game_id for one in pages if one.user_id == user_id}) == 7


def test_a_store_that_is_there_answers_a_ping(here: World) -> None:
    here.store.ping()
