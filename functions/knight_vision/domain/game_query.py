"""Which of a user's games are wanted, in which order, and where a page of them ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from knight_vision.domain.job import GameId

__all__ = ["GameQuery", "Place", "Sort"]


class Sort(StrEnum):
    """The order of a list of games; a minus puts the greatest first. Of equal ones the id decides."""

    OLDEST = "created_at"
    NEWEST = "-created_at"
    PLAYED_FIRST = "played_on"
    """A date that is incomplete counts as its first possible day, none at all as before all others."""
    PLAYED_LAST = "-played_on"
    SHORTEST = "ply_count"
    LONGEST = "-ply_count"

    @property
    def column(self) -> str:
        """What is compared, as the rows name it."""
        name = self.value.removeprefix("-")
        return "played_day" if name == "played_on" else name

    @property
    def is_falling(self) -> bool:
        """True when the greatest comes first."""
        return self.value.startswith("-")


class Place(NamedTuple):
    """Where a game stands in a list."""

    value: str
    """Of the column that the list is sorted by."""
    game_id: GameId

    @classmethod
    def of(cls, row: dict[str, Any], sort: Sort) -> Place:
        """A row's place."""
        return cls(str(row[sort.column]), GameId(row["id"]))


@dataclass(frozen=True, slots=True)
class GameQuery:
    """Filters, which must all hold, and the order. None: it does not matter. No text is a pattern."""

    player: str | None = None
    """Part of the name of either player, in whatever case."""
    white: str | None = None
    """Part of White's name."""
    black: str | None = None
    """Part of Black's name."""
    opening: str | None = None
    """The beginning of the ECO code, or part of the opening's name."""
    result: str | None = None
    """As in PGN."""
    played_from: date | None = None
    """The first day; games without a date are not among them."""
    played_to: date | None = None
    """The last day."""
    is_analysed: bool | None = None
    """Whether a report can be read."""
    sort: Sort = Sort.NEWEST
