"""A UCI engine process on a plain pipe, with a deadline on every answer. Knows the protocol, not chess.

python-chess' engine module costs 0.5 ms a position beside a search of 1.2 ms (depth 8), and has no timeout
for searches limited by nodes or depth; hence our own, see docs/decisions/0012.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import time

from knight_vision.errors import EngineError, EngineTimeoutError

__all__ = ["UciProcess"]

PATIENT = re.compile(r"Stockfish (\d+)")
START_DEADLINE_S = 10.0
"""Until `uciok` and `readyok`: loading 75 MB of network on a cold disk takes seconds."""
MOST_BYTES = 2**18
"""So much of one answer is kept: a thousand lines."""


class UciProcess:
    """One running engine. After any error it is dead: make a new one."""

    def __init__(self, path: str, options: dict[str, str]) -> None:
        """Start the engine and set its options. Raises EngineError when there is no usable engine."""
        try:
            self._process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        except OSError as error:
            raise EngineError(f"The engine {path} cannot be started: {error}") from error
        if self._process.stdin is None or self._process.stdout is None:
            raise EngineError("The engine has no pipes")
        self._input = self._process.stdin.fileno()
        self._output = self._process.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._output, select.POLLIN | select.POLLHUP)
        self._rest = b"\n"
        """What was read and not looked at, after the end of a line."""
        self.name = path
        deadline = time.monotonic() + START_DEADLINE_S
        self.send("uci")
        for line in self.lines_until("uciok", deadline):
            if line.startswith("id name "):
                self.name = line.removeprefix("id name ").strip()
        self.send(*(f"setoption name {name} value {value}" for name, value in options.items()))
        self.wait_ready(deadline)

    @property
    def pid(self) -> int:
        """The engine's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """False when the process has ended."""
        return self._process.poll() is None

    @property
    def is_patient(self) -> bool:
        """True for an engine that takes the next search while it is at one, and begins it after that.

        Stockfish from 17 on. Older ones as well, but there setting up a position counts nodes, which the
        running search sees.
        """
        version = PATIENT.match(self.name)
        return version is not None and int(version[1]) >= 17

    def send(self, *commands: str) -> None:
        """Write commands. Raises EngineError when the engine is gone."""
        data = "".join(f"{command}\n" for command in commands).encode()
        try:
            while data:
                data = data[os.write(self._input, data) :]
        except OSError as error:
            self.kill()
            raise EngineError("The engine died") from error

    def wait_ready(self, deadline: float) -> None:
        """Return when the engine has done all it was told."""
        self.send("isready")
        self.lines_until("readyok", deadline)

    def lines_until(self, last_word: str, deadline: float) -> list[str]:
        """The lines of output up to and including the one that begins with `last_word`, at most the last of
        them where there are very many.

        Raises EngineTimeoutError at `deadline` (on time.monotonic) and EngineError when the engine ends;
        it is killed in both cases.
        """
        # Looked at once, when all is there: an engine writes a dozen lines a search, and only two are wanted.
        mark = b"\n" + last_word.encode()
        while (end := self._rest.find(b"\n", self._rest.find(mark) + 1 or len(self._rest))) < 0:
            self._rest = self._rest[-MOST_BYTES:] + self._read(deadline)
        text, self._rest = self._rest[1:end], self._rest[end:]
        return text.decode(errors="replace").replace("\r", "").split("\n")

    def _read(self, deadline: float) -> bytes:
        left_ms = (deadline - time.monotonic()) * 1000
        if left_ms <= 0 or not self._poll.poll(left_ms):
            self.kill()
            raise EngineTimeoutError("The engine did not answer before its deadline and was killed")
        data = os.read(self._output, 65536)
        if not data:
            self.kill()
            raise EngineError("The engine died")
        return data

    def kill(self) -> None:
        """End the process at once and collect it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
