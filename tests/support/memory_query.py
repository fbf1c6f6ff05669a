"""What the database does with a query of games, on the rows of the memory store."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from knight_vision.domain.game_query import GameQuery, Place, Sort

DAY = re.compile(r"([0-9]{4})[./-]([0-9]{2}|\?\?)[./-]([0-9]{2}|\?\?)")


def day_of(played_on: str | None) -> str:
    """The column `played_day`."""
    found = DAY.fullmatch(played_on or "")
    return "-".join(found.groups()).replace("??", "01") if found else ""


def is_wanted(row: dict[str, Any], query: GameQuery) -> bool:
    """Whether a game passes all filters."""
    white, black, opening = ((row[name] or "").lower() for name in ("white", "black", "opening"))
    day = row["played_day"]
    wanted = [
        query.player is None or query.player.lower() in white or query.player.lower() in black,
        query.white is None or query.white.lower() in white,
        query.black is None or query.black.lower() in black,
        query.opening is None
        or (row["eco"] or "").startswith(query.opening.upper())
        or query.opening.lower() in opening,
        query.result is None or row["result"] == query.result,
        query.played_from is None or day >= query.played_from.isoformat(),
        query.played_to is None or "" < day <= query.played_to.isoformat(),
        query.is_analysed is None or (row["analysis_phase"] is not None) is query.is_analysed,
    ]
    return all(wanted)


def in_order(rows: list[dict[str, Any]], sort: Sort) -> list[dict[str, Any]]:
    """The rows as they are listed."""
    return sorted(rows, key=lambda row: (key_of(row[sort.column], sort), row["id"]), reverse=sort.is_falling)


def behind(rows: list[dict[str, Any]], after: Place, sort: Sort) -> list[dict[str, Any]]:
    """Those of the sorted rows that come after a place."""
    place = (key_of(after.value, sort), after.game_id)
    places = [((key_of(row[sort.column], sort), row["id"]), row) for row in rows]
    return [row for one, row in places if (one < place if sort.is_falling else one > place)]


def key_of(value: Any, sort: Sort) -> Any:
    """What is compared."""
    match sort.column:
        case "created_at":
            return datetime.fromisoformat(value)
        case "ply_count":
            return int(value)
    return value
