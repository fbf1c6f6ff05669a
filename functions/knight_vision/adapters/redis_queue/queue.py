"""The JobQueue port on Redis: turns jobs and answers into the scripts' texts and back."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from knight_vision.adapters.redis_queue.client import RedisClient
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.adapters.redis_queue.scripts import Scripts
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.job import (
    Advanced,
    Claim,
    EnqueueAnswer,
    ExpiredLeases,
    FenceAnswer,
    FinishAnswer,
    FoundPhase,
    GameId,
    Job,
    JobProgress,
    Priority,
    RetryAnswer,
    SegmentResult,
    StorePause,
    Unit,
    UserId,
)
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.queue_counts import LineCounts, PhaseCounts, QueueActivity, QueueCounts, Tally
from knight_vision.domain.queue_tables import OrderSettings
from knight_vision.domain.queue_views import activity_of, happened_before
from knight_vision.domain.segments import PhasePlan

__all__ = ["RedisQueue"]

ONE_TALLY = 2**40
"""What shared/activity.lua adds each time something happened; the rest are milliseconds."""
KNOWN_AT_ONCE = 1_000
"""ElastiCache Serverless takes at most 3,999 arguments."""


class RedisQueue:
    """See ports.JobQueue. Each call is one script and one round trip; of many jobs, one for each hundred."""

    def __init__(self, client: RedisClient, *, prefix: str, order: OrderSettings) -> None:
        """Nothing is sent yet. `prefix` is the hash tag of every key."""
        self.keys = Keys(prefix)
        self.scripts = Scripts(client, self.keys, order)

    def enqueue(self, job: Job) -> EnqueueAnswer:
        """See ports.JobQueue."""
        answer = self.scripts.enqueue(
            job=job,
            payload=payload_of(job, job.plan),
            # the client may repeat this very call; another call for the same job is another id
            call_id=os.urandom(8).hex(),
        )
        return EnqueueAnswer(answer)

    def enqueue_all(self, jobs: Sequence[Job]) -> list[EnqueueAnswer]:
        """See ports.JobQueue."""
        calls = [(job, payload_of(job, job.plan), os.urandom(8).hex()) for job in jobs]
        return [EnqueueAnswer(answer) for answer in self.scripts.enqueue_all(calls)]

    def unfinished_games(self, user_id: UserId) -> int:
        """See ports.JobQueue."""
        return self.scripts.unfinished_games(user_id=user_id)

    def allow_calls(self, phase: Phase, wanted: int, *, most: int, least: int = 0) -> int:
        """See ports.JobQueue."""
        call_id = os.urandom(8).hex()
        return self.scripts.allow_calls(phase=phase, wanted=wanted, most=most, least=least, call_id=call_id)

    def claim(
        self, phase: Phase, *, token: str, lease_ms: int, answers_call: bool = False
    ) -> Claim | StorePause | None:
        """See ports.JobQueue."""
        answer = self.scripts.claim(phase=phase, token=token, lease_ms=lease_ms, answers_call=answers_call)
        return claim_of(token, answer)

    def store_is_away(self) -> None:
        """See ports.JobQueue."""
        self.scripts.store_is_away()

    def store_is_back(self) -> None:
        """See ports.JobQueue."""
        self.scripts.store_is_back()

    def report_progress(self, claim: Claim, positions_done: int) -> FenceAnswer:
        """See ports.JobQueue."""
        return FenceAnswer(self.scripts.report_progress(claim=claim, positions_done=positions_done))

    def finish_segment(self, claim: Claim, result: SegmentResult, search_ms: int) -> FinishAnswer:
        """See ports.JobQueue."""
        answer = self.scripts.finish_segment(
            claim=claim,
            evaluations=segment_json(result, search_ms),
            positions=len(result),
            search_ms=search_ms,
        )
        return FinishAnswer(answer)

    def finish_and_claim(
        self, claim: Claim, result: SegmentResult, search_ms: int, *, token: str, lease_ms: int
    ) -> tuple[FinishAnswer, Claim | StorePause | None]:
        """See ports.JobQueue."""
        finished, *claimed = self.scripts.finish_and_claim(
            claim=claim,
            evaluations=segment_json(result, search_ms),
            positions=len(result),
            search_ms=search_ms,
            token=token,
            lease_ms=lease_ms,
        )
        return FinishAnswer(finished), claim_of(token, claimed[0] if claimed else None)

    def read_evaluations(self, claim: Claim) -> FoundPhase | None:
        """See ports.JobQueue."""
        texts = self.scripts.read_evaluations(claim=claim)
        if texts is None:
            return None
        segments = [segment_of(text) for text in texts]
        return FoundPhase(
            tuple(evaluation for result, _ in segments for evaluation in result),
            sum(search_ms for _, search_ms in segments),
        )

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
        requeued, exhausted, ended = self.scripts.expire_leases(max_attempts=max_attempts, at_most=at_most)
        return ExpiredLeases(tuple(map(Unit.parse, requeued)), tuple(map(Unit.parse, exhausted)), ended)

    def remove(self, game_id: GameId, generation: int) -> bool:
        """See ports.JobQueue."""
        return self.scripts.remove(game_id=game_id, generation=generation) == "removed"

    def remove_all(self, jobs: Sequence[tuple[GameId, int]]) -> int:
        """See ports.JobQueue."""
        return self.scripts.remove_all(jobs).count("removed")

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
            priority=Priority(priority),
            ms_per_position=None if rate == "" else float(rate),
        )

    def known(self, game_ids: Sequence[GameId]) -> set[GameId]:
        """See ports.JobQueue."""
        pages = (game_ids[start : start + KNOWN_AT_ONCE] for start in range(0, len(game_ids), KNOWN_AT_ONCE))
        return {GameId(game_id) for page in pages for game_id in self.scripts.known(game_ids=page)}

    def counts(self) -> QueueCounts:
        """See ports.JobQueue."""
        numbers = iter(self.scripts.counts())
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

    def activity(self) -> QueueActivity:
        """See ports.JobQueue."""
        now_ms, *records = self.scripts.activity()
        since = happened_before(now_ms)
        sums: dict[str, Tally] = {}
        for field, number in zip(records[::2], records[1::2], strict=True):
            minute, _, what = field.partition(" ")
            if int(minute) > since:
                count, total_ms = divmod(int(number), ONE_TALLY)
                before = sums.get(what, Tally())
                sums[what] = Tally(before.count + count, before.total_ms + total_ms)
        return activity_of(sums)

    def ping(self) -> None:
        """See ports.JobQueue. Asks for a key: a cluster that is down still answers PING."""
        self.scripts.known(game_ids=[""])


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
    )
