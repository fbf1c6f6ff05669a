"""The Lua scripts with their keys and arguments: one method for each, named as its file in `lua/`.

What a script guarantees is said in its header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from knight_vision.adapters.redis_queue.client import RedisClient, Script, ScriptCall
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.adapters.redis_queue.nodes import Command
from knight_vision.domain.job import FULL_BUDGET, RATE_WEIGHT, REPORT_UNIT, Claim, GameId, Job, Unit, UserId
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_calls import CALL_LIFE_MS
from knight_vision.domain.queue_counts import GameLength
from knight_vision.domain.queue_state import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, PROBE_MS
from knight_vision.domain.queue_tables import OrderSettings
from knight_vision.domain.segments import PhasePlan

__all__ = ["Scripts", "load_script"]

MOST_JOBS = 1_000
"""ElastiCache Serverless takes at most 3,999 arguments."""
LUA = Path(__file__).parent / "lua"
INCLUDE = re.compile(r"^-- include (\S+)$", re.MULTILINE)


@cache
def load_script(name: str) -> Script:
    """The script of a transition; a line `-- include <file>` stands for that file's text."""
    text = (LUA / f"{name}.lua").read_text("utf-8")
    return Script(INCLUDE.sub(lambda match: (LUA / match[1]).read_text("utf-8"), text))


