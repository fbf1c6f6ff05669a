"""Games: submit, list, read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.dependencies import PGN_TYPES, CurrentUser, GamePath, Library, PgnBody
from api.errors import problem
from api.limits import say_what_is_left
from api.schemas import GameDetail, GamePage, Submission, problems
from knight_vision import bootstrap
from knight_vision.errors import GameNotFoundError
from knight_vision.services.submit_games import SubmittedGame, Verdict, submit_games

router = APIRouter(tags=["games"], responses=problems(401, 422, 503))

MOST_PER_PAGE = 100
SUMMARY = ("id", "white", "black", "result", "event", "played_on", "ply_count", "created_at")
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
    response_model=Submission,
    responses={200: {"model": Submission, "description": "All duplicates"}, **problems(413, 415, 429)},
    openapi_extra={"requestBody": BODY},
)
def post_games(request: Request, user: CurrentUser, pgn: PgnBody) -> JSONResponse:
    """Store one or many games; a verdict for each. Analysis is asked for separately."""
    settings = bootstrap.settings()
    verdicts = submit_games(
        bootstrap.store(),
        user.id,
        pgn,
        max_plies=settings.max_plies,
        max_games=settings.max_games_per_request,
        max_characters=settings.max_game_characters,
        most_per_day=settings.games_per_day,
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
    return JSONResponse({**counts, "games": games}, 201 if counts["accepted"] else 200)


@router.get("/games", operation_id="list_games", response_model=GamePage)
def get_games(
    user: CurrentUser,
    library: Library,
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> JSONResponse:
    """The user's games, newest first, page by page."""
    rows = library.games(user.id, limit=limit + 1, before=cursor)
    page = rows[:limit]
    more = len(rows) > limit
    next_cursor = f"{page[-1]['created_at']}|{page[-1]['id']}" if more else None
    return JSONResponse({"games": [summary_json(row) for row in page], "next_cursor": next_cursor})


@router.get("/games/{game_id}", operation_id="get_game", response_model=GameDetail, responses=problems(404))
def get_game(game_id: GamePath, user: CurrentUser, library: Library) -> JSONResponse:
    """One game with its PGN."""
    row = library.game(user.id, game_id)
    if row is None:
        raise GameNotFoundError(f"There is no game {game_id} of yours.")
    return JSONResponse({**summary_json(row), "pgn": row["pgn"], "headers": row["headers"]})


def verdict_json(submitted: SubmittedGame) -> dict[str, Any]:
    """A verdict as docs/protocol.md shows it."""
    verdict: dict[str, Any] = {"index": submitted.index, "verdict": submitted.verdict}
    if submitted.game is not None:
        headers = submitted.game.headers
        verdict |= {
            "id": submitted.game_id,
            "white": headers.get("White"),
            "black": headers.get("Black"),
            "ply_count": submitted.game.ply_count,
        }
    if submitted.refusal is not None:
        verdict["problem"] = {"code": submitted.refusal.code, "detail": str(submitted.refusal)}
    return verdict


def summary_json(row: dict[str, Any]) -> dict[str, Any]:
    """A game row as docs/protocol.md shows it."""
    shown = {name: row[name] for name in SUMMARY}
    return shown | {"analysis_state": row["queue_status"], "analysis_phase": row["analysis_phase"]}
