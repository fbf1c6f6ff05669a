"""The scripts on a real Valkey do what the pure state machine does, step by step, repeated calls included.

After every step all that Redis holds is compared with the model, field by field.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis import Redis

from knight_vision.adapters.redis_queue.client import RedisClient
from knight_vision.adapters.redis_queue.queue import RedisQueue, payload_of
from knight_vision.domain.job import REPORT_UNIT, Claim, EnqueueAnswer, FinishAnswer, GameId, Job, Unit
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_state import QueueState
from knight_vision.domain.queue_tables import JobState
from tests.support.queues import FAIR_SHARE_MS, LEASE_MS, PRIORITY_BOOST_MS, a_job, a_plan, result_of
from tests.support.valkey import ValkeyServer, admin, leaked_keys, pass_time

GAMES = st.sampled_from([GameId("g1"), GameId("g2"), GameId("g3")])
PHASES = st.sampled_from(list(Phase))
SMALL = st.integers(1, 3)
TWICE = st.booleans()
MAX_ATTEMPTS = 2


def has_claims(machine: QueueMachine) -> bool:
    return bool(machine.claims)


class QueueMachine(RuleBasedStateMachine):
    """Does the same to Redis and to the model."""

    client: Redis

    def __init__(self) -> None:
        super().__init__()
        self.client.flushall()
        self.queue = RedisQueue(
            RedisClient(lambda: self.client),
            prefix="kv",
            priority_boost_ms=PRIORITY_BOOST_MS,
            fair_share_ms=FAIR_SHARE_MS,
        )
        self.model = QueueState(PRIORITY_BOOST_MS, FAIR_SHARE_MS)
        self.now_ms = 1_000_000
        self.claims: list[Claim] = []
        self.calls = 0

    def both(self, twice: bool, on_redis: Callable[[], Any], on_model: Callable[[], Any]) -> Any:
        """The answer that both gave, also when the call is made again."""
        answers = [(on_redis(), on_model()) for _ in range(2 if twice else 1)]
        for from_redis, from_model in answers:
            assert from_redis == from_model
        return answers[0][1]

    def some_claim(self, data: st.DataObject) -> Claim:
        """Mostly a claim that holds, else any ever made: lost, finished, of an old generation, of nobody."""
        held = [claim for claim in self.claims if self.model.holders.get(claim.token) == claim.unit]
        prefer_held: int = data.draw(st.integers(0, 3))
        if held and prefer_held:
            return data.draw(st.sampled_from(held))
        claim = data.draw(st.sampled_from(self.claims))
        return data.draw(st.sampled_from([claim, claim.for_report(), replace(claim, token="nobody")]))

    @rule(
        game_id=GAMES, generation=SMALL, user=st.sampled_from("ab"), phase=PHASES, segments=SMALL,
        priority=st.integers(-1, 2), enqueued_at_ms=st.integers(0, 9), twice=TWICE,
    )  # fmt: skip
    def enqueue(
        self, game_id: GameId, generation: int, user: str, phase: Phase, segments: int, priority: int,
        enqueued_at_ms: int, twice: bool,
    ) -> None:  # fmt: skip
        job = a_job(
            game_id, generation=generation, user=user, phase=phase, segments=segments, priority=priority,
            enqueued_at_ms=enqueued_at_ms * 50_000,
        )  # fmt: skip
        self.calls += 1
        call_id = f"call {self.calls}"

        def on_redis() -> EnqueueAnswer:
            answer = self.queue.scripts.enqueue(
                job=job,
                payload=payload_of(job, job.plan),
                call_id=call_id,
                priority_boost_ms=PRIORITY_BOOST_MS,
                fair_share_ms=FAIR_SHARE_MS,
            )
            return EnqueueAnswer(answer)

        self.both(twice, on_redis, lambda: self.model.enqueue(job, call_id=call_id, now_ms=self.now_ms))

    @precondition(lambda self: self.model.jobs)
    @rule(data=st.data(), twice=TWICE)
    def claim(self, data: st.DataObject, twice: bool) -> None:
        with_work = sorted({unit.phase for unit in self.model.waiting}) or list(Phase)
        phase = data.draw(st.sampled_from(with_work))
        token = f"token {len(self.claims)}"
        if self.model.holders and data.draw(st.integers(0, 4)) == 0:
            token = data.draw(st.sampled_from(sorted(self.model.holders)))
        claim = self.both(
            twice,
            lambda: self.queue.claim(phase, token=token, lease_ms=LEASE_MS),
            lambda: self.model.claim(phase, token=token, lease_ms=LEASE_MS, now_ms=self.now_ms),
        )
        if claim is not None:
            self.claims.append(claim)

    @precondition(has_claims)
    @rule(data=st.data(), positions_done=SMALL, twice=TWICE)
    def report_progress(self, data: st.DataObject, positions_done: int, twice: bool) -> None:
        claim = self.some_claim(data)
        self.both(
            twice,
            lambda: self.queue.report_progress(claim, positions_done),
            lambda: self.model.report_progress(claim, positions_done, now_ms=self.now_ms),
        )

    @precondition(has_claims)
    @rule(data=st.data(), search_ms=st.integers(0, 1000), twice=TWICE)
    def finish_segment(self, data: st.DataObject, search_ms: int, twice: bool) -> None:
        claim = self.some_claim(data)
        if not claim.is_report:
            self.finish(claim, search_ms, twice)

    @precondition(lambda self: self.model.waiting)
    @rule(data=st.data())
    def work(self, data: st.DataObject) -> None:
        """Claim and finish until a report is to be saved, as a quiet queue does."""
        phase = data.draw(st.sampled_from(sorted({unit.phase for unit in self.model.waiting})))
        for _ in range(4):
            token = f"token {len(self.claims)}"
            claim = self.both(
                False,
                lambda: self.queue.claim(phase, token=token, lease_ms=LEASE_MS),  # noqa: B023
                lambda: self.model.claim(phase, token=token, lease_ms=LEASE_MS, now_ms=self.now_ms),  # noqa: B023
            )
            if claim is None:
                return
            self.claims.append(claim)
            if claim.is_report or self.finish(claim, 70, twice=False) is FinishAnswer.PHASE_READY:
                return

    def finish(self, claim: Claim, search_ms: int, twice: bool) -> FinishAnswer:
        result = result_of(claim)
        answer: FinishAnswer = self.both(
            twice,
            lambda: self.queue.finish_segment(claim, result, search_ms),
            lambda: self.model.finish_segment(claim, result, search_ms, now_ms=self.now_ms),
        )
        if answer is FinishAnswer.PHASE_READY:
            self.claims.append(claim.for_report())
        return answer

    @precondition(has_claims)
    @rule(data=st.data(), segments=SMALL, twice=TWICE)
    def save_and_advance(self, data: st.DataObject, segments: int, twice: bool) -> None:
        """As a worker does: read everything, then open the next phase or end the job."""
        open_reports = [unit for unit in self.model.leases if unit.index == REPORT_UNIT]
        report = self.some_claim(data).for_report()
        prefer_open: bool = data.draw(st.booleans())
        if open_reports and prefer_open:
            unit: Unit = data.draw(st.sampled_from(open_reports))
            token = self.model.attempts[unit].token
            report = next(claim for claim in reversed(self.claims) if claim.token == token).for_report()
        phase = report.unit.phase.next
        plan = None if phase is None else a_plan(phase, segments)
        self.both(
            twice,
            lambda: self.queue.read_evaluations(report),
            lambda: self.model.read_evaluations(report, now_ms=self.now_ms),
        )
        self.both(
            twice,
            lambda: self.queue.advance(report, plan),
            lambda: self.model.advance(report, plan, now_ms=self.now_ms),
        )

    @precondition(has_claims)
    @rule(data=st.data(), twice=TWICE)
    def fail_unit(self, data: st.DataObject, twice: bool) -> None:
        claim = self.some_claim(data)
        self.both(
            twice,
            lambda: self.queue.fail_unit(claim, max_attempts=MAX_ATTEMPTS),
            lambda: self.model.fail_unit(claim, max_attempts=MAX_ATTEMPTS, now_ms=self.now_ms),
        )

    @precondition(has_claims)
    @rule(data=st.data(), twice=TWICE)
    def release(self, data: st.DataObject, twice: bool) -> None:
        claim = self.some_claim(data)
        self.both(
            twice,
            lambda: self.queue.release(claim),
            lambda: self.model.release(claim, now_ms=self.now_ms),
        )

    @precondition(lambda self: self.model.leases)
    @rule(ms=st.sampled_from([LEASE_MS // 2, LEASE_MS]))
    def pass_time(self, ms: int) -> None:
        # One more than the steps' own time, so that a lease ends in both or in neither.
        pass_time(self.client, self.queue.keys, ms + 5_000)
        self.now_ms += ms + 5_000
        for state in self.model.jobs.values():  # pass_time moves what is noted, not the clock
            state.job = replace(state.job, enqueued_at_ms=(state.job.enqueued_at_ms or 0) - ms - 5_000)

    @precondition(lambda self: self.model.leases or self.model.exhausted)
    @rule(twice=TWICE)
    def expire_leases(self, twice: bool) -> None:
        def sets(expired: Any) -> tuple[set[Unit], set[Unit]]:
            return set(expired.requeued), set(expired.exhausted)  # Redis' clock moves within a step

        self.both(
            twice,
            lambda: sets(self.queue.expire_leases(max_attempts=MAX_ATTEMPTS)),
            lambda: sets(
                self.model.expire_leases(max_attempts=MAX_ATTEMPTS, at_most=100, now_ms=self.now_ms)
            ),
        )

    @precondition(lambda self: self.model.jobs)
    @rule(data=st.data(), by=st.sampled_from(["bury", "remove", "nothing", "nothing"]), twice=TWICE)
    def end(self, data: st.DataObject, by: str, twice: bool) -> None:
        """Bury or remove a job, or one whose generation is not there."""
        job = self.model.jobs[data.draw(st.sampled_from(sorted(self.model.jobs)))].job
        generation = data.draw(st.sampled_from([job.generation, job.generation, job.generation + 1, 1]))
        if by == "bury":
            unit = Unit(job.game_id, generation, job.plan.phase, 0)
            self.both(
                twice,
                lambda: self.queue.bury(unit, "toxic"),
                lambda: self.model.bury(unit, "toxic", now_ms=self.now_ms),
            )
        elif by == "remove":
            self.both(
                twice,
                lambda: self.queue.remove(job.game_id, generation),
                lambda: self.model.remove(job.game_id, generation),
            )

    @precondition(lambda self: self.model.jobs)
    @rule(game_id=GAMES)
    def read(self, game_id: GameId) -> None:
        self.both(False, lambda: self.queue.read(game_id), lambda: self.model.read(game_id))
        ids = [GameId("g1"), game_id, GameId("none")]
        self.both(False, lambda: self.queue.known(ids), lambda: self.model.known(ids))
        counts = self.model.counts(now_ms=self.now_ms)
        assert replace(self.queue.counts(), oldest_age_ms=0) == replace(counts, oldest_age_ms=0)

    @invariant()
    def redis_holds_what_the_model_holds(self) -> None:
        assert redis_contents(self.client, self.queue) == model_contents(self.model)

    def teardown(self) -> None:
        for game_id, state in list(self.model.jobs.items()):
            assert self.queue.remove(game_id, state.job.generation)
        assert not leaked_keys(self.client, self.queue.keys.permanent)


def redis_contents(client: Redis, queue: RedisQueue) -> dict[str, Any]:
    """Everything in Redis, in one round trip, without the moments that Redis' own clock gave."""
    keys = queue.keys
    pipe: Any = client.pipeline(transaction=False)
    shared = (keys.attempts, keys.holders, keys.places, keys.payloads, keys.users, keys.rates)
    for key in shared:
        pipe.hgetall(key)
    for key in (*keys.waiting.values(), *keys.leases.values(), keys.exhausted, keys.jobs):
        pipe.zrange(key, 0, -1, withscores=True)
    pipe.xrange(keys.dead_letters)
    games = [GameId(f"g{number}") for number in (1, 2, 3)]
    for game_id in games:
        pipe.hgetall(keys.job(game_id))
        pipe.hgetall(keys.evaluations(game_id))
    answers = pipe.execute()
    attempts, holders, places, payloads, users, rates = answers[:6]
    waiting, leases = dict(chain(*answers[6:9])), dict(chain(*answers[9:12]))
    jobs = {game_id: answers[15 + 2 * number] for number, game_id in enumerate(games)}
    return {
        "attempts": attempts,
        "holders": holders,
        "places": places,
        "payloads": payloads,
        "users": users,
        "rates": {phase: float(rate) for phase, rate in rates.items()},
        "waiting": waiting,
        "leases": set(leases),
        "exhausted": {unit for unit, _since in answers[12]},
        "jobs": dict(answers[13]),
        "dead_letters": [fields for _id, fields in answers[14]],
        "job": {game_id: job for game_id, job in jobs.items() if job},
        "evaluations": {
            game_id: {segment: json.loads(text) for segment, text in answers[16 + 2 * number].items()}
            for number, game_id in enumerate(games)
        },
    }


