"""A run can be repeated: its seed decides everything, and what it decides is what the run needs."""

from __future__ import annotations

import chess
import pytest

from knight_vision.domain.pgn_reader import read_game
from tests.chaos.games import SHORTEST_PLIES, TOXIC_OPENINGS, Toxin
from tests.chaos.plan import FaultKind, Plan, Way, make_plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(seed=7, games=300, duration_s=150)


def test_the_same_seed_makes_the_same_plan_and_another_one_another() -> None:
    assert make_plan(1, 40, 30) == make_plan(1, 40, 30)
    assert make_plan(1, 40, 30) != make_plan(2, 40, 30)


def test_more_games_do_not_change_the_faults() -> None:
    assert make_plan(1, 40, 30).faults == make_plan(1, 80, 30).faults


def test_there_are_as_many_games_as_asked_for_all_different_and_legal(plan: Plan) -> None:
    games = [errand.game for errand in plan.errands]
    assert [game.number for game in games] == list(range(300))
    assert len({game.moves for game in games}) == 300
    for game in games:
        read = read_game(game.pgn, max_plies=600)
        assert read.moves == game.moves
        assert read.ply_count >= SHORTEST_PLIES or read.boards[-1].is_game_over()


def test_the_toxic_games_and_no_others_begin_toxic(plan: Plan) -> None:
    for errand in plan.errands:
        begins = [
            toxin for toxin, opening in TOXIC_OPENINGS.items() if opening_of(errand.game.moves) == opening
        ]
        assert begins == ([errand.game.toxin] if errand.game.toxin else [])
    assert {errand.game.toxin for errand in plan.errands} == {None, *Toxin}
    assert {errand.way for errand in plan.errands if errand.game.toxin} <= {Way.ONCE, Way.BULK}


def opening_of(moves: tuple[str, ...]) -> str:
    return " ".join(moves[:4])


@pytest.mark.parametrize("toxin", list(Toxin))
def test_toxic_openings_are_legal(toxin: Toxin) -> None:
    board = chess.Board()
    for move in TOXIC_OPENINGS[toxin].split():
        board.push_uci(move)


def test_a_long_enough_run_has_every_fault_and_way_and_both_plans(plan: Plan) -> None:
    assert {fault.kind for fault in plan.faults} == set(FaultKind)
    assert {errand.way for errand in plan.errands} == set(Way)
    assert set(plan.premium) == {True, False}
    assert all(0 <= batch.at_s <= plan.duration_s for batch in plan.batches)


def test_every_lane_has_faults_with_pauses_that_fill_the_time(plan: Plan) -> None:
    for lane in plan.lanes:
        assert len({fault.lane for fault in lane}) == 1
        took_s = sum(fault.pause_s + fault.lasts_s for fault in lane)
        assert 0.7 * plan.duration_s < took_s < plan.duration_s + 10
        assert min(fault.pause_s for fault in lane) >= 0.5
