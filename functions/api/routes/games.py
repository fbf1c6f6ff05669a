"""Games: submit, list, read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.answers import answer, problems
from api.dependencies import (
    PGN_TYPES,
    CurrentUser,
    GamePath,
    Glance,
    InBatches,
    Library,
    OwnData,
    PgnBody,
    RequestId,
)
from api.errors import problem
from api.limits import say_what_is_left
from api.requests import GameListQuery
from api.routes.batches import batch_headers
from knight_vision import bootstrap
from knight_vision.domain.game_query import GameQuery
from knight_vision.errors import GameNotFoundError
from knight_vision.services.list_games import ListGames

if TYPE_CHECKING:
    from knight_vision.services.submit_games import SubmittedGame

# What reads games is a sixth of the start: the first submission loads it, or before that api/warm_up.py.

router = APIRouter(tags=["games"], responses=problems(401, "invalid_request", 503))

SUMMARY = (
    "id",
    "white",
    "black",
    "result",
    "event",
    "played_on",
    "eco",
    "opening",
    "ply_count",
    "created_at",
)
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "object", "required": ["pgn"], "properties": {"pgn": {"type": "string"}}},
            "example": {"pgn": '[White "Anderssen"]\n[Black "Kieseritzky"]\n\n1. e4 e5 2. f4 exf4 *'},
        },
        **{media_type: {"schema": {"type": "string"}} for media_type in PGN_TYPES},
    },
}


@router.post(
    "/games",
    operation_id="submit_games",
    status_code=201,
    responses={
        **answer("Submission", 201),
        **answer("Submission", description="All duplicates"),
        **problems(413, 415, 422, 429),
    },
    openapi_extra={"requestBody": BODY},
)
def post_games(
    request: Request,
    user: CurrentUser,
    pgn: PgnBody,
    in_batches: InBatches,
    glance: Glance,
    correlation_id: RequestId,
    annotate: Annotated[bool, Query(description="Ask for their analyses as well, as a batch")] = False,
) -> JSONResponse:
    """Store one or many games; a verdict for each. Analysis is asked for separately, unless it is at once."""
    from knight_vision.services.submit_games import Verdict, submit_games

    settings = bootstrap.settings()
    batches = in_batches() if annotate else None
    verdicts = submit_games(
        bootstrap.store(),
        user.id,
        pgn,
        max_plies=settings.max_plies,
        max_games=settings.max_games_per_request,
        max_characters=settings.max_game_characters,
        most_per_day=settings.games_per_day,
        room_for=partial(batches.require_room, user.id, glance) if batches else None,
    )
    say_what_is_left(request, verdicts.usage)
    games = [verdict_json(verdict) for verdict in verdicts]
    counts = {
        key: sum(verdict.verdict is kind for verdict in verdicts)
        for key, kind in (
            ("accepted", Verdict.ACCEPTED),
            ("duplicates", Verdict.DUPLICATE),
            ("refused", Verdict.REFUSED),
        )
    }
    if counts["refused"] == len(games):
        first = games[0]["problem"]
        return problem(request, str(first["code"]), str(first["detail"]), **counts, games=games)
    status = 201 if counts["accepted"] else 200
    if batches is None:
        return JSONResponse({**counts, "games": games}, status)
    if verdicts.batch is not None:
        begun = batches.begun(verdicts.batch, correlation_id)
    else:
        ids = [verdict.game_id for verdict in verdicts if verdict.game_id is not None]
        begun = batches.of_games(user.id, ids, correlation_id)
    batch = {"batch_id": begun.batch_id, "queued": begun.queued}
    return JSONResponse({**counts, **batch, "games": games}, status, batch_headers(begun.batch_id))


@router.get("/games", operation_id="list_games", responses=answer("GamePage"))
def get_games(user: CurrentUser, library: Library, asked: Annotated[GameListQuery, Query()]) -> JSONResponse:
    """The user's games, page by page: all of them, newest first, or those that pass all filters given."""
    query = GameQuery(
        player=asked.player,
        white=asked.white,
        black=asked.black,
        opening=asked.opening,
        result=asked.result,
        played_from=asked.played_from,
        played_to=asked.played_to,
        is_analysed=asked.analysed,
        sort=asked.sort,
    )
    # Whoever has this key may do everything anyhow; another deployment's cursors are not taken for ours.
    games = ListGames(library, bootstrap.settings().supabase_secret_key)
    page, next_cursor = games.page(user.id, query, limit=asked.limit, cursor=asked.cursor)
    return JSONResponse(
        {
            "games": [{**summary_json(row), "accuracy": row["accuracy"]} for row in page],
            "next_cursor": next_cursor,
        }
    )


@router.get(
    "/games/{game_id}",
    operation_id="get_game",
    responses={**answer("GameDetail"), **problems("game_not_found")},
)
def get_game(game_id: GamePath, user: CurrentUser, library: Library) -> JSONResponse:
    """One game with its PGN."""
    row = library.game(user.id, game_id)
    if row is None:
        raise GameNotFoundError(f"There is no game {game_id} of yours.")
    return JSONResponse({**summary_json(row), "pgn": row["pgn"], "headers": row["headers"]})


@router.delete(
    "/games/{game_id}",
    operation_id="delete_game",
    status_code=204,
    response_class=Response,
    responses=problems("game_not_found"),
)
def delete_game(game_id: GamePath, user: CurrentUser, data: OwnData, correlation_id: RequestId) -> Response:
    """Delete a game and all that hangs on it: its analysis, which is thereby cancelled, and the feedback."""
    data.delete_game(user.id, game_id, correlation_id)
    return Response(status_code=204)


def verdict_json(submitted: SubmittedGame) -> dict[str, Any]:
    """A verdict as docs/protocol.md shows it."""
    verdict: dict[str, Any] = {"index": submitted.index, "verdict": submitted.verdict}
    if submitted.refusal is None:
        verdict |= {
            "id": submitted.game_id,
            "white": submitted.white,
            "black": submitted.black,
            "ply_count": submitted.ply_count,
        }
    else:
        verdict["problem"] = {"code": submitted.refusal.code, "detail": str(submitted.refusal)}
    return verdict


def summary_json(row: dict[str, Any]) -> dict[str, Any]:
    """A game row as docs/protocol.md shows it."""
    shown = {name: row[name] for name in SUMMARY}
    return shown | {"analysis_state": row["queue_status"], "analysis_phase": row["analysis_phase"]}
