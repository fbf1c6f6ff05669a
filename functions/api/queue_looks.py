"""Which requests want to know what of the queue: it is asked on the way in, with what counts the request.

A route whose request is not told from others here, or whose look saw nothing, asks the queue itself.
"""

from __future__ import annotations

import re

from starlette.types import Scope

from knight_vision.domain.job import GameId, UserId
from knight_vision.entrance import QueueLook

__all__ = ["look_of"]

PROGRESS = re.compile(r"/v1/games/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/analysis(?:/status)?")
ASKING = re.compile(r"/v1/games/(?:process-unannotated|[^/]+/enhanced-annotate)")


def look_of(scope: Scope, user_id: UserId) -> QueueLook | None:
    """What the use case of a user's request will want to know of the queue."""
    method, path = scope["method"], scope["path"]
    if method == "GET" and (found := PROGRESS.fullmatch(path)):
        return QueueLook(game_id=GameId(found[1]))
    submits = method == "POST" and path == "/v1/games" and b"annotate=" in scope["query_string"]
    asks = method == "POST" and ASKING.fullmatch(path)
    if submits or asks or (method == "GET" and path == "/v1/me/quota"):
        return QueueLook(user_id=user_id)
    return None
