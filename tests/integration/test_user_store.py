"""What every UserStore must do, in memory and in Supabase: feedback, deleting, and the export of it all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knight_vision.domain.game_query import Place, Sort
from knight_vision.domain.job import GameId, Priority, UserId
from knight_vision.domain.phase import Phase
from knight_vision.errors import AnalysisNotFoundError, GameNotFoundError
from knight_vision.ports import SaveAnswer
from tests.support.store_worlds import World, a_stored_game, world
from tests.support.supabase import a_move, a_result

UNKNOWN_ID = GameId("00000000-0000-4000-8000-000000000000")


@pytest.fixture(scope="module", params=["memory", "supabase"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as here:
        yield here


def a_reported_game(here: World, user_id: UserId) -> GameId:
    game_id = a_stored_game(here, user_id)
    here.store.request_analyses(user_id, [game_id])
    here.store.save_phase(a_result(game_id))
    return game_id


def test_feedback_is_kept_and_replaced(here: World) -> None:
    user_id = here.user()
    game_id = a_reported_game(here, user_id)
    operator = here.operator()
    given_up, before = here.users.count_for_operators(operator, days=30)
    first = here.users.give_feedback(user_id, game_id, 1, "drop table; -- 😀")
    here.store.save_phase(a_result(game_id, Phase.INTERMEDIATE))
    second = here.users.give_feedback(user_id, game_id, 4, None)
    assert (first["game_id"], first["rating"], first["comment"]) == (game_id, 1, "drop table; -- 😀")
    assert (first["report_phase"], first["report_generation"]) == ("initial", 1)
    assert (second["rating"], second["comment"], second["report_phase"]) == (4, None, "intermediate")
    assert second["created_at"] == first["created_at"] <= second["updated_at"]
    same, count = here.users.count_for_operators(operator, days=30)
    assert count.ratings == before.ratings + 1
    assert count.mean_rating is not None
    assert 1 <= count.mean_rating <= 5
    assert same == given_up == here.store.count_dead_letters()


def test_feedback_needs_a_report_of_ones_own(here: World) -> None:
    user_id = here.user()
    game_id = a_stored_game(here, user_id)
    foreign = a_reported_game(here, here.user())
    for unknown in (foreign, UNKNOWN_ID, GameId("x' or 1=1 --")):
        with pytest.raises(GameNotFoundError):
            here.users.give_feedback(user_id, unknown, 5, None)
    with pytest.raises(AnalysisNotFoundError):
        here.users.give_feedback(user_id, game_id, 5, None)
    here.store.request_analyses(user_id, [game_id])
    with pytest.raises(AnalysisNotFoundError):
        here.users.give_feedback(user_id, game_id, 5, None)


def test_a_deleted_game_is_gone_with_all_that_hangs_on_it(here: World) -> None:
    user_id = here.user()
    game_id = a_reported_game(here, user_id)
    never_asked = a_stored_game(here, user_id)
    here.users.give_feedback(user_id, game_id, 5, None)
    assert here.users.delete_game(here.user(), game_id) is None
    assert here.users.delete_game(user_id, UNKNOWN_ID) is None
    assert here.users.delete_game(user_id, GameId("1")) is None
    assert here.users.delete_game(user_id, game_id) == 1
    assert here.users.delete_game(user_id, game_id) is None
    assert here.users.delete_game(user_id, never_asked) == 0
    assert here.library(user_id).games(user_id, limit=10) == []
    assert here.store.save_phase(a_result(game_id, Phase.INTERMEDIATE)) is SaveAnswer.UNKNOWN
    assert here.store.requested([game_id]) == []


def test_everything_of_a_user_is_deleted_and_nothing_of_others(here: World) -> None:
    user_id, other_id = here.user(), here.user()
    unfinished, finished = a_reported_game(here, user_id), a_reported_game(here, user_id)
    here.store.save_phase(a_result(finished, Phase.COMPLETE))
    a_stored_game(here, user_id)
    here.store.start_batch(user_id, [finished], 10)
    here.users.give_feedback(user_id, finished, 2, None)
    foreign = a_reported_game(here, other_id)
    assert here.users.delete_everything(user_id) == [(unfinished, 1)]
    assert here.users.delete_everything(user_id) == []
    assert here.has_account(user_id)
    left = here.library(user_id).export(user_id, at_most=10)
    assert left == {"profile": None, "batches": [], "games": []}
    assert [row["id"] for row in here.library(other_id).games(other_id, limit=10)] == [foreign]


def test_the_account_goes_with_everything_else_when_that_is_asked_for(here: World) -> None:
    user_id, other_id = here.user(), here.user()
    unfinished = a_reported_game(here, user_id)
    foreign = a_stored_game(here, other_id)
    assert here.users.delete_everything(user_id, with_account=True) == [(unfinished, 1)]
    assert not here.has_account(user_id)
    assert here.store.requested([unfinished]) == []
    assert here.users.delete_everything(user_id, with_account=True) == []
    assert here.has_account(other_id)
    assert [row["id"] for row in here.library(other_id).games(other_id, limit=10)] == [foreign]


def test_everything_of_a_user_is_exported(here: World) -> None:
    user_id = here.user()
    game_id = a_reported_game(here, user_id)
    others = [a_stored_game(here, user_id) for _ in range(4)]
    a_reported_game(here, here.user())
    given = here.users.give_feedback(user_id, game_id, 3, "so so")
    library = here.library(user_id)
    rows = []
    after = None
    while page := library.export(user_id, at_most=2, after=after)["games"]:
        rows += page
        after = Place.of(page[-1], Sort.OLDEST)
    assert [row["id"] for row in rows] == [game_id, *others]
    whole = library.analysis(user_id, game_id, with_report=True)
    assert whole is not None
    del whole["played_day"]
    feedback = rows[0].pop("feedback")
    assert rows[0] == whole
    assert rows[0]["analysis"]["moves"] == [a_move(ply) for ply in range(1, 5)]
    assert (feedback["rating"], feedback["comment"]) == (given["rating"], "so so")
    assert (rows[1]["analysis"], rows[1]["feedback"]) == (None, None)
    stranger = here.user()
    assert here.library(stranger).export(stranger, at_most=10)["games"] == []


def counts(here: World, user_id: UserId, batch_id: str | None) -> tuple[int, ...]:
    row = here.library(user_id).batch(user_id, batch_id or "")
    assert row is not None
    assert row["age_s"] >= 0
    names = ("total", "queued", "running", "done", "failed", "cancelled", "unfinished_phases")
    return tuple(row[name] for name in names)


def test_a_batch_is_counted_while_its_games_go_on_and_go_away(here: World) -> None:
    user_id = here.user()
    games = [a_stored_game(here, user_id) for _ in range(5)]
    foreign = a_stored_game(here, here.user())
    asked = [*games, games[0], foreign, UNKNOWN_ID, GameId("1")]
    batch_id, analyses = here.store.start_batch(user_id, asked, 100)
    assert [one.game_id for one in analyses] == games
    assert {one.priority for one in analyses} == {Priority.BULK}
    assert counts(here, user_id, batch_id) == (5, 5, 0, 0, 0, 0, 15)
    here.store.save_phase(a_result(games[0]))
    here.store.save_phase(a_result(games[1], Phase.COMPLETE))
    here.store.fail(games[2], 1, "3 workers died over it")
    here.store.cancel(user_id, games[3])
    assert counts(here, user_id, batch_id) == (5, 1, 1, 1, 1, 1, 5)
    here.users.delete_game(user_id, games[4])
    assert counts(here, user_id, batch_id) == (4, 0, 1, 1, 1, 1, 2)
    exported = here.library(user_id).export(user_id, at_most=1)["batches"]
    assert [(one["id"], one["source"], set(one["game_ids"])) for one in exported] == [
        (batch_id, "submission", set(games[:4]))
    ]
    for game_id in games[:4]:
        here.users.delete_game(user_id, game_id)
    assert counts(here, user_id, batch_id) == (0, 0, 0, 0, 0, 0, 0)


def test_a_batch_of_games_never_asked_for_takes_the_oldest(here: World) -> None:
    user_id = here.user()
    games = [a_stored_game(here, user_id) for _ in range(4)]
    here.store.request_analyses(user_id, [games[1]])
    a_stored_game(here, here.user())
    batch_id, analyses = here.store.start_batch(user_id, None, 2)
    assert [one.game_id for one in analyses] == [games[0], games[2]]
    row = here.library(user_id).batch(user_id, batch_id or "")
    assert row is not None
    assert (row["source"], row["total"]) == ("unannotated", 2)
    assert [one.game_id for one in here.store.start_batch(user_id, None, 2)[1]] == [games[3]]
    assert here.store.start_batch(user_id, None, 2) == (None, [])
    assert here.store.start_batch(user_id, [], 2) == (None, [])
    assert here.store.start_batch(user_id, games, 0) == (None, [])


def test_a_foreign_batch_is_as_unknown_as_none(here: World) -> None:
    user_id, other_id = here.user(), here.user()
    batch_id, _ = here.store.start_batch(user_id, [a_stored_game(here, user_id)], 1)
    for unknown in (batch_id or "", UNKNOWN_ID, "1", "' or true --"):
        assert here.library(other_id).batch(other_id, unknown) is None
