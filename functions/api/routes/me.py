"""All that is kept of the user: take it along, or have it deleted."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, Response

from api.answers import answer, problems
from api.dependencies import CurrentUser, Library, OwnData, RequestId
from knight_vision import bootstrap
from knight_vision.services.own_data import ExportData

router = APIRouter(prefix="/me", tags=["me"], responses=problems(401, "invalid_request", 503))


@router.get("/export", operation_id="export_my_data", responses=answer("Export"))
def export_my_data(
    user: CurrentUser,
    library: Library,
    cursor: Annotated[
        str | None, Query(max_length=400, description="`next_cursor` of the page before")
    ] = None,
) -> JSONResponse:
    """All that is kept of the user, page by page: profile, games, analyses, reports, moves, feedback."""
    export: dict[str, Any] = ExportData(library, bootstrap.settings().supabase_secret_key).page(
        user.id, cursor
    )
    return JSONResponse(export, headers={"Cache-Control": "no-store"})


@router.delete("", operation_id="delete_my_data", status_code=204, response_class=Response)
def delete_my_data(
    user: CurrentUser,
    data: OwnData,
    correlation_id: RequestId,
    confirm_delete: Annotated[
        Literal["everything", "account"],
        Header(description="That it is meant: everything but the account, or the account as well"),
    ],
) -> Response:
    """Delete everything that is kept of the user, at once and for good, with the account if that is said.

    Whoever deletes the account cannot sign in any more; a token that is out works until it expires, and finds
    nothing.
    """
    data.delete_everything(user.id, correlation_id, with_account=confirm_delete == "account")
    return Response(status_code=204)
