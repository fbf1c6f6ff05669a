"""A fake server, and the command run against it in this process without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from knight_vision_cli import api_client, follow
from knight_vision_cli.main import app
from tests.support.fake_api import TOKEN, FakeApi


@dataclass(frozen=True)
class Ran:
    """A finished command."""

    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Ran]


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "SHORTEST_PAUSE_S", 0.001)
    monkeypatch.setattr(api_client, "FIRST_RETRY_S", 0.001)


@pytest.fixture
def api(socket_enabled: None) -> Iterator[FakeApi]:
    with FakeApi() as fake:
        yield fake


@pytest.fixture
def run(api: FakeApi, no_waiting: None) -> Run:
    """Runs a command as a shell without terminal would; any exception but an exit fails the test."""

    def run_command(*arguments: str, stdin: bytes = b"", **settings: str) -> Ran:
        env = {"KNIGHT_VISION_URL": api.url, "KNIGHT_VISION_TOKEN": TOKEN, "NO_PROXY": "*", "COLUMNS": "80"}
        result = CliRunner().invoke(app, arguments, input=stdin, env=env | settings)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run_command


def pgn_of(white: str, black: str, moves: str = "1. e4 e5 *") -> str:
    return f'[Event "Paris"]\n[White "{white}"]\n[Black "{black}"]\n\n{moves}\n\n'


@pytest.fixture
def pgn_file(tmp_path: Path) -> Callable[..., str]:
    """Writes a PGN file of games given as `White - Black`, or with `refused` among them; its path."""

    def write(*games: str, name: str = "games.pgn") -> str:
        texts = [
            pgn_of("Some", "One", "1. Qxh9 *") if game == "refused" else pgn_of(*game.split(" - "))
            for game in games
        ]
        path = tmp_path / name
        path.write_text("".join(texts))
        return str(path)

    return write
