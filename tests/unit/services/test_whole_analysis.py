"""A game from submission to the last phase, in memory."""

from dataclasses import replace
from typing import Any

import pytest

from knight_vision.domain.job import GameId
from knight_vision.domain.phase import Limit, Phase
from knight_vision.errors import (
    AnalysisNotFoundError,
    GameNotFoundError,
    InvalidGameError,
    QueueUnavailableError,
    TooLargeError,
)
from knight_vision.services.submit_games import Verdict, submit_games
from tests.support.small_world import OPERA, OTHER, USER, SmallWorld, finished_report

BAD = "1. e4 e5 2. Qh7 *"


def test_three_phases_follow_each_other_by_calls(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    assert world.bus.calls == [Phase.INITIAL]
    world.run(world.bus.calls.pop())
    view = world.view(game_id)
    assert (view.status["state"], view.status["finished_phase"]) == ("running", "initial")
    assert view.report is not None
    assert len(view.report["moves"]) == 33
    # 34 positions in segments of at most 8, an even number of them
    assert world.bus.calls == [Phase.INTERMEDIATE] * 6
    world.answer_calls()
    report = finished_report(world, game_id)
    assert report["phase"] == "complete"
    assert report["result"] == "1-0"
    assert world.queue.counts().jobs == 0
    assert world.view(game_id).status["estimated_seconds_left"] == 0


def test_a_report_says_what_its_phase_cost(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.answer_calls()
    report = finished_report(world, game_id)
    assert report["cost"] == {
        "billed_ms": 34,  # a millisecond for each position, and building the report takes none here
        "memory_mb": 1769,
        "requests": 6,
        "dollars": pytest.approx(34 / 1000 * 1769 / 1024 * 0.0000166667 + 6 * 0.2e-6, abs=1e-9),
    }
    dollars = [value for name, value, _ in world.observer.metrics if name == "PhaseMicrodollars"]
    assert len(dollars) == 3
    assert dollars[-1] == pytest.approx(1e6 * report["cost"]["dollars"], abs=1e-3)


def test_every_position_is_searched_once_in_every_phase(world: SmallWorld) -> None:
    world.request(world.submit())
    world.answer_calls()
    positions = [p for first, last in world.engine.searched for p in range(first, last + 1)]
    assert sorted(positions) == sorted(list(range(34)) * 3)


def test_log_lines_of_work_carry_game_generation_and_phase(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.answer_calls()
    lines = [
        fields for name, fields in world.observer.events if name in ("segment_finished", "phase_finished")
    ]
    assert len(lines) == 1 + 6 + 6 + 3
    for fields in lines:
        assert fields["game_id"] == game_id
        assert fields["generation"] == 1
        assert fields["phase"] in set(Phase)
        assert fields["correlation_id"] == "request-1"


def test_asking_twice_joins_the_analysis_and_asking_afterwards_finds_it(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.request(game_id)
    assert world.bus.calls == [Phase.INITIAL]
    world.answer_calls()
    world.request(game_id)
    assert world.bus.calls == []
    assert world.view(game_id).is_complete


def test_the_same_game_twice_is_one_game(world: SmallWorld) -> None:
    first = world.submit()
    (again,) = submit_games(world.store, USER, OPERA, max_plies=600, max_games=1)
    assert (again.verdict, again.game_id) == (Verdict.DUPLICATE, first)
    assert world.submit(user=OTHER) != first


def test_many_games_have_a_verdict_each(world: SmallWorld) -> None:
    games = submit_games(world.store, USER, f"{OPERA}\n\n{BAD}\n\n{OPERA}", max_plies=600, max_games=3)
    assert [game.verdict for game in games] == [Verdict.ACCEPTED, Verdict.REFUSED, Verdict.DUPLICATE]
    assert "Qh7" in str(games[1].refusal)


def test_too_many_games_are_refused_as_a_whole(world: SmallWorld) -> None:
    with pytest.raises(TooLargeError):
        submit_games(world.store, USER, f"{OPERA}\n\n{OPERA}", max_plies=600, max_games=1)
    with pytest.raises(InvalidGameError):
        submit_games(world.store, USER, "  \n", max_plies=600, max_games=1)
    assert not world.store.rows


def test_a_foreign_or_unknown_game_is_not_found_either_way(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    for user, wanted in ((OTHER, game_id), (USER, GameId("33333333-3333-4333-8333-333333333333"))):
        with pytest.raises(GameNotFoundError):
            world.requests.of_game(user, wanted, "r")
        with pytest.raises(GameNotFoundError):
            world.reader.view(user, wanted)


def test_an_analysis_nobody_asked_for_is_not_found(world: SmallWorld) -> None:
    with pytest.raises(AnalysisNotFoundError, match="enhanced-annotate"):
        world.view(world.submit())


def test_a_game_accepted_under_an_older_limit_is_finished(world: SmallWorld) -> None:
    game_id = world.submit()
    world.settings = replace(world.settings, max_plies=10)
    world.request(game_id)
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_an_initial_phase_limited_by_nodes_is_split_like_the_others(world: SmallWorld) -> None:
    world.settings = replace(world.settings, initial_limit=Limit(nodes=50_000))
    game_id = world.submit()
    world.request(game_id)
    assert world.bus.calls == [Phase.INITIAL] * 6
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_a_deleted_game_is_dropped_from_the_queue(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    del world.store.rows[game_id]
    world.answer_calls()
    assert world.queue.counts().jobs == 0


def test_bulk_takes_the_oldest_games_never_asked_for(world: SmallWorld) -> None:
    games = [world.submit(OPERA.replace("Morphy", f"Player {number}")) for number in range(4)]
    world.request(games[0])
    assert world.requests.of_unannotated(USER, 2, "bulk") == 2
    assert world.queue.known(games) == set(games[:3])
    assert world.requests.of_unannotated(OTHER, 10, "bulk") == 0


def test_the_sweeper_begins_unannotated_games_when_told_to(world: SmallWorld) -> None:
    world.settings = replace(world.settings, sweep_unannotated_limit=5)
    game_id = world.submit()
    assert world.sweep().begun == 1
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_waiting_ends_as_soon_as_the_analysis_does(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    started_s = world.clock.monotonic_s()
    assert not world.reader.wait(USER, game_id, at_most_s=25).is_final
    assert 24 <= world.clock.monotonic_s() - started_s <= 26
    world.answer_calls()
    started_s = world.clock.monotonic_s()
    assert world.reader.wait(USER, game_id, at_most_s=25).is_complete
    assert world.clock.monotonic_s() == started_s


def test_waiting_asks_the_queue_and_not_the_store(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    game_id = world.submit()
    world.request(game_id)
    real_read, real_sleep = world.store.analysis, world.clock.sleep
    read_at_s: list[float] = []
    finished_at_s: list[float] = []

    def read(*args: Any, **options: Any) -> Any:
        read_at_s.append(world.clock.monotonic_s())
        return real_read(*args, **options)

    def sleep(seconds: float) -> None:
        real_sleep(seconds)
        if not finished_at_s and world.clock.monotonic_s() - started_s > 5:
            world.answer_calls()
            finished_at_s.append(world.clock.monotonic_s())

    monkeypatch.setattr(world.store, "analysis", read)
    monkeypatch.setattr(world.clock, "sleep", sleep)
    started_s = world.clock.monotonic_s()
    assert world.reader.wait(USER, game_id, at_most_s=25).is_complete
    assert read_at_s == finished_at_s, "once, when it had left the queue"


def test_waiting_goes_by_the_store_while_the_queue_is_away(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    game_id = world.submit()
    world.request(game_id)
    world.answer_calls()

    def away(_: GameId) -> None:
        raise QueueUnavailableError("Redis does not answer")

    monkeypatch.setattr(world.queue, "read", away)
    assert world.reader.wait(USER, game_id, at_most_s=25).is_complete
    assert "queue_unavailable" in world.observer.names()


def test_progress_counts_the_plies_of_the_running_phase(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    status = world.view(game_id).status
    assert status["state"] == "queued"
    assert status["progress"] == {"plies_done": 0, "plies_total": 33, "percent": 0.0}
    assert status["queue_position"] == 0
    world.run(world.bus.calls.pop())
    world.engine.ms_per_position = 400
    seen = []

    def look() -> None:
        seen.append(world.view(game_id).status["progress"]["plies_done"])

    world.engine.before_position = look
    world.run(Phase.INTERMEDIATE)
    assert seen == sorted(seen)
    assert 0 < seen[len(seen) // 2] < 33


def test_the_annotated_pgn_is_to_be_had_as_soon_as_a_phase_is_finished(world: SmallWorld) -> None:
    game_id = world.submit()
    world.request(game_id)
    with pytest.raises(AnalysisNotFoundError):
        world.view(game_id).annotated_pgn()
    world.answer_calls()
    assert "[%eval" in world.view(game_id).annotated_pgn()
