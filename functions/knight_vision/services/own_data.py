"""What users do with what is theirs: rate a report, take everything along, delete a game or everything."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from knight_vision.domain.cursor import read_cursor, write_cursor
from knight_vision.domain.game_query import Place, Sort
from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import GameNotFoundError, QueueUnavailableError
from knight_vision.ports import GameLibrary, JobQueue, Observer
from knight_vision.user_ports import UserStore

__all__ = ["DeleteData", "ExportData", "GiveFeedback"]

MOST_EXPORTED = 25
"""Games read for one page of an export."""
MOST_BYTES = 4_000_000
"""A page ends before it is longer: Lambda gives back 6 MB at most. The longest game alone is half of this."""


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """The use case of a user who says whether a report was of use."""

    store: UserStore
    observer: Observer

    def give(
        self, user_id: UserId, game_id: GameId, rating: int, comment: str | None, correlation_id: str
    ) -> dict[str, Any]:
        """What is kept from now on. Raises GameNotFoundError, AnalysisNotFoundError."""
        feedback = self.store.give_feedback(user_id, game_id, rating, comment)
        self.observer.measured("Satisfaction", rating, "None", phase=feedback["report_phase"])
        # The comment stays in the store: logs are kept by other rules.
        self.observer.happened(
            "feedback_given", game_id=game_id, rating=rating, correlation_id=correlation_id
        )
        return feedback


@dataclass(frozen=True, slots=True)
class DeleteData:
    """The use cases of deleting: the truth first, then the queue, so that nothing puts it back."""

    store: UserStore
    queue: JobQueue
    observer: Observer

    def delete_game(self, user_id: UserId, game_id: GameId, correlation_id: str) -> None:
        """Delete a game with its analysis, which is thereby cancelled. Raises GameNotFoundError."""
        generation = self.store.delete_game(user_id, game_id)
        if generation is None:
            raise GameNotFoundError(f"There is no game {game_id} of yours.")
        if generation:
            self._forget([(game_id, generation)])
        self.observer.happened("game_deleted", game_id=game_id, correlation_id=correlation_id)

    def delete_everything(self, user_id: UserId, correlation_id: str, *, with_account: bool = False) -> None:
        """Delete all that a user has here, and on request the account; safe to repeat."""
        jobs = self.store.delete_everything(user_id, with_account=with_account)
        self._forget(jobs)
        self.observer.happened(
            "user_deleted",
            user_id=user_id,
            jobs=len(jobs),
            with_account=with_account,
            correlation_id=correlation_id,
        )

    def _forget(self, jobs: list[tuple[GameId, int]]) -> None:
        """Take the jobs out of the queue. What it keeps because it is away costs a search and no more: its
        worker finds the game gone when it saves, and drops the job."""
        try:
            self.queue.remove_all(jobs)
        except QueueUnavailableError as error:
            self.observer.went_wrong("queue_unavailable", error, jobs=len(jobs))


@dataclass(frozen=True, slots=True)
class ExportData:
    """The use case of a user who takes everything along, with that user's own rights."""

    library: GameLibrary
    cursor_key: str
    """Signs cursors."""

    def page(self, user_id: UserId, cursor: str | None) -> dict[str, Any]:
        """A page: `profile` and `batches` on the first one, `games`, and `next_cursor`, None on the last.

        Raises InvalidRequestError for a cursor that is none of the user's exports.
        """
        context = json.dumps(["export", user_id])
        after = None
        if cursor is not None:
            created_at, game_id = read_cursor(cursor, context, self.cursor_key)
            after = Place(created_at, GameId(game_id))
        exported = self.library.export(user_id, at_most=MOST_EXPORTED + 1, after=after)
        rows = exported["games"]
        page: list[dict[str, Any]] = []
        size = 0
        for row in rows[:MOST_EXPORTED]:
            size += len(json.dumps(row, ensure_ascii=False).encode())
            if page and size > MOST_BYTES:
                break
            page.append(row)
        next_cursor = None
        if len(page) < len(rows):
            next_cursor = write_cursor(Place.of(page[-1], Sort.OLDEST), context, self.cursor_key)
        about_user = {name: exported[name] for name in ("profile", "batches")}
        first = about_user if cursor is None else {}
        return {"user_id": user_id, **first, "games": page, "next_cursor": next_cursor}
