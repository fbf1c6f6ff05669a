"""The Lua scripts by which jobs come into the queue, and which say how it stands with those that are there.

One method for each, named as its file in `lua/`, whose header says what it guarantees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knight_vision.adapters.redis_queue.client import RedisClient, ScriptCall
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.adapters.redis_queue.nodes import Command
from knight_vision.adapters.redis_queue.script_files import load_script
from knight_vision.domain.job import FULL_BUDGET, GameId, Job, UserId
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_calls import CALL_LIFE_MS
from knight_vision.domain.queue_tables import OrderSettings

__all__ = ["Admission"]

MOST_JOBS = 1_000
"""ElastiCache Serverless takes at most 3,999 arguments."""


class Admission:
    """The scripts over one client and one prefix. Every key that a script touches is handed to it."""

    def __init__(self, client: RedisClient, keys: Keys, order: OrderSettings) -> None:
        """Nothing is sent yet."""
        self.client = client
        self.keys = keys
        self.order = order
        self.tables = [keys.records, keys.jobs, keys.users, keys.lines]
        self.every_lease = list(keys.leases.values())
        self.every_waiting = [key for by_priority in keys.waiting.values() for key in by_priority]
        self.every_line = [*keys.behind.values(), *self.every_lease, *self.every_waiting]

    def enqueue(self, *, job: Job, payload: str, call_id: str) -> str:
        """See enqueue.lua and enqueue_again.lua."""
        answer: str = self.client.run(*self._enqueue(job, payload, call_id))
        if answer == "present":
            answer = self.client.run(*self._enqueue_again(job, payload, call_id))
        return answer

    def admit(
        self,
        jobs: Sequence[tuple[Job, str, str]],
        *,
        wanted: int,
        most: Mapping[Phase, int],
        call_id: str,
        along: Command | None = None,
    ) -> tuple[list[str], dict[Phase, int], bool]:
        """Enqueue each job (with its payload and the id of its call); then allow_calls for each phase.

        Also says whether the command that went along was done, of which the caller has to think else.
        """
        phases = sorted({job.plan.phase for job, _, _ in jobs})
        allowing = [
            self._allow_calls(phase, wanted, most[phase], 0, call_id, enqueued_in(phase, jobs))
            for phase in phases
        ]
        answers, is_done = self._run_each([*(self._enqueue(*one) for one in jobs), *allowing], along)
        answers, allowed = answers[: len(jobs)], answers[len(jobs) :]
        again = [place for place, answer in enumerate(answers) if answer == "present"]
        if again:
            given = self.client.run_each([*(self._enqueue_again(*jobs[place]) for place in again), *allowing])
            for place, answer in zip(again, given, strict=False):
                answers[place] = answer
            allowed = given[len(again) :]
        return answers, dict(zip(phases, allowed, strict=True)), is_done

    def admit_one(
        self, job: Job, payload: str, *, wanted: int, most: int, call_id: str, along: Command | None = None
    ) -> tuple[list[Any], bool]:
        """The same for a job that may well be there, and its progress then, all in one round trip.

        The first answer is a list of these three.
        """
        phase, jobs = job.plan.phase, [(job, payload, call_id)]
        calls = [
            self._enqueue_again(job, payload, call_id),
            self._allow_calls(phase, wanted, most, 0, call_id, enqueued_in(phase, jobs)),
            self.read_call(job.game_id),
        ]
        return self._run_each(calls, along)

    def _run_each(self, calls: Sequence[ScriptCall], along: Command | None) -> tuple[list[Any], bool]:
        """The answers, and whether the command that may go along was done."""
        return (
            (self.client.run_each(calls), False)
            if along is None
            else self.client.run_each_along(calls, along)
        )

    def _enqueue_again(self, job: Job, payload: str, call_id: str) -> ScriptCall:
        _, _, args = self._enqueue(job, payload, call_id)
        again = [*args, job.plan.phase.rank, self.order.fair_share_ms, call_id]
        return load_script("enqueue_again"), self._whole_job(job.game_id), again

    def _enqueue(self, job: Job, payload: str, call_id: str) -> ScriptCall:
        plan, keys = job.plan, self.keys
        rank, count = plan.phase.rank, plan.segment_count
        args: list[str | int | float] = [
            job.game_id,
            job.generation,
            job.user_id,
            plan.phase,
            count,
            int(job.priority),
            "" if job.enqueued_at_ms is None else job.enqueued_at_ms,
            FULL_BUDGET if job.is_redo else 0,
            f"{job.generation} {plan.phase} {rank} {count} {plan.position_count} {call_id} enqueued ",
            payload,
        ]
        its_line = [keys.behind[plan.phase], keys.waiting[plan.phase][job.priority]]
        return load_script("enqueue"), [*self.tables, *its_line], args

    def unfinished_games(self, *, user_id: UserId) -> int:
        """See unfinished_games.lua."""
        answer: int = self.client.run(*self.unfinished_games_call(user_id))
        return answer

    def unfinished_games_call(self, user_id: UserId) -> ScriptCall:
        """The call alone, to be sent with others."""
        return load_script("unfinished_games"), [self.keys.users], [user_id]

    def allow_calls(self, *, phase: Phase, wanted: int, most: int, least: int, call_id: str) -> int:
        """See allow_calls.lua."""
        answer: int = self.client.run(*self._allow_calls(phase, wanted, most, least, call_id))
        return answer

    def _allow_calls(
        self,
        phase: Phase,
        wanted: int,
        most: int,
        least: int,
        call_id: str,
        new: Sequence[str | int] = (),
    ) -> ScriptCall:
        keys = [self.keys.calls[phase], self.keys.leases[phase], self.keys.records]
        return load_script("allow_calls"), keys, [call_id, wanted, most, least, CALL_LIFE_MS, *new]

    def read(self, *, game_id: GameId) -> list[Any] | None:
        """See read.lua."""
        answer: list[Any] | None = self.client.run(*self.read_call(game_id))
        return answer

    def read_call(self, game_id: GameId) -> ScriptCall:
        """The call alone, to be sent with others."""
        keys = [self.keys.records, self.keys.results(game_id), self.keys.attempts, self.keys.rates]
        return load_script("read"), [*keys, *self.every_line], [game_id, self.order.priority_boost_ms]

    def _whole_job(self, game_id: GameId) -> list[str]:
        keys = self.keys
        return [
            *self.tables,
            keys.results(game_id),
            keys.attempts,
            keys.holders,
            keys.exhausted,
            *self.every_line,
        ]


def enqueued_in(phase: Phase, jobs: Sequence[tuple[Job, str, str]]) -> list[str | int]:
    """The jobs in one phase as allow_calls.lua takes them. A thousand are more than can be called for."""
    of_phase = [(job, call_id) for job, _, call_id in jobs if job.plan.phase is phase]
    return [
        part
        for job, call_id in of_phase[:MOST_JOBS]
        for part in (job.game_id, call_id, job.plan.segment_count)
    ]
