"""The OpenAPI document: what FastAPI makes of the routes, with the one error shape said once.

docs/openapi.json is this document with examples that the API itself gave (tests/support/openapi_document.py).
"""

from __future__ import annotations

import json
import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.answers import problems
from api.errors import PROBLEMS, problem_body

__all__ = ["document"]

REQUEST_ID = {
    "name": "X-Request-Id",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The caller's own id of the request: it comes back, and finds the request in the logs. "
    "One that is not 1 to 128 printable ASCII characters without spaces is replaced by a new one",
}
REQUEST_ID_ANSWERED = {
    "schema": {"type": "string"},
    "description": "The caller's own id of the request, or a new one",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"},
    "description": "The same for each try of one request: its first answer is given again",
}
SHAPE = re.compile(r"#/components/schemas/(\w+)")
PROBLEM_TYPE = "application/problem+json"
RETRY_AFTER = {
    "schema": {"type": "integer", "minimum": 1},
    "description": "Seconds after which it is worth asking again",
}


def document(app: FastAPI) -> dict[str, Any]:
    """The application's OpenAPI document, made at the first call."""
    if app.openapi_schema:
        return app.openapi_schema
    made = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        description=DESCRIPTION,
        license_info=app.license_info,
        routes=app.routes,
    )
    schemas = {**made["components"]["schemas"], **shapes_in(made["paths"])}
    made["components"]["schemas"] = dict(sorted(schemas.items()))
    made["components"] |= {
        "parameters": {"RequestId": REQUEST_ID, "IdempotencyKey": IDEMPOTENCY_KEY},
        "headers": {"RequestId": REQUEST_ID_ANSWERED, "RetryAfter": RETRY_AFTER},
        "examples": {
            code: {"summary": title, "value": example(code)} for code, (_, title) in PROBLEMS.items()
        },
    }
    crash = {str(status): entry for status, entry in problems("internal_error").items()}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/RequestId"})
            if path.startswith("/v1/"):
                promise(operation, "rate_limited")
            if path.startswith("/v1/") and method == "post":
                operation["parameters"].append({"$ref": "#/components/parameters/IdempotencyKey"})
                promise(operation, "invalid_request", "idempotency_key_in_use", "idempotency_key_reused")
            responses = operation["responses"] = dict(sorted({**crash, **operation["responses"]}.items()))
            for status, response in responses.items():
                headers = response.setdefault("headers", {})
                headers["X-Request-Id"] = {"$ref": "#/components/headers/RequestId"}
                if status in ("429", "503"):
                    headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
    app.openapi_schema = made
    return made


def shapes_in(paths: dict[str, Any]) -> dict[str, Any]:
    """The shapes that answers name, with all that they are made of."""
    from pydantic.json_schema import models_json_schema

    from api import operations_schemas, schemas

    known = {**vars(operations_schemas), **vars(schemas)}
    named = [known[name] for name in sorted(set(SHAPE.findall(json.dumps(paths)))) if name in known]
    _, made = models_json_schema(
        [(shape, "serialization") for shape in named], ref_template="#/components/schemas/{model}"
    )
    return dict(made["$defs"])


def promise(operation: dict[str, Any], *codes: str) -> None:
    """Add problems that an operation may answer with, as the middleware does for all of them."""
    for code in codes:
        [(status, entry)] = problems(code).items()
        known = operation["responses"].setdefault(str(status), entry)
        examples = known["content"][PROBLEM_TYPE]["examples"]
        if code not in examples:
            examples |= entry["content"][PROBLEM_TYPE]["examples"]
            known["description"] += f"; {entry['description']}"


def example(code: str) -> dict[str, Any]:
    """A problem of this code."""
    status, title = PROBLEMS[code]
    request_id = "4fb7a8d2-5c0e-4a51-9f2c-0d6a3f6d2a11"
    return problem_body(code, f"{title}.", status, request_id)


DESCRIPTION = """\
docs/protocol.md says in words what this document says in shapes. Every answer that is not a success is an
`application/problem+json` document (RFC 9457) whose `code` is stable. Besides those of each operation:
404 `not_found` for an address that is none, and 405 `method_not_allowed`, with `Allow`, for a method that it
does not know.
"""
