"""The Lua scripts with their keys and arguments: one method for each, named as its file in `lua/`.

What a script guarantees is said in its header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from knight_vision.adapters.redis_queue.client import RedisClient, Script
from knight_vision.adapters.redis_queue.keys import Keys
from knight_vision.domain.job import REPORT_UNIT, Claim, GameId, Job, Unit
from knight_vision.domain.phase import Phase
from knight_vision.domain.segments import PhasePlan

__all__ = ["Scripts", "load_script"]

LUA = Path(__file__).parent / "lua"
INCLUDE = re.compile(r"^-- include (\S+)$", re.MULTILINE)


@cache
def load_script(name: str) -> Script:
    """The script of a transition; a line `-- include <file>` stands for that file's text."""
    text = (LUA / f"{name}.lua").read_text("utf-8")
    return Script(INCLUDE.sub(lambda match: (LUA / match[1]).read_text("utf-8"), text))


class Scripts:
    """The scripts over one client and one prefix. Every key that a script touches is handed to it."""

    def __init__(self, client: RedisClient, keys: Keys) -> None:
        """Nothing is sent yet."""
        self.client = client
        self.keys = keys
        self.every_phase = [*keys.waiting.values(), *keys.leases.values()]

    def enqueue(
        self, *, job: Job, payload: str, call_id: str, priority_boost_ms: int, fair_share_ms: int
    ) -> str:
        """See enqueue.lua."""
        plan = job.plan
        enqueued_at_ms = "" if job.enqueued_at_ms is None else job.enqueued_at_ms
        return self._run_text(
            "enqueue",
            self._whole_job(job.game_id),
            [
                job.game_id,
                job.generation,
                job.user_id,
                plan.phase,
                plan.phase.rank,
                plan.segment_count,
                plan.position_count,
                job.priority,
                enqueued_at_ms,
                priority_boost_ms,
                fair_share_ms,
                call_id,
                payload,
            ],
        )

    def claim(self, *, phase: Phase, token: str, lease_ms: int) -> list[Any] | None:
        """See claim.lua."""
        keys = self.keys
        answer: list[Any] | None = self._run(
            "claim",
            [
                keys.waiting[phase],
                keys.leases[phase],
                keys.attempts,
                keys.holders,
                keys.places,
                keys.payloads,
                keys.jobs,
            ],
            [token, lease_ms],
        )
        return answer

    def report_progress(self, *, claim: Claim, positions_done: int) -> str:
        """See report_progress.lua."""
        return self._run_text(
            "report_progress",
            [self.keys.leases[claim.unit.phase], self.keys.attempts],
            [str(claim.unit), claim.token, positions_done],
        )

    def finish_segment(
        self, *, claim: Claim, evaluations: str, positions: int, search_ms: int, rate_weight: float
    ) -> str:
        """See finish_segment.lua."""
        unit, keys = claim.unit, self.keys
        report = Unit(unit.game_id, unit.generation, unit.phase, REPORT_UNIT)
        return self._run_text(
            "finish_segment",
            [
                keys.job(unit.game_id),
                keys.evaluations(unit.game_id),
                keys.leases[unit.phase],
                keys.attempts,
                keys.holders,
                keys.rates,
            ],
            [
                str(unit),
                claim.token,
                unit.generation,
                unit.phase,
                unit.index,
                str(report),
                evaluations,
                positions,
                search_ms,
                rate_weight,
            ],
        )

    def read_evaluations(self, *, claim: Claim) -> list[str] | None:
        """See read_evaluations.lua."""
        unit, keys = claim.unit, self.keys
        answer: list[str] | None = self._run(
            "read_evaluations",
            [keys.evaluations(unit.game_id), keys.leases[unit.phase], keys.attempts],
            [str(unit), claim.token],
        )
        return answer

    def advance(self, *, claim: Claim, next_plan: PhasePlan | None, payload: str) -> str:
        """See advance.lua."""
        unit, keys = claim.unit, self.keys
        next_args: list[str | int] = ["", 0, 0, 0]
        if next_plan is not None:
            phase = next_plan.phase
            next_args = [phase, phase.rank, next_plan.segment_count, next_plan.position_count]
        return self._run_text(
            "advance",
            [
                keys.job(unit.game_id),
                keys.evaluations(unit.game_id),
                keys.payloads,
                keys.places,
                keys.jobs,
                keys.users,
                keys.attempts,
                keys.holders,
                keys.leases[unit.phase],
                keys.waiting[next_plan.phase if next_plan else unit.phase],
            ],
            [unit.game_id, unit.generation, unit.phase, str(unit), claim.token, *next_args, payload],
        )

    def fail_unit(self, *, claim: Claim, max_attempts: int) -> str:
        """See fail_unit.lua."""
        keys = [*self._back_to_waiting(claim.unit.phase), self.keys.exhausted]
        return self._run_text("fail_unit", keys, [str(claim.unit), claim.token, max_attempts])

    def release(self, *, claim: Claim) -> str:
        """See release.lua."""
        return self._run_text(
            "release", self._back_to_waiting(claim.unit.phase), [str(claim.unit), claim.token]
        )

    def expire_leases(self, *, max_attempts: int, at_most: int) -> tuple[list[str], list[str]]:
        """See expire_leases.lua."""
        keys = self.keys
        requeued, exhausted = self._run(
            "expire_leases",
            [keys.attempts, keys.holders, keys.places, keys.exhausted, *self.every_phase],
            [max_attempts, at_most],
        )
        return requeued, exhausted

    def bury(self, *, unit: Unit, reason: str, max_dead_letters: int) -> str:
        """See bury.lua."""
        return self._run_text(
            "bury",
            [*self._whole_job(unit.game_id), self.keys.dead_letters],
            [unit.game_id, unit.generation, str(unit), reason, max_dead_letters],
        )

    def remove(self, *, game_id: GameId, generation: int) -> str:
        """See remove.lua."""
        return self._run_text("remove", self._whole_job(game_id), [game_id, generation])

    def read(self, *, game_id: GameId) -> list[Any] | None:
        """See read.lua."""
        keys = self.keys
        answer: list[Any] | None = self._run(
            "read",
            [keys.job(game_id), keys.attempts, keys.places, keys.rates, *self.every_phase],
            [game_id],
        )
        return answer

    def known(self, *, game_ids: Sequence[str]) -> list[str]:
        """See known.lua."""
        answer: list[str] = self._run("known", [self.keys.jobs], list(game_ids))
        return answer

    def counts(self) -> list[int]:
        """See counts.lua."""
        answer: list[int] = self._run(
            "counts", [self.keys.jobs, self.keys.dead_letters, *self.every_phase], []
        )
        return answer

    def _whole_job(self, game_id: GameId) -> list[str]:
        keys = self.keys
        return [
            keys.job(game_id),
            keys.evaluations(game_id),
            keys.payloads,
            keys.places,
            keys.jobs,
            keys.users,
            keys.attempts,
            keys.holders,
            keys.exhausted,
            *self.every_phase,
        ]

    def _back_to_waiting(self, phase: Phase) -> list[str]:
        keys = self.keys
        return [keys.waiting[phase], keys.leases[phase], keys.attempts, keys.holders, keys.places]

    def _run(self, name: str, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        return self.client.run(load_script(name), keys, args)

    def _run_text(self, name: str, keys: Sequence[str], args: Sequence[str | int | float]) -> str:
        answer: str = self._run(name, keys, args)
        return answer
