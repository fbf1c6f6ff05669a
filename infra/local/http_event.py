"""API Gateway's payload format 2.0: HTTP requests to events, a function's results to HTTP answers."""

from __future__ import annotations

import base64
import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from infra.local.template import ACCOUNT_ID

__all__ = ["FunctionAnswerError", "event_from", "response_from"]

TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")
"""Bodies of these types travel as text, all others in base64, as API Gateway does it."""


class FunctionAnswerError(Exception):
    """The function's result is not an HTTP answer."""


def event_from(request: Request, body: bytes) -> dict[str, Any]:
    """The event for a request."""
    path = request.scope["raw_path"].decode("ascii")
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        if name != "cookie":
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    host = headers.get("host", "")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": request.scope["query_string"].decode("ascii"),
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT_ID,
            "apiId": "local",
            "domainName": host.partition(":")[0],
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": path,
                "protocol": f"HTTP/{request.scope['http_version']}",
                "sourceIp": request.client.host if request.client else "",
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": f"{datetime.now(UTC):%d/%b/%Y:%H:%M:%S +0000}",
            "timeEpoch": int(time.time() * 1000),
        },
        "isBase64Encoded": False,
    }
    cookies = [part.strip() for line in request.headers.getlist("cookie") for part in line.split(";")]
    if cookies:
        event["cookies"] = cookies
    query: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        query[name] = f"{query[name]},{value}" if name in query else value
    if query:
        event["queryStringParameters"] = query
    if body:
        event["body"], event["isBase64Encoded"] = encoded(body, headers.get("content-type", ""))
    return event


def encoded(body: bytes, content_type: str) -> tuple[str, bool]:
    if content_type.lower().startswith(TEXT_TYPES):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode("ascii"), True


def response_from(payload: bytes) -> Response:
    """The HTTP answer that a function's result stands for. Raises FunctionAnswerError."""
    result = json.loads(payload)
    if not isinstance(result, dict) or "statusCode" not in result:
        # API Gateway takes any other value as the body of a 200.
        return Response(json.dumps(result), media_type="application/json")
    try:
        body = result.get("body") or ""
        content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
        response = Response(content, status_code=int(result["statusCode"]))
        for name, value in (result.get("headers") or {}).items():
            if name.lower() != "content-length":  # API Gateway counts by itself
                response.headers[name] = str(value)
        for cookie in result.get("cookies") or []:
            response.headers.append("set-cookie", cookie)
    except (AttributeError, TypeError, ValueError) as error:
        raise FunctionAnswerError(f"not an HTTP answer: {error}") from error
    response.headers.setdefault("content-type", "text/plain; charset=utf-8")
    return response
