"""What the caller may use, and what is left of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.answers import answer, problems
from api.dependencies import CurrentUser, Glance
from api.limit_headers import WhatIsLeft
from api.limits import say_what_is_left
from knight_vision import bootstrap
from knight_vision.errors import QueueUnavailableError

router = APIRouter(prefix="/me", tags=["account"], responses=problems(401, 429, 503))


@router.get("/quota", operation_id="get_quota", responses=answer("QuotaAnswer"))
def get_quota(request: Request, user: CurrentUser, glance: Glance) -> JSONResponse:
    """The user's plan, and each limit: what is used of it, what is left, and when it is whole again."""
    settings = bootstrap.settings()
    usage = bootstrap.store().usage(user.id)
    say_what_is_left(request, usage)
    unfinished = glance.unfinished_games
    if unfinished is None:
        try:
            unfinished = bootstrap.queue().unfinished_games(user.id)
        except QueueUnavailableError as error:
            bootstrap.observer().went_wrong("quota_without_queue", error)
    limits = {
        "games_per_day": limit(settings.games_per_day.of(usage.plan), usage.games, usage.resets_in_s),
        "unfinished_games": limit(settings.unfinished_games.of(usage.plan), unfinished),
    }
    left = getattr(request.state, "left", WhatIsLeft())
    for rate in left.rates:
        limits[f"{rate.name}_requests"] = limit(rate.burst, None)
    for count in left.counts or ():
        used = count.rate.burst - count.left
        limits[f"{count.rate.name}_requests"] = limit(count.rate.burst, used, count.full_in_s)
    sizes = {
        "body_bytes": settings.max_body_bytes,
        "games_per_request": settings.max_games_per_request,
        "game_characters": settings.max_game_characters,
        "game_plies": settings.max_plies,
    }
    return JSONResponse({"plan": usage.plan, "limits": limits, "sizes": sizes})


def limit(most: int, used: int | None, resets_in_s: float | None = None) -> dict[str, Any]:
    """One limit as docs/protocol.md shows it; null what is not known, or comes back in its own time."""
    resets_at = None
    if resets_in_s is not None:
        moment = datetime.now(UTC) + timedelta(seconds=resets_in_s)
        resets_at = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    left = None if used is None else max(0, most - used)
    return {"limit": most, "used": used, "left": left, "resets_at": resets_at}
