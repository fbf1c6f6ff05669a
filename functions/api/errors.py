"""Every error of the API in one shape: problem details (RFC 9457)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from knight_vision import bootstrap
from knight_vision.errors import KnightVisionError
from knight_vision.observability import logger

__all__ = [
    "PROBLEMS",
    "RETRY_AFTER_S",
    "install_error_handlers",
    "problem",
    "problem_body",
    "problem_of",
]

PROBLEMS: dict[str, tuple[int, str]] = {
    "invalid_request": (422, "The request is not understood"),
    "unauthorized": (401, "A valid user token is needed"),
    "forbidden": (403, "The route is for operators"),
    "game_not_found": (404, "There is no such game"),
    "analysis_not_found": (404, "There is no analysis"),
    "batch_not_found": (404, "There is no such batch"),
    "analysis_final": (409, "The analysis has ended"),
    "not_found": (404, "There is no such route"),
    "method_not_allowed": (405, "The route does not know this method"),
    "not_acceptable": (406, "The answer is not to be had in this form"),
    "unsupported_media_type": (415, "The body is of a type that is not read"),
    "too_large": (413, "The request is too large"),
    "invalid_game": (422, "The game cannot be analysed"),
    "idempotency_key_reused": (422, "The Idempotency-Key belongs to another request"),
    "idempotency_key_in_use": (409, "A request with this Idempotency-Key is under way"),
    "queue_limit_reached": (429, "Too many analyses are unfinished"),
    "daily_limit_reached": (429, "The day's games are used up"),
    "rate_limited": (429, "Requests come too fast"),
    "internal_error": (500, "Something went wrong on our side"),
    "settings_unavailable": (503, "The service cannot start at the moment"),
    "queue_unavailable": (503, "The queue does not answer"),
    "store_unavailable": (503, "The store does not answer"),
}
"""Code → status and title. The codes are public and stable."""

CODES_BY_STATUS = {
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
}
MOST_SHOWN = 200
"""Characters of an address that is repeated to who sent it."""
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
RETRY_AFTER_S = {503: "5", 429: "60"}
"""A failover or a restart of a store takes seconds, finishing an analysis minutes."""


def problem(request: Request, code: str, detail: str, **more: Any) -> JSONResponse:
    """The answer to one error; `more` are further members of the body."""
    if code not in PROBLEMS:
        code = "internal_error"
    status, _ = PROBLEMS[code]
    request_id = getattr(request.state, "request_id", None)
    # Set here too, because a crash is answered outside of the middleware that sets it on all others.
    headers = {"X-Request-Id": request_id} if request_id else {}
    if status in RETRY_AFTER_S:
        headers["Retry-After"] = RETRY_AFTER_S[status]
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = {**problem_body(code, detail, status, request_id), **more}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def problem_body(code: str, detail: str, status: int, request_id: str | None) -> dict[str, Any]:
    """The members that every problem has."""
    return {
        "type": f"urn:knight-vision:problem:{code}",
        "title": PROBLEMS[code][1],
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }


def problem_of(request: Request, error: KnightVisionError) -> JSONResponse:
    """The answer to an error that was raised on purpose; a word of it in the log where it is our fault."""
    if PROBLEMS.get(error.code, (500,))[0] >= 500:
        logger.warning("request_failed", exc_info=error, extra={"code": error.code})
    if error.code not in PROBLEMS or error.code == "internal_error":
        return problem(request, "internal_error", "The request id finds the cause in our logs.")
    answer = problem(request, error.code, str(error), **error.members)
    if error.retry_after_s is not None:
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error, expected or not, in the one shape."""

    @app.exception_handler(KnightVisionError)
    def expected(request: Request, error: KnightVisionError) -> JSONResponse:
        return problem_of(request, error)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {
                "where": ".".join(str(part) for part in item["loc"]),
                "why": item["msg"].removeprefix("Value error, "),
            }
            for item in error.errors()
        ]
        detail = "; ".join(f"{item['where']}: {item['why']}" for item in errors)
        return problem(request, "invalid_request", detail, errors=errors)

    @app.exception_handler(HTTPException)
    def routing(request: Request, error: HTTPException) -> JSONResponse:
        # 400 is FastAPI's for a body that is no JSON at all.
        code = CODES_BY_STATUS.get(error.status_code, "invalid_request")
        detail, headers = str(error.detail), dict(error.headers or {})
        if error.status_code == 404:
            detail = f"There is no {request.url.path[:MOST_SHOWN]}: /docs shows all routes."
        if error.status_code == 405:
            headers["Allow"] = ", ".join(allowed_methods(app, request))
            detail = f"{request.method} is not known here; known are: {headers['Allow']}."
        answer = problem(request, code, detail)
        answer.headers.update(headers)
        return answer

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        logger.error("request_crashed", exc_info=error)
        bootstrap.observer().measured("RequestsCrashed", 1, "Count")
        answer = problem(request, "internal_error", "The request id finds the cause in our logs.")
        # A crash is answered outside of the middleware that says on all others what is left.
        left = getattr(request.state, "left", None)
        answer.headers.update(left.all_headers() if left else {})
        return answer


def allowed_methods(app: FastAPI, request: Request) -> list[str]:
    """The methods that a path knows: each has a route of its own, and the router names only the first's.

    A path that is spelt out knows its own alone, though to others it looks like a game of that name.
    """
    if spelt_out := app.openapi()["paths"].get(request.scope["path"]):
        return [method for method in METHODS if method.lower() in spelt_out]
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL for route in app.router.routes
        )
    ]
