"""Handler of ApiFunction: API Gateway's event in, FastAPI's answer out."""

from __future__ import annotations

import re
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum import Mangum
from snapshot_restore_py import register_after_restore, register_before_snapshot

from api.app import create_app
from api.warm_up import load_what_requests_need, make_unlike_others
from knight_vision.observability import logger, timed

CLAIM = re.compile(r"(?i)host$|forwarded$|x-forwarded-")
# lifespan="off": Mangum would run it at every invocation (clients would be made anew each time).
# What is listed as text is not sent as base64.
handle = Mangum(
    create_app(),
    lifespan="off",
    text_mime_types=["text/", "application/json", "application/problem+json", "application/x-chess-pgn"],
)
# Part of Lambda's own runtime, which calls them where the function is started from a snapshot.
register_before_snapshot(load_what_requests_need, handle)
register_after_restore(make_unlike_others)


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The HTTP answer to one request, in API Gateway's payload format 2.0."""
    with timed("handler"):
        return dict(handle(without_claims(event), context))  # type: ignore[arg-type]


def without_claims(event: dict[str, Any]) -> dict[str, Any]:
    """The event without what a caller says of the address that it called, and of the road it took.

    Nothing here goes by that, and Mangum raises ValueError for a port that is no number.
    """
    headers = event.get("headers", {}).items()
    return {**event, "headers": {name: text for name, text in headers if not CLAIM.match(name)}}
