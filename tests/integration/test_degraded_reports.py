"""What every AnalysisStore must do about reports made with a smaller limit; in memory and in Supabase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from knight_vision.domain.job import GameId, Priority, UserId
from knight_vision.domain.phase import Phase
from knight_vision.ports import AnalysisState, PhaseResult, SaveAnswer
from tests.support.store_worlds import World, a_stored_game, at_once, world
from tests.support.supabase import a_result

MANY = 100_000


@pytest.fixture(scope="module", params=["memory", "supabase"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as here:
        yield here


@pytest.fixture(autouse=True)
def nothing_degraded(here: World) -> None:
    """Others left degraded analyses behind: do them again."""
    while begun := here.store.request_degraded(MANY):
        for one in begun:
            here.store.save_phase(
                a_result(one.game_id, Phase.COMPLETE, generation=one.generation, ply_count=len(one.moves))
            )


def degraded(result: PhaseResult) -> PhaseResult:
    return replace(result, is_degraded=True)


def a_degraded_analysis(here: World, plan: str = "free") -> tuple[UserId, GameId]:
    """A new user and a game of theirs that is done, with a degraded report."""
    user_id = here.user(plan)
    game_id = a_stored_game(here, user_id)
    here.store.request_analyses(user_id, [game_id])
    here.store.save_phase(degraded(a_result(game_id, Phase.COMPLETE, mark="degraded")))
    return user_id, game_id


def read(here: World, user_id: UserId, game_id: GameId) -> dict[str, Any]:
    """The analysis as its owner reads it."""
    row = here.library(user_id).analysis(user_id, game_id, with_report=True)
    assert row is not None
    analysis: dict[str, Any] = row["analysis"]
    assert row["queue_status"] == analysis["state"]
    return analysis


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def by_end(here: World, games: list[tuple[UserId, GameId]]) -> list[GameId]:
    """The games in the order in which they were finished; of one moment, by their ids."""
    ends = [(moment(read(here, *game)["finished_at"]), game[1]) for game in games]
    return [game_id for _, game_id in sorted(ends)]


def test_the_mark_is_the_stored_reports(here: World) -> None:
    user_id = here.user()
    game_id = a_stored_game(here, user_id)
    here.store.request_analyses(user_id, [game_id])
    marks = []
    for phase, is_degraded in zip(Phase, (False, True, False), strict=True):
        here.store.save_phase(replace(a_result(game_id, phase), is_degraded=is_degraded))
        marks.append(read(here, user_id, game_id)["degraded"])
    assert marks == [False, True, False]
    assert here.store.request_degraded(MANY) == []


def test_the_mark_stays_with_the_report_when_a_new_generation_begins(here: World) -> None:
    user_id = here.user()
    game_id = a_stored_game(here, user_id)
    here.store.request_analyses(user_id, [game_id])
    here.store.save_phase(degraded(a_result(game_id)))
    here.store.fail(game_id, 1, "x")
    here.store.request_analyses(user_id, [game_id])
    assert read(here, user_id, game_id)["degraded"] is True
    assert here.store.request_degraded(MANY) == []
    here.store.save_phase(a_result(game_id, generation=2))
    assert read(here, user_id, game_id)["degraded"] is False


@pytest.mark.parametrize(("plan", "in_bulk"), [("free", Priority.BULK), ("premium", Priority.PREMIUM_BULK)])
def test_a_degraded_report_is_done_again_while_it_stays_readable(
    here: World, plan: str, in_bulk: Priority
) -> None:
    user_id, game_id = a_degraded_analysis(here, plan)
    before = read(here, user_id, game_id)
    [begun] = here.store.request_degraded(MANY)
    assert (begun.game_id, begun.user_id, begun.generation) == (game_id, user_id, 2)
    assert (begun.state, begun.finished_phase) == (AnalysisState.DONE, Phase.COMPLETE)
    assert begun.priority is in_bulk
    # The redo is asked for now; the user's own request keeps its time.
    assert begun.requested_at_ms >= moment(before["finished_at"]).timestamp() * 1000 - 1
    assert len(begun.moves) == 4
    assert read(here, user_id, game_id) == {**before, "generation": 2}

    result = a_result(game_id, Phase.COMPLETE, generation=2, mark="whole")
    assert here.store.save_phase(result) is SaveAnswer.SAVED
    assert here.store.save_phase(result) is SaveAnswer.ALREADY_SAVED
    after = read(here, user_id, game_id)
    assert (after["report"]["mark"], after["report_generation"], after["degraded"]) == ("whole", 2, False)
    assert (after["state"], after["phase"], after["progress"]) == ("done", None, 3)
    assert here.store.request_degraded(MANY) == []


def test_a_redo_takes_nothing_but_the_complete_phase_of_its_generation(here: World) -> None:
    user_id, game_id = a_degraded_analysis(here)
    here.store.request_degraded(MANY)
    before = read(here, user_id, game_id)
    for phase in Phase:
        assert here.store.save_phase(a_result(game_id, phase, generation=1)) is SaveAnswer.STALE
    for phase in (Phase.INITIAL, Phase.INTERMEDIATE):
        assert here.store.save_phase(a_result(game_id, phase, generation=2)) is SaveAnswer.ALREADY_SAVED
    assert here.store.save_phase(a_result(game_id, Phase.COMPLETE, generation=3)) is SaveAnswer.UNKNOWN
    with pytest.raises(ValueError, match="one row for each ply"):
        here.store.save_phase(a_result(game_id, Phase.COMPLETE, generation=2, ply_count=3))
    assert read(here, user_id, game_id) == before


def test_a_redo_saved_by_many_at_once_is_saved_once(here: World) -> None:
    user_id, game_id = a_degraded_analysis(here)
    here.store.request_degraded(MANY)
    answers = at_once(
        6,
        lambda index: here.store.save_phase(a_result(game_id, Phase.COMPLETE, generation=2, mark=str(index))),
    )
    assert Counter(answers) == {SaveAnswer.SAVED: 1, SaveAnswer.ALREADY_SAVED: 5}
    after = read(here, user_id, game_id)
    assert after["report"]["mark"] == str(answers.index(SaveAnswer.SAVED))
    assert len(after["moves"]) == 4


def test_a_redo_can_neither_fail_nor_be_cancelled_nor_is_it_unfinished(here: World) -> None:
    user_id, game_id = a_degraded_analysis(here)
    here.store.request_degraded(MANY)
    before = read(here, user_id, game_id)
    for generation in (1, 2):
        assert here.store.fail(game_id, generation, "3 workers died over it") is SaveAnswer.STALE
    assert here.store.cancel(user_id, game_id).answer is SaveAnswer.STALE
    assert game_id not in {one.game_id for one in here.store.unfinished(older_than_ms=0, at_most=MANY)}
    assert here.store.redrive(here.operator(), [game_id]) == []
    assert read(here, user_id, game_id) == before
    assert here.store.save_phase(a_result(game_id, Phase.COMPLETE, generation=2)) is SaveAnswer.SAVED


def test_asking_again_during_a_redo_joins_what_is_done(here: World) -> None:
    user_id, game_id = a_degraded_analysis(here)
    here.store.request_degraded(MANY)
    [joined] = here.store.request_analyses(user_id, [game_id])
    assert (joined.state, joined.generation, joined.priority) == (AnalysisState.DONE, 2, Priority.STANDARD)


def test_the_longest_finished_are_begun_first(here: World) -> None:
    games = [a_degraded_analysis(here) for _ in range(3)]
    in_order = by_end(here, games)
    assert [one.game_id for one in here.store.request_degraded(2)] == in_order[:2]
    assert here.store.request_degraded(0) == []
    # The third goes before those that were begun already.
    assert [one.game_id for one in here.store.request_degraded(3)] == [in_order[2], *in_order[:2]]


def test_a_lost_redo_is_begun_again_but_not_for_ever(here: World) -> None:
    """The queue may lose it; or its engine dies each time, and then the report there is will do."""
    user_id, game_id = a_degraded_analysis(here)
    generations = []
    while begun := here.store.request_degraded(MANY):
        generations += [one.generation for one in begun]
    assert generations == [2, 3, 4]
    assert read(here, user_id, game_id)["degraded"] is True
    assert here.store.save_phase(a_result(game_id, Phase.COMPLETE, generation=3)) is SaveAnswer.STALE
    assert here.store.save_phase(a_result(game_id, Phase.COMPLETE, generation=4)) is SaveAnswer.SAVED
    assert read(here, user_id, game_id)["degraded"] is False


def test_a_redo_that_was_degraded_too_changes_nothing(here: World) -> None:
    """It might be worse than what it replaces."""
    user_id, game_id = a_degraded_analysis(here)
    here.store.request_degraded(MANY)
    before = read(here, user_id, game_id)
    again = degraded(a_result(game_id, Phase.COMPLETE, generation=2, mark="worse"))
    assert here.store.save_phase(again) is SaveAnswer.ALREADY_SAVED
    assert read(here, user_id, game_id) == before
    assert [(one.game_id, one.generation) for one in here.store.request_degraded(MANY)] == [(game_id, 3)]


def test_begun_by_many_at_once_each_is_begun_once(here: World) -> None:
    games = [a_degraded_analysis(here)[1] for _ in range(6)]
    answers = at_once(3, lambda _: here.store.request_degraded(2))
    taken = [one for several in answers for one in several]
    assert sorted(one.game_id for one in taken) == sorted(games)
    assert {one.generation for one in taken} == {2}


def test_a_deleted_game_is_not_begun_and_its_redo_is_unknown(here: World) -> None:
    _, game_id = a_degraded_analysis(here)
    here.store.request_degraded(MANY)
    here.delete(game_id)
    assert here.store.save_phase(a_result(game_id, Phase.COMPLETE, generation=2)) is SaveAnswer.UNKNOWN
    assert here.store.request_degraded(MANY) == []
