"""What Schemathesis must be told: PGN is text, and an Idempotency-Key is used once.

Runs in Schemathesis' own virtual environment, so it imports nothing of the project.
"""
# mypy: disable-error-code="import-not-found,misc,no-any-unimported,untyped-decorator"

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-chess-pgn", "application/vnd.chess-pgn")
def as_text(context: Any, value: Any) -> bytes:
    """The body: text as it is; what is no text, on purpose, as JSON writes it."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")


@schemathesis.hook
def map_headers(context: Any, headers: dict[str, Any] | None) -> dict[str, Any] | None:
    """Another key for each request: those made up are mostly the same, and all but the first are refused.
    And the user of the run keeps the account."""
    key = (headers or {}).get("Idempotency-Key")
    if headers and isinstance(key, str) and re.fullmatch("[ -~]{1,255}", key):
        headers["Idempotency-Key"] = str(uuid.uuid4())
    if headers and headers.get("Confirm-Delete") == "account":
        headers["Confirm-Delete"] = "everything"
    return headers
