"""The JobQueue port on Redis: turns jobs and answers into the scripts' texts and back."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from knight_vision.adapters.redis_queue.client import RedisClient
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.adapters.redis_queue.scripts import Scripts
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.job import (
    MAX_DEAD_LETTERS,
    RATE_WEIGHT,
    Advanced,
    Claim,
    EnqueueAnswer,
    ExpiredLeases,
    FenceAnswer,
    FinishAnswer,
    GameId,
    Job,
    JobProgress,
    PhaseCounts,
    QueueCounts,
    RetryAnswer,
    SegmentResult,
    Unit,
    UserId,
)
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.segments import PhasePlan

__all__ = ["RedisQueue"]

MAX_REASON_LENGTH = 1_000
KNOWN_AT_ONCE = 1_000
"""ElastiCache Serverless takes at most 3,999 arguments."""


class RedisQueue:
    """See ports.JobQueue. Each call is one script and one round trip."""

    def __init__(
        self, client: RedisClient, *, prefix: str, priority_boost_ms: int, fair_share_ms: int
    ) -> None:
        """Nothing is sent yet. `prefix` is the hash tag of every key."""
        self.keys = Keys(prefix)
        self.scripts = Scripts(client, self.keys)
        self.priority_boost_ms = priority_boost_ms
        self.fair_share_ms = fair_share_ms

    def enqueue(self, job: Job) -> EnqueueAnswer:
        """See ports.JobQueue."""
        answer = self.scripts.enqueue(
            job=job,
            payload=payload_of(job, job.plan),
            # redis-py may repeat this very call; another call for the same job is another id
            call_id=os.urandom(8).hex(),
            priority_boost_ms=self.priority_boost_ms,
            fair_share_ms=self.fair_share_ms,
        )
        return EnqueueAnswer(answer)

    def claim(self, phase: Phase, *, token: str, lease_ms: int) -> Claim | None:
        """See ports.JobQueue."""
        answer = self.scripts.claim(phase=phase, token=token, lease_ms=lease_ms)
        if answer is None:
            return None
        text, attempt, priority, enqueued_at_ms, payload = answer
        unit = Unit.parse(text)
        job = job_of(unit, json.loads(payload), priority=int(priority), enqueued_at_ms=int(enqueued_at_ms))
        return Claim(unit, token, attempt, job)

    def report_progress(self, claim: Claim, positions_done: int) -> FenceAnswer:
        """See ports.JobQueue."""
        return FenceAnswer(self.scripts.report_progress(claim=claim, positions_done=positions_done))

    def finish_segment(self, claim: Claim, result: SegmentResult, search_ms: int) -> FinishAnswer:
        """See ports.JobQueue."""
        answer = self.scripts.finish_segment(
            claim=claim,
            evaluations=compact_json([evaluation.to_json() for evaluation in result]),
            positions=len(result),
            search_ms=search_ms,
            rate_weight=RATE_WEIGHT,
        )
        return FinishAnswer(answer)

    def read_evaluations(self, claim: Claim) -> tuple[Evaluation, ...] | None:
        """See ports.JobQueue."""
        segments = self.scripts.read_evaluations(claim=claim)
        if segments is None:
            return None
        return tuple(Evaluation.from_json(fields) for text in segments for fields in json.loads(text))

    def advance(self, claim: Claim, next_plan: PhasePlan | None) -> Advanced:
        """See ports.JobQueue."""
        payload = payload_of(claim.job, next_plan) if next_plan else ""
        return Advanced(self.scripts.advance(claim=claim, next_plan=next_plan, payload=payload))

    def fail_unit(self, claim: Claim, *, max_attempts: int) -> RetryAnswer:
        """See ports.JobQueue."""
        return RetryAnswer(self.scripts.fail_unit(claim=claim, max_attempts=max_attempts))

    def release(self, claim: Claim) -> FenceAnswer:
        """See ports.JobQueue."""
        return FenceAnswer(self.scripts.release(claim=claim))

    def expire_leases(self, *, max_attempts: int, at_most: int = 100) -> ExpiredLeases:
        """See ports.JobQueue."""
        requeued, exhausted = self.scripts.expire_leases(max_attempts=max_attempts, at_most=at_most)
        return ExpiredLeases(tuple(map(Unit.parse, requeued)), tuple(map(Unit.parse, exhausted)))

    def bury(self, unit: Unit, reason: str) -> bool:
        """See ports.JobQueue."""
        answer = self.scripts.bury(
            unit=unit, reason=reason[:MAX_REASON_LENGTH], max_dead_letters=MAX_DEAD_LETTERS
        )
        return answer == "buried"

    def remove(self, game_id: GameId, generation: int) -> bool:
        """See ports.JobQueue."""
        return self.scripts.remove(game_id=game_id, generation=generation) == "removed"

    def read(self, game_id: GameId) -> JobProgress | None:
        """See ports.JobQueue."""
        answer = self.scripts.read(game_id=game_id)
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
            priority=int(priority),
            ms_per_position=None if rate == "" else float(rate),
        )

    def known(self, game_ids: Sequence[GameId]) -> set[GameId]:
        """See ports.JobQueue."""
        pages = (game_ids[start : start + KNOWN_AT_ONCE] for start in range(0, len(game_ids), KNOWN_AT_ONCE))
        return {GameId(game_id) for page in pages for game_id in self.scripts.known(game_ids=page)}

    def counts(self) -> QueueCounts:
        """See ports.JobQueue."""
        jobs, oldest_age_ms, dead_letters, *by_phase = self.scripts.counts()
        waiting, in_flight = by_phase[:3], by_phase[3:]
        return QueueCounts(
            phases={phase: PhaseCounts(waiting[i], in_flight[i]) for i, phase in enumerate(Phase)},
            jobs=jobs,
            oldest_age_ms=oldest_age_ms,
            dead_letters=dead_letters,
        )

    def ping(self) -> None:
        """See ports.JobQueue. Asks for a key: a cluster that is down still answers PING."""
        self.scripts.known(game_ids=[""])


def compact_json(value: Any) -> str:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))


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
        }
    )


def job_of(unit: Unit, payload: dict[str, Any], *, priority: int, enqueued_at_ms: int) -> Job:
    """The job that `payload_of` wrote, as of the phase of one of its units."""
    return Job(
        game_id=unit.game_id,
        generation=unit.generation,
        user_id=UserId(payload["user_id"]),
        plan=PhasePlan(
            unit.phase, Limit.parse(payload["limit"]), payload["position_count"], payload["segment_count"]
        ),
        moves=tuple(payload["moves"].split()),
        start_fen=payload["start_fen"],
        is_chess960=payload["is_chess960"],
        priority=priority,
        enqueued_at_ms=enqueued_at_ms,
        correlation_id=payload["correlation_id"],
    )
