"""The control port: call a function as Lambda's own API does, see environments, stop and start parts.

For tests and curious people; nothing of the product knows it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.event_bus import EventBusServer
from infra.local.event_faults import EventFaults
from infra.local.lambda_service import LambdaService, PayloadTooLargeError

__all__ = ["PART_ACTIONS", "control_app"]

PART_ACTIONS = ("start", "stop", "kill", "restart", "pause", "resume")


def control_app(
    service: LambdaService, parts: Mapping[str, object], state: Callable[[], dict[str, Any]]
) -> Starlette:
    """The ASGI application. `parts`: servers by name, with some of PART_ACTIONS as methods."""

    async def invoke(request: Request) -> Response:
        """Lambda's Invoke: `X-Amz-Invocation-Type: Event` answers 202 at once."""
        name, event = request.path_params["name"], await request.body() or b"{}"
        try:
            if request.headers.get("x-amz-invocation-type") == "Event":
                service.invoke_later(name, event)
                return Response(status_code=202)
            outcome = await service.invoke(name, event)
        except KeyError:
            return JSONResponse({"Message": f"Function not found: {name}"}, 404)
        except PayloadTooLargeError as error:
            return JSONResponse({"Message": str(error)}, 413)
        headers = {"X-Amz-Function-Error": outcome.error} if outcome.error else {}
        return Response(outcome.payload, headers=headers, media_type="application/json")

    async def show_state(_: Request) -> Response:
        return JSONResponse(state())

    async def act(request: Request) -> Response:
        """Run one of a server's actions to its end, for instance POST /parts/valkey/restart."""
        part, action = parts.get(request.path_params["part"]), request.path_params["action"]
        method = getattr(part, action, None) if action in PART_ACTIONS else None
        if method is None:
            return JSONResponse({"Message": "no such part or action"}, 404)
        await asyncio.to_thread(method)
        return Response(status_code=204)

    async def disturb_events(request: Request) -> Response:
        """Give the bus the faults of the body, none without one; answers what the last ones did."""
        bus = parts.get("bus")
        if not isinstance(bus, EventBusServer):
            return JSONResponse({"Message": "there is no bus"}, 404)
        try:
            faults = EventFaults(**json.loads(await request.body() or b"{}"))
        except (TypeError, ValueError) as error:
            return JSONResponse({"Message": str(error)}, 400)
        last, bus.faults = bus.faults, faults
        return JSONResponse(last.counts)

    return Starlette(
        routes=[
            Route("/functions/{name}/invocations", invoke, methods=["POST"]),
            Route("/state", show_state),
            Route("/parts/bus/faults", disturb_events, methods=["PUT"]),
            Route("/parts/{part}/{action}", act, methods=["POST"]),
        ]
    )
