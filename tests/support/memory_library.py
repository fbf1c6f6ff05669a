"""The rows of all users in memory, and what a GameLibrary reads of them."""

from __future__ import annotations

import copy
import threading
from typing import Any

from knight_vision.domain.game_query import GameQuery, Place
from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import StoreUnavailableError
from knight_vision.ports import ALL_GAMES
from tests.support.memory_query import behind, in_order, is_wanted
from tests.support.memory_rows import GameRow, analysis_json, game_json

LONG = ("pgn", "headers", "moves")
"""Columns of a game that are not in lists."""


class MemoryLibrary:
    """A GameLibrary for any user."""

    def __init__(self) -> None:
        self.is_away = False
        """Set it, and every call raises StoreUnavailableError with nothing done."""
        self.rows: dict[GameId, GameRow] = {}
        self.lock = threading.RLock()

    def games(
        self, user_id: UserId, query: GameQuery = ALL_GAMES, *, limit: int, after: Place | None = None
    ) -> list[dict[str, Any]]:
        with self.transaction():
            rows = [game_json(row) for row in self.rows.values() if row.user_id == user_id]
            rows = in_order([row for row in rows if is_wanted(row, query)], query.sort)
            if after is not None:
                rows = behind(rows, after, query.sort)
            return [
                {name: row[name] for name in row if name not in LONG} | {"accuracy": self.accuracy(row["id"])}
                for row in rows[:limit]
            ]

    def accuracy(self, game_id: GameId) -> dict[str, float | None] | None:
        """Both sides', or None while there is no report."""
        analysis = self.rows[game_id].analysis
        if analysis is None or analysis.report is None:
            return None
        return {side: analysis.accuracy(side) for side in ("white", "black")}

    def game(self, user_id: UserId, game_id: GameId) -> dict[str, Any] | None:
        with self.transaction():
            row = self.rows.get(game_id)
            return game_json(row) if row and row.user_id == user_id else None

    def analysis(self, user_id: UserId, game_id: GameId, *, with_report: bool) -> dict[str, Any] | None:
        with self.transaction():
            row = self.rows.get(game_id)
            if row is None or row.user_id != user_id:
                return None
            game = game_json(row)
            analysis = None if row.analysis is None else analysis_json(row.analysis)
            if not with_report:
                game = {name: value for name, value in game.items() if name not in LONG}
                if analysis is not None:
                    del analysis["report"]
            elif row.analysis is not None and analysis is not None:
                analysis["moves"] = copy.deepcopy(row.analysis.moves)
            return {**game, "analysis": analysis}

    def transaction(self) -> threading.RLock:
        """The lock to hold during one call. Raises StoreUnavailableError while away."""
        if self.is_away:
            raise StoreUnavailableError("The store is away.")
        return self.lock
