"""The engine of a chaos run: an ordinary one for ordinary games, and deadly for toxic ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.engine import engine_path
from infra.local.process import descendants, is_running
from knight_vision.adapters.stockfish import Stockfish
from knight_vision.domain.game import Game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.segments import Segment
from knight_vision.errors import EngineError
from tests.chaos.games import TOXIC_OPENINGS, Toxin
from tests.chaos.stack_settings import LIMITS, engine_script
from tests.support.wait import wait_until

ORDINARY = Game(("e2e4", "e7e5", "g1f3", "b8c6", "f1b5"))
EARLY, LATE = LIMITS[Phase.INTERMEDIATE], LIMITS[Phase.COMPLETE]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Stockfish]:
    engine = Stockfish(str(engine_script(tmp_path)), hash_mb=16)
    yield engine
    engine.close()


def toxic(toxin: Toxin) -> Game:
    return Game((*TOXIC_OPENINGS[toxin].split(), "g1f3"))


def search(engine: Stockfish, game: Game, limit: Limit) -> object:
    segment = Segment(0, 0, game.position_count - 1)
    return engine.search_segment(game, segment, limit, deadline_s=20)


def test_ordinary_games_are_searched_as_by_the_engine_itself(engine: Stockfish) -> None:
    plain = Stockfish(engine_path(), hash_mb=16)
    try:
        assert search(engine, ORDINARY, LATE) == search(plain, ORDINARY, LATE)
        assert engine.name == plain.name
    finally:
        plain.close()


def test_a_game_that_kills_the_engine_does_and_the_next_search_has_a_new_one(engine: Stockfish) -> None:
    with pytest.raises(EngineError, match="died"):
        search(engine, toxic(Toxin.KILLS_ENGINE), EARLY)
    assert search(engine, ORDINARY, EARLY)


def test_a_late_toxin_leaves_the_phases_before_alone(engine: Stockfish) -> None:
    assert search(engine, toxic(Toxin.KILLS_WORKER_LATE), EARLY)


@pytest.mark.parametrize(
    ("toxin", "limit"), [(Toxin.KILLS_WORKER, EARLY), (Toxin.KILLS_WORKER_LATE, LATE)], ids=["any", "late"]
)
def test_a_game_that_kills_the_worker_does(tmp_path: Path, toxin: Toxin, limit: Limit) -> None:
    commands = f"position startpos moves {TOXIC_OPENINGS[toxin]}\ngo {limit}\n"
    worker = "import subprocess, sys; subprocess.run([sys.argv[1]], input=sys.argv[2].encode())"
    ended = subprocess.run(
        [sys.executable, "-c", worker, str(engine_script(tmp_path)), commands],
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert ended.returncode == -9


def test_the_engine_goes_with_its_reader(engine: Stockfish) -> None:
    search(engine, ORDINARY, EARLY)
    assert engine.pid is not None
    [stockfish] = descendants(engine.pid)
    engine.close()
    wait_until(lambda: not is_running(stockfish), description="the engine has ended")
