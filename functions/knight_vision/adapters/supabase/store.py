"""The truth in Supabase, written with the service's own key.

Every write is one call of one versioned database function (infra/supabase/migrations), so one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from postgrest import APIError

from knight_vision.adapters.supabase.client import DataApi, execute, open_http
from knight_vision.adapters.supabase.cursors import cursor_of, parse_cursor
from knight_vision.adapters.supabase.ids import is_id
from knight_vision.adapters.supabase.rows import (
    day_usage,
    dead_letter,
    game_row,
    requested_analysis,
    started_batch,
    with_iso_times,
)
from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.quota import ByPlan, DayUsage
from knight_vision.errors import DailyLimitError, ForbiddenError, StoreUnavailableError, UnauthorizedError
from knight_vision.ports import (
    AddedGame,
    AddedGames,
    CancelledAnalysis,
    DeadLetter,
    NewGame,
    PhaseResult,
    RequestedAnalysis,
    SaveAnswer,
    StartedBatch,
)

__all__ = ["SupabaseStore"]

FOREIGN_KEY_VIOLATION = "23503"
NO_LIMIT = ByPlan(2**31 - 1, 2**31 - 1)


class SupabaseStore:
    """An AnalysisStore. The key bypasses row level security, so no user's token ever comes near it."""

    def __init__(self, url: str, secret_key: str, *, http: httpx.Client | None = None) -> None:
        """`http` from `open_http`, to share a connection; None opens one."""
        self._api = DataApi(url, secret_key, http or open_http())

    def add_games(
        self,
        user_id: UserId,
        games: Sequence[NewGame],
        *,
        most_per_day: ByPlan | None = None,
        begin_at_most: int | None = None,
    ) -> AddedGames:
        """As the port. Raises UnauthorizedError when the user's account is gone."""
        most = most_per_day or NO_LIMIT
        try:
            answer = self._call(
                "add_games_v4",
                p_user_id=user_id,
                p_games=[game_row(game) for game in games],
                p_free_per_day=most.free,
                p_premium_per_day=most.premium,
                p_begin_at_most=begin_at_most,
            )
        except APIError as error:
            if error.code == FOREIGN_KEY_VIOLATION:
                raise UnauthorizedError("The token's user does not exist any more: sign up again.") from error
            raise
        usage = day_usage(answer)
        if answer["games"] is None:
            raise DailyLimitError(most.of(usage.plan), usage.games, answer["new"], usage.resets_in_s)
        added = (AddedGame(GameId(row["game_id"]), row["is_new"]) for row in answer["games"])
        batch = None if answer["batch"] is None else started_batch(answer["batch"])
        return AddedGames(added, usage, batch)

    def usage(self, user_id: UserId) -> DayUsage:
        """As the port."""
        return day_usage(self._call("usage_v1", p_user_id=user_id))

    def request_analyses(self, user_id: UserId, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        """As the port: each game once, in the order given."""
        return self._requested("request_analyses_v2", p_user_id=user_id, p_game_ids=ids_among(game_ids))

    def request_analysis(
        self, user_id: UserId, game_id: GameId
    ) -> tuple[RequestedAnalysis, dict[str, Any]] | None:
        """As the port."""
        if not is_id(game_id):
            return None
        found = self._call("request_analysis_v1", p_user_id=user_id, p_game_id=game_id)
        return found and (requested_analysis(found["requested"]), with_iso_times(found["game"], "created_at"))

    def request_unannotated(self, user_id: UserId | None, at_most: int) -> list[RequestedAnalysis]:
        """As the port."""
        return self._requested("request_unannotated_v2", p_user_id=user_id, p_at_most=at_most)

    def start_batch(self, user_id: UserId, game_ids: Sequence[GameId] | None, at_most: int) -> StartedBatch:
        """As the port: each game once, in the order given."""
        ids = None if game_ids is None else ids_among(game_ids)
        begun = self._call("start_batch_v1", p_user_id=user_id, p_game_ids=ids, p_at_most=at_most)
        return started_batch(begun)

    def request_degraded(self, at_most: int) -> list[RequestedAnalysis]:
        """As the port. One that was begun three times and never saved is left alone."""
        return self._requested("request_degraded_v1", p_at_most=at_most)

    def cancel(self, user_id: UserId, game_id: GameId) -> CancelledAnalysis:
        """As the port."""
        if not is_id(game_id):
            return CancelledAnalysis(SaveAnswer.UNKNOWN, 0)
        row = self._call("cancel_analysis_v2", p_user_id=user_id, p_game_id=game_id)
        game = row["game"] and with_iso_times(row["game"], "created_at")
        return CancelledAnalysis(SaveAnswer(row["answer"]), row["generation"] or 0, game)

    def dead_letters(
        self, operator: UserId, *, at_most: int, before: str | None = None
    ) -> tuple[list[DeadLetter], str | None]:
        """As the port. Raises InvalidRequestError for a cursor that is none."""
        failed_at, game_id = (None, None) if before is None else parse_cursor(before)
        rows = call_as_operator(
            self._call,
            "dead_letters_v2",
            operator,
            p_at_most=at_most + 1,  # one more tells whether there is a next page
            p_before_failed_at=failed_at,
            p_before_game_id=game_id,
        )
        page = rows[:at_most]
        more = len(rows) > at_most
        cursor = cursor_of(page[-1]["failed_at"], page[-1]["game_id"]) if more else None
        return [dead_letter(row) for row in page], cursor

    def count_dead_letters(self) -> int:
        """As the port."""
        return int(self._call("count_dead_letters_v1"))

    def redrive(self, operator: UserId, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        """As the port: each game once, in the order given."""
        rows = call_as_operator(self._call, "redrive_v2", operator, p_game_ids=ids_among(game_ids))
        return [requested_analysis(row) for row in rows]

    def requested(self, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        """As the port."""
        return self._requested("describe_analyses_v1", p_game_ids=[one for one in game_ids if is_id(one)])

    def save_phase(self, result: PhaseResult) -> SaveAnswer:
        """As the port. Raises ValueError unless there is one row for each ply of the game."""
        answer = self._call(
            "save_phase_v3",
            p_game_id=result.game_id,
            p_generation=result.generation,
            p_phase=result.phase,
            p_report=result.report,
            p_moves=result.moves,
            p_engine=result.engine,
            p_limit=str(result.limit),
            p_is_degraded=result.is_degraded,
            p_timings=result.timings,
        )
        return SaveAnswer(answer)

    def fail(self, game_id: GameId, generation: int, reason: str) -> SaveAnswer:
        """As the port."""
        answer = self._call("fail_analysis_v1", p_game_id=game_id, p_generation=generation, p_reason=reason)
        return SaveAnswer(answer)

    def read_pgn(self, game_id: GameId) -> str | None:
        """As the port."""
        with service_errors():
            rows = execute(self._api.select("games", "pgn").eq("id", game_id))
        return rows[0]["pgn"] if rows else None

    def unfinished(
        self, *, older_than_ms: int, at_most: int, after: RequestedAnalysis | None = None
    ) -> list[RequestedAnalysis]:
        """As the port."""
        return self._requested(
            "unfinished_analyses_v1",
            p_older_than_ms=older_than_ms,
            p_at_most=at_most,
            p_after_requested_at_ms=after and after.requested_at_ms,
            p_after_game_id=after and after.game_id,
        )

    def ping(self) -> None:
        """As the port: Supabase answers, takes our key, has our functions and can be written to."""
        if not self._call("is_writable_v1"):
            raise StoreUnavailableError("Supabase is read-only: its disk may be full.")

    def _call(self, function: str, **parameters: Any) -> Any:
        with service_errors():
            return self._api.call(function, **parameters)

    def _requested(self, function: str, **parameters: Any) -> list[RequestedAnalysis]:
        return [requested_analysis(row) for row in self._call(function, **parameters)]


@contextmanager
def service_errors() -> Iterator[None]:
    """A refused service key is our fault and not the caller's: it must not look like a bad token."""
    try:
        yield
    except UnauthorizedError as error:
        raise StoreUnavailableError(
            "Supabase refuses the service's key: check SUPABASE_SECRET_KEY."
        ) from error


def call_as_operator(call: Callable[..., Any], function: str, operator: UserId, **parameters: Any) -> Any:
    """What a function answers to an operator; it answers null to everybody else. Raises ForbiddenError."""
    answer = call(function, p_operator_id=operator, **parameters) if is_id(operator) else None
    if answer is None:
        raise ForbiddenError()
    return answer


def ids_among(game_ids: Sequence[GameId]) -> list[GameId]:
    return [game_id for game_id in game_ids if is_id(game_id)]
