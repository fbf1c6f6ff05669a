"""Where a page ends: the time and the id of its last row, as one text that callers send back as it was."""

from __future__ import annotations

from datetime import datetime

from knight_vision.adapters.supabase.ids import is_id
from knight_vision.errors import InvalidRequestError

__all__ = ["cursor_of", "parse_cursor"]


def cursor_of(time: str, game_id: str) -> str:
    """The cursor of a row."""
    return f"{time}|{game_id}"


def parse_cursor(text: str) -> tuple[str, str]:
    """Time and id in a cursor. They go into a filter as text, so nothing but a time and an id may pass.

    Raises InvalidRequestError.
    """
    time, _, game_id = text.partition("|")
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not is_id(game_id):
        raise InvalidRequestError("The cursor is not one that a page gave: send 'next_cursor' as it was.")
    return moment.isoformat(), game_id
