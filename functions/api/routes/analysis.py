"""Analyses: ask for one or many, look at progress, read the report, cancel."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.dependencies import Canceller, CurrentUser, GamePath, Reader, RequestId
from api.schemas import Analysis, BulkRequest, Status, problems
from knight_vision import bootstrap
from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import AnalysisNotFoundError, QueueLimitError, StoreUnavailableError
from knight_vision.services.read_analysis import AnalysisView

router = APIRouter(prefix="/games", tags=["analysis"], responses=problems(401, 422, 503))

PGN_TYPE = "application/x-chess-pgn"
MOST_IN_BULK = 500


@router.post(
    "/process-unannotated",
    operation_id="process_unannotated_games",
    status_code=202,
    response_model=BulkRequest,
    responses=problems(429),
)
def process_unannotated_games(
    user: CurrentUser,
    correlation_id: RequestId,
    limit: Annotated[int, Query(ge=1, le=MOST_IN_BULK)] = 100,
) -> JSONResponse:
    """Ask for the analysis of the user's games that were never asked for, oldest first."""
    queued = bootstrap.request_analysis().of_unannotated(user.id, limit, correlation_id)
    return JSONResponse({"queued": queued}, 202)


@router.post(
    "/{game_id}/enhanced-annotate",
    operation_id="enhanced_annotate_game",
    response_model=Analysis,
    responses={202: {"model": Analysis, "description": "Queued or running"}, **problems(404, 429)},
)
def enhanced_annotate_game(
    request: Request,
    game_id: GamePath,
    user: CurrentUser,
    reader: Reader,
    correlation_id: RequestId,
    wait_for_analysis: bool = False,
) -> JSONResponse:
    """Ask for a game's analysis, or join the one under way; with waiting, the best there is by then."""
    started_s = time.monotonic()
    try:
        requested = bootstrap.request_analysis().of_game(user.id, game_id, correlation_id)
    except QueueLimitError:
        if (done := complete_analysis(reader, user.id, game_id)) is None:
            raise
        return JSONResponse(analysis_json(done))
    try:
        if wait_for_analysis:
            at_most_s = bootstrap.settings().wait_for_analysis_s - (time.monotonic() - started_s)
            view = reader.wait(user.id, game_id, at_most_s)
        else:
            view = reader.view(user.id, game_id)
    except StoreUnavailableError:
        # It is accepted by now: an error would say that nothing was stored.
        view = reader.accepted(requested)
    if view.is_final:
        return JSONResponse(analysis_json(view))
    location = f"{request.url.path.removesuffix('/enhanced-annotate')}/analysis/status"
    headers = {"Location": location, "Retry-After": str(view.retry_after_s)}
    return JSONResponse(analysis_json(view), 202, headers)


@router.get(
    "/{game_id}/analysis",
    operation_id="get_analysis",
    response_model=Analysis,
    responses={200: {"content": {PGN_TYPE: {"schema": {"type": "string"}}}}, **problems(404, 406)},
)
def get_analysis(
    game_id: GamePath, user: CurrentUser, reader: Reader, accept: Annotated[str, Header()] = "*/*"
) -> Response:
    """The best finished phase and the progress of the running one; annotated PGN if that is accepted."""
    media_type = preferred_type(accept)
    view = reader.view(user.id, game_id)
    headers = {"Vary": "Accept"}
    if not view.is_final:
        headers["Retry-After"] = str(view.retry_after_s)
    if media_type == PGN_TYPE:
        return Response(view.annotated_pgn(), 200, headers, media_type=f"{PGN_TYPE}; charset=utf-8")
    return JSONResponse(analysis_json(view), 200, headers)


@router.get(
    "/{game_id}/analysis/status",
    operation_id="get_analysis_status",
    response_model=Status,
    responses=problems(404),
)
def get_analysis_status(game_id: GamePath, user: CurrentUser, reader: Reader) -> JSONResponse:
    """State, phase, progress, place in the queue, time left."""
    view = reader.view(user.id, game_id, with_report=False)
    headers = {} if view.is_final else {"Retry-After": str(view.retry_after_s)}
    return JSONResponse(view.status, 200, headers)


@router.delete(
    "/{game_id}/analysis",
    operation_id="cancel_analysis",
    response_model=Status,
    responses=problems(404, 409),
)
def cancel_analysis(
    game_id: GamePath, user: CurrentUser, canceller: Canceller, correlation_id: RequestId
) -> JSONResponse:
    """Cancel an unfinished analysis; what is finished of it stays readable, and it may be asked for again."""
    return JSONResponse(canceller.cancel(user.id, game_id, correlation_id).status)


def complete_analysis(reader: Reader, user_id: UserId, game_id: GameId) -> AnalysisView | None:
    """The analysis if it is complete: asking for that takes no place in the queue."""
    try:
        view = reader.view(user_id, game_id)
    except AnalysisNotFoundError:
        return None
    return view if view.is_complete else None


def analysis_json(view: AnalysisView) -> dict[str, object]:
    """An analysis as docs/protocol.md shows it."""
    return {"status": view.status, "report": view.report}


def preferred_type(accept: str) -> str:
    """PGN or JSON, whichever the caller names first. Raises HTTPException 406 when it wants neither."""
    for part in accept.lower().split(","):
        media_type = part.partition(";")[0].strip()
        if media_type in (PGN_TYPE, "application/vnd.chess-pgn", "text/plain"):
            return PGN_TYPE
        if media_type in ("*/*", "application/*", "application/json", ""):
            return "application/json"
    raise HTTPException(406, f"The analysis can be had as application/json or {PGN_TYPE}.")
