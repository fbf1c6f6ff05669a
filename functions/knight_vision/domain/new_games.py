"""Games on their way into the store, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knight_vision.domain.job import GameId
from knight_vision.domain.quota import DayUsage
from knight_vision.domain.stored import StartedBatch

if TYPE_CHECKING:
    # Not loaded: see ports.py.
    from knight_vision.domain.game import Game

__all__ = ["AddedGame", "AddedGames", "NewGame"]


@dataclass(frozen=True, slots=True)
class NewGame:
    """A game as it is stored."""

    game: Game
    pgn: str
    """The game's own PGN text."""
    content_hash: str
    """The same for the same start position, moves and players: unique for each user."""
    eco: str | None = None
    """ECO code of the opening."""
    opening: str | None = None
    """Its name."""


@dataclass(frozen=True, slots=True)
class AddedGame:
    """Answer to one stored game, in the order given."""

    game_id: GameId
    is_new: bool
    """False when the user had this very game already; `game_id` is then that game's."""


class AddedGames(list[AddedGame]):
    """The answers to stored games, in the order given."""

    def __init__(
        self, games: Iterable[AddedGame], usage: DayUsage | None = None, batch: StartedBatch | None = None
    ) -> None:
        super().__init__(games)
        self.batch = batch
        """What was begun of them; None when nothing was to be."""
        self.usage = usage
        """The day's after these; None when nothing was asked of it."""
