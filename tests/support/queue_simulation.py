"""A simulation of the order of work: arrivals, workers who take a while, the queue's own state machine."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from knight_vision.domain.job import Claim, FinishAnswer, GameId, Priority, Unit
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_state import QueueState
from knight_vision.domain.queue_tables import OrderSettings
from tests.support.queues import a_job, result_of

__all__ = ["Arrival", "Simulation", "strict_arrival_order"]

LEASE_MS = 10**9
START_MS = 1_700_000_000_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A game that somebody asks for."""

    at_ms: int
    user: str
    game: str
    segments: int = 1
    priority: Priority = Priority.STANDARD


@dataclass(slots=True)
class Simulation:
    """One phase, `workers` side by side, every segment takes `segment_ms`."""

    settings: OrderSettings
    workers: int
    segment_ms: int
    claimed: list[tuple[int, Unit]] = field(default_factory=list)
    """Time and unit of every claim, in order."""
    lined_up_ms: dict[GameId, int] = field(default_factory=dict)
    """When a game could first be claimed."""

    def run(self, arrivals: Iterable[Arrival]) -> None:
        """Until everything is served."""
        queue = QueueState(self.settings)
        coming = sorted(arrivals, key=lambda arrival: arrival.at_ms)
        busy: list[tuple[int, str, Claim]] = []
        idle, now_ms, number = self.workers, 0, 0
        while coming or busy or queue.jobs:
            while coming and coming[0].at_ms <= now_ms:
                self._enqueue(queue, coming.pop(0))
            while busy and busy[0][0] <= now_ms:
                _, _, done = heapq.heappop(busy)
                idle += 1
                if queue.finish_segment(done, result_of(done), 1, now_ms=now_ms) is FinishAnswer.PHASE_READY:
                    queue.advance(done.for_report(), None, now_ms=now_ms)
            while idle:
                number += 1
                claim = queue.claim(
                    Phase.INTERMEDIATE, token=f"token {number}", lease_ms=LEASE_MS, now_ms=now_ms
                )
                if not isinstance(claim, Claim):
                    break
                idle -= 1
                self.claimed.append((now_ms, claim.unit))
                self.lined_up_ms.setdefault(claim.unit.game_id, now_ms - claim.waited_ms)
                heapq.heappush(busy, (now_ms + self.segment_ms, claim.token, claim))
            nexts = [coming[0].at_ms] if coming else []
            nexts += [busy[0][0]] if busy else []
            now_ms = min(nexts, default=now_ms)

    def first_claim_ms(self) -> dict[str, int]:
        """When the first segment of each game was claimed."""
        found: dict[str, int] = {}
        for at_ms, unit in self.claimed:
            found.setdefault(unit.game_id, at_ms)
        return found

    def last_claim_ms(self) -> dict[str, int]:
        """When the last segment of each game was claimed."""
        return {str(unit.game_id): at_ms for at_ms, unit in self.claimed}

    def _enqueue(self, queue: QueueState, arrival: Arrival) -> None:
        job = a_job(
            arrival.game,
            user=arrival.user,
            segments=arrival.segments,
            priority=arrival.priority,
            enqueued_at_ms=arrival.at_ms,
        )
        queue.enqueue(job, call_id=arrival.game, now_ms=arrival.at_ms)


def strict_arrival_order(arrivals: Iterable[Arrival], *, workers: int, segment_ms: int) -> dict[str, int]:
    """When the first segment of each game would be claimed if only the time of arrival counted."""
    free = [0] * workers
    first_claim_ms = {}
    for arrival in sorted(arrivals, key=lambda one: one.at_ms):
        for segment in range(arrival.segments):
            begin_ms = max(heapq.heappop(free), arrival.at_ms)
            heapq.heappush(free, begin_ms + segment_ms)
            if segment == 0:
                first_claim_ms[arrival.game] = begin_ms
    return first_claim_ms
