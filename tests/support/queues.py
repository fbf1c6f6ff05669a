"""Queues of either kind with a clock that tests can turn, and the jobs and results they are fed with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.job import Claim, GameId, Job, Priority, UserId
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.queue_tables import OrderSettings
from knight_vision.domain.segments import PhasePlan
from knight_vision.ports import JobQueue

__all__ = [
    "FAIR_SHARE_MS",
    "LEASE_MS",
    "ORDER",
    "PRIORITY_BOOST_MS",
    "QueueAndClock",
    "a_job",
    "a_plan",
    "claim_one",
    "finish_phase",
    "load",
    "result_of",
]

LEASE_MS = 60_000
PRIORITY_BOOST_MS = 60_000
FAIR_SHARE_MS = 5_000
ORDER = OrderSettings(
    priority_boost_ms=PRIORITY_BOOST_MS,
    fair_share_ms=FAIR_SHARE_MS,
    degrade_after_ms=20_000,
    degrade_floor_percent=30,
)


@dataclass(frozen=True, slots=True)
class QueueAndClock:
    """A queue, and its clock."""

    queue: JobQueue
    pass_time: Callable[[int], None]
    """Lets milliseconds pass for all that is in the queue."""
    now_ms: Callable[[], int]


def a_plan(phase: Phase = Phase.INTERMEDIATE, segments: int = 2, positions: int = 10) -> PhasePlan:
    return PhasePlan(phase, Limit(nodes=100), positions, segments)


def a_job(
    game: str = "g1",
    *,
    generation: int = 1,
    user: str = "u1",
    phase: Phase = Phase.INTERMEDIATE,
    segments: int = 2,
    priority: Priority = Priority.STANDARD,
    enqueued_at_ms: int | None = 1_700_000_000_000,
) -> Job:
    return Job(
        game_id=GameId(game),
        generation=generation,
        user_id=UserId(user),
        plan=a_plan(phase, segments),
        moves=("e2e4", "e7e5", "g1f3"),
        start_fen="rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
        priority=priority,
        enqueued_at_ms=enqueued_at_ms,
        correlation_id="request-1",
    )


def result_of(claim: Claim) -> tuple[Evaluation, ...]:
    """Evaluations of a claimed segment which tell the positions apart."""
    segment = claim.job.plan.segment(claim.unit.index)
    return tuple(
        Evaluation(white_cp=ply, line=("e2e4", "e7e5"), depth=9, nodes=100)
        for ply in range(segment.first, segment.last + 1)
    )


def claim_one(queue: JobQueue, token: str = "t", phase: Phase = Phase.INTERMEDIATE) -> Claim:
    """A claim on a unit that is known to wait."""
    claim = queue.claim(phase, token=token, lease_ms=LEASE_MS)
    assert isinstance(claim, Claim)
    return claim


def finish_phase(queue: JobQueue, phase: Phase = Phase.INTERMEDIATE) -> Claim:
    """Finish all waiting segments of a phase that holds one job; the claim on its report."""
    number = 0
    while claim := queue.claim(phase, token=f"{phase}-{number}", lease_ms=LEASE_MS):
        assert isinstance(claim, Claim)
        queue.finish_segment(claim, result_of(claim), search_ms=50)
        last, number = claim, number + 1
    return last.for_report()


def load(queue: JobQueue, phase: Phase = Phase.INTERMEDIATE) -> tuple[int, int]:
    """Units in line and units in flight of a phase."""
    counts = queue.counts().phases[phase]
    return counts.units_in_line, counts.in_flight
