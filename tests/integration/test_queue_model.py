"""The scripts on a real Valkey do what the pure state machine does, step by step, repeated calls included.

After every step all that Redis holds is compared with the model, field by field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields, replace
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
from knight_vision.adapters.redis_queue.queue import RedisQueue
from knight_vision.adapters.redis_queue.texts import payload_of
from knight_vision.domain.job import (
    REPORT_UNIT,
    Claim,
    EnqueueAnswer,
    FinishAnswer,
    GameId,
    Priority,
    Unit,
    UserId,
)
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_state import QueueState
from tests.support.queue_contents import CLOCK_TOLERANCE_MS, assert_same, model_contents, redis_contents
from tests.support.queues import LEASE_MS, ORDER, a_job, a_plan, result_of
from tests.support.valkey import ValkeyServer, admin, leaked_keys, pass_time

GAMES = st.sampled_from([GameId("g1"), GameId("g2"), GameId("g3")])
PHASES = st.sampled_from(list(Phase))
SMALL = st.integers(1, 3)
TWICE = st.booleans()
MAX_ATTEMPTS = 2
FIRST_REQUEST_MS = 1_700_000_000_000


def has_claims(machine: QueueMachine) -> bool:
    return bool(machine.claims)


class QueueMachine(RuleBasedStateMachine):
    """Does the same to Redis and to the model."""

    client: Redis

    def __init__(self) -> None:
        super().__init__()
        self.client.flushall()
        self.queue = RedisQueue(RedisClient(lambda: self.client), prefix="kv", order=ORDER)
        self.model = QueueState(ORDER)
        self.last_ms = 0
        self.claims: list[Claim] = []
        self.calls = 0

    @property
    def now_ms(self) -> int:
        """Redis' own clock, later than at the step before: what came first stays first on both sides."""
        now_ms = self.last_ms
        while now_ms <= self.last_ms:
            seconds, microseconds = self.client.time()
            now_ms = int(seconds) * 1000 + int(microseconds) // 1000
        self.last_ms = now_ms
        return now_ms

    def both(self, twice: bool, on_redis: Callable[[], Any], on_model: Callable[[], Any]) -> Any:
        """The answer that both gave, also when the call is made again."""
        answers = [(on_redis(), on_model()) for _ in range(2 if twice else 1)]
        for from_redis, from_model in answers:
            assert_same(from_redis, from_model)
        return answers[0][1]

    def some_claim(self, data: st.DataObject) -> Claim:
        """Mostly a claim that holds, else any ever made: lost, finished, of an old generation, of nobody."""
        holders = self.model.holders
        held = [claim for claim in self.claims if holders.get(claim.token, (None, 0))[0] == claim.unit]
        prefer_held: int = data.draw(st.integers(0, 3))
        if held and prefer_held:
            return data.draw(st.sampled_from(held))
        claim = data.draw(st.sampled_from(self.claims))
        return data.draw(st.sampled_from([claim, claim.for_report(), replace(claim, token="nobody")]))

    @rule(
        game_id=GAMES, generation=SMALL, user=st.sampled_from("ab"), phase=PHASES, segments=SMALL,
        priority=st.sampled_from(Priority), request=st.integers(0, 9), twice=TWICE,
    )  # fmt: skip
    def enqueue(
        self, game_id: GameId, generation: int, user: str, phase: Phase, segments: int,
        priority: Priority, request: int, twice: bool,
    ) -> None:  # fmt: skip
        job = a_job(
            game_id, generation=generation, user=user, phase=phase, segments=segments, priority=priority,
            enqueued_at_ms=FIRST_REQUEST_MS + request * 50_000,
        )  # fmt: skip
        self.calls += 1
        call_id = f"call-{self.calls}"

        def on_redis() -> EnqueueAnswer:
            payload = payload_of(job, job.plan)
            return EnqueueAnswer(self.queue.scripts.enqueue(job=job, payload=payload, call_id=call_id))

        self.both(twice, on_redis, lambda: self.model.enqueue(job, call_id=call_id, now_ms=self.now_ms))

    @rule(phase=PHASES, wanted=SMALL, most=SMALL, least=st.integers(0, 1), twice=TWICE)
    def allow_calls(self, phase: Phase, wanted: int, most: int, least: int, twice: bool) -> None:
        self.calls += 1
        call_id, limits = f"call-{self.calls}", {"most": most, "least": least}
        self.both(
            twice,
            lambda: self.queue.scripts.allow_calls(phase=phase, wanted=wanted, **limits, call_id=call_id),
            lambda: self.model.allow_calls(phase, wanted, **limits, call_id=call_id, now_ms=self.now_ms),
        )

    @precondition(lambda self: self.model.jobs)
    @rule(data=st.data(), twice=TWICE)
    def claim(self, data: st.DataObject, twice: bool) -> None:
        with_work = sorted({unit.phase for unit in self.model.waiting}) or list(Phase)
        phase = data.draw(st.sampled_from(with_work))
        token = f"token {len(self.claims)}"
        if self.model.holders and data.draw(st.integers(0, 4)) == 0:
            token = data.draw(st.sampled_from(sorted(self.model.holders)))
        answers: bool = data.draw(st.booleans())
        claim = self.both(
            twice,
            lambda: self.queue.claim(phase, token=token, lease_ms=LEASE_MS, answers_call=answers),
            lambda: self.model.claim(
                phase, token=token, lease_ms=LEASE_MS, answers_call=answers, now_ms=self.now_ms
            ),
        )
        if isinstance(claim, Claim):
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

    @precondition(has_claims)
    @rule(data=st.data(), twice=TWICE)
    def finish_and_claim(self, data: st.DataObject, twice: bool) -> None:
        claim = self.some_claim(data)
        if claim.is_report:
            return
        token, result = f"token {len(self.claims)}", result_of(claim)
        finished, following = self.both(
            twice,
            lambda: self.queue.finish_and_claim(claim, result, 30, known=2, token=token, lease_ms=LEASE_MS),
            lambda: self.model.finish_and_claim(
                claim, result, 30, known=2, token=token, lease_ms=LEASE_MS, now_ms=self.now_ms
            ),
        )
        if finished is FinishAnswer.PHASE_READY:
            self.claims.append(claim.for_report())
        if isinstance(following, Claim):
            self.claims.append(following)

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
            if not isinstance(claim, Claim):
                return
            self.claims.append(claim)
            if claim.is_report or self.finish(claim, 70, twice=False) is FinishAnswer.PHASE_READY:
                return

    def finish(self, claim: Claim, search_ms: int, twice: bool) -> FinishAnswer:
        result = result_of(claim)
        answer: FinishAnswer = self.both(
            twice,
            lambda: self.queue.finish_segment(claim, result, search_ms, known=search_ms % 3),
            lambda: self.model.finish_segment(
                claim, result, search_ms, known=search_ms % 3, now_ms=self.now_ms
            ),
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

    @precondition(lambda self: self.model.jobs or self.model.store_away)
    @rule(ms=st.sampled_from([LEASE_MS // 2, LEASE_MS]))
    def pass_time(self, ms: int) -> None:
        # A little more, so that a lease ends on both sides or on neither.
        ms += CLOCK_TOLERANCE_MS
        pass_time(self.client, self.queue.keys, ms)
        model = self.model
        model.leases = {unit: end_ms - ms for unit, end_ms in model.leases.items()}
        for state in model.jobs.values():
            state.ready_ms -= ms
        for calls in model.calls.values():
            calls.update({call: sent_ms - ms for call, sent_ms in calls.items()})
        if model.store_away is not None:
            model.store_away = replace(model.store_away, until_ms=model.store_away.until_ms - ms)

    @rule(is_away=st.sampled_from([True, False, False]), twice=TWICE)
    def store_comes_or_goes(self, is_away: bool, twice: bool) -> None:
        if is_away:
            self.both(
                twice,
                lambda: self.queue.store_is_away(),
                lambda: self.model.store_is_away(now_ms=self.now_ms),
            )
        elif self.model.store_away is not None:
            self.both(twice, lambda: self.queue.store_is_back(), lambda: self.model.store_is_back())

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
    @rule(data=st.data(), really=st.booleans(), twice=TWICE)
    def remove(self, data: st.DataObject, really: bool, twice: bool) -> None:
        """Remove a job, or one whose generation is not there."""
        job = self.model.jobs[data.draw(st.sampled_from(sorted(self.model.jobs)))].job
        generation = job.generation if really else job.generation + data.draw(st.sampled_from([-1, 1]))
        self.both(
            twice,
            lambda: self.queue.remove(job.game_id, generation),
            lambda: self.model.remove(job.game_id, generation, now_ms=self.now_ms),
        )

    @precondition(lambda self: self.model.jobs)
    @rule(game_id=GAMES)
    def read(self, game_id: GameId) -> None:
        self.both(False, lambda: self.queue.read(game_id), lambda: self.model.read(game_id))
        ids = [GameId("g1"), game_id, GameId("none")]
        self.both(False, lambda: self.queue.known(ids), lambda: self.model.known(ids))
        counts = replace(self.model.counts(now_ms=self.now_ms), oldest_age_ms=0)
        assert_same(asdict(replace(self.queue.counts(), oldest_age_ms=0)), asdict(counts))
        activity = self.model.activity(now_ms=self.now_ms)
        for what in fields(activity):
            of_model = {key: tally.count for key, tally in getattr(activity, what.name).items()}
            of_redis = getattr(self.queue.activity(), what.name)
            assert {key: tally.count for key, tally in of_redis.items()} == of_model
        for user in (UserId("a"), UserId("b")):
            assert self.queue.unfinished_games(user) == self.model.unfinished_games(user)

    @invariant()
    def redis_holds_what_the_model_holds(self) -> None:
        assert_same(redis_contents(self.client, self.queue), model_contents(self.model))

    @invariant()
    def each_user_stands_in_line_once(self) -> None:
        """With one game that is not begun; what is begun and comes back has its place besides."""
        whole = [
            self.model.line_of(state)
            for state in self.model.jobs.values()
            if all(state.unit(index) in self.model.waiting for index in range(state.job.plan.segment_count))
            and not any(unit in self.model.attempts for unit in state.units)
        ]
        assert len(whole) == len(set(whole))

    @invariant()
    def nobody_waits_behind_nothing(self) -> None:
        """A worker that finds no unit in line may leave: then nothing waits behind either."""
        for line in self.model.behind:
            game_id = self.model.lines[line]
            assert any(unit in self.model.waiting for unit in self.model.jobs[game_id].units)

    def teardown(self) -> None:
        for game_id, state in list(self.model.jobs.items()):
            assert self.queue.remove(game_id, state.job.generation)
        self.queue.store_is_back()
        self.queue.scripts.client.close()
        assert not leaked_keys(self.client, self.queue.keys.permanent)


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
