"""Make good what was lost: leases, calls, whole queues. Runs on a schedule; running it twice does no harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from knight_vision.config import Settings
from knight_vision.domain.job import Unit
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import PhaseCounts, QueueActivity, QueueCounts
from knight_vision.errors import QueueUnavailableError, StoreUnavailableError
from knight_vision.ports import AnalysisStore, Clock, EventBus, JobQueue, Observer, RequestedAnalysis
from knight_vision.services.finish_phase import FinishPhase
from knight_vision.services.request_analysis import RequestAnalysis

__all__ = ["Sweep", "Swept"]

PAGE = 500
"""Analyses looked at in one call of the store; all of them in one sweep, if its time allows."""
LEASES = 100
"""Ended leases given back in one call of the queue."""
CLOSING_S = 10.0
"""With less of the function's time left, a sweep begins nothing more; the next one goes on."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    requeued: int
    """Units whose leases had ended."""
    buried: int
    """Units out of attempts."""
    rebuilt: int
    """Analyses that the queue did not know."""
    begun: int
    """Games never asked for that were queued by schedule."""
    redone: int
    """Degraded analyses begun again, since nothing else was to do."""
    woken: int
    """Calls sent for work without a worker."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The use case of the scheduled function."""

    queue: JobQueue
    store: AnalysisStore
    bus: EventBus
    clock: Clock
    observer: Observer
    settings: Settings

    def sweep(self, remaining_s: Callable[[], float]) -> Swept:
        """What was put right within `remaining_s`. Each step, and each unit, stands alone: what goes wrong
        with one does not stop the others. Raises QueueUnavailableError.
        """
        requests = RequestAnalysis(self.store, self.queue, self.bus, self.observer, self.settings)
        finish = FinishPhase(self.queue, self.store, self.clock, self.observer, requests)
        requeued, exhausted = self._expire(remaining_s)
        # Work that waits comes first: the rest may take all the time there is.
        counts = self.queue.counts()
        is_store_away = counts.is_store_away and not self._store_answers()
        # While the store is away nobody could save anything: nobody is called.
        woken = 0 if is_store_away else self._wake(requests, counts)
        self._measure(counts, self.queue.activity(), requeued)
        if is_store_away:
            return Swept(requeued, 0, 0, 0, 0, woken)
        buried = sum(self._give_up(finish, unit) for unit in exhausted)
        rebuilt = begun = redone = 0
        try:
            rebuilt = self._rebuild(requests, remaining_s)
            if self.settings.sweep_unannotated_limit:
                begun = requests.of_unannotated(None, self.settings.sweep_unannotated_limit, "sweeper")
            if self.settings.redo_degraded_limit and self.queue.counts().is_idle:
                redone = requests.of_degraded(self.settings.redo_degraded_limit, "sweeper")
            self.observer.measured("DeadLettersKept", self.store.count_dead_letters(), "Count")
        except StoreUnavailableError as error:
            self.observer.went_wrong("store_unavailable", error)
        return Swept(requeued, buried, rebuilt, begun, redone, woken)

    def _store_answers(self) -> bool:
        """Look whether the store is back, for all workers that wait for it."""
        try:
            self.store.ping()
        except StoreUnavailableError as error:
            self.observer.went_wrong("store_unavailable", error)
            return False
        self.queue.store_is_back()
        self.observer.happened("store_is_back")
        return True

    def _expire(self, remaining_s: Callable[[], float]) -> tuple[int, tuple[Unit, ...]]:
        """Give back every unit whose lease has ended: how many, and those that are out of attempts."""
        requeued = 0
        while True:
            expired = self.queue.expire_leases(max_attempts=self.settings.max_attempts, at_most=LEASES)
            for unit in expired.requeued:
                self.observer.happened(
                    "lease_expired", game_id=unit.game_id, generation=unit.generation, phase=unit.phase
                )
            requeued += len(expired.requeued)
            if expired.ended < LEASES or remaining_s() < CLOSING_S:
                return requeued, expired.exhausted

    def _give_up(self, finish: FinishPhase, unit: Unit) -> bool:
        """Fail the analysis of a unit out of attempts; one that resists is tried again by the next sweep."""
        try:
            finish.give_up(unit, f"{self.settings.max_attempts} workers died over it")
        except QueueUnavailableError:
            raise
        except Exception as error:
            self.observer.went_wrong("give_up_failed", error, game_id=unit.game_id, phase=unit.phase)
            return False
        return True

    def _rebuild(self, requests: RequestAnalysis, remaining_s: Callable[[], float]) -> int:
        """Put analyses back that the store holds as unfinished and the queue does not know."""
        rebuilt = 0
        page: list[RequestedAnalysis] = []
        while remaining_s() > CLOSING_S:
            page = self.store.unfinished(
                older_than_ms=self.settings.rebuild_after_ms, at_most=PAGE, after=page[-1] if page else None
            )
            known = self.queue.known([analysis.game_id for analysis in page])
            missing = [analysis.game_id for analysis in page if analysis.game_id not in known]
            # Some ended after the page was read: the store is asked again, now that the queue has been.
            lost = [one for one in self.store.requested(missing) if not one.state.is_final] if missing else []
            if lost:
                requests.put_in_queue(lost, "sweeper")
                self.observer.happened("queue_rebuilt", analyses=len(lost))
            rebuilt += len(lost)
            if len(page) < PAGE:
                break
        return rebuilt

    def _wake(self, requests: RequestAnalysis, counts: QueueCounts) -> int:
        """Call for waiting work that too few functions are at: a call may have been lost."""
        # One at least: those in flight may be dead, and the lease of the dead is long.
        return sum(
            requests.wake(phase, count.units_in_line, least=1)
            for phase, count in counts.phases.items()
            if count.units_in_line
        )

    def _measure(self, counts: QueueCounts, activity: QueueActivity, requeued: int) -> None:
        measured = self.observer.measured
        for phase, count in counts.phases.items():
            measured("UnitsInLine", count.units_in_line, "Count", phase=phase)
            measured("UnitsInFlight", count.in_flight, "Count", phase=phase)
            measured("OldestWaiting", count.oldest_ms, "Milliseconds", phase=phase)
            self._measure_by_priority(phase, count, activity)
        measured("JobsUnfinished", counts.jobs, "Count")
        measured("OldestJobAge", counts.oldest_age_ms, "Milliseconds")
        measured("UnitsExhausted", counts.exhausted, "Count")
        measured("LeasesExpired", requeued, "Count")
        measured("StoreAway", int(counts.is_store_away), "Count")

    def _measure_by_priority(self, phase: Phase, count: PhaseCounts, activity: QueueActivity) -> None:
        """Only what is there: CloudWatch bills each metric for each hour in which it is sent."""
        for priority, line in count.lines.items():
            where = {"phase": str(phase), "priority": priority.label}
            finished = activity.finished.get((phase, priority))
            if line.units_in_line:
                self.observer.measured("UnitsInLine", line.units_in_line, "Count", **where)
                self.observer.measured("OldestWaiting", line.oldest_ms, "Milliseconds", **where)
            if line.games_behind:
                self.observer.measured("GamesBehind", line.games_behind, "Count", **where)
            if finished is not None:
                self.observer.measured("JobsPerHour", finished.count, "Count", **where)
