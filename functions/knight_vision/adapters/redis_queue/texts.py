"""What the queue's scripts are told and answer, as text and back."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.job import (
    Claim,
    GameId,
    Job,
    JobProgress,
    Priority,
    SegmentResult,
    StorePause,
    Unit,
    UserId,
)
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.queue_counts import LineCounts, PhaseCounts, QueueActivity, QueueCounts, Tally
from knight_vision.domain.queue_views import activity_of, happened_before
from knight_vision.domain.segments import PhasePlan

__all__ = [
    "activity_in",
    "claim_of",
    "counts_of",
    "payload_of",
    "progress_of",
    "segment_json",
    "segment_of",
]

ONE_TALLY = 2**40
"""What shared/activity.lua adds each time something happened; the rest are milliseconds."""


def counts_of(answer: list[int]) -> QueueCounts:
    """What counts.lua answered."""
    numbers = iter(answer)
    jobs, oldest_age_ms, exhausted, is_store_away = (next(numbers) for _ in range(4))
    phases = {
        phase: PhaseCounts(
            in_flight=next(numbers),
            lines={
                priority: LineCounts(next(numbers), next(numbers), next(numbers)) for priority in Priority
            },
        )
        for phase in Phase
    }
    return QueueCounts(phases, jobs, oldest_age_ms, exhausted, bool(is_store_away))


def activity_in(answer: list[Any]) -> QueueActivity:
    """What activity.lua answered."""
    now_ms, *records = answer
    since = happened_before(now_ms)
    sums: dict[str, Tally] = {}
    for field, number in zip(records[::2], records[1::2], strict=True):
        minute, _, what = field.partition(" ")
        if int(minute) > since:
            count, total_ms = divmod(int(number), ONE_TALLY)
            before = sums.get(what, Tally())
            sums[what] = Tally(before.count + count, before.total_ms + total_ms)
    return activity_of(sums)


def progress_of(answer: list[Any] | None) -> JobProgress | None:
    """What read.lua answered."""
    if answer is None:
        return None
    generation, phase, state, done, position_count, ahead, in_flight, priority, rate = answer
    return JobProgress(
        generation=int(generation),
        phase=Phase(phase),
        is_running=state == "running",
        positions_done=done,
        position_count=int(position_count),
        units_ahead=None if ahead == "" else ahead,
        units_in_flight=in_flight,
        priority=Priority(priority),
        ms_per_position=None if rate == "" else float(rate),
    )


def claim_of(token: str, answer: list[Any] | str | None) -> Claim | StorePause | None:
    """What claim.lua answered."""
    if answer is None:
        return None
    if isinstance(answer, str):
        return StorePause(answer)
    text, attempt, priority, enqueued_at_ms, waited_ms, budget_percent, payload = answer
    unit = Unit.parse(text)
    job = job_of(unit.game_id, unit.generation, unit.phase, priority, enqueued_at_ms, payload)
    return Claim(unit, token, attempt, job, waited_ms, budget_percent)


def segment_json(result: SegmentResult, search_ms: int) -> str:
    """A searched segment as it is stored: the search's milliseconds, then its evaluations."""
    return compact_json([search_ms, *(evaluation.to_json() for evaluation in result)])


def segment_of(text: str) -> tuple[SegmentResult, int]:
    """What `segment_json` wrote; and what was written before it knew times."""
    first, *rest = json.loads(text)
    fields, search_ms = (rest, first) if isinstance(first, int) else ([first, *rest], 0)
    return tuple(Evaluation.from_json(values) for values in fields), search_ms


compact_json = json.JSONEncoder(separators=(",", ":")).encode
"""JSON without spaces. One encoder for all: making it costs more than a job's text."""


def payload_of(job: Job, plan: PhasePlan) -> str:
    """What of a job does not change while a phase runs, as JSON."""
    return compact_json(
        {
            "user_id": job.user_id,
            "limit": str(plan.limit),
            "position_count": plan.position_count,
            "segment_count": plan.segment_count,
            "moves": " ".join(job.moves),
            "start_fen": job.start_fen,
            "is_chess960": job.is_chess960,
            "correlation_id": job.correlation_id,
            "is_redo": job.is_redo,
            "brings_evaluations": job.brings_evaluations,
        }
    )


@lru_cache(maxsize=4)
def job_of(
    game_id: GameId, generation: int, phase: Phase, priority: int, enqueued_at_ms: int, payload: str
) -> Job:
    """The job that `payload_of` wrote. Cached: a worker mostly claims one segment of a game after another."""
    fields: dict[str, Any] = json.loads(payload)
    return Job(
        game_id=game_id,
        generation=generation,
        user_id=UserId(fields["user_id"]),
        plan=PhasePlan(
            phase, Limit.parse(fields["limit"]), fields["position_count"], fields["segment_count"]
        ),
        moves=tuple(fields["moves"].split()),
        start_fen=fields["start_fen"],
        is_chess960=fields["is_chess960"],
        priority=Priority(priority),
        enqueued_at_ms=enqueued_at_ms,
        correlation_id=fields["correlation_id"],
        is_redo=fields["is_redo"],
        # Not in what a release before this one enqueued.
        brings_evaluations=fields.get("brings_evaluations", False),
    )
