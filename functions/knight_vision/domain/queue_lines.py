"""The order of work: who stands in line, who waits behind, whose turn comes next.

Each user stands in line once for each phase and priority. The next game of the same user takes its turn when
all units of the one before are claimed, and then stands where a game asked for `fair_share_ms` later would.
So a user with thousands of games delays another's single game by one game at most, however long they have
waited. In line the smallest `place_ms - priority * priority_boost_ms` goes first: waiting always wins in the
end. docs/decisions/0014 has the bounds and what else was tried.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import replace

from knight_vision.domain.job import FULL_BUDGET, REPORT_UNIT, Priority, Unit
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_calls import QueueCalls
from knight_vision.domain.queue_tables import JobState, Line

__all__ = ["QueueLines"]


class QueueLines(QueueCalls):
    """The small steps on the tables that the transitions are made of."""

    def line_of(self, state: JobState) -> Line:
        """Where the job stands or would stand."""
        return Line(state.job.plan.phase, state.job.priority, state.job.user_id)

    def order(self, unit: Unit) -> tuple[int, int, str]:
        """The smallest in its phase is claimed first; of equal ones the more urgent."""
        priority = self.jobs[unit.game_id].job.priority
        return self.waiting[unit] - priority * self.settings.priority_boost_ms, -priority, str(unit)

    def first_in_line(self, phase: Phase) -> Unit | None:
        """The unit that the next claim gets."""
        units = (unit for unit in self.waiting if unit.phase is phase)
        return min(units, key=self.order, default=None)

    def line_up(self, state: JobState, now_ms: int) -> None:
        """Let the running phase's segments wait: in line, or behind another game of the user's."""
        state.ready_ms = now_ms
        line = self.line_of(state)
        if line in self.lines:
            insort(self.behind.setdefault(line, []), (state.enqueued_at_ms, state.job.game_id))
        else:
            self.stand(line, state)

    def stand(self, line: Line, state: JobState) -> None:
        """Give a user's place in line to a job."""
        self.lines[line] = state.job.game_id
        for index in range(state.job.plan.segment_count):
            self.waiting[state.unit(index)] = state.place_ms

    def let_wait(self, unit: Unit) -> None:
        """Give a unit back to the line, at its job's place."""
        self.waiting[unit] = self.jobs[unit.game_id].place_ms

    def pass_on(self, line: Line, state: JobState, now_ms: int) -> None:
        """When nothing of a job waits any more, the user's next game takes its turn."""
        if self.lines.get(line) != state.job.game_id or any(unit in self.waiting for unit in state.units):
            return
        del self.lines[line]
        if games := self.behind.get(line):
            _, game_id = games.pop(0)
            if not games:
                del self.behind[line]
            following = self.jobs[game_id]
            following.place_ms = now_ms + self.settings.fair_share_ms
            following.ready_ms = now_ms
            self.stand(line, following)

    def leave_behind(self, line: Line, state: JobState) -> bool:
        """Take a job out of those that wait for their turn; False when it was not among them."""
        entry = (state.enqueued_at_ms, state.job.game_id)
        games = self.behind.get(line, [])
        if entry not in games:
            return False
        games.remove(entry)
        if not games:
            del self.behind[line]
        return True

    def promote(self, state: JobState, priority: Priority, now_ms: int) -> None:
        """Move a job, with all of it that waits and all that comes back later, to a more urgent line."""
        old = self.line_of(state)
        was_behind = self.leave_behind(old, state)
        units = [unit for unit in state.units if unit in self.waiting]
        for unit in units:
            del self.waiting[unit]
        self.pass_on(old, state, now_ms)
        state.job = replace(state.job, priority=priority)
        if was_behind:
            state.place_ms = max(state.place_ms, now_ms)
            self.line_up(state, now_ms)
        elif len(units) == state.job.plan.segment_count and state.unit(REPORT_UNIT) not in units:
            # Nothing of it is claimed yet: it stands behind the user's other urgent games, if there are any.
            self.line_up(state, state.ready_ms)
        elif units:
            self.lines.setdefault(self.line_of(state), state.job.game_id)
            for unit in units:
                self.let_wait(unit)

    def let_go(self, unit: Unit) -> None:
        """End the lease of a unit; its attempts stay."""
        del self.leases[unit]
        self.holders.pop(self.attempts[unit].token, None)

    def forget(self, units: Iterable[Unit]) -> None:
        """Remove every trace of units."""
        for unit in units:
            attempts = self.attempts.pop(unit, None)
            if attempts is not None and self.holders.get(attempts.token, (None, 0))[0] == unit:
                del self.holders[attempts.token]
            for table in (self.waiting, self.leases, self.exhausted):
                table.pop(unit, None)

    def drop(self, state: JobState, now_ms: int) -> None:
        """Remove every trace of a job."""
        line = self.line_of(state)
        self.forget(state.units)
        if not self.leave_behind(line, state):
            self.pass_on(line, state, now_ms)
        del self.jobs[state.job.game_id]
        self.users[state.job.user_id] -= 1
        if not self.users[state.job.user_id]:
            del self.users[state.job.user_id]

    def budget_percent(self, waited_ms: int) -> int:
        """The share of the limit for a phase that waited so long: bounded, and in proportion beyond that."""
        settings = self.settings
        if not settings.degrade_after_ms or waited_ms <= settings.degrade_after_ms:
            return FULL_BUDGET
        return max(settings.degrade_floor_percent, FULL_BUDGET * settings.degrade_after_ms // waited_ms)
