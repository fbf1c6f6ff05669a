"""What operators do: see how the queue is doing, look at what was given up, start it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.queue_counts import QueueActivity, QueueCounts
from knight_vision.errors import (
    ForbiddenError,
    KnightVisionError,
    QueueUnavailableError,
    StoreUnavailableError,
)
from knight_vision.ports import AnalysisStore, Clock, DeadLetter, JobQueue, Observer
from knight_vision.services.request_analysis import RequestAnalysis
from knight_vision.user_ports import FeedbackCount, UserStore

__all__ = ["Metrics", "Operate", "Operators"]

RECALLED_S = 3_600
"""How long somebody counts as an operator after the store said so, while it cannot be asked."""

FEEDBACK_DAYS = 30
"""Operators see what users thought lately."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Metrics:
    """The service in numbers. What could not be had is None, and `problems` says why."""

    queue: QueueCounts | None
    last_hour: QueueActivity | None
    dead_letters: int | None
    """Analyses that were given up."""
    feedback: FeedbackCount | None
    """Of the last 30 days."""
    problems: tuple[KnightVisionError, ...]


@dataclass(frozen=True, slots=True)
class Operators:
    """Who may operate. The store is asked each time: a right that was taken away ends at once."""

    store: AnalysisStore
    clock: Clock
    confirmed_s: dict[UserId, float] = field(default_factory=dict)
    """When the store last said so, on the monotonic clock."""

    def require(self, user_id: UserId) -> None:
        """Return for an operator. Raises ForbiddenError, StoreUnavailableError."""
        if not self.store.is_operator(user_id):
            self.confirmed_s.pop(user_id, None)
            raise ForbiddenError("This is for operators: the project's owner can make you one.")
        self.confirmed_s[user_id] = self.clock.monotonic_s()

    def require_or_recall(self, user_id: UserId) -> None:
        """The same, but while the store is away, who was an operator a short time ago still is.

        Only for what concerns no user's data and is wanted most when the store is away.
        """
        try:
            self.require(user_id)
        except StoreUnavailableError:
            confirmed_s = self.confirmed_s.get(user_id)
            if confirmed_s is None or self.clock.monotonic_s() - confirmed_s > RECALLED_S:
                raise


@dataclass(frozen=True, slots=True)
class Operate:
    """The use cases of operators; who is one was asked before."""

    store: AnalysisStore
    users: UserStore
    queue: JobQueue
    requests: RequestAnalysis
    observer: Observer

    def metrics(self) -> Metrics:
        """Whatever numbers can be had now: this is what one looks at when something is down."""
        problems: list[KnightVisionError] = []

        def had(read: Callable[[], Value]) -> Value | None:
            try:
                return read()
            except (QueueUnavailableError, StoreUnavailableError) as error:
                problems.append(error)
                return None

        counts, activity = had(self.queue.counts_and_activity) or (None, None)
        dead_letters, feedback = had(self._counted) or (None, None)
        return Metrics(counts, activity, dead_letters, feedback, tuple(problems))

    def _counted(self) -> tuple[int, FeedbackCount]:
        return self.users.count_for_operators(days=FEEDBACK_DAYS)

    def dead_letters(self, *, at_most: int, before: str | None) -> tuple[list[DeadLetter], str | None]:
        """Analyses that were given up, the last one first, and the cursor of the next page.

        Raises StoreUnavailableError, InvalidRequestError for a cursor that is none.
        """
        return self.store.dead_letters(at_most=at_most, before=before)

    def redrive(self, operator: UserId, game_ids: Sequence[GameId], correlation_id: str) -> list[GameId]:
        """Start those of the games again whose analysis was given up; which these were, in the order given.

        Raises StoreUnavailableError. A queue that is away gets them from the sweeper.
        """
        begun = self.store.redrive(game_ids)
        self.requests.put_in_queue(begun, correlation_id)
        for analysis in begun:
            self.observer.happened(
                "analysis_redriven",
                game_id=analysis.game_id,
                generation=analysis.generation,
                operator=operator,
                correlation_id=correlation_id,
            )
        return [analysis.game_id for analysis in begun]
