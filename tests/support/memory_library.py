"""The rows of all users in memory, and what a GameLibrary reads of them."""

from __future__ import annotations

import copy
import threading
from typing import Any

from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import StoreUnavailableError
from tests.support.memory_rows import GameRow, analysis_json, game_json, parse_cursor, place_in_list


class MemoryLibrary:
    """A GameLibrary for any user."""

    def __init__(self) -> None:
        self.is_away = False
        """Set it, and every call raises StoreUnavailableError with nothing done."""
        self.rows: dict[GameId, GameRow] = {}
        self.lock = threading.RLock()

    def games(self, user_id: UserId, *, limit: int, before: str | None) -> list[dict[str, Any]]:
        with self.transaction():
            rows = [game_json(row) for row in self.rows.values() if row.user_id == user_id]
            rows.sort(key=place_in_list, reverse=True)
            if before is not None:
                cursor = parse_cursor(before)
                rows = [row for row in rows if place_in_list(row) < cursor]
            long = ("pgn", "headers", "moves")
            return [{name: row[name] for name in row if name not in long} for row in rows[:limit]]

    def game(self, user_id: UserId, game_id: GameId) -> dict[str, Any] | None:
        with self.transaction():
            row = self.rows.get(game_id)
            return game_json(row) if row and row.user_id == user_id else None

    def analysis(self, user_id: UserId, game_id: GameId, *, with_moves: bool) -> dict[str, Any] | None:
        with self.transaction():
            row = self.rows.get(game_id)
            if row is None or row.user_id != user_id:
                return None
            analysis = None
            if row.analysis is not None:
                analysis = analysis_json(row.analysis)
                if with_moves:
                    analysis["moves"] = copy.deepcopy(row.analysis.moves)
            return {**game_json(row), "analysis": analysis}

    def transaction(self) -> threading.RLock:
        """The lock to hold during one call. Raises StoreUnavailableError while away."""
        if self.is_away:
            raise StoreUnavailableError("The store is away.")
        return self.lock
