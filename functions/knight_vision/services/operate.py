"""What operators do: see how the queue is doing, look at what was given up, start it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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

__all__ = ["Metrics", "Operate"]

RECALLED_S = 3_600
"""How long somebody counts as an operator after the store said so, while it cannot be asked."""

FEEDBACK_DAYS = 30
"""Operators see what users thought lately."""


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
class Operate:
    """The use cases of operators. The store says with each call whether the caller is one: a right that was
    taken away ends at once."""

    store: AnalysisStore
    users: UserStore
    queue: JobQueue
    requests: RequestAnalysis
    observer: Observer
    clock: Clock
    confirmed_s: dict[UserId, float] = field(default_factory=dict)
    """When the store last said that somebody is an operator, on the monotonic clock."""

    def metrics(self, operator: UserId) -> Metrics:
        """Whatever numbers can be had now: this is what one looks at when something is down.

        While the store is away, who was an operator a short time ago still is: the numbers concern no user's
        data. Raises ForbiddenError, and StoreUnavailableError for who was none.
        """
        problems: list[KnightVisionError] = []
        dead_letters, feedback, counts, activity = None, None, None, None
        try:
            dead_letters, feedback = self.users.count_for_operators(operator, days=FEEDBACK_DAYS)
            self.confirmed_s[operator] = self.clock.monotonic_s()
        except ForbiddenError:
            self.confirmed_s.pop(operator, None)
            raise
        except StoreUnavailableError as error:
            confirmed_s = self.confirmed_s.get(operator)
            if confirmed_s is None or self.clock.monotonic_s() - confirmed_s > RECALLED_S:
                raise
            problems.append(error)
        try:
            counts, activity = self.queue.counts_and_activity()
        except QueueUnavailableError as error:
            problems.append(error)
        return Metrics(counts, activity, dead_letters, feedback, tuple(problems))

    def dead_letters(
        self, operator: UserId, *, at_most: int, before: str | None
    ) -> tuple[list[DeadLetter], str | None]:
        """Analyses that were given up, the last one first, and the cursor of the next page.

        Raises ForbiddenError, StoreUnavailableError, InvalidRequestError for a cursor that is none.
        """
        return self.store.dead_letters(operator, at_most=at_most, before=before)

    def redrive(self, operator: UserId, game_ids: Sequence[GameId], correlation_id: str) -> list[GameId]:
        """Start those of the games again whose analysis was given up; which these were, in the order given.

        Raises ForbiddenError, StoreUnavailableError. A queue that is away gets them from the sweeper.
        """
        begun = self.store.redrive(operator, game_ids)
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
