"""That the bench still fits the product and its peers' apps, and judges what it measured."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from infra.local.engine import engine_path
from knight_vision.domain.game import Game
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Phase
from tests.bench.installed import PeerError
from tests.bench.peers.contestants import PEERS, Peer
from tests.bench.peers.main import told
from tests.bench.peers.ours import OneWorker, TwoWorkers, settings_with
from tests.bench.peers.report import GOALS, TOLD, Results, goals, markdown, version_of
from tests.bench.peers.rounds import APPS, Names, Setting, measured_round, ours_and_pipes, proven

SHORT = "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O Be7 *"
DEPTH, HASH_MB = 4, 1


@pytest.fixture
def game() -> Game:
    return read_game(SHORT, max_plies=600)


@pytest.fixture
def setting(game: Game) -> Setting:
    return Setting(Path("short.pgn"), SHORT, game, engine_path(), DEPTH, HASH_MB)


def test_two_workers_report_what_one_does() -> None:
    """Segments begin with a fresh hash, whoever searches them."""
    settings = settings_with(DEPTH, HASH_MB)
    one, two = OneWorker(engine_path(), settings), TwoWorkers(engine_path(), settings)
    try:
        found = one.analyse(SHORT, Phase.COMPLETE)
        assert two.analyse(SHORT, Phase.COMPLETE) == found
    finally:
        one.close()
        two.close()
    summary, moves = json.loads(found)
    assert (summary["phase"], summary["limit"], len(moves)) == ("complete", f"depth {DEPTH}", 10)


def test_everything_that_is_no_peer_is_measured_and_described(setting: Setting) -> None:
    with ours_and_pipes(setting) as contestants:
        assert all(seconds() > 0 for seconds in contestants.values())
        assert {*contestants, *(peer.name for peer in PEERS)} == {*TOLD}
    assert "1 games, 10 to 10 plies" in told([setting, setting], 0.0)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_has_an_app_and_a_pinned_version(peer: Peer) -> None:
    tree = ast.parse((APPS / f"{peer.library}_app.py").read_text())
    assert peer.function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert version_of(peer)[0].isdecimal()


def test_a_ratio_is_to_the_bound_just_before_and_after() -> None:
    bounds = iter([2.0, 4.0, 8.0])
    mean, found = measured_round(
        lambda: next(bounds), {"one": lambda: 3.0, "other": lambda: 3.0}, lambda *_: None
    )
    assert found == {"one": (3.0, 1.0), "other": (3.0, 0.5)}
    assert mean == pytest.approx(14 / 3)


def test_a_peer_that_fails_is_left_out_with_its_reason() -> None:
    def fails() -> float:
        raise PeerError("no wheel")

    failures = {}
    _, found = measured_round(
        lambda: 1.0, {"one": fails, "other": lambda: 2.0}, lambda name, error: failures.update({name: error})
    )
    assert list(found) == ["other"]
    assert str(failures["one"]) == "no wheel"


def test_a_peer_that_leaves_positions_out_is_not_measured(game: Game) -> None:
    assert proven(PEERS[0], {"seconds": 1.5, "positions": 9}, game) == 1.5
    with pytest.raises(PeerError, match="8 of 11"):
        proven(PEERS[0], {"seconds": 1.5, "positions": 8}, game)


def results_of(one_core: float, two_cores: float) -> Results:
    results = Results()
    for bound_s, more_s in ((0.5, 0.05), (1.0, 0.05), (2.0, -0.1)):
        one_s, two_s = bound_s * one_core + more_s, bound_s * two_cores + more_s
        found = {Names.one_core: (one_s, one_s / bound_s), Names.two_cores: (two_s, two_s / bound_s)}
        results.add(bound_s, found)
    return results


@pytest.mark.parametrize(
    ("one_core", "two_cores", "expected"),
    [(0.79, 0.44, [True, True]), (0.81, 0.44, [False, True]), (0.79, 0.46, [True, False])],
)
def test_goals_are_judged_by_all_seconds(one_core: float, two_cores: float, expected: list[bool]) -> None:
    assert [row.is_kept for row in goals(results_of(one_core, two_cores))] == expected


def test_the_table_says_who_was_skipped_and_why() -> None:
    results = results_of(0.78, 0.44)
    results.failures[PEERS[0].name] = "fishnet does not install"
    lines = markdown(results).splitlines()
    assert "| **Knight Vision, two cores** " in lines[2]
    assert "0.44 (0.39 to 0.54)" in lines[2]
    assert "1.00" in lines[4]
    assert "skipped: fishnet does not install" in lines[-1]
    assert len(GOALS) == 2
