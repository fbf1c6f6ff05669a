"""The shapes of what is asked: bodies and parameters. docs/protocol.md explains them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from knight_vision.domain.game_query import Sort

__all__ = ["FeedbackRequest", "GameListQuery", "RedriveRequest"]

MOST_REDRIVEN = 100
MOST_PER_PAGE = 100
Name = Annotated[str | None, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
"""Without NUL, which no stored name has: left out, it would make another filter of the same text."""


def only_a_day(given: object) -> object:
    """The same. Raises ValueError for what Pydantic would take for seconds since 1970."""
    if isinstance(given, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise ValueError("a day looks like 2026-11-30")
    return given


Day = Annotated[date, BeforeValidator(only_a_day)]


class GameListQuery(BaseModel):
    """Which games are listed: all filters must hold."""

    limit: int = Field(50, ge=1, le=MOST_PER_PAGE)
    cursor: str | None = Field(
        None, max_length=400, description="`next_cursor` of the page before, with the same filters and order"
    )
    player: Name = Field(None, description="Part of either player's name, in whatever case")
    white: Name = Field(None, description="Part of White's name")
    black: Name = Field(None, description="Part of Black's name")
    opening: Name = Field(None, description="ECO code or how it begins, or part of the opening's name")
    result: Literal["1-0", "0-1", "1/2-1/2", "*"] | None = None
    played_from: Day | None = Field(
        None, description="First day; an incomplete date counts as its first possible day, none not at all"
    )
    played_to: Day | None = Field(None, description="Last day")
    analysed: bool | None = Field(None, description="Whether a report can be read")
    sort: Sort = Field(Sort.NEWEST, description="A minus puts the greatest first")


class FeedbackRequest(BaseModel):
    """What a user thinks of a report."""

    rating: int = Field(ge=1, le=5, description="1 (of no use) to 5", strict=True)
    comment: str | None = Field(None, max_length=2_000)


class RedriveRequest(BaseModel):
    """Analyses to start again."""

    game_ids: Annotated[
        list[Annotated[str, StringConstraints(max_length=100)]],
        Field(min_length=1, max_length=MOST_REDRIVEN),
    ]
