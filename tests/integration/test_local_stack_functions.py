"""The local Lambda service on AWS's runtime emulator, with functions that crash, hang and leave things."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.local.environment import Environment, Outcome
from infra.local.lambda_service import SYNC_PAYLOAD_BYTES, LambdaService, PayloadTooLargeError
from infra.local.process import processes_with_env
from tests.support.small_functions import small_template
from tests.support.wait import wait_until

MARKER = "LOCAL_STACK_TEST"
WORK = "WorkFunction"


class Running:
    """A Lambda service with the small template."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.marker = folder.as_posix()
        self.failures: list[tuple[str, Any]] = []
        template = small_template(folder)
        self.service = LambdaService(
            template.functions,
            variables={MARKER: self.marker},
            limits=dict.fromkeys(template.functions, limit),
            logs=folder / "logs",
            on_failure=self.note_failure,
        )

    async def note_failure(self, queue_arn: str, record: str) -> None:
        self.failures.append((queue_arn, json.loads(record)))

    async def work(self, **event: Any) -> Outcome:
        return await self.service.invoke(WORK, json.dumps(event).encode())

    def state(self) -> Any:
        return self.service.state()[WORK]

    def left_behind(self) -> list[int]:
        return processes_with_env(MARKER, self.marker)


@asynccontextmanager
async def running(folder: Path, limit: int = 2) -> AsyncIterator[Running]:
    run = Running(folder, limit)
    try:
        yield run
    finally:
        await run.service.close()
        await eventually(lambda: not run.left_behind())


async def eventually(predicate: Any) -> None:
    """Fail when it does not become true within ten seconds."""
    async with asyncio.timeout(10):
        while not predicate():
            await asyncio.sleep(0.01)


def value(outcome: Outcome) -> Any:
    assert outcome.error is None, outcome
    return json.loads(outcome.payload)


def test_a_function_gets_event_context_and_the_templates_environment(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as run:
            answer = value(await run.work(hello="world"))
            assert answer["event"] == {"hello": "world"}
            assert answer["function"] == WORK
            assert answer["colour"] == "dark blue"
            assert 0 < answer["remaining_ms"] <= 2000
            again = value(await run.work())
            assert again["pid"] == answer["pid"], "a warm environment serves again"

    asyncio.run(scenario())


def test_a_raised_error_is_handled_and_keeps_the_environment(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as run:
            before = value(await run.work())["pid"]
            failed = await run.work(**{"raise": "no such thing"})
            assert failed.error == "Handled"
            assert json.loads(failed.payload)["errorMessage"] == "no such thing"
            assert value(await run.work())["pid"] == before

    asyncio.run(scenario())


@pytest.mark.parametrize("event", [{"exit": 3}, {"until": "/never"}], ids=["crash", "timeout"])
def test_a_broken_environment_is_thrown_away_with_all_it_started(
    tmp_path: Path, event: dict[str, Any]
) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as run:
            before = value(await run.work(start=True))["pid"]
            assert len(run.left_behind()) == 3  # emulator, function, and what it started
            failed = await run.work(**event)
            assert failed.error == "Unhandled"
            await eventually(lambda: not run.left_behind())
            assert value(await run.work())["pid"] != before

    asyncio.run(scenario())


def test_a_killed_function_fails_its_call_and_does_not_wedge_the_pool(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, limit=1) as run:
            busy = asyncio.create_task(run.work(touch=str(tmp_path / "busy"), until="/never"))
            await eventually((tmp_path / "busy").exists)
            [[_, function]] = run.state()["busy"]
            os.kill(function, signal.SIGKILL)
            assert (await busy).error == "Unhandled"
            assert value(await run.work())["pid"] != function
            assert run.state()["failures"] == 1

    asyncio.run(scenario())


def has_ended(pid: int) -> bool:
    """True for a process that is gone or waits to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


@pytest.mark.parametrize("victim", [0, 1], ids=["emulator", "function"])
def test_an_environment_that_died_while_idle_costs_no_call(tmp_path: Path, victim: int) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as run:
            value(await run.work())
            [pids] = run.state()["idle"]
            os.kill(pids[victim], signal.SIGKILL)
            # A dying process has lost its environment, by which it is found, before it counts as ended.
            await eventually(lambda: len(run.left_behind()) < 2 and has_ended(pids[victim]))
            assert value(await run.work())["pid"] not in pids

    asyncio.run(scenario())


DYING = """
import ctypes, threading
threading.Thread(target=input).start()
ctypes.CDLL(None).pthread_exit(None)
"""


def test_an_environment_whose_last_threads_are_still_dying_takes_no_call(tmp_path: Path) -> None:
    """A killed emulator was a zombie that could not be collected yet, counted as alive, and failed a call."""
    environment = Environment(small_template(tmp_path).functions[WORK], {}, tmp_path / "log")
    with subprocess.Popen([sys.executable, "-c", DYING], stdin=subprocess.PIPE) as process:
        environment.process = process
        try:
            wait_until(lambda: has_ended(process.pid), description="its first thread has ended")
            assert process.poll() is None
            assert not environment.is_alive()
        finally:
            process.kill()


def test_calls_beyond_the_limit_wait_for_a_free_environment(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, limit=2) as run:
            value(await run.work())
            gate = str(tmp_path / "gate")
            files = [tmp_path / name for name in "ab"]
            held = [asyncio.create_task(run.work(touch=str(file), until=gate)) for file in files]
            await eventually(lambda: all(file.exists() for file in files))
            third = asyncio.create_task(run.work())
            await asyncio.sleep(0)
            assert len(run.state()["busy"]) == 2
            Path(gate).touch()
            pids = {value(outcome)["pid"] for outcome in await asyncio.gather(*held, third)}
            assert len(pids) == 2

    asyncio.run(scenario())


def test_a_failed_asynchronous_call_goes_to_the_templates_queue(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as run:
            run.service.invoke_later(WORK, b'{"raise": "lost"}')
            await eventually(lambda: run.failures)
            [(queue, record)] = run.failures
            assert queue.endswith(":FailedQueue")
            assert record["requestPayload"] == {"raise": "lost"}
            assert record["requestContext"]["condition"] == "RetriesExhausted"
            assert record["requestContext"]["approximateInvokeCount"] == 1
            assert record["responsePayload"]["errorMessage"] == "lost"

    asyncio.run(scenario())


def test_lambdas_payload_limits_hold_in_both_directions(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as run:
            with pytest.raises(PayloadTooLargeError):
                await run.service.invoke(WORK, b"x" * (SYNC_PAYLOAD_BYTES + 1))
            answer = await run.work(answer_bytes=SYNC_PAYLOAD_BYTES + 1)
            assert answer.error == "Unhandled"
            assert b"ResponseSizeTooLarge" in answer.payload
            value(await run.work(answer_bytes=SYNC_PAYLOAD_BYTES - 2))

    asyncio.run(scenario())
