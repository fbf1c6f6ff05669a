"""Child processes that never outlive the process that started them, and free ports for them to listen on.

Linux only. A parent may be killed with SIGKILL at any moment, so the kernel itself ends its children.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import queue
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

__all__ = [
    "HOST",
    "descendants",
    "die_with_parent",
    "free_port",
    "free_ports",
    "has_ended",
    "is_running",
    "kill_group",
    "processes_with_env",
    "spawn",
    "stop",
    "wait_until_listening",
]

HOST = "127.0.0.1"
PORTS = range(12_000, 32_000)
PR_SET_PDEATHSIG = 1
Started = TypeVar("Started")
libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> Callable[[], None]:
    """A `preexec_fn`: the kernel kills the child (SIGKILL) when the **thread** that started it ends.

    A thread, not the process: that is what Linux does. `spawn` starts from a thread that never ends;
    whoever calls Popen with this must do so from such a thread too.
    """
    parent = os.getpid()

    def preexec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before the call above
            os._exit(1)

    return preexec


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a command that dies with this process, in a session of its own, output appended to `log`.

    Its own session keeps a terminal's Ctrl-C away from it: the one who started it stops it in good order.
    `env` replaces the whole environment; None inherits it. May be called from any thread.
    """
    log.parent.mkdir(parents=True, exist_ok=True)

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                [os.fspath(part) for part in command],
                env=None if env is None else dict(env),
                cwd=cwd,
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )

    return spawner().run(start)


def stop(process: subprocess.Popen[bytes], *, grace_s: float = 5.0) -> None:
    """End a spawned process and all below it: SIGTERM, after `grace_s` SIGKILL. Ended ones are fine."""
    family = descendants(process.pid)
    if process.poll() is None:
        signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace_s)
    kill_group(process, family)


def kill_group(process: subprocess.Popen[bytes], family: Sequence[int] = ()) -> None:
    """SIGKILL a spawned process, its group, all its descendants and `family`; returns when it is gone."""
    targets = {*family, *descendants(process.pid)}
    signal_group(process.pid, signal.SIGKILL)
    for pid in targets:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def descendants(pid: int) -> list[int]:
    """Process ids of all children, children's children and so on, of a process; zombies are not counted."""
    found: list[int] = []
    pending = [pid]
    while pending:
        parent = pending.pop()
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                children = [int(word) for word in (task / "children").read_text().split()]
                found += filter(is_running, children)
                pending += children
    return found


def is_running(pid: int) -> bool:
    """Whether a process exists and is not a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether a spawned process is dead, also while its last threads are still dying.

    A process of many threads that was killed is a zombie at once, but cannot be collected (so `poll` says
    that it lives) and may hold its sockets until the last of its threads is gone.
    """
    return process.poll() is not None or not is_running(process.pid)


def processes_with_env(name: str, value: str) -> list[int]:
    """Process ids of all living processes, zombies not counted, that carry an environment variable."""
    marker = f"{name}={value}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # ended meanwhile, or not ours to read
                if marker in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def free_port() -> int:
    """A TCP port on which nothing listens at the moment."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Different TCP ports on which nothing listens at the moment.

    Taken from below the range that the kernel gives to outgoing connections: one of those could otherwise
    take the port before the server that it is meant for. By the system's chance: two processes that seed
    `random` alike, as tests do, would be given the same ports.
    """
    found: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        if len(found) == count:
            break
        with contextlib.suppress(OSError), socket.socket() as one:
            one.bind((HOST, port))
            found.append(port)
    return found


def wait_until_listening(port: int, process: subprocess.Popen[bytes], *, timeout_s: float = 30.0) -> None:
    """Return when something accepts connections on a port of this machine.

    Raises ChildProcessError when the process ends before, TimeoutError when it takes too long.
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        if process.poll() is not None:
            raise ChildProcessError(f"{process.args!r} ended with {process.returncode} before it listened")
        time.sleep(0.01)
    raise TimeoutError(f"{process.args!r} does not listen on port {port} after {timeout_s:g} s")


class Spawner:
    """Runs every fork on one thread that lives as long as the process (see `die_with_parent`)."""

    def __init__(self) -> None:
        self.calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self.serve, name="spawner", daemon=True).start()

    def serve(self) -> None:
        while True:
            self.calls.get()()

    def run(self, call: Callable[[], Started]) -> Started:
        answer: Future[Started] = Future()

        def run_and_answer() -> None:
            try:
                answer.set_result(call())
            except BaseException as error:  # the caller's to handle
                answer.set_exception(error)

        self.calls.put(run_and_answer)
        return answer.result()


the_spawner: Spawner | None = None
the_spawner_lock = threading.Lock()


def spawner() -> Spawner:
    """The one spawner of this process, made on first use."""
    global the_spawner
    with the_spawner_lock:
        if the_spawner is None:
            the_spawner = Spawner()
        return the_spawner
