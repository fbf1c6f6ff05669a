"""What users do with what is theirs, written with the service's own key: one function call each."""

from __future__ import annotations

from typing import Any

import httpx

from knight_vision.adapters.supabase.client import DataApi, open_http
from knight_vision.adapters.supabase.ids import is_id
from knight_vision.adapters.supabase.rows import with_iso_times
from knight_vision.adapters.supabase.store import call_as_operator, service_errors
from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import AnalysisNotFoundError, GameNotFoundError
from knight_vision.user_ports import FeedbackCount

__all__ = ["SupabaseUserStore"]


class SupabaseUserStore:
    """A UserStore. The key bypasses row level security: every call names the user it is for."""

    def __init__(self, url: str, secret_key: str, *, http: httpx.Client | None = None) -> None:
        """`http` from `open_http`, to share a connection; None opens one."""
        self._api = DataApi(url, secret_key, http or open_http())

    def give_feedback(
        self, user_id: UserId, game_id: GameId, rating: int, comment: str | None
    ) -> dict[str, Any]:
        """As the port."""
        answer: dict[str, Any] = {"answer": "game_not_found"}
        if is_id(game_id):
            answer = self._call(
                "give_feedback_v1", p_user_id=user_id, p_game_id=game_id, p_rating=rating, p_comment=comment
            )
        if answer["answer"] == "game_not_found":
            raise GameNotFoundError(f"There is no game {game_id} of yours.")
        if answer["answer"] == "analysis_not_found":
            raise AnalysisNotFoundError(f"There is no report on game {game_id} yet that could be rated.")
        return with_iso_times(answer["feedback"], "created_at", "updated_at")

    def count_for_operators(self, operator: UserId, *, days: int) -> tuple[int, FeedbackCount]:
        """As the port."""
        counted = call_as_operator(self._call, "count_for_operators_v2", operator, p_days=days)
        return counted["dead_letters"], FeedbackCount(**counted["feedback"])

    def delete_game(self, user_id: UserId, game_id: GameId) -> int | None:
        """As the port."""
        if not is_id(game_id):
            return None
        generation: int | None = self._call("delete_game_v1", p_user_id=user_id, p_game_id=game_id)
        return generation

    def delete_everything(self, user_id: UserId, *, with_account: bool = False) -> list[tuple[GameId, int]]:
        """As the port."""
        function = "delete_account_v1" if with_account else "delete_user_data_v1"
        rows = self._call(function, p_user_id=user_id)
        return [(GameId(row["game_id"]), row["generation"]) for row in rows]

    def _call(self, function: str, **parameters: Any) -> Any:
        with service_errors():
            return self._api.call(function, **parameters)
