"""What the API does before Lambda takes a snapshot of it (SnapStart), and in every copy made from that.

Before: load everything that requests need, which the start itself leaves out. No connection is opened, no
secret read and no client made: a copy may be started weeks later, beside a thousand others.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable
from typing import Any

__all__ = ["load_what_requests_need", "make_unlike_others"]

NEEDED = (
    "api.answer_store",
    "aws_lambda_powertools.utilities.parameters",
    "boto3",
    "jwt.algorithms",
    "knight_vision.adapters.eventbridge",
    "knight_vision.adapters.redis_queue.client",
    "knight_vision.adapters.redis_queue.queue",
    "knight_vision.adapters.request_gate",
    "knight_vision.adapters.supabase.library",
    "knight_vision.adapters.supabase.store",
    "knight_vision.adapters.supabase.user_store",
    "knight_vision.domain.pgn_export",
    "knight_vision.services.operate",
    "knight_vision.services.request_analysis",
    "knight_vision.services.submit_games",
)
"""Modules that functions import when they first need them."""
REQUEST = {
    "version": "2.0",
    "rawPath": "/health",
    "rawQueryString": "",
    "headers": {"host": "localhost"},
    "isBase64Encoded": False,
    "requestContext": {
        "http": {"method": "GET", "path": "/health", "sourceIp": "127.0.0.1", "protocol": "HTTP/1.1"},
        "stage": "$default",
    },
}
"""A request that asks nobody else, in API Gateway's payload format 2.0."""


def load_what_requests_need(answer: Callable[[dict[str, Any], Any], Any]) -> None:
    """Import the rest, and let the application answer once, which makes it build its parts."""
    for name in NEEDED:
        importlib.import_module(name)
    answer(REQUEST, None)


def make_unlike_others() -> None:
    """New random numbers: the pauses between retries must not be the same in all copies."""
    random.seed()
