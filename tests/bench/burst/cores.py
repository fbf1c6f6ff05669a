"""Who used the machine's cores meanwhile: processor seconds of a local stack's processes, by role."""

from __future__ import annotations

import os
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from infra.local.process import descendants

__all__ = ["ENGINES", "FUNCTIONS", "CoreUse", "Snapshot", "processor_s", "role_of"]

ENGINES = "engines"
FUNCTIONS = "functions' Python"
ROLES = (
    (ENGINES, r"stockfish"),
    (FUNCTIONS, r"awslambdaric"),
    ("Lambda's emulator", r"aws-lambda-rie"),
    ("Valkey", r"valkey-server"),
    ("Supabase", r"supabase|\bnode\b"),
    ("EventBridge, SQS, SSM (moto)", r"moto\.server"),
)
OTHER = "API Gateway, Lambda service"
TICKS_PER_S: float = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class CoreUse:
    """Between two snapshots."""

    wall_s: float
    cores: int
    by_role: dict[str, float]
    """Processor seconds."""
    others_s: float
    """Processor seconds of everything that is neither the stack nor this program."""

    def share(self, role: str) -> float:
        """Of all that the cores could have done, 0 to 1."""
        return self.by_role.get(role, 0.0) / (self.wall_s * self.cores)

    def share_of_ours(self, role: str) -> float:
        """Of what the cores could have done for us: without what other programs used, 0 to 1."""
        return self.by_role.get(role, 0.0) / max(1e-9, self.wall_s * self.cores - self.others_s)

    @property
    def idle_s(self) -> float:
        """Processor seconds that nobody used."""
        return max(0.0, self.wall_s * self.cores - self.others_s - sum(self.by_role.values()))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What every process has used so far."""

    at_s: float
    by_process: dict[int, tuple[str, float]]
    """Process id → role and processor seconds, those of its ended children included."""
    machine_s: float
    """Of all processes of the machine, ended ones too."""

    @classmethod
    def of(cls, stack_pid: int) -> Snapshot:
        """Of the stack whose process that is, and of this program."""
        found: dict[int, tuple[str, float]] = {}
        for pid in [stack_pid, *descendants(stack_pid)]:
            used_s = processor_s(pid)
            if used_s is not None:
                found[pid] = (role_of(command_of(pid)), used_s)
        found[os.getpid()] = ("this program", sum(os.times()[:2]))
        return cls(time.monotonic(), found, machine_s())

    def until(self, later: Snapshot) -> CoreUse:
        """What was used since; processes that ended in between count in their parents."""
        used: dict[str, float] = defaultdict(float)
        for pid, (role, seconds) in later.by_process.items():
            used[role] += seconds - self.by_process.get(pid, (role, 0.0))[1]
        ours_s = sum(used.values())
        return CoreUse(
            wall_s=later.at_s - self.at_s,
            cores=os.cpu_count() or 1,
            by_role=dict(used),
            others_s=max(0.0, later.machine_s - self.machine_s - ours_s),
        )


def role_of(command: str) -> str:
    """What a process of the stack is there for.

    >>> [role_of(command) for command in ("/opt/bin/stockfish", "node cli.js", "python -m infra.local up")]
    ['engines', 'Supabase', 'API Gateway, Lambda service']
    """
    program, _, arguments = command.partition(" ")
    for role, pattern in ROLES:
        if re.search(pattern, program):
            return role
    # Only then: the emulator's arguments name the program that it starts.
    for role, pattern in ROLES[1:]:
        if re.search(pattern, arguments):
            return role
    return OTHER


def command_of(pid: int) -> str:
    """The command line; empty when the process has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def processor_s(pid: int) -> float | None:
    """User and system time of a process and of its ended children; None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return sum(map(int, fields[11:15])) / TICKS_PER_S


def machine_s() -> float:
    """Processor seconds of the whole machine: user, nice, system, interrupts."""
    user, nice, system, _idle, _waiting, interrupt, soft = Path("/proc/stat").read_text().split()[1:8]
    return sum(map(int, (user, nice, system, interrupt, soft))) / TICKS_PER_S
