"""Analyses: ask for one or many, look at progress, read the report, cancel."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import JSONResponse, Response

from api.answers import answer, problems
from api.conditional import HEADERS, NOT_MODIFIED, IfNoneMatch, headers_of, is_known, not_modified
from api.dependencies import (
    Asking,
    Canceller,
    CurrentUser,
    GamePath,
    Glance,
    InBatches,
    Reader,
    RequestId,
    json_only,
)
from api.negotiation import preferred
from api.requests import FeedbackRequest
from api.routes.batches import batch_headers
from knight_vision import bootstrap
from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import AnalysisNotFoundError, QueueLimitError, StoreUnavailableError
from knight_vision.services.read_analysis import AnalysisView

router = APIRouter(prefix="/games", tags=["analysis"], responses=problems(401, "invalid_request", 503))

PGN_TYPE = "application/x-chess-pgn"
FORMS = {"application/json": (), PGN_TYPE: ("application/vnd.chess-pgn", "text/plain")}
"""In which an analysis can be had."""
MOST_IN_BULK = 500


@router.post(
    "/process-unannotated",
    operation_id="process_unannotated_games",
    status_code=202,
    responses={**answer("BulkRequest", 202), **problems(429)},
)
def process_unannotated_games(
    user: CurrentUser,
    in_batches: InBatches,
    glance: Glance,
    correlation_id: RequestId,
    limit: Annotated[int, Query(ge=1, le=MOST_IN_BULK)] = 100,
) -> JSONResponse:
    """Ask for the analysis of the user's games that were never asked for, oldest first."""
    begun = in_batches().of_unannotated(user.id, limit, correlation_id, glance)
    body = {"queued": begun.queued, "batch_id": begun.batch_id}
    return JSONResponse(body, 202, batch_headers(begun.batch_id))


@router.post(
    "/{game_id}/enhanced-annotate",
    operation_id="enhanced_annotate_game",
    responses={
        **answer("Analysis"),
        **answer(
            "Analysis",
            202,
            description="Queued or running",
            headers={
                "Location": {"schema": {"type": "string"}, "description": "Where to ask for the status"},
                "Retry-After": HEADERS["Retry-After"],
            },
        ),
        **problems("game_not_found", 429),
    },
)
def enhanced_annotate_game(
    game_id: GamePath,
    user: CurrentUser,
    reader: Reader,
    asking: Asking,
    glance: Glance,
    correlation_id: RequestId,
    wait_for_analysis: bool = False,
) -> JSONResponse:
    """Ask for a game's analysis, or join the one under way; with waiting, the best there is by then."""
    started_s = time.monotonic()
    try:
        # Who waits for the analysis has it begun before the answer is known.
        requests = bootstrap.request_analysis() if wait_for_analysis else asking
        begun = requests.of_game(user.id, game_id, correlation_id, glance)
    except QueueLimitError:
        if (done := complete_analysis(reader, user.id, game_id)) is None:
            raise
        return JSONResponse(analysis_json(done))
    try:
        if wait_for_analysis and not begun.requested.state.is_final:
            at_most_s = bootstrap.settings().wait_for_analysis_s - (time.monotonic() - started_s)
            view = reader.wait(user.id, game_id, at_most_s)
        else:
            view = reader.begun(begun)
    except StoreUnavailableError:
        # It is accepted by now: an error would say that nothing was stored.
        view = reader.accepted(begun.requested)
    if view.is_final:
        return JSONResponse(analysis_json(view))
    headers = {"Location": f"/v1/games/{game_id}/analysis/status", "Retry-After": str(view.retry_after_s)}
    return JSONResponse(analysis_json(view), 202, headers)


@router.get(
    "/{game_id}/analysis",
    operation_id="get_analysis",
    responses={
        **answer("Analysis", more_types={PGN_TYPE: {"schema": {"type": "string"}}}, headers=HEADERS),
        **NOT_MODIFIED,
        **problems("game_not_found", "analysis_not_found", 406),
    },
)
def get_analysis(
    game_id: GamePath,
    user: CurrentUser,
    reader: Reader,
    glance: Glance,
    accept: Annotated[str, Header(include_in_schema=False)] = "*/*",
    if_none_match: IfNoneMatch = "",
) -> Response:
    """The best finished phase and the progress of the running one; annotated PGN if that is accepted."""
    is_pgn = preferred(accept, FORMS) == PGN_TYPE
    view = reader.view(user.id, game_id, with_report=not if_none_match, glance=glance)
    version = view.pgn_version if is_pgn else view.version
    if if_none_match:
        if is_known(if_none_match, version):
            return not_modified(view, version)
        view = reader.with_report(user.id, view)
        version = view.pgn_version if is_pgn else view.version
    headers = headers_of(view, version)
    if is_pgn:
        return Response(view.annotated_pgn(), 200, headers, media_type=f"{PGN_TYPE}; charset=utf-8")
    return JSONResponse(analysis_json(view), 200, headers)


@router.get(
    "/{game_id}/analysis/status",
    operation_id="get_analysis_status",
    responses={
        **answer("Status", headers=HEADERS),
        **NOT_MODIFIED,
        **problems("game_not_found", "analysis_not_found"),
    },
)
def get_analysis_status(
    game_id: GamePath, user: CurrentUser, reader: Reader, glance: Glance, if_none_match: IfNoneMatch = ""
) -> Response:
    """State, phase, progress, place in the queue, time left."""
    view = reader.view(user.id, game_id, with_report=False, glance=glance)
    if if_none_match and is_known(if_none_match, view.version):
        return not_modified(view, view.version)
    return JSONResponse(view.status, 200, headers_of(view, view.version))


@router.delete(
    "/{game_id}/analysis",
    operation_id="cancel_analysis",
    responses={**answer("Status"), **problems("game_not_found", "analysis_not_found", 409)},
)
def cancel_analysis(
    game_id: GamePath, user: CurrentUser, canceller: Canceller, correlation_id: RequestId
) -> JSONResponse:
    """Cancel an unfinished analysis; what is finished of it stays readable, and it may be asked for again."""
    return JSONResponse(canceller.cancel(user.id, game_id, correlation_id).status)


@router.post(
    "/{game_id}/analysis/feedback",
    operation_id="give_feedback",
    responses={**answer("Feedback"), **problems("game_not_found", "analysis_not_found", 413, 415)},
    dependencies=[Depends(json_only)],
)
def give_feedback(
    game_id: GamePath, user: CurrentUser, body: FeedbackRequest, correlation_id: RequestId
) -> JSONResponse:
    """Say whether a game's report is of use, in place of what one said before."""
    given = bootstrap.give_feedback().give(user.id, game_id, body.rating, body.comment, correlation_id)
    return JSONResponse(given)


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
