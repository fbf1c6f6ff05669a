"""One execution environment of a function: AWS's own Runtime Interface Emulator with Python's runtime in it.

It serves one invocation at a time. After a crash or a timeout it is closed with all that it left behind, as
Lambda throws away a broken environment; the pool (lambda_service.py) starts another.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import platform
import signal
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from infra.local.process import (
    HOST,
    descendants,
    free_ports,
    has_ended,
    kill_group,
    processes_with_env,
    spawn,
)
from infra.local.template import REGION, Function

__all__ = ["Environment", "Outcome"]

ROOT = Path(__file__).parents[2]
INVOKE_PATH = "/2015-03-31/functions/function/invocations"
INIT_LIMIT_S = 10  # Lambda's
START_ATTEMPTS = 3
START_TIMEOUT_S = 15
LOG_STREAM = "AWS_LAMBDA_LOG_STREAM_NAME"
"""Unique for each environment, as in Lambda; what the function starts inherits it, so leftovers are found."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an invocation came to."""

    payload: bytes
    """The function's result, or an error as Lambda describes it, in JSON."""
    error: str | None = None
    """None, `Handled` (the function raised) or `Unhandled` (it crashed or timed out)."""


class Environment:
    """A warm process of one function. Not usable any more once `is_alive` is false."""

    def __init__(self, function: Function, variables: Mapping[str, str], log: Path) -> None:
        self.function = function
        self.log = log
        self.stream = f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
        # What the template sets is the function's own, so a template may choose another engine.
        self.variables = {**variables, **function.environment, **lambda_variables(function)}
        self.variables[LOG_STREAM] = self.stream
        self.process: subprocess.Popen[bytes] | None = None
        self.client: httpx.AsyncClient | None = None
        self.invocations = 0

    async def start(self) -> None:
        """Start the emulator; the function itself is initialised by its first invocation."""
        for attempt in range(1, START_ATTEMPTS + 1):
            port, runtime_port = free_ports(2)
            self.process = await asyncio.to_thread(
                spawn,
                command(self.function, port, runtime_port),
                log=self.log,
                env=self.variables,
                cwd=self.function.code,
            )
            limit_s = self.function.timeout_s + INIT_LIMIT_S + 1  # the emulator is the one to end a call
            self.client = httpx.AsyncClient(
                verify=False,  # noqa: S501  plain HTTP
                base_url=f"http://{HOST}:{port}",
                trust_env=False,
                timeout=limit_s,
            )
            if await self.listens(port):
                return
            await self.close()
            if attempt == START_ATTEMPTS:
                raise ChildProcessError(f"{self.function.name} does not start: see {self.log}")

    async def listens(self, port: int) -> bool:
        """Whether the emulator came up."""
        deadline = asyncio.get_running_loop().time() + START_TIMEOUT_S
        while self.is_running() and asyncio.get_running_loop().time() < deadline:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(HOST, port)
                writer.close()
                return True
            await asyncio.sleep(0.005)
        return False

    async def invoke(self, event: bytes) -> Outcome:
        """Run the function once. Never raises for what the function does; closes itself when it broke."""
        if self.client is None:
            raise RuntimeError("start the environment first")
        self.invocations += 1
        try:
            answer = await self.client.post(INVOKE_PATH, content=event)
        except httpx.HTTPError as error:
            await self.close()
            return unhandled("Runtime.ExitError", f"the environment is gone: {error!r}")
        outcome = outcome_of(answer.status_code, answer.content)
        if outcome.error == "Unhandled":
            await self.close()
        return outcome

    def is_running(self) -> bool:
        """Whether the emulator itself lives."""
        return self.process is not None and not has_ended(self.process)

    def is_alive(self) -> bool:
        """Whether it can take a call: emulator and function live (the first call starts the latter)."""
        return self.is_running() and (self.invocations == 0 or bool(self.pids()[1:]))

    def pids(self) -> list[int]:
        """The emulator's process id, the function's and those of all that the function started."""
        if self.process is None or has_ended(self.process):
            return []
        return [self.process.pid, *descendants(self.process.pid)]

    async def close(self) -> None:
        """End it with everything that it left behind."""
        if self.process is not None:
            await asyncio.to_thread(self.kill, self.process)
        if self.client is not None:
            await self.client.aclose()

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End the emulator, the function and all that either started."""
        kill_group(process)
        # What a dead function had started belongs to nobody: the engine, in the middle of its search.
        for pid in processes_with_env(LOG_STREAM, self.stream):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def command(function: Function, port: int, runtime_port: int) -> list[str | Path]:
    """The emulator started as AWS documents it; the kernel ends the function when the emulator dies."""
    emulator = ["--runtime-interface-emulator-address", f"{HOST}:{port}"]
    emulator += ["--runtime-api-address", f"{HOST}:{runtime_port}"]
    runtime = [f"{ROOT}/.venv/bin/python", "-m", "awslambdaric", function.handler]
    return [emulator_path(), *emulator, "setpriv", "--pdeathsig", "KILL", *runtime]


def emulator_path() -> Path:
    """AWS's emulator for this machine. Raises FileNotFoundError when the SAM CLI is not installed."""
    name = "aws-lambda-rie-arm64" if platform.machine() in ("aarch64", "arm64") else "aws-lambda-rie-x86_64"
    found = sorted(ROOT.glob(f".tools/sam/lib/python3*/site-packages/samcli/local/rapid/{name}"))
    if not found:
        raise FileNotFoundError(f"{name} is missing under .tools/sam: run 'make setup'")
    return found[-1]


def lambda_variables(function: Function) -> dict[str, str]:
    """What Lambda itself puts into the environment; nothing is inherited from whoever starts the stack."""
    return {
        "AWS_ACCESS_KEY_ID": function.name,  # tells whose call of AWS it was (tests/e2e/test_rights.py)
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python3.{platform.python_version_tuple()[1]}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout_s),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "LAMBDA_TASK_ROOT": str(function.code),
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
    }


def outcome_of(status: int, body: bytes) -> Outcome:
    """What the emulator's answer means; it marks errors in the body alone."""
    if not body:  # a function that returns nothing answers "null": this one was killed at an awkward moment
        return unhandled("Runtime.ExitError", f"the function ended without an answer (status {status})")
    try:
        value: Any = json.loads(body)
    except ValueError:  # "Task timed out after 3.00 seconds"
        return unhandled("Sandbox.Timedout", body.decode(errors="replace"))
    if status != 200:
        return Outcome(body, "Unhandled")
    is_error = isinstance(value, dict) and {"errorMessage", "errorType"} <= value.keys()
    return Outcome(body, "Handled" if is_error else None)


def unhandled(kind: str, message: str) -> Outcome:
    return Outcome(json.dumps({"errorType": kind, "errorMessage": message}).encode(), "Unhandled")
