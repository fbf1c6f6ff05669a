"""The JobQueue port on Redis: turns jobs and answers into the scripts' texts and back."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from knight_vision.adapters.redis_queue.client import RedisClient
from knight_vision.adapters.redis_queue.kept_texts import keeping
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.adapters.redis_queue.scripts import Scripts
from knight_vision.adapters.redis_queue.texts import (
    activity_in,
    claim_of,
    counts_of,
    payload_of,
    progress_of,
    segment_json,
    segment_of,
)
from knight_vision.domain.job import (
    Admitted,
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
    RetryAnswer,
    SegmentResult,
    StorePause,
    Unit,
    UserId,
)
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import QueueActivity, QueueCounts
from knight_vision.domain.queue_tables import OrderSettings
from knight_vision.domain.segments import PhasePlan

__all__ = ["RedisQueue"]

KNOWN_AT_ONCE = 1_000
"""ElastiCache Serverless takes at most 3,999 arguments."""


class RedisQueue:
    """See ports.JobQueue. Each call is one script and one round trip; of many jobs, one for each hundred."""

    def __init__(self, client: RedisClient, *, prefix: str, order: OrderSettings) -> None:
        """Nothing is sent yet. `prefix` is the hash tag of every key."""
        self.prefix = prefix
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

    def admit(
        self,
        jobs: Sequence[Job],
        *,
        wanted: int,
        most: Mapping[Phase, int],
        along: KeptText | None = None,
    ) -> Admitted:
        """See ports.JobQueue."""
        command, call_id = keeping(self.prefix, along) if along is not None else None, os.urandom(8).hex()
        if len(jobs) == 1:
            [job] = jobs
            phase, payload = job.plan.phase, payload_of(job, job.plan)
            [answer, calls, progress], is_kept = self.scripts.admit_one(
                job, payload, wanted=wanted, most=most[phase], call_id=call_id, along=command
            )
            return Admitted((EnqueueAnswer(answer),), {phase: calls}, progress_of(progress), is_kept)
        with_ids = [(job, payload_of(job, job.plan), os.urandom(8).hex()) for job in jobs]
        answers, allowed, is_kept = self.scripts.admit(
            with_ids, wanted=wanted, most=most, call_id=call_id, along=command
        )
        return Admitted(tuple(map(EnqueueAnswer, answers)), allowed, is_kept=is_kept)

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

    def finish_segment(
        self, claim: Claim, result: SegmentResult, search_ms: int, *, known: int = 0
    ) -> FinishAnswer:
        """See ports.JobQueue."""
        answer = self.scripts.finish_segment(
            claim=claim,
            evaluations=segment_json(result, search_ms),
            positions=len(result),
            search_ms=search_ms,
            known=known,
        )
        return FinishAnswer(answer)

    def finish_and_claim(
        self,
        claim: Claim,
        result: SegmentResult,
        search_ms: int,
        *,
        known: int = 0,
        token: str,
        lease_ms: int,
    ) -> tuple[FinishAnswer, Claim | StorePause | None]:
        """See ports.JobQueue."""
        finished, *claimed = self.scripts.finish_and_claim(
            claim=claim,
            evaluations=segment_json(result, search_ms),
            positions=len(result),
            search_ms=search_ms,
            known=known,
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
        return progress_of(self.scripts.read(game_id=game_id))

    def known(self, game_ids: Sequence[GameId]) -> set[GameId]:
        """See ports.JobQueue."""
        pages = (game_ids[start : start + KNOWN_AT_ONCE] for start in range(0, len(game_ids), KNOWN_AT_ONCE))
        return {GameId(game_id) for page in pages for game_id in self.scripts.known(game_ids=page)}

    def counts(self) -> QueueCounts:
        """See ports.JobQueue."""
        return counts_of(self.scripts.counts())

    def activity(self) -> QueueActivity:
        """See ports.JobQueue."""
        return activity_in(self.scripts.activity())

    def counts_and_activity(self) -> tuple[QueueCounts, QueueActivity]:
        """See ports.JobQueue."""
        counts, activity = self.scripts.counts_and_activity()
        return counts_of(counts), activity_in(activity)

    def ping(self) -> None:
        """See ports.JobQueue. Asks for a key: a cluster that is down still answers PING."""
        self.scripts.known(game_ids=[""])
