"""The rest of the outside world (see ports.py): what one user may read and do with games and reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from knight_vision.domain.game_query import GameQuery, Place
from knight_vision.domain.job import GameId, UserId

__all__ = ["ALL_GAMES", "FeedbackCount", "GameLibrary", "UserStore"]

ALL_GAMES = GameQuery()
"""The newest first."""


class GameLibrary(Protocol):
    """What one user may read, read with that user's own token so that row level security holds as well.

    Rows are JSON-ready dicts named as the columns. Raises StoreUnavailableError, UnauthorizedError.
    """

    def games(
        self,
        user_id: UserId,
        query: GameQuery = ALL_GAMES,
        *,
        limit: int,
        after: Place | None = None,
    ) -> list[dict[str, Any]]:
        """The games that pass the query's filters, in its order, from behind `after` on."""

    def game(self, user_id: UserId, game_id: GameId) -> dict[str, Any] | None:
        """One game with its PGN; None when there is none of the user's."""

    def analysis(self, user_id: UserId, game_id: GameId, *, with_report: bool) -> dict[str, Any] | None:
        """The game's analysis row (key `analysis`, None when never asked for), one consistent snapshot:

        game columns, `analysis` columns, and under `analysis.moves` the best finished phase's rows by ply.
        Without the report neither it nor the moves are read, nor the game's `pgn`, `headers` and `moves`.
        None when there is no such game of the user's.
        """

    def batch(self, user_id: UserId, batch_id: str) -> dict[str, Any] | None:
        """A batch of the user's: `id`, `source`, `created_at`, `age_s`, `total`, how many of its games are
        `queued`, `running`, `done`, `failed`, `cancelled`, and `unfinished_phases` of the unfinished ones."""

    def export(self, user_id: UserId, *, at_most: int, after: Place | None = None) -> dict[str, Any]:
        """Everything of the user's: `profile` (None without one), `batches` with their `game_ids` (none of
        them behind `after`), and under `games` up to so many, the oldest
        first, from behind `after` on, each with `analysis` (with `moves`) and `feedback`, None where missing.
        """


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """What users think, in numbers."""

    ratings: int
    mean_rating: float | None
    """1 to 5; None without ratings."""


class UserStore(Protocol):
    """What users do with what is theirs, written with the service's key. Raises StoreUnavailableError."""

    def give_feedback(
        self, user_id: UserId, game_id: GameId, rating: int, comment: str | None
    ) -> dict[str, Any]:
        """Keep what the user thinks of the readable report of a game, in place of what was there: that row,
        JSON-ready. Raises GameNotFoundError, AnalysisNotFoundError while there is no report."""

    def count_for_operators(self, operator: UserId, *, days: int) -> tuple[int, FeedbackCount]:
        """How many analyses were given up, and the feedback that was given or changed in the last days.

        Raises ForbiddenError unless the user is an operator at this moment.
        """

    def delete_game(self, user_id: UserId, game_id: GameId) -> int | None:
        """Delete a game of the user's and all that hangs on it: the generation that the queue must forget, 0
        when no analysis was ever asked for; None when there is no such game."""

    def delete_everything(self, user_id: UserId, *, with_account: bool = False) -> list[tuple[GameId, int]]:
        """Delete all the user's rows, the profile too, and on request the account: which jobs the queue must
        forget, by generation."""
