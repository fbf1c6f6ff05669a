"""API Gateway's HTTP API in small: every request to the function that serves HTTP, with AWS's limits.

It answers its own errors in the project's shape (docs/protocol.md); AWS would say {"message": "…"} there.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.local.http_event import FunctionAnswerError, event_from, response_from
from infra.local.lambda_service import LambdaService, PayloadTooLargeError

__all__ = ["front_app"]

log = logging.getLogger(__name__)
# API Gateway's limits
INTEGRATION_TIMEOUT_S = 30.0
BODY_BYTES = 10 * 1024 * 1024
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class BodyTooLargeError(Exception):
    """The request's body is larger than API Gateway takes."""


def front_app(
    service: LambdaService,
    function: str,
    cors: Mapping[str, Any],
    *,
    timeout_s: float = INTEGRATION_TIMEOUT_S,
) -> Starlette:
    """The ASGI application in front of a function. `cors`: the HTTP API's CorsConfiguration."""

    async def serve(request: Request) -> Response:
        try:
            event = event_from(request, await body_of(request))
        except BodyTooLargeError:
            return problem(413, "too_large", "The request body is larger than 10 MB", "-")
        request_id = event["requestContext"]["requestId"]
        response = await answer(service, function, event, timeout_s)
        response.headers["apigw-requestid"] = request_id
        return response

    return Starlette(
        routes=[Route("/{path:path}", serve, methods=METHODS)],
        middleware=[Middleware(CORSMiddleware, **cors_options(cors))] if cors else [],
    )


async def answer(service: LambdaService, function: str, event: dict[str, Any], timeout_s: float) -> Response:
    """The function's answer to an event, or the error that API Gateway makes of its failure."""
    request_id = event["requestContext"]["requestId"]
    call = asyncio.create_task(service.invoke(function, json.dumps(event).encode()))
    try:
        outcome = await asyncio.wait_for(asyncio.shield(call), timeout_s)
    except PayloadTooLargeError:
        return problem(413, "too_large", "The request is larger than 6 MB: send fewer games", request_id)
    except TimeoutError:
        call.add_done_callback(lambda done: done.cancelled() or done.exception())
        return problem(
            503, "internal_error", f"The function did not answer within {timeout_s:g} seconds", request_id
        )
    except ChildProcessError as error:
        log.error("%s", error)
        return problem(503, "internal_error", "The function cannot be started", request_id)
    if outcome.error:
        log.error("%s failed (%s): %s", function, outcome.error, outcome.payload[:2000])
        return problem(500, "internal_error", "The function failed", request_id)
    try:
        return response_from(outcome.payload)
    except FunctionAnswerError as error:
        log.error("%s: %s", function, error)
        return problem(502, "internal_error", "The function's answer is not usable", request_id)


async def body_of(request: Request) -> bytes:
    """The whole body. Raises BodyTooLargeError as soon as it is known to be too large."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > BODY_BYTES:
        raise BodyTooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise BodyTooLargeError
    return bytes(body)


TITLES = {
    413: "The request is too large",
    500: "Something went wrong on our side",
    502: "Something went wrong on our side",
    503: "The service does not answer at the moment",
}


def problem(status: int, code: str, detail: str, request_id: str) -> Response:
    """An error in the project's one shape."""
    content = {
        "type": f"urn:knight-vision:problem:{code}",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    headers = {"X-Request-Id": request_id}
    if status == 503:
        headers["Retry-After"] = "1"
    return Response(json.dumps(content), status, headers, media_type="application/problem+json")


def cors_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """The CorsConfiguration of an HTTP API in the words of Starlette's middleware."""
    return {
        "allow_origins": given.get("AllowOrigins", ()),
        "allow_methods": given.get("AllowMethods", ()),
        "allow_headers": given.get("AllowHeaders", ()),
        "expose_headers": given.get("ExposeHeaders", ()),
        "allow_credentials": given.get("AllowCredentials", False),
        "max_age": given.get("MaxAge", 600),
    }
