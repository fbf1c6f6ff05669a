"""Answers that are not sent again to who has them: entity tags, If-None-Match and 304 (RFC 9110)."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import Response

from knight_vision.services.read_analysis import AnalysisView

__all__ = ["HEADERS", "NOT_MODIFIED", "IfNoneMatch", "headers_of", "is_known", "not_modified"]

IfNoneMatch = Annotated[
    str,
    Header(
        max_length=4_000, description="The `ETag` of an answer one has: 304 without a body if it still holds"
    ),
]
TAG = re.compile(r'"([\x21\x23-\x7e\x80-\xff]*)"')
TEXT = {"type": "string"}
HEADERS: dict[str, Any] = {
    "ETag": {"schema": TEXT, "description": "Names this very answer, for `If-None-Match`"},
    "Cache-Control": {
        "schema": TEXT,
        "description": "Always `private, no-cache`: keep it, but ask each time",
    },
    "Vary": {"schema": TEXT},
    "Retry-After": {
        "schema": {"type": "integer", "minimum": 1, "maximum": 60},
        "description": "Seconds after which it is worth asking again; not when nothing more will come",
    },
}
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "It is still what the caller has", "headers": HEADERS}
}
"""OpenAPI entry."""


def is_known(if_none_match: str, version: str) -> bool:
    """Whether the caller has this version. Weak tags (`W/"…"`) count, as If-None-Match wants it."""
    return if_none_match.strip() == "*" or version in TAG.findall(if_none_match)


def headers_of(view: AnalysisView, version: str) -> dict[str, str]:
    """The headers of an answer about an analysis: what it is called, and when to come back."""
    headers = {
        "ETag": f'"{version}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Authorization",
    }
    if not view.is_final:
        headers["Retry-After"] = str(view.retry_after_s)
    return headers


def not_modified(view: AnalysisView, version: str) -> Response:
    """The answer to who has this version."""
    return Response(None, 304, headers_of(view, version))
