"""The Lambda service in small: functions, their execution environments, synchronous and asynchronous calls.

A function that is busy up to its limit makes callers wait: asynchronous ones as in Lambda, synchronous ones
because this machine's limit stands in for an account's thousand environments.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local.environment import Environment, Outcome
from infra.local.template import Function

__all__ = ["ASYNC_PAYLOAD_BYTES", "SYNC_PAYLOAD_BYTES", "LambdaService", "PayloadTooLargeError"]

log = logging.getLogger(__name__)
# Lambda's limits
SYNC_PAYLOAD_BYTES = 6 * 1024 * 1024
ASYNC_PAYLOAD_BYTES = 1024 * 1024
RETRY_DELAY_S = 60.0
"""Wait before the first retry of an asynchronous invocation; the second waits twice as long."""

OnFailure = Callable[[str, str], Awaitable[None]]
"""Sends a failure record (second) to the queue with an ARN (first)."""


class PayloadTooLargeError(Exception):
    """The event is larger than Lambda takes."""


class LambdaService:
    """All functions of the template. Use from one event loop."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        *,
        variables: Mapping[str, str],
        limits: Mapping[str, int],
        logs: Path,
        on_failure: OnFailure,
    ) -> None:
        """`variables` join every function's own; `limits`: most environments per function at once."""
        self.pools = {
            name: Pool(function, limits[name], variables, logs / f"{name}.log")
            for name, function in functions.items()
        }
        self.on_failure = on_failure
        self.tasks: set[asyncio.Task[None]] = set()

    async def invoke(self, name: str, event: bytes) -> Outcome:
        """Call a function and wait for its answer. Raises KeyError and PayloadTooLargeError."""
        pool = self.pools[name]
        if len(event) > SYNC_PAYLOAD_BYTES:
            raise PayloadTooLargeError(f"{len(event)} bytes; Lambda takes {SYNC_PAYLOAD_BYTES}")
        outcome = await pool.invoke(event)
        if outcome.error is None and len(outcome.payload) > SYNC_PAYLOAD_BYTES:
            message = f"the answer has {len(outcome.payload)} bytes; Lambda passes on {SYNC_PAYLOAD_BYTES}"
            error = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
            return Outcome(json.dumps(error).encode(), "Unhandled")
        return outcome

    def invoke_later(self, name: str, event: bytes) -> None:
        """Queue a call, with the retries and the failure queue of the template. Raises as `invoke`."""
        pool = self.pools[name]
        if len(event) > ASYNC_PAYLOAD_BYTES:
            raise PayloadTooLargeError(f"{len(event)} bytes; Lambda takes {ASYNC_PAYLOAD_BYTES} later")
        task = asyncio.create_task(self.run_later(pool, event))
        self.tasks.add(task)
        task.add_done_callback(self.forget)

    def forget(self, task: asyncio.Task[None]) -> None:
        """Drop a finished asynchronous call; what went wrong around the function goes to the log."""
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("an asynchronous call was lost", exc_info=error)

    async def run_later(self, pool: Pool, event: bytes) -> None:
        """Run an asynchronous call to its end."""
        function = pool.function
        accepted_at = time.monotonic()
        outcome, attempts, condition = Outcome(b"null", "Unhandled"), 0, "RetriesExhausted"
        for attempt in range(function.max_retries + 1):
            await asyncio.sleep(attempt * RETRY_DELAY_S)
            async with pool.free:
                if time.monotonic() - accepted_at > function.max_event_age_s:
                    condition = "EventAgeExceeded"
                    break
                attempts += 1
                outcome = await pool.run(event)
            if outcome.error is None:
                return
        if attempts:
            log.warning("%s failed after %d attempts: %s", function.name, attempts, outcome.payload[:500])
        else:
            log.info("%s: a call that waited too long is dropped, as by Lambda", function.name)
        if function.on_failure_arn:
            record = failure_record(function, event, outcome, attempts, condition)
            await self.on_failure(function.on_failure_arn, json.dumps(record))

    async def warm(self, name: str, event: bytes, count: int) -> None:
        """Have `count` environments of a function initialised, by as many simultaneous calls."""
        await asyncio.gather(*(self.invoke(name, event) for _ in range(count)))

    def state(self) -> dict[str, Any]:
        """Environments and calls of every function, for tests and curious people."""
        return {name: pool.state() for name, pool in self.pools.items()}

    async def close(self) -> None:
        """End every environment; running calls are lost, as they are when a machine goes."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.gather(*(pool.close() for pool in self.pools.values()))


class Pool:
    """The execution environments of one function."""

    def __init__(self, function: Function, limit: int, variables: Mapping[str, str], log_file: Path) -> None:
        self.function = function
        self.limit = limit
        self.variables = variables
        self.log_file = log_file
        self.free = asyncio.Semaphore(limit)
        self.idle: list[Environment] = []
        self.busy: set[Environment] = set()
        self.calls = 0
        self.failures = 0
        self.is_closed = False

    async def invoke(self, event: bytes) -> Outcome:
        """Run the function as soon as an environment is free; callers are served in their order."""
        async with self.free:
            return await self.run(event)

    async def run(self, event: bytes) -> Outcome:
        """Run the function; the caller holds `free`."""
        environment = await self.take()
        self.calls += 1
        try:
            outcome = await environment.invoke(event)
        except BaseException:  # the caller gave up: nobody knows what state it is in
            self.busy.discard(environment)
            await asyncio.shield(environment.close())
            raise
        self.busy.discard(environment)
        self.failures += outcome.error is not None
        if self.is_closed:
            await environment.close()
        elif environment.is_running():
            self.idle.append(environment)
        return outcome

    async def take(self) -> Environment:
        """A warm environment, the most recently used first, else a new one."""
        while self.idle:
            environment = self.idle.pop()
            if environment.is_alive():
                self.busy.add(environment)
                return environment
            log.warning("%s: a warm environment died; it is replaced", self.function.name)
            await environment.close()
        environment = Environment(self.function, self.variables, self.log_file)
        self.busy.add(environment)
        try:
            await environment.start()
        except BaseException:
            self.busy.discard(environment)
            await asyncio.shield(environment.close())
            raise
        return environment

    def state(self) -> dict[str, Any]:
        """Counts, and the process ids of every environment."""
        return {
            "limit": self.limit,
            "calls": self.calls,
            "failures": self.failures,
            "busy": [environment.pids() for environment in self.busy],
            "idle": [environment.pids() for environment in self.idle],
        }

    async def close(self) -> None:
        """End all environments; no new ones are started for waiting callers."""
        self.is_closed = True
        environments = [*self.idle, *self.busy]
        self.idle.clear()
        with contextlib.suppress(ChildProcessError):
            await asyncio.gather(*(environment.close() for environment in environments))


def failure_record(
    function: Function, event: bytes, outcome: Outcome, attempts: int, condition: str
) -> dict[str, Any]:
    """The record that Lambda sends to an on-failure destination."""
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": f"{function.arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": attempts,
        },
        "requestPayload": json.loads(event),
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": outcome.error,
        },
        "responsePayload": json.loads(outcome.payload),
    }
