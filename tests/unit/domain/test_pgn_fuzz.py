"""The PGN reader under damaged input, for a few seconds; `make fuzz` does it for longer."""

import pytest

from knight_vision.domain.game import Game
from knight_vision.domain.pgn_reader import read_games
from knight_vision.errors import InvalidGameError
from tests.fuzz import pgn_reader
from tests.fuzz.pgn_reader import fuzz


def test_damaged_games_are_taken_or_refused() -> None:
    findings = fuzz(2_000, seed=1)
    assert findings.failures == []
    assert findings.inputs == 2_000
    # Neither so much damage that nothing is left, nor so little that nothing is tried.
    assert findings.accepted > 300
    assert findings.refused > 1_000
    assert findings.undecodable > 100


def test_the_same_seed_makes_the_same_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    monkeypatch.setattr(pgn_reader, "read_all", lambda text, findings: seen.append(text))
    for seed in (7, 7, 8):
        fuzz(50, seed)
    assert seen[:50] == seen[50:100]
    assert seen[:50] != seen[100:]


def test_a_reader_that_falls_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(text: str, *, max_plies: int, max_games: int) -> list[Game | InvalidGameError]:
        if "$" in text:
            raise ValueError("too many digits")
        return read_games(text, max_plies=max_plies, max_games=max_games)

    monkeypatch.setattr(pgn_reader, "read_games", falls)
    assert any("too many digits" in failure for failure in fuzz(100, seed=1).failures)


def test_a_game_that_is_not_the_same_again_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pgn_reader, "pgn_text", lambda game: "1. d4 *")
    assert any("AssertionError" in failure for failure in fuzz(100, seed=1).failures)


def test_a_slow_reader_and_one_that_keeps_things_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pgn_reader, "FIXED_S", -1.0)
    monkeypatch.setattr(pgn_reader, "MOST_GROWTH_MB", -1.0)
    failures = fuzz(20, seed=1).failures
    assert len(failures) > 10
    assert " s for " in failures[0]
    assert "grew by" in failures[-1]
