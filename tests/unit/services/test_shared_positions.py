"""What one game's search found is not searched again for another, unless it was found with less."""

from __future__ import annotations

from dataclasses import replace

import chess
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.job import UserId
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.position_cache import PositionKey, position_keys
from knight_vision.domain.segments import Segment
from knight_vision.errors import EngineError
from tests.support.memory_position_cache import MemoryPositionCache
from tests.support.scripted_engine import MaterialEngine
from tests.support.small_world import (
    OPERA,
    OTHER,
    SETTINGS,
    USER,
    SmallWorld,
    finished_report,
    report_without_faults,
)

DEVIATING = OPERA.replace("9. Bg5 b5", "9. Bg5 h6 10. Be3 b5 11. Bd3 *").partition(" 10. Nxb5")[0]
"""The opera game up to position 17, then something else up to position 21."""
OPERA_POSITIONS = 34
MATED = 33
"""The opera game's last position, which needs no search and is not in the cache."""


class TellingEngine(MaterialEngine):
    """Says in the depth of each evaluation how much it was asked to search."""

    def evaluate(self, board: chess.Board, limit: Limit) -> Evaluation:
        return replace(super().evaluate(board, limit), depth=limit.nodes or limit.depth)


@pytest.fixture
def cache() -> MemoryPositionCache:
    return MemoryPositionCache()


@pytest.fixture
def world(cache: MemoryPositionCache) -> SmallWorld:
    return SmallWorld(cache=cache)


def analyse(world: SmallWorld, pgn: str = OPERA, user: UserId = USER) -> dict[str, object]:
    """The last phase's report of a new game."""
    game_id = world.submit(pgn, user)
    world.request(game_id, user)
    world.answer_calls()
    return finished_report(world, game_id, user)


def counted(world: SmallWorld, metric: str, phase: Phase) -> float:
    return sum(
        value for name, value, where in world.observer.metrics if (name, where) == (metric, {"phase": phase})
    )


def test_the_queue_counts_what_needed_no_search(world: SmallWorld) -> None:
    analyse(world)
    assert world.queue.activity().known == {}
    analyse(world, user=OTHER)
    activity = world.queue.activity()
    for phase in Phase:
        assert activity.positions[phase].total_ms == 2 * OPERA_POSITIONS
        assert activity.known[phase].total_ms == OPERA_POSITIONS - 1, "all but the mate"


def test_the_first_game_is_searched_in_full_and_reported_as_without_a_cache(world: SmallWorld) -> None:
    assert analyse(world) == report_without_faults()
    assert world.engine.positions_searched == 3 * OPERA_POSITIONS


def test_the_same_game_of_another_user_is_not_searched_again_and_says_the_same(world: SmallWorld) -> None:
    first = analyse(world)
    world.engine.positions_searched = 0
    again = analyse(world, user=OTHER)
    assert {**again, "cost": None} == {**first, "cost": None}
    again_cost, first_cost = again["cost"], first["cost"]
    assert isinstance(again_cost, dict)
    assert isinstance(first_cost, dict)
    assert again_cost["dollars"] < first_cost["dollars"]
    assert world.engine.positions_searched == 3, (
        "the mate, which the engine is not asked about, in each phase"
    )


def test_a_game_that_leaves_another_is_searched_from_there_on(world: SmallWorld) -> None:
    analyse(world)
    world.engine.positions_searched = 0
    analyse(world, DEVIATING)
    assert world.engine.positions_searched == 3 * (21 - 17)


def test_hits_and_misses_are_counted_for_each_phase(world: SmallWorld) -> None:
    analyse(world)
    analyse(world, DEVIATING)
    for phase in Phase:
        assert counted(world, "PositionCacheHits", phase) == 18
        assert counted(world, "PositionCacheMisses", phase) == OPERA_POSITIONS - 1 + 4


def test_nodes_that_an_earlier_game_cost_are_not_counted_again(world: SmallWorld) -> None:
    analyse(world)
    world.observer.metrics.clear()
    analyse(world, user=OTHER)
    assert counted(world, "NodesSearched", Phase.COMPLETE) == 0
    assert counted(world, "SegmentTime", Phase.COMPLETE) == 1, "the mate's"