def model_contents(model: QueueState) -> dict[str, Any]:
    """The model in the same form."""
    jobs = model.jobs
    return {
        "attempts": {
            str(unit): f"{record.count} {record.positions_done} {record.token}"
            for unit, record in model.attempts.items()
        },
        "holders": {token: str(unit) for token, unit in model.holders.items()},
        "places": {game_id: f"{state.score} {state.job.priority}" for game_id, state in jobs.items()},
        "payloads": {game_id: payload_of(state.job, state.job.plan) for game_id, state in jobs.items()},
        "users": {user: str(count) for user, count in model.users.items()},
        "rates": dict(model.rates),
        "waiting": {str(unit): score for unit, score in model.waiting.items()},
        "leases": {str(unit) for unit in model.leases},
        "exhausted": {str(unit) for unit in model.exhausted},
        "jobs": {game_id: state.job.enqueued_at_ms for game_id, state in jobs.items()},
        "dead_letters": [
            {"unit": str(letter.unit), "user_id": letter.user_id, "reason": letter.reason}
            for letter in model.dead_letters
        ],
        "job": {game_id: job_fields(state) for game_id, state in jobs.items()},
        "evaluations": {
            game_id: evaluations_of(jobs[GameId(game_id)]) if game_id in jobs else {}
            for game_id in ("g1", "g2", "g3")
        },
    }


