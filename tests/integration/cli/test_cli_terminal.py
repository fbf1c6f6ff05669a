"""The client as a process of its own: on a terminal, interrupted, and what it imports."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_api import TOKEN, FakeApi

PgnFile = Callable[..., str]
CLIENT = Path(__file__).parents[3] / "clients" / "cli"
COMMAND = [sys.executable, "-c", "from knight_vision_cli.main import app; app()"]
COLOUR = re.compile(r"\x1b\[[0-9;]*(3[0-9]|9[0-7])m")


def environment(api: FakeApi, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return kept | {
        "PYTHONPATH": str(CLIENT),
        "KNIGHT_VISION_URL": api.url,
        "KNIGHT_VISION_TOKEN": TOKEN,
        "TERM": "xterm-256color",
        **more,
    }


def run_on_terminal(api: FakeApi, *arguments: str, **settings: str) -> str:
    """What the command draws on a terminal of 80 × 24."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(api, **settings)
    ) as process:
        os.close(theirs)
        drawn = b""
        while chunk := read_some(ours):
            drawn += chunk
        os.close(ours)
    assert process.returncode == 0
    return drawn.decode()


def read_some(terminal: int) -> bytes:
    """The next output; empty at the end, which Linux reports as an error."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_on_a_terminal_bars_are_drawn_and_gone_at_the_end(api: FakeApi, pgn_file: PgnFile) -> None:
    drawn = run_on_terminal(api, "analyze", pgn_file("Morphy - Duke Karl"))
    assert re.search(r"intermediate\x1b?.*━.*10/40", drawn)
    assert "ready in 1:01 min" in drawn
    assert re.search(r"so far.*White 91\.5% 0 blunders  Black 70\.2% 2 blunders  \+1\.35", drawn)
    assert COLOUR.search(drawn)
    *_, after_the_last_erasure = drawn.split("\x1b[2K")
    assert "━" not in after_the_last_erasure
    assert "92.5%" in after_the_last_erasure


def test_no_color_is_respected(api: FakeApi, pgn_file: PgnFile) -> None:
    drawn = run_on_terminal(api, "analyze", pgn_file("Morphy - Duke Karl"), NO_COLOR="1")
    assert "intermediate" in drawn
    assert not COLOUR.search(drawn)


@pytest.mark.parametrize("games", [1, 5])
def test_interrupted_it_says_how_to_look_at_what_goes_on(api: FakeApi, pgn_file: PgnFile, games: int) -> None:
    api.hold.set()
    names = [f"White{number} - Black{number}" for number in range(games)]
    with subprocess.Popen(
        [*COMMAND, "analyze", pgn_file(*names)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(api),
    ) as process:
        api.wait_for_request("/analysis/status")
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert stdout == ""
    assert "Interrupted.\nThe analysis goes on at the server." in stderr
    assert stderr.count("knight-vision status ") == min(games, 3)
    assert ("knight-vision games" in stderr) is (games > 3)
    assert "Traceback" not in stderr


def loaded_by(program: str, env: dict[str, str]) -> set[str]:
    """The modules a Python program has loaded at its end."""
    program += "\nimport sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_help_comes_without_loading_the_network_and_the_drawing(api: FakeApi) -> None:
    loaded = loaded_by("import knight_vision_cli.main", environment(api))
    assert not loaded & {"httpx", "rich.live", "rich.table", "knight_vision_cli.api_client"}


def test_the_client_needs_nothing_of_the_service(api: FakeApi) -> None:
    names: list[Any] = [path.stem for path in sorted((CLIENT / "knight_vision_cli").glob("*.py"))]
    loaded = loaded_by("\n".join(f"import knight_vision_cli.{name}" for name in names), environment(api))
    assert "knight_vision_cli.picture" in loaded
    assert not loaded & {"knight_vision", "chess", "api", "boto3", "redis", "fastapi"}
