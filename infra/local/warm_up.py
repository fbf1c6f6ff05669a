"""Initialises the functions when the stack starts, as those of a service in use are.

By calls that do nothing: the API's health, a wake-up call without work, a sweep with nothing to sweep.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

from starlette.requests import Request

from infra.local.event_bus import sample_event
from infra.local.http_event import event_from
from infra.local.lambda_service import LambdaService
from infra.local.process import HOST
from infra.local.scheduler import scheduled_event
from infra.local.template import Function

__all__ = ["warm_up"]

WARM_HTTP = 2
"""Environments of the HTTP function: a request that waits shall not hold up the next."""


async def warm_up(functions: Iterable[Function], service: LambdaService, workers: int) -> asyncio.Task[None]:
    """Return when what a first request needs is warm; the task warms the rest behind it."""
    called = [function for function in functions if function.rules]
    first = [
        *(
            service.warm(function.name, health_event(), WARM_HTTP)
            for function in functions
            if function.serves_http
        ),
        # The first in the template is the one that a user waits for.
        *(service.warm(function.name, wake_up_call(function), workers) for function in called[:1]),
    ]
    await asyncio.gather(*first)

    async def warm_others() -> None:
        # One by one: the first game needs the processors, too.
        for function in called[1:]:
            await service.warm(function.name, wake_up_call(function), 1)
        for function in functions:
            for schedule in function.schedules[:1]:
                await service.warm(function.name, scheduled_event(schedule), 1)

    return asyncio.create_task(warm_others())


def wake_up_call(function: Function) -> bytes:
    """An event that a function's rule would hand to it."""
    return json.dumps(sample_event(function.rules[0])).encode()


def health_event() -> bytes:
    """The event of GET /health."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "raw_path": b"/health",
        "path": "/health",
        "query_string": b"",
        "headers": [(b"host", HOST.encode())],
    }
    return json.dumps(event_from(Request(scope), b"")).encode()
