"""Is the service alive, and can it reach what it needs? No token asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.answers import answer
from api.errors import RETRY_AFTER_S
from knight_vision import __version__, bootstrap
from knight_vision.errors import KnightVisionError
from knight_vision.observability import logger

router = APIRouter(tags=["health"])


@router.get("/health", operation_id="get_health", responses=answer("Health"))
def get_health() -> JSONResponse:
    """Alive: the function runs. Nothing else is asked."""
    return JSONResponse({"status": "ok", "version": __version__})


@router.get(
    "/health/ready",
    operation_id="get_readiness",
    responses={
        **answer("Readiness"),
        **answer("Readiness", 503, description="At least one part does not answer"),
    },
)
def get_readiness() -> JSONResponse:
    """Ready: Redis, Supabase and the event bus each answer; 503 with the same body when one does not."""
    checks = {
        "redis": check(lambda: bootstrap.queue().ping()),
        "supabase": check(lambda: bootstrap.store().ping()),
        "event_bus": check(lambda: bootstrap.event_bus().ping()),
    }
    is_ready = all(part["ok"] for part in checks.values())
    body = {"status": "ok" if is_ready else "unavailable", "version": __version__, "checks": checks}
    return JSONResponse(body) if is_ready else JSONResponse(body, 503, {"Retry-After": RETRY_AFTER_S[503]})


def check(ping: Callable[[], None]) -> dict[str, Any]:
    """Whether a part answers and how long it took. The cause goes to the log, not to strangers."""
    started_s = time.perf_counter()
    try:
        ping()
        is_ok = True
    except KnightVisionError as error:
        logger.warning("not_ready", exc_info=error)
        is_ok = False
    return {"ok": is_ok, "ms": round((time.perf_counter() - started_s) * 1000, 1)}
