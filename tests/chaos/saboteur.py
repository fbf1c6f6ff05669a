"""Does to a running stack what a plan says, at the times that it says, and undoes what can be undone."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import redis

from tests.chaos.plan import Fault, FaultKind, Plan
from tests.support.stack import LocalStack

__all__ = ["EVENT_FAULT_KINDS", "Saboteur", "admin"]

EVENT_FAULTS = {"drop": 0.15, "double": 0.15, "delay": 0.3, "longest_delay_s": 4.0}
"""What happens to the wake-up calls all along."""
EVENT_FAULT_KINDS = ("dropped", "doubled", "delayed")
PHASES = ("InitialPhaseFunction", "IntermediatePhaseFunction", "CompletePhaseFunction")
SWEEPER, API = "SweeperFunction", "ApiFunction"
VICTIM_S = 3.0
"""How long a victim is looked for in the time for faults."""
LOOK_EVERY_S, TAIL_EVERY_S = 0.03, 0.002
"""How often a victim is looked for: with the control port, and in the logs."""


class Saboteur:
    """Runs every lane of faults in a thread of its own."""

    def __init__(self, stack: LocalStack, plan: Plan, say: Callable[[str], None]) -> None:
        self.stack = stack
        self.plan = plan
        self.say = say
        self.done: Counter[str] = Counter()
        """Faults that happened, by kind."""
        self.idle: Counter[str] = Counter()
        """Faults that found nobody at work, by kind."""
        self.events: Counter[str] = Counter()
        """What happened to the wake-up calls."""
        self.errors: list[str] = []
        """Faults that could not be done or undone."""
        self.stopping = threading.Event()
        self.threads: list[threading.Thread] = []

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Disturb until the plan's time is over, and then until the end with what never happened before.

        All is undone afterwards.
        """
        self.stack.control("PUT", "/parts/bus/faults", json={**EVENT_FAULTS, "seed": self.plan.seed})
        ends_at = time.monotonic() + self.plan.duration_s
        for faults in self.plan.lanes:
            thread = threading.Thread(target=self.run, args=(faults, ends_at), name=faults[0].lane)
            self.threads.append(thread)
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in self.threads:
                thread.join()
            self.events.update(self.stack.control("PUT", "/parts/bus/faults", json={}).json())

    def run(self, faults: Sequence[Fault], ends_at: float) -> None:
        """One lane, until the time for faults is over; then what never happened, while there is work left.

        A slow machine does too little in that time for every kind to find a victim.
        """
        for fault in faults:
            if self.stopping.wait(fault.pause_s) or time.monotonic() > ends_at:
                break
            self.attempt(fault, VICTIM_S)
        for kind, fault in {fault.kind: fault for fault in faults}.items():
            if not self.done[kind] and not self.stopping.is_set():
                self.attempt(fault, math.inf)

    def attempt(self, fault: Fault, victim_s: float) -> None:
        """One fault with its count."""
        try:
            counts = self.done if self.do(fault, victim_s) else self.idle
        except (httpx.HTTPError, OSError, redis.RedisError) as error:
            self.errors.append(f"{fault.kind}: {error!r}")
        else:
            counts[fault.kind] += 1

    def do(self, fault: Fault, victim_s: float) -> bool:
        """One fault, from beginning to end; False when there was nobody to do it to for so long."""
        match fault.kind:
            case FaultKind.KILL_WORKER:
                return self.kill(fault, victim_s, is_engine=False)
            case FaultKind.KILL_ENGINE:
                return self.kill(fault, victim_s, is_engine=True)
            case FaultKind.KILL_SAVER:
                return self.kill_saver(fault, victim_s)
            case FaultKind.FREEZE_WORKER:
                victims = self.busy(PHASES, fault.choice, victim_s)
                return any(self.freeze(fault, *victim) for victim in victims)
            case FaultKind.FREEZE_SAVER:
                name, environments = self.about_to_save(victim_s)
                # One only: another one is to take the report over.
                chosen = environments[int(fault.choice * len(environments)) :][:1]
                return self.freeze(fault, name, workers(chosen))
            case FaultKind.EMPTY_VALKEY:
                self.say(fault.kind)
                self.stack.part("valkey", "restart")
            case FaultKind.FLUSH_VALKEY:
                self.say(fault.kind)
                with admin(self.stack) as connection:
                    connection.flushall()
            case FaultKind.FREEZE_VALKEY:
                self.away(fault, "valkey", "pause", "resume")
            case FaultKind.STOP_VALKEY:
                self.away(fault, "valkey", "kill", "start")
            case FaultKind.STOP_SUPABASE:
                self.away(fault, "supabase", "kill", "start")
            case FaultKind.STOP_BUS:
                self.away(fault, "bus", "kill", "start")
        return True

    def away(self, fault: Fault, part: str, begin: str, end: str) -> None:
        """A server that is not there for a while."""
        self.say(f"{fault.kind} for {fault.lasts_s:.1f} s")
        self.stack.part(part, begin)
        try:
            self.stopping.wait(fault.lasts_s)
        finally:
            self.stack.part(part, end)

    def kill(self, fault: Fault, victim_s: float, *, is_engine: bool) -> bool:
        """SIGKILL of a busy function's process, or of its engine."""
        victims = PHASES if is_engine else (*PHASES * 3, SWEEPER, API)
        for name, pids in self.busy(victims, fault.choice, victim_s):
            engines = [pid for pid in pids if command_name(pid) == "stockfish"]
            pid = next(iter(engines if is_engine else pids), None)
            if pid is not None and send(pid, signal.SIGKILL):
                self.say(f"{fault.kind}: {name}, process {pid}")
                return True
        return False

    def kill_saver(self, fault: Fault, victim_s: float) -> bool:
        """SIGKILL of a phase function in the middle of ending a phase."""
        name, environments = self.about_to_save(victim_s)
        killed = [pid for pids in environments for pid in pids[1:2] if send(pid, signal.SIGKILL)]
        if killed:
            self.say(f"{fault.kind}: {name}, processes {killed}")
        return bool(killed)

    def freeze(self, fault: Fault, name: str, pids: list[int]) -> bool:
        """SIGSTOP of a phase function with its engine, and SIGCONT when its lease has ended."""
        with contextlib.ExitStack() as stack:
            frozen = [pid for pid in pids if send(pid, signal.SIGSTOP)]
            for pid in frozen:
                stack.callback(send, pid, signal.SIGCONT)
            if not frozen:
                return False
            self.say(f"{fault.kind}: {name}, processes {frozen}, for {fault.lasts_s:.1f} s")
            self.stopping.wait(fault.lasts_s)
            return True

    def about_to_save(self, victim_s: float) -> tuple[str, list[list[int]]]:
        """A phase function's busy environments, one of which has this moment finished a phase's last segment.

        Its log tells, but not which of them; there are none when nobody did so for a while.
        """
        deadline = time.monotonic() + victim_s
        looked_at, busy = 0.0, dict[str, list[list[int]]]()
        with contextlib.ExitStack() as closing:
            logs = {
                name: closing.enter_context((Path(self.stack.ready["logs"]) / f"{name}.log").open("rb"))
                for name in PHASES
            }
            for log in logs.values():
                log.seek(0, os.SEEK_END)
            while time.monotonic() < deadline and not self.stopping.is_set():
                if time.monotonic() - looked_at > LOOK_EVERY_S * 5:
                    looked_at = time.monotonic()
                    state = self.stack.control("GET", "/state").json()["functions"]
                    busy = {name: [pids for pids in state[name]["busy"] if len(pids) > 1] for name in PHASES}
                for name, log in logs.items():
                    if b"phase_ready" in log.read() and busy[name]:
                        return name, busy[name]
                time.sleep(TAIL_EVERY_S)
        return "", []

    def busy(
        self, functions: tuple[str, ...], choice: float, victim_s: float
    ) -> Iterator[tuple[str, list[int]]]:
        """A busy environment's function and process ids, looked for until there is one or time is up."""
        deadline = time.monotonic() + victim_s
        while time.monotonic() < deadline and not self.stopping.is_set():
            state = self.stack.control("GET", "/state").json()["functions"]
            busy = {name: [pids for pids in state[name]["busy"] if len(pids) > 1] for name in functions}
            # Of the functions first, so that one with many environments is not hit more than others.
            if found := [name for name in functions if busy[name]]:
                name = found[int(choice * len(found))]
                yield name, workers([busy[name][int(choice * 1000) % len(busy[name])]])
            time.sleep(LOOK_EVERY_S)


def admin(stack: LocalStack) -> redis.Redis:
    """A connection to the stack's Valkey that may do everything."""
    return redis.Redis.from_url(stack.ready["redis_admin_url"], socket_timeout=10)


def workers(environments: list[list[int]]) -> list[int]:
    """The functions' processes; the first of each environment is Lambda's emulator, whose clock goes on."""
    return [pid for pids in environments for pid in pids[1:]]


def command_name(pid: int) -> str:
    """The name of a process's program, empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def send(pid: int, number: signal.Signals) -> bool:
    """Send a signal; False when the process has ended."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
