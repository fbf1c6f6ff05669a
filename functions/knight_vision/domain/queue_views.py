"""The queue as seen from outside: one job's progress, the counts, the last hour. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from knight_vision.domain.job import GameId, JobProgress, Priority
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import (
    ACTIVITY_MINUTES,
    GameLength,
    LineCounts,
    PhaseCounts,
    QueueActivity,
    QueueCounts,
    Tally,
)
from knight_vision.domain.queue_lines import QueueLines
from knight_vision.domain.queue_tables import MINUTE_MS, JobState

__all__ = ["QueueViews", "activity_of", "happened_before"]

Key = TypeVar("Key")


class QueueViews(QueueLines):
    """What may be asked of the queue."""

    def read(self, game_id: GameId) -> JobProgress | None:
        """See ports.JobQueue."""
        state = self.jobs.get(game_id)
        if state is None:
            return None
        phase = state.job.plan.phase
        under_way = sum(self.attempts[unit].positions_done for unit in state.units if unit in self.leases)
        was_claimed = bool(
            state.opened_by or state.finished_by or any(unit in self.attempts for unit in state.units)
        )
        return JobProgress(
            generation=state.job.generation,
            phase=phase,
            is_running=was_claimed,
            positions_done=state.positions_finished + under_way,
            position_count=state.job.plan.position_count,
            units_ahead=self.units_ahead(state),
            units_in_flight=sum(unit.phase is phase for unit in self.leases),
            priority=state.job.priority,
            ms_per_position=self.rates.get(phase),
        )

    def units_ahead(self, state: JobState) -> int | None:
        """See JobProgress."""
        in_line = sorted(
            (unit for unit in self.waiting if unit.phase is state.job.plan.phase), key=self.order
        )
        own = [unit for unit in state.units if unit in self.waiting]
        if own:
            return min(map(in_line.index, own))
        games = self.behind.get(self.line_of(state), [])
        entry = (state.enqueued_at_ms, state.job.game_id)
        if entry not in games:
            return None
        # The games before it are of about its own size: whoever asks wants to know how many, not which.
        return len(in_line) + games.index(entry) * state.job.plan.segment_count

    def known(self, game_ids: Iterable[GameId]) -> set[GameId]:
        """See ports.JobQueue."""
        return {game_id for game_id in game_ids if game_id in self.jobs}

    def counts(self, *, now_ms: int) -> QueueCounts:
        """See ports.JobQueue."""
        times = [state.enqueued_at_ms for state in self.jobs.values()]
        return QueueCounts(
            phases={phase: self.phase_counts(phase, now_ms) for phase in Phase},
            jobs=len(self.jobs),
            oldest_age_ms=max(0, now_ms - min(times)) if times else 0,
            exhausted=len(self.exhausted),
            is_store_away=self.store_away is not None,
        )

    def phase_counts(self, phase: Phase, now_ms: int) -> PhaseCounts:
        """One phase of `counts`."""
        lines = {}
        for priority in Priority:
            units = [
                unit
                for unit in self.waiting
                if unit.phase is phase and self.jobs[unit.game_id].job.priority is priority
            ]
            first = min(units, key=self.order, default=None)
            ready_ms = now_ms if first is None else self.jobs[first.game_id].ready_ms
            behind = sum(
                len(games)
                for line, games in self.behind.items()
                if line.phase is phase and line.priority is priority
            )
            lines[priority] = LineCounts(len(units), behind, max(0, now_ms - ready_ms))
        return PhaseCounts(sum(unit.phase is phase for unit in self.leases), lines)

    def activity(self, *, now_ms: int) -> QueueActivity:
        """See ports.JobQueue."""
        since = happened_before(now_ms)
        sums = {}
        for what, minutes in self.happened.items():
            seen = [tally for minute, tally in minutes.items() if minute > since]
            if seen:
                sums[what] = Tally(sum(tally.count for tally in seen), sum(tally.total_ms for tally in seen))
        return activity_of(sums)


def happened_before(now_ms: int) -> int:
    """The last minute since 1970 that is out of sight."""
    return now_ms // MINUTE_MS - ACTIVITY_MINUTES


def activity_of(sums: Mapping[str, Tally]) -> QueueActivity:
    """The activity in tallies named as the scripts write them: `waited initial 2`, `failed complete`."""

    def named(what: str, key: Callable[[list[str]], Key]) -> dict[Key, Tally]:
        return {key(words[1:]): tally for name, tally in sums.items() if (words := name.split())[0] == what}

    def phase(words: list[str]) -> Phase:
        return Phase(words[0])

    def phase_and_priority(words: list[str]) -> tuple[Phase, Priority]:
        return Phase(words[0]), Priority(int(words[1]))

    return QueueActivity(
        waited=named("waited", phase_and_priority),
        searched=named("searched", phase),
        positions=named("positions", phase),
        known=named("known", phase),
        finished=named("finished", phase_and_priority),
        took=named("took", lambda words: (Phase(words[0]), GameLength(words[1]))),
        failed=named("failed", phase),
        expired=named("expired", phase),
        exhausted=named("exhausted", phase),
    )
