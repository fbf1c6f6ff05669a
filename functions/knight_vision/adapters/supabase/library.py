"""What one user may read, read with that user's own token: row level security holds, the query asks again."""

from __future__ import annotations

from typing import Any

import httpx
from postgrest import SyncSelectRequestBuilder

from knight_vision.adapters.supabase.client import DataApi, execute, open_http
from knight_vision.adapters.supabase.ids import is_id
from knight_vision.adapters.supabase.rows import with_iso_times
from knight_vision.domain.game_query import GameQuery, Place
from knight_vision.domain.job import GameId, UserId
from knight_vision.ports import ALL_GAMES, GameLibrary

__all__ = ["SupabaseLibrary", "UserLibrary"]

SUMMARY = (
    "id",
    "white",
    "black",
    "result",
    "event",
    "site",
    "played_on",
    "played_day",
    "eco",
    "opening",
    "start_fen",
    "is_chess960",
    "ply_count",
    "queue_status",
    "analysis_phase",
    "created_at",
)
"""The columns of a game in a list: those that tell it from others, not those that may be long."""
DETAIL = (*SUMMARY, "pgn", "headers", "moves")


class SupabaseLibrary:
    """The connection that all users' reads share. It holds no rights but the publishable key's: none."""

    def __init__(self, url: str, publishable_key: str, *, http: httpx.Client | None = None) -> None:
        """`http` from `open_http`, to share a connection; None opens one."""
        self._url = url
        self._key = publishable_key
        self._http = http or open_http()

    def for_token(self, token: str) -> GameLibrary:
        """The library as the token's user sees it. Costs no request."""
        return UserLibrary(DataApi(self._url, self._key, self._http, token))


class UserLibrary:
    """A GameLibrary, for the one user whose token the API carries."""

    def __init__(self, api: DataApi) -> None:
        """`api` carries the user's token."""
        self._api = api

    def games(
        self, user_id: UserId, query: GameQuery = ALL_GAMES, *, limit: int, after: Place | None = None
    ) -> list[dict[str, Any]]:
        """As the port; by a function, which takes names as they are: no comma or bracket means anything."""
        rows = self._api.call(
            "list_games_v2",
            p_user_id=user_id,
            p_limit=limit,
            p_sort=query.sort,
            p_after_value=after and after.value,
            p_after_id=after and after.game_id,
            p_player=query.player,
            p_white=query.white,
            p_black=query.black,
            p_opening=query.opening,
            p_result=query.result,
            p_played_from=query.played_from and query.played_from.isoformat(),
            p_played_to=query.played_to and query.played_to.isoformat(),
            p_is_analysed=query.is_analysed,
        )
        return [with_iso_times(row, "created_at") for row in rows]

    def game(self, user_id: UserId, game_id: GameId) -> dict[str, Any] | None:
        """As the port."""
        if not is_id(game_id):
            return None
        query: SyncSelectRequestBuilder = self._api.select("games", *DETAIL)
        rows = execute(query.eq("user_id", user_id).eq("id", game_id))
        return with_iso_times(rows[0], "created_at") if rows else None

    def analysis(self, user_id: UserId, game_id: GameId, *, with_report: bool) -> dict[str, Any] | None:
        """As the port; by a function, since a list of rows is cut at 1,000 and a game may have more plies."""
        if not is_id(game_id):
            return None
        row = self._api.call(
            "read_analysis_v2", p_user_id=user_id, p_game_id=game_id, p_with_report=with_report
        )
        return None if row is None else with_iso_times(row, "created_at")

    def batch(self, user_id: UserId, batch_id: str) -> dict[str, Any] | None:
        """As the port, counted by one query."""
        if not is_id(batch_id):
            return None
        row: dict[str, Any] | None = self._api.call("read_batch_v1", p_user_id=user_id, p_batch_id=batch_id)
        return row

    def export(self, user_id: UserId, *, at_most: int, after: Place | None = None) -> dict[str, Any]:
        """As the port."""
        exported = self._api.call(
            "export_v1",
            p_user_id=user_id,
            p_at_most=at_most,
            p_after_created_at=after and after.value,
            p_after_id=after and after.game_id,
        )
        return {**exported, "games": [with_iso_times(row, "created_at") for row in exported["games"]]}