class Scripts:
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

    def claim(self, *, phase: Phase, token: str, lease_ms: int, answers_call: bool) -> list[Any] | str | None:
        """See claim.lua."""
        keys, args = self._claim(phase, token, lease_ms)
        answer: list[Any] | str | None = self._run(
            "claim", [*keys, self.keys.calls[phase]], [*args, int(answers_call)]
        )
        return answer

    def store_is_away(self) -> None:
        """See store_is_away.lua."""
        self._run("store_is_away", [self.keys.store_away], [FIRST_PAUSE_MS, LONGEST_PAUSE_MS])

    def store_is_back(self) -> None:
        """See store_is_back.lua."""
        self._run("store_is_back", [self.keys.store_away], [])

    def report_progress(self, *, claim: Claim, positions_done: int) -> str:
        """See report_progress.lua."""
        return self._run_text(
            "report_progress",
            [self.keys.leases[claim.unit.phase], self.keys.attempts],
            [str(claim.unit), claim.token, positions_done],
        )

    def finish_segment(
        self, *, claim: Claim, evaluations: str, positions: int, search_ms: int, known: int
    ) -> str:
        """See finish_segment.lua."""
        unit, keys = claim.unit, self.keys
        return self._run_text(
            "finish_segment",
            [
                keys.results(unit.game_id),
                keys.leases[unit.phase],
                keys.attempts,
                keys.holders,
                keys.rates,
                keys.activity,
            ],
            finish_args(claim, evaluations, positions, search_ms, known),
        )

    def finish_and_claim(
        self,
        *,
        claim: Claim,
        evaluations: str,
        positions: int,
        search_ms: int,
        known: int,
        token: str,
        lease_ms: int,
    ) -> list[Any]:
        """See finish_and_claim.lua."""
        unit, keys = claim.unit, self.keys
        claim_keys, claim_args = self._claim(unit.phase, token, lease_ms)
        answer: list[Any] = self._run(
            "finish_and_claim",
            [*claim_keys, keys.results(unit.game_id), keys.rates],
            [*claim_args, *finish_args(claim, evaluations, positions, search_ms, known)],
        )
        return answer

    def read_evaluations(self, *, claim: Claim) -> list[str] | None:
        """See read_evaluations.lua."""
        unit, keys = claim.unit, self.keys
        answer: list[str] | None = self._run(
            "read_evaluations",
            [keys.results(unit.game_id), keys.leases[unit.phase], keys.attempts],
            [str(unit), claim.token],
        )
        return answer

    def advance(self, *, claim: Claim, next_plan: PhasePlan | None, payload: str) -> str:
        """See advance.lua."""
        unit, keys = claim.unit, self.keys
        next_phase = next_plan.phase if next_plan else unit.phase
        next_args: list[str | int] = ["", 0, 0, 0]
        if next_plan is not None:
            next_args = [next_phase, next_phase.rank, next_plan.segment_count, next_plan.position_count]
        length = GameLength.of(claim.job.plan.position_count)
        return self._run_text(
            "advance",
            [
                keys.records,
                keys.results(unit.game_id),
                keys.jobs,
                keys.users,
                keys.attempts,
                keys.holders,
                keys.leases[unit.phase],
                keys.activity,
                keys.lines,
                keys.behind[next_phase],
                *keys.waiting[next_phase],
            ],
            [unit.game_id, unit.generation, unit.phase, str(unit), claim.token, length, *next_args, payload],
        )

    def fail_unit(self, *, claim: Claim, max_attempts: int) -> str:
        """See fail_unit.lua."""
        phase = claim.unit.phase
        return self._run_text(
            "fail_unit",
            [*self._back_in_line(phase), self.keys.exhausted, self.keys.activity],
            [phase, str(claim.unit), claim.token, max_attempts],
        )

    def release(self, *, claim: Claim) -> str:
        """See release.lua."""
        keys = self._back_in_line(claim.unit.phase)
        return self._run_text("release", keys, [str(claim.unit), claim.token])

    def expire_leases(self, *, max_attempts: int, at_most: int) -> tuple[list[str], list[str], int]:
        """See expire_leases.lua."""
        keys = self.keys
        requeued, exhausted, ended = self._run(
            "expire_leases",
            [
                keys.attempts,
                keys.holders,
                keys.records,
                keys.exhausted,
                keys.activity,
                *self.every_lease,
                *self.every_waiting,
            ],
            [max_attempts, at_most, *Phase],
        )
        return requeued, exhausted, ended

    def remove(self, *, game_id: GameId, generation: int) -> str:
        """See remove.lua."""
        args: list[str | int] = [game_id, generation, self.order.fair_share_ms]
        return self._run_text("remove", self._whole_job(game_id), args)

    def remove_all(self, jobs: Sequence[tuple[GameId, int]]) -> list[str]:
        """The same for many jobs, by game and generation."""
        share = self.order.fair_share_ms
        remove = load_script("remove")
        return self.client.run_each(
            [(remove, self._whole_job(game_id), [game_id, generation, share]) for game_id, generation in jobs]
        )

    def read(self, *, game_id: GameId) -> list[Any] | None:
        """See read.lua."""
        answer: list[Any] | None = self.client.run(*self.read_call(game_id))
        return answer

    def read_call(self, game_id: GameId) -> ScriptCall:
        """The call alone, to be sent with others."""
        keys = [self.keys.records, self.keys.results(game_id), self.keys.attempts, self.keys.rates]
        return load_script("read"), [*keys, *self.every_line], [game_id, self.order.priority_boost_ms]

    def known(self, *, game_ids: Sequence[str]) -> list[str]:
        """See known.lua."""
        answer: list[str] = self._run("known", [self.keys.jobs], list(game_ids))
        return answer

    def counts(self) -> list[int]:
        """See counts.lua."""
        answer: list[int] = self.client.run(*self._counts())
        return answer

    def activity(self) -> list[Any]:
        """See activity.lua."""
        answer: list[Any] = self.client.run(*self._activity())
        return answer

    def counts_and_activity(self) -> tuple[list[int], list[Any]]:
        """Both in one round trip."""
        counts, activity = self.client.run_each([self._counts(), self._activity()])
        return counts, activity

    def _counts(self) -> ScriptCall:
        keys = self.keys
        its_keys = [keys.jobs, keys.exhausted, keys.store_away, keys.records, *self.every_line]
        return load_script("counts"), its_keys, []

    def _activity(self) -> ScriptCall:
        return load_script("activity"), [self.keys.activity], []

    def _claim(self, phase: Phase, token: str, lease_ms: int) -> tuple[list[str], list[str | int]]:
        keys, order = self.keys, self.order
        of_claim = [
            keys.behind[phase],
            keys.leases[phase],
            keys.lines,
            keys.records,
            keys.attempts,
            keys.holders,
            keys.store_away,
            keys.activity,
            *keys.waiting[phase],
        ]
        args: list[str | int] = [
            phase,
            token,
            lease_ms,
            order.priority_boost_ms,
            order.fair_share_ms,
            order.degrade_after_ms,
            order.degrade_floor_percent,
            PROBE_MS,
        ]
        return of_claim, args

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

    def _back_in_line(self, phase: Phase) -> list[str]:
        keys = self.keys
        return [keys.leases[phase], keys.attempts, keys.holders, keys.records, *keys.waiting[phase]]

    def _run(self, name: str, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        return self.client.run(load_script(name), keys, args)

    def _run_text(self, name: str, keys: Sequence[str], args: Sequence[str | int | float]) -> str:
        answer: str = self._run(name, keys, args)
        return answer


def enqueued_in(phase: Phase, jobs: Sequence[tuple[Job, str, str]]) -> list[str | int]:
    """The jobs in one phase as allow_calls.lua takes them. A thousand are more than can be called for."""
    of_phase = [(job, call_id) for job, _, call_id in jobs if job.plan.phase is phase]
    return [
        part
        for job, call_id in of_phase[:MOST_JOBS]
        for part in (job.game_id, call_id, job.plan.segment_count)
    ]


def finish_args(
    claim: Claim, evaluations: str, positions: int, search_ms: int, known: int
) -> list[str | int | float]:
    """The arguments of finish_segment.lua."""
    unit = claim.unit
    report = Unit(unit.game_id, unit.generation, unit.phase, REPORT_UNIT)
    return [
        str(unit),
        claim.token,
        unit.phase,
        unit.index,
        claim.job.plan.segment_count,
        str(report),
        evaluations,
        positions,
        search_ms,
        RATE_WEIGHT,
        known,
    ]
