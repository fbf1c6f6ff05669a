"""The Lua scripts with their keys and arguments: one method for each, named as its file in `lua/`.

What a script guarantees is said in its header.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knight_vision.adapters.redis_queue.admission import Admission
from knight_vision.adapters.redis_queue.client import ScriptCall
from knight_vision.adapters.redis_queue.script_files import load_script
from knight_vision.domain.job import RATE_WEIGHT, REPORT_UNIT, Claim, GameId, Unit
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import GameLength
from knight_vision.domain.queue_state import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, PROBE_MS
from knight_vision.domain.segments import PhasePlan

__all__ = ["Scripts"]


class Scripts(Admission):
    """All scripts. Every key that one touches is handed to it."""

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

    def _back_in_line(self, phase: Phase) -> list[str]:
        keys = self.keys
        return [keys.leases[phase], keys.attempts, keys.holders, keys.records, *keys.waiting[phase]]

    def _run(self, name: str, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        return self.client.run(load_script(name), keys, args)

    def _run_text(self, name: str, keys: Sequence[str], args: Sequence[str | int | float]) -> str:
        answer: str = self._run(name, keys, args)
        return answer


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
