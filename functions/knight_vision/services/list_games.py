"""A user's games, page by page. Pages stay whole whatever is stored in between: each begins behind a game."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from knight_vision.domain.cursor import read_cursor, write_cursor
from knight_vision.domain.game_query import GameQuery, Place
from knight_vision.domain.job import GameId, UserId
from knight_vision.ports import GameLibrary

__all__ = ["ListGames"]


@dataclass(frozen=True, slots=True)
class ListGames:
    """The use case of looking through one's games."""

    library: GameLibrary
    cursor_key: str
    """Signs cursors."""

    def page(
        self, user_id: UserId, query: GameQuery, *, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Games, and the cursor of the next page (None after the last).

        Raises InvalidRequestError for a cursor of another list: other filters, another order or another user.
        """
        context = json.dumps([user_id, asdict(query)], default=str)
        after = None
        if cursor is not None:
            value, game_id = read_cursor(cursor, context, self.cursor_key)
            after = Place(value, GameId(game_id))
        rows = self.library.games(user_id, query, limit=limit + 1, after=after)  # one more: is there a next?
        page = rows[:limit]
        more = len(rows) > limit
        return page, write_cursor(Place.of(page[-1], query.sort), context, self.cursor_key) if more else None
