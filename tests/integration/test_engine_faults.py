"""The engine adapter on a program that misbehaves: deadline, crash, nonsense, and always a fresh start."""

import os
import stat
import sys
import tracemalloc
from pathlib import Path

import pytest

from knight_vision.adapters.stockfish import Stockfish
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.phase import Limit
from knight_vision.domain.segments import Segment
from knight_vision.errors import EngineError, EngineTimeoutError

ONE = Segment(0, 0, 0)
GAME = Game(moves=())


@pytest.fixture
def fake(tmp_path: Path) -> str:
    path = tmp_path / "engine"
    source = Path(__file__).parents[1] / "support" / "fake_engine.py"
    path.write_text(f"#!{sys.executable}\n{source.read_text()}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def search(engine: Stockfish, deadline_s: float = 10.0) -> tuple[Evaluation, ...]:
    return engine.search_segment(GAME, ONE, Limit(nodes=10), deadline_s=deadline_s)


def is_running(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}")


def test_bounds_are_ignored_and_the_last_exact_line_counts(fake: str) -> None:
    engine = Stockfish(fake, hash_mb=1)
    assert engine.name == "Fake 1.0"
    assert search(engine) == (Evaluation(white_cp=17, line=("e2e4", "e7e5"), depth=2, nodes=42),)
    engine.close()


def test_a_hanging_engine_is_killed_at_its_deadline(fake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_ENGINE", "hang")
    engine = Stockfish(fake, hash_mb=1)
    assert engine.name == "Fake 1.0"
    pid = engine.pid
    assert pid is not None
    with pytest.raises(EngineTimeoutError):
        search(engine, deadline_s=0.2)
    assert engine.pid is None
    assert not is_running(pid)


def test_what_comes_after_megabytes_of_words_counts(fake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_ENGINE", "babble")
    engine = Stockfish(fake, hash_mb=1)
    assert search(engine)[0].white_cp == 17
    engine.close()


def test_an_engine_that_never_stops_talking_is_killed_and_costs_no_memory(
    fake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE", "flood")
    engine = Stockfish(fake, hash_mb=1)
    tracemalloc.start()
    try:
        with pytest.raises(EngineTimeoutError):
            search(engine, deadline_s=1.0)
        most_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most_bytes < 2**22
    assert engine.pid is None


@pytest.mark.parametrize("mode", ["crash", "nonsense"])
def test_after_a_fault_the_next_search_starts_anew(
    fake: str, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("FAKE_ENGINE", mode)
    engine = Stockfish(fake, hash_mb=1)
    with pytest.raises(EngineError):
        search(engine)
    engine.close()
    monkeypatch.setenv("FAKE_ENGINE", "ok")
    assert search(engine)[0].white_cp == 17
    engine.close()


def test_an_engine_killed_from_outside_is_replaced(fake: str) -> None:
    engine = Stockfish(fake, hash_mb=1)
    search(engine)
    assert engine.pid is not None
    os.kill(engine.pid, 9)
    try:
        search(engine)
    except EngineError:
        # It may be found dead only while being spoken to; then the next search starts anew.
        search(engine)
    engine.close()


def test_a_missing_engine_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no-such-engine"):
        search(Stockfish(str(tmp_path / "no-such-engine"), hash_mb=1))


def test_closing_leaves_no_process(fake: str) -> None:
    engine = Stockfish(fake, hash_mb=1)
    search(engine)
    pid = engine.pid
    engine.close()
    assert pid is not None
    assert not is_running(pid)
