"""The in-memory RequestGate."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from knight_vision.domain.job import UserId
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.queue_glance import NOTHING_SEEN, QueueGlance
from knight_vision.domain.quota import RateCount, RequestRate
from knight_vision.entrance import Entry, QueueLook
from knight_vision.errors import QueueUnavailableError
from knight_vision.ports import JobQueue
from tests.support.recording import ManualClock

__all__ = ["MemoryGate"]


@dataclass
class MemoryGate:
    """See entrance.RequestGate; `is_away` makes it do what it does when Redis is away. Notes its calls."""

    clock: ManualClock = field(default_factory=ManualClock)
    full_at_s: dict[tuple[str, str], float] = field(default_factory=dict)
    """By rate and subject: when the whole burst is there again."""
    kept: dict[str, tuple[str, float]] = field(default_factory=dict)
    """By key: the text, and until when it is kept."""
    is_away: bool = False
    calls: list[str] = field(default_factory=list)
    queue: Callable[[], JobQueue] | None = None
    """What is looked at; None: it never says anything."""

    def enter(
        self,
        rates: Sequence[tuple[RequestRate, str]],
        claim: KeptText | None = None,
        look: QueueLook | None = None,
    ) -> Entry:
        self.calls.append("enter")
        if self.is_away:
            return Entry(None, is_claim_known=claim is None)
        counts = tuple(self.count(rate, who) for rate, who in rates)
        glance = self.glance(look)
        if claim is None:
            return Entry(counts, glance=glance)
        earlier = self.found(claim.key)
        if earlier is None:
            self.kept[claim.key] = (claim.text, self.clock.monotonic_s() + claim.ttl_s)
        return Entry(counts, earlier, glance=glance)

    def glance(self, look: QueueLook | None) -> QueueGlance:
        if look is None or self.queue is None:
            return NOTHING_SEEN
        try:
            if look.game_id is not None:
                return QueueGlance(game_id=look.game_id, progress=self.queue().read(look.game_id))
            return QueueGlance(unfinished_games=self.queue().unfinished_games(look.user_id or UserId("")))
        except QueueUnavailableError:
            return NOTHING_SEEN

    def read(self, key: str) -> str | None:
        self.call("read")
        return self.found(key)

    def keep(self, text: KeptText) -> None:
        self.call("keep")
        self.write(text)

    def write(self, text: KeptText) -> None:
        self.kept[text.key] = (text.text, self.clock.monotonic_s() + text.ttl_s)

    def take_what_came_along(self) -> None:
        """What the queue was given to keep is in the same Redis."""
        along = getattr(self.queue(), "kept_along", []) if self.queue is not None else []
        while along:
            self.write(along.pop(0))

    def forget(self, key: str) -> None:
        self.call("forget")
        self.take_what_came_along()
        self.kept.pop(key, None)

    def call(self, name: str) -> None:
        self.calls.append(name)
        if self.is_away:
            raise QueueUnavailableError("away")

    def found(self, key: str) -> str | None:
        self.take_what_came_along()
        text, until_s = self.kept.get(key, ("", 0.0))
        return text if self.clock.monotonic_s() < until_s else None

    def count(self, rate: RequestRate, who: str) -> RateCount:
        """GCRA: a request moves the time at which all is whole by one interval, at most a burst ahead."""
        interval_s, now_s = 1 / rate.per_s, self.clock.monotonic_s()
        before_s = max(now_s, self.full_at_s.get((rate.name, who), now_s))
        full_at_s = before_s + interval_s
        ahead_s = full_at_s - now_s - rate.burst * interval_s
        if ahead_s > 1e-6:
            return RateCount(rate, 0, before_s - now_s, ahead_s)
        self.full_at_s[rate.name, who] = full_at_s
        left = math.floor((rate.burst * interval_s - (full_at_s - now_s)) / interval_s + 1e-6)
        return RateCount(rate, left, full_at_s - now_s)
