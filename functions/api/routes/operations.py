"""For operators: the queue in numbers, and the analyses that were given up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from api.answers import answer, problems
from api.dependencies import CurrentUser, Operations, RequestId, json_only
from api.operations_json import dead_letter_json, metrics_json
from api.requests import RedriveRequest
from knight_vision.domain.job import GameId

router = APIRouter(
    prefix="/operations", tags=["operations"], responses=problems(401, 403, "invalid_request", 503)
)

MOST_PER_PAGE = 100


@router.get("/metrics", operation_id="get_operations_metrics", responses=answer("OperationsMetrics"))
def get_operations_metrics(operator: CurrentUser, operations: Operations) -> JSONResponse:
    """The queue now and in the last hour; also while something is down, then with what can be had."""
    return JSONResponse(metrics_json(operations.metrics(operator.id)))


@router.get("/dead-letters", operation_id="list_dead_letters", responses=answer("DeadLetterPage"))
def list_dead_letters(
    operator: CurrentUser,
    operations: Operations,
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> JSONResponse:
    """The analyses that were given up, the last one first, page by page."""
    letters, next_cursor = operations.dead_letters(operator.id, at_most=limit, before=cursor)
    body = {"dead_letters": [dead_letter_json(one) for one in letters], "next_cursor": next_cursor}
    return JSONResponse(body)


@router.post(
    "/dead-letters/redrive",
    operation_id="redrive_dead_letters",
    responses={**answer("Redriven"), **problems(413, 415)},
    dependencies=[Depends(json_only)],
)
def redrive_dead_letters(
    operator: CurrentUser, operations: Operations, body: RedriveRequest, correlation_id: RequestId
) -> JSONResponse:
    """Start analyses that were given up again, from the first phase; what was readable stays readable."""
    begun = operations.redrive(operator.id, [GameId(one) for one in body.game_ids], correlation_id)
    return JSONResponse({"redriven": len(begun), "game_ids": begun})
