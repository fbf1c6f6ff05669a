"""Batches: how far many analyses are that were asked for at once."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.answers import answer, problems
from api.conditional import HEADERS
from api.dependencies import BatchPath, CurrentUser, Library
from knight_vision.services.batches import view_batch

router = APIRouter(prefix="/batches", tags=["batches"], responses=problems(401, "invalid_request", 503))


@router.get(
    "/{batch_id}",
    operation_id="get_batch",
    responses={
        **answer("Batch", headers={name: HEADERS[name] for name in ("Cache-Control", "Retry-After")}),
        **problems("batch_not_found"),
    },
)
def get_batch(batch_id: BatchPath, user: CurrentUser, library: Library) -> JSONResponse:
    """How many games of a batch are in which state, how far they are together, and how long they may take."""
    view = view_batch(library, user.id, batch_id)
    headers = {"Cache-Control": "private, no-cache"}
    if not view.is_final:
        headers["Retry-After"] = str(view.retry_after_s)
    return JSONResponse(view.json, 200, headers)


def batch_headers(batch_id: str | None) -> dict[str, str]:
    """Where to ask for a batch that was begun just now."""
    return {"Location": f"/v1/batches/{batch_id}", "Retry-After": "1"} if batch_id else {}
