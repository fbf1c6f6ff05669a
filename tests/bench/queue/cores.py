"""Keeps client and server on cores of their own.

Left alone, the kernel now wakes one on the other's core and now on another one, for seconds at a time, and
a round trip takes either one time or twice that: two runs would compare the kernel's moods.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.local.process import spawn, stop

__all__ = ["Cores", "kept_awake"]

SPIN = """
import os, sys
os.sched_setaffinity(0, {int(sys.argv[1])})
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
while True:
    pass
"""


@dataclass(frozen=True, slots=True)
class Cores:
    """Where client and server run; both empty when there is only one core."""

    client: frozenset[int]
    server: frozenset[int]

    @classmethod
    def available(cls) -> Cores:
        """The first core for clients, the last for the server."""
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) < 2:
            return cls(frozenset(), frozenset())
        return cls(frozenset(cores[:1]), frozenset(cores[-1:]))

    def pin_client(self) -> None:
        """Keep this process, and every process it starts from now on, on the client's core."""
        pin(os.getpid(), self.client)

    def pin_server(self, process_id: int) -> None:
        """Keep a server on its core."""
        pin(process_id, self.server)

    def __str__(self) -> str:
        if not self.client:
            return "one core for all"
        return f"clients on core {min(self.client)}, server on core {min(self.server)}"


def pin(process_id: int, cores: frozenset[int]) -> None:
    """Keep all threads of a process, and what they start, on these cores; on any when there are none."""
    for task in Path(f"/proc/{process_id}/task").iterdir() if cores else ():
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), cores)


@contextlib.contextmanager
def kept_awake(cores: Cores, log: Path) -> Iterator[None]:
    """Let a loop of the lowest scheduling class run on each core while the block runs.

    A virtual core that goes to sleep takes the hypervisor longer to wake than Redis needs for an answer:
    round trips get shorter and steadier, and what every queue adds to them a larger share. (Real-time
    priority would keep other programs out, too, but a real-time process that waits for a child can spin in
    the kernel for what a program it keeps out holds.)
    """
    spinners = [
        spawn([sys.executable, "-c", SPIN, str(core)], log=log)
        for core in sorted(cores.client | cores.server)
    ]
    try:
        yield
    finally:
        for spinner in spinners:
            stop(spinner)
