"""Games that bring their evaluations along: the first report at once, whatever is lost in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import MoveText
from knight_vision.domain.job import GameId
from knight_vision.domain.pgn_reader import pgn_text, read_game
from knight_vision.domain.phase import Phase
from knight_vision.errors import StoreUnavailableError
from knight_vision.ports import AnalysisState, PhaseResult, SaveAnswer
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


def test_the_first_report_is_there_when_the_request_is_answered(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    requested = world.requests.of_game(USER, game_id, "request-1").requested
    assert (requested.state, requested.finished_phase) == (AnalysisState.RUNNING, Phase.INITIAL)
    view = world.view(game_id)
    assert (view.status["state"], view.status["phase"]) == ("running", "intermediate")
    assert view.report is not None
    assert (view.report["phase"], view.report["engine"]) == ("initial", "Imported evaluations")
    assert [row["white_cp"] for row in view.report["moves"]] == [*range(10, 330, 10), None]
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


def test_a_log_line_says_that_the_report_was_imported(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    (fields,) = [fields for name, fields in world.observer.events if name == "report_imported"]
    assert fields["game_id"] == game_id
    assert (fields["generation"], fields["correlation_id"], fields["saved"]) == (1, "request-1", "saved")


@pytest.mark.parametrize("ply", [1, 20, 32])
def test_one_evaluation_missing_and_the_engine_does_it_all(world: SmallWorld, ply: int) -> None:
    game_id = world.submit(with_evaluations(OPERA, left_out=ply))
    world.request(game_id)
    assert world.view(game_id).report is None
    assert world.bus.calls == [Phase.INITIAL]


def test_a_game_without_evaluations_is_not_even_read(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    game_id = world.submit()
    monkeypatch.setattr(world.store, "read_pgn", pytest.fail)
    world.request(game_id)
    assert world.bus.calls == [Phase.INITIAL]


def test_asking_again_imports_nothing_again(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    world.answer_calls()
    monkeypatch.setattr(world.store, "read_pgn", pytest.fail)
    world.request(game_id)
    assert world.view(game_id).is_complete
    assert world.bus.calls == []


def test_a_cancelled_analysis_begins_again_with_the_imported_report(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    world.store.cancel(USER, game_id)
    world.request(game_id)
    status = world.view(game_id).status
    assert (status["generation"], status["finished_phase"]) == (2, "initial")
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_in_bulk_it_waits_for_the_engine_until_somebody_asks_for_it_alone(
    world: SmallWorld,
) -> None:
    game_id = world.submit(EVALUATED)
    assert world.requests.of_unannotated(USER, 10, "bulk") == 1
    assert world.view(game_id).report is None
    world.request(game_id)
    assert world.view(game_id).status["finished_phase"] == "initial"
    world.bus.calls.append(Phase.INITIAL)
    world.answer_calls()
    report = finished_report(world, game_id)
    assert report["phase"] == "complete"


# What is lost in between


class FaultyStore(MemoryStore):
    """Fails in one call, or lets something happen just before it saves."""

    def __init__(self, world: SmallWorld, failing: str = "") -> None:
        super().__init__(clock=world.clock)
        self.failing = failing
        self.before_saving: Callable[[], object] = lambda: None

    def read_pgn(self, game_id: GameId) -> str | None:
        if self.failing == "read_pgn":
            raise StoreUnavailableError("away")
        return super().read_pgn(game_id)

    def save_phase(self, result: PhaseResult) -> SaveAnswer:
        if self.failing == "save_phase":
            raise StoreUnavailableError("away")
        self.before_saving()
        return super().save_phase(result)


@pytest.mark.parametrize("failing", ["read_pgn", "save_phase"])
def test_a_store_that_goes_away_costs_the_shortcut_not_the_request(world: SmallWorld, failing: str) -> None:
    world.store = store = FaultyStore(world, failing)
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    assert world.view(game_id).status["state"] == "queued"
    assert world.observer.names().count("import_failed") == 1
    store.failing = ""
    assert world.bus.calls == [Phase.INITIAL]
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_a_queue_lost_after_the_import_is_rebuilt_behind_it(world: SmallWorld) -> None:
    game_id = world.submit(EVALUATED)
    world.request(game_id)
    world.bus.calls.clear()
    world.lose_the_queue()
    world.clock.advance(world.settings.rebuild_after_ms + 1)
    assert world.sweep().rebuilt == 1
    assert set(world.bus.calls) == {Phase.INTERMEDIATE}
    world.answer_calls()
    assert world.view(game_id).is_complete


def test_cancelled_while_it_was_imported_nothing_is_saved(world: SmallWorld) -> None:
    world.store = store = FaultyStore(world)
    game_id = world.submit(EVALUATED)
    store.before_saving = lambda: store.cancel(USER, game_id)
    world.request(game_id)
    view = world.view(game_id)
    assert (view.status["state"], view.report) == ("cancelled", None)


def test_deleted_while_it_was_imported_it_is_dropped(world: SmallWorld) -> None:
    world.store = store = FaultyStore(world)
    game_id = world.submit(EVALUATED)
    store.before_saving = lambda: store.rows.pop(game_id)
    world.request(game_id)
    world.answer_calls()
    assert world.queue.counts().jobs == 0