def test_each_segment_reads_once_and_writes_once(world: SmallWorld, cache: MemoryPositionCache) -> None:
    analyse(world)
    assert cache.calls == ["read", "write"] * (1 + 6 + 6)


def test_without_a_cache_the_second_game_is_searched_like_the_first() -> None:
    world = SmallWorld()
    analyse(world)
    analyse(world, user=OTHER)
    assert world.engine.positions_searched == 2 * 3 * OPERA_POSITIONS
    assert not any(name.startswith("PositionCache") for name, _value, _where in world.observer.metrics)


def test_a_cache_that_is_away_costs_searches_only(world: SmallWorld, cache: MemoryPositionCache) -> None:
    analyse(world)
    cache.is_away = True
    assert analyse(world, user=OTHER) == report_without_faults()
    assert world.engine.positions_searched == 2 * 3 * OPERA_POSITIONS


def test_a_failed_attempt_shares_nothing(world: SmallWorld, cache: MemoryPositionCache) -> None:
    world.request(world.submit())
    world.engine.faults = [EngineError("crash")]
    world.run(Phase.INITIAL)
    assert cache.calls == ["read", "read", "write"]


class TestBacklog:
    """A game whose complete phase has half the nodes."""

    @pytest.fixture(autouse=True)
    def engine(self, world: SmallWorld) -> None:
        world.engine = TellingEngine(world.clock)

    def analyse_late(self, world: SmallWorld, pgn: str = OPERA) -> dict[str, object]:
        game_id = world.submit(pgn)
        world.request(game_id)
        world.run(world.bus.calls.pop(0))
        world.run(Phase.INTERMEDIATE)
        world.clock.advance(2 * world.settings.degrade_after_ms)
        world.run(Phase.COMPLETE)
        world.bus.calls.clear()
        return finished_report(world, game_id)

    def test_what_was_searched_with_less_is_not_shared(
        self, world: SmallWorld, cache: MemoryPositionCache
    ) -> None:
        assert self.analyse_late(world)["limit"] == "nodes 500000 adaptive"
        depths = {found.depth for found in cache.entries.values()}
        assert depths == {8, 150_000}, "what the phases before have searched"

    def test_what_was_searched_in_full_is_taken_and_the_rest_searched_with_less(
        self, world: SmallWorld
    ) -> None:
        analyse(world)
        late = self.analyse_late(world, DEVIATING)
        assert late["limit"] == "nodes 500000 adaptive"
        moves = late["moves"]
        assert isinstance(moves, list)
        depths = [move["depth"] for move in moves]
        assert depths == [1_000_000] * 17 + [500_000] * 4


class TestSecondLook:
    """Before 16.Qb8+, a sacrifice: played where it is the engine's choice, it deserves a second look."""

    PLY = 30
    LIMIT = Limit(nodes=1_000_000, is_adaptive=True)
    SHARED = Evaluation(white_mate=2, line=("b3b8", "d7b8", "d1d8"), depth=20, nodes=1_000_000)

    @pytest.fixture
    def key(self, world: SmallWorld) -> PositionKey:
        game = read_game(OPERA, max_plies=600)
        return position_keys(game, Segment(0, self.PLY, self.PLY), world.engine.name, self.LIMIT)[self.PLY]

    def test_a_hit_without_the_second_score_that_is_due_is_searched_and_shared_anew(
        self, world: SmallWorld, cache: MemoryPositionCache, key: PositionKey
    ) -> None:
        cache.entries[key] = self.SHARED
        assert analyse(world) == report_without_faults()
        assert cache.entries[key].white_mate is None, "the material engine's own"

    def test_a_hit_with_a_second_score_stays_when_a_game_has_no_use_for_it(
        self, world: SmallWorld, cache: MemoryPositionCache, key: PositionKey
    ) -> None:
        shared = replace(self.SHARED, second_white_cp=150)
        cache.entries[key] = shared
        analyse(world, OPERA.replace("16. Qb8+ Nxb8 17. Rd8# 1-0", "16. Be3 *"))
        assert cache.entries[key] == shared
        analyse(world)
        assert cache.entries[key] == shared


def test_the_setting_is_on_by_default() -> None:
    assert SETTINGS.position_cache_ttl_s == 30 * 86_400
