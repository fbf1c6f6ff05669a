"""How many new games a user may store in a day: what both stores promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from knight_vision.domain.job import UserId
from knight_vision.domain.quota import DAY_MS, ByPlan, Plan
from knight_vision.errors import DailyLimitError
from knight_vision.ports import AddedGames
from tests.support.memory_store import MemoryStore
from tests.support.recording import ManualClock
from tests.support.store_worlds import World, at_once, world
from tests.support.supabase import a_new_game, rest, the_server

THREE = ByPlan(free=3, premium=5)


@pytest.fixture(params=["memory", "supabase"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as here:
        yield here


def store(here: World, user_id: UserId, count: int) -> AddedGames:
    return here.store.add_games(user_id, [a_new_game() for _ in range(count)], most_per_day=THREE)


def test_new_games_are_counted_and_what_is_left_is_known(here: World) -> None:
    user_id = here.user()
    before = here.store.usage(user_id)
    assert (before.plan, before.games) == (Plan.FREE, 0)
    added = store(here, user_id, 2)
    assert added.usage is not None
    assert added.usage.games == here.store.usage(user_id).games == 2
    assert 1 <= added.usage.resets_in_s <= 86_400


def test_more_than_the_day_leaves_are_refused_all_of_them(here: World) -> None:
    user_id = here.user()
    store(here, user_id, 2)
    games = [a_new_game() for _ in range(2)]
    with pytest.raises(DailyLimitError) as refused:
        here.store.add_games(user_id, games, most_per_day=THREE)
    assert (refused.value.limit, refused.value.used, refused.value.asked) == (3, 2, 2)
    assert 1 <= (refused.value.retry_after_s or 0) <= 86_400
    assert here.store.usage(user_id).games == 2
    [one] = here.store.add_games(user_id, games[:1], most_per_day=THREE)
    assert one.is_new, "the refused request stored nothing"


def test_a_game_that_is_there_counts_for_nothing(here: World) -> None:
    user_id = here.user()
    game = a_new_game()
    for _ in range(2):
        here.store.add_games(user_id, [game, game], most_per_day=THREE)
    store(here, user_id, 2)
    assert here.store.usage(user_id).games == 3
    [again] = here.store.add_games(user_id, [game], most_per_day=THREE)
    assert not again.is_new, "also when the day is used up"


def test_the_plan_decides(here: World) -> None:
    user_id = here.user("premium")
    store(here, user_id, 5)
    assert here.store.usage(user_id).plan is Plan.PREMIUM
    with pytest.raises(DailyLimitError):
        store(here, user_id, 1)


def test_deleting_a_game_does_not_give_it_back(here: World) -> None:
    user_id = here.user()
    for added in store(here, user_id, 3):
        here.delete(added.game_id)
    with pytest.raises(DailyLimitError):
        store(here, user_id, 1)


def test_one_users_day_is_not_anothers(here: World) -> None:
    store(here, here.user(), 3)
    store(here, here.user(), 3)


def test_requests_at_the_same_moment_do_not_pass_together(here: World) -> None:
    user_id = here.user()

    def one(_index: int) -> bool:
        try:
            store(here, user_id, 1)
        except DailyLimitError:
            return False
        return True

    assert sum(at_once(6, one)) == 3
    assert here.store.usage(user_id).games == 3


def test_without_a_limit_games_are_counted_all_the_same(here: World) -> None:
    user_id = here.user()
    here.store.add_games(user_id, [a_new_game() for _ in range(4)])
    assert here.store.usage(user_id).games == 4


def test_a_stranger_is_free_and_has_used_nothing(here: World) -> None:
    usage = here.store.usage(UserId("00000000-0000-4000-8000-000000000009"))
    assert (usage.plan, usage.games) == (Plan.FREE, 0)


def test_the_next_day_begins_anew() -> None:
    clock = ManualClock()
    memory = MemoryStore(clock=clock)
    user_id = UserId("u1")
    memory.add_games(user_id, [a_new_game() for _ in range(3)], most_per_day=THREE)
    clock.advance(DAY_MS)
    assert memory.usage(user_id).games == 0
    memory.add_games(user_id, [a_new_game()], most_per_day=THREE)
    assert memory.usage(user_id).games == 1


def test_the_next_day_begins_anew_in_the_database() -> None:
    with world("supabase") as here:
        user_id = here.user()
        store(here, user_id, 3)
        set_back(user_id)
        assert here.store.usage(user_id).games == 0
        store(here, user_id, 1)
        assert here.store.usage(user_id).games == 1


def set_back(user_id: UserId) -> None:
    """As if the user had stored those games yesterday."""
    found = {"user_id": f"eq.{user_id}"}
    yesterday = {"games_day": f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"}
    rest(the_server(), "PATCH", "profiles", params=found, body=yesterday).raise_for_status()
