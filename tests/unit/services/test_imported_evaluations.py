"""Games that bring their evaluations along: the first report with no engine, whatever is lost in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import MoveText
from knight_vision.domain.imported_evaluations import report_from_pgn
from knight_vision.domain.job import GameId
from knight_vision.domain.pgn_reader import pgn_text, read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.errors import StoreUnavailableError
from tests.support.memory_store import MemoryStore
from tests.support.small_world import OPERA, USER, SmallWorld, finished_report


def with_evaluations(pgn: str, left_out: int | None = None) -> str:
    game = read_game(pgn, max_plies=100)
    texts = tuple(
        MoveText(None if ply == left_out else Evaluation(white_cp=10 * ply))
        for ply in range(1, game.ply_count + 1)
    )
    return pgn_text(replace(game, texts=texts))


EVALUATED = with_evaluations(OPERA)


def test_the_first_report_takes_no_engine(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    assert world.bus.calls == [Phase.INITIAL]
    world.run(world.bus.calls.pop())
    view = world.view(game_id)
    assert (view.status["state"], view.status["phase"]) == ("running", "intermediate")
    assert view.report is not None
    expected = report_from_pgn(read_game(EVALUATED, max_plies=100))
    assert expected is not None
    cost = view.report["cost"]
    assert view.report == {**expected.summary, "moves": expected.moves, "cost": cost}
    assert (view.report["phase"], view.report["engine"]) == ("initial", "Imported evaluations")
    assert [row["white_cp"] for row in view.report["moves"]] == [*range(10, 330, 10), None]
    assert cost["requests"] == 1
    assert world.bus.calls == [Phase.INTERMEDIATE] * 6
    assert world.engine.searched == []


def test_the_engine_goes_on_at_the_intermediate_phase(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    world.answer_calls()
    report = finished_report(world, game_id)
    assert report["engine"] == world.engine.name
    positions = [p for first, last in world.engine.searched for p in range(first, last + 1)]
    assert sorted(positions) == sorted(list(range(34)) * 2)


def test_a_log_line_says_that_nothing_was_searched(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    world.run(Phase.INITIAL)
    (fields,) = [fields for name, fields in world.observer.events if name == "evaluations_taken"]
    assert (fields["game_id"], fields["generation"]) == (game_id, 1)
    assert (fields["phase"], fields["correlation_id"]) == (Phase.INITIAL, "request-1")
    assert "segment_searched" not in world.observer.names()


def test_it_says_nothing_of_how_long_a_search_takes(world: SmallWorld) -> None:
    world.request(world.submit(EVALUATED))
    world.run(Phase.INITIAL)
    world.request(waiting := world.submit())
    job = world.view(waiting).job
    assert job is not None
    assert job.ms_per_position is None


@pytest.mark.parametrize("ply", [1, 20, 32])
def test_one_evaluation_missing_and_the_engine_does_it_all(world: SmallWorld, ply: int) -> None:
    game_id = world.submit(with_evaluations(OPERA, left_out=ply))
    world.request(game_id)
    world.run(Phase.INITIAL)
    report = world.view(game_id).report
    assert report is not None
    assert report["engine"] == world.engine.name
    assert sorted(world.engine.searched) == [(0, 33)]


def test_a_game_without_evaluations_is_read_for_its_report_alone(world: SmallWorld) -> None:
    world.store = store = FaultyStore(world)
    world.request(world.submit())
    world.run(Phase.INITIAL)
    assert store.reads == 1


def test_an_initial_phase_in_segments_takes_each_from_the_pgn(world: SmallWorld) -> None:
    world.settings = replace(world.settings, initial_limit=Limit(nodes=10))
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    while Phase.INITIAL in world.bus.calls:
        world.bus.calls.remove(Phase.INITIAL)
        world.run(Phase.INITIAL)
    report = world.view(game_id).report
    assert report is not None
    assert (report["engine"], report["limit"]) == ("Imported evaluations", "imported")
    assert world.observer.names().count("evaluations_taken") > 1
    assert world.engine.searched == []


def test_a_cancelled_analysis_begins_again_with_the_imported_report(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    world.store.cancel(USER, game_id)
    world.request(game_id)
    world.run(Phase.INITIAL)
    status = world.view(game_id).status
    assert (status["generation"], status["finished_phase"]) == (2, "initial")
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_in_bulk_it_takes_no_engine_either(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    assert world.requests.of_unannotated(USER, 10, "bulk") == 1
    world.run(Phase.INITIAL)
    report = world.view(game_id).report
    assert report is not None
    assert report["engine"] == "Imported evaluations"
    assert world.engine.searched == []


# What is lost in between


class FaultyStore(MemoryStore):
    """Is away for as many reads of a PGN as it is told, and counts them."""

    def __init__(self, world: SmallWorld, failing: int = 0) -> None:
        super().__init__(clock=world.clock)
        self.failing = failing
        self.reads = 0

    def read_pgn(self, game_id: GameId) -> str | None:
        self.reads += 1
        if self.reads <= self.failing:
            raise StoreUnavailableError("away")
        return super().read_pgn(game_id)


@pytest.mark.parametrize("failing", [1, 2])
def test_a_store_that_goes_away_costs_time_alone(world: SmallWorld, failing: int) -> None:
    world.store = FaultyStore(world, failing)
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    for _ in range(10):
        world.run(Phase.INITIAL)
        world.clock.advance(60_000)
        world.sweep()
    report = world.view(game_id).report
    assert report is not None
    assert report["engine"] == "Imported evaluations"
    assert world.engine.searched == []
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_a_queue_lost_after_the_import_is_rebuilt_behind_it(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    world.run(Phase.INITIAL)
    world.bus.calls.clear()
    world.lose_the_queue()
    world.clock.advance(world.settings.rebuild_after_ms + 1)
    assert world.sweep().rebuilt == 1
    assert set(world.bus.calls) == {Phase.INTERMEDIATE}
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_a_queue_lost_before_it_is_rebuilt_with_what_the_game_brings(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    world.lose_the_queue()
    world.clock.advance(world.settings.rebuild_after_ms + 1)
    assert world.sweep().rebuilt == 1
    world.run(Phase.INITIAL)
    assert world.engine.searched == []
    assert world.view(game_id).status["finished_phase"] == "initial"


def test_deleted_before_it_was_taken_it_is_dropped(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    world.store.rows.pop(game_id)
    world.answer_calls()
    assert world.queue.counts().jobs == 0