def job_fields(state: JobState) -> dict[str, str]:
    job: Job = state.job
    fields: dict[str, Any] = {
        "generation": job.generation,
        "user_id": job.user_id,
        "phase": job.plan.phase,
        "phase_rank": job.plan.phase.rank,
        "segment_count": job.plan.segment_count,
        "position_count": job.plan.position_count,
        "finished": len(state.finished_by),
        "positions_finished": state.positions_finished,
        "call_id": state.enqueue_call,
        "answer": state.enqueue_answer,
        **{f"finished_by:{segment}": token for segment, token in state.finished_by.items()},
    }
    if state.closed_by:
        fields["closed_by"] = state.closed_by
    if state.opened_by:
        fields["opened_by"] = state.opened_by
    return {name: str(value) for name, value in fields.items()}


def evaluations_of(state: JobState) -> dict[str, Any]:
    return {
        str(segment): [evaluation.to_json() for evaluation in result]
        for segment, result in state.evaluations.items()
    }


@pytest.mark.timeout(120)
def test_the_scripts_do_what_the_state_machine_does(valkey: ValkeyServer) -> None:
    client = admin(valkey)
    machine = type("BoundQueueMachine", (QueueMachine,), {"client": client})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=50,
            stateful_step_count=40,
            deadline=None,
            phases=[Stage.explicit, Stage.reuse, Stage.generate, Stage.shrink],  # explaining takes minutes
            report_multiple_bugs=False,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
    client.flushall()
    client.close()
