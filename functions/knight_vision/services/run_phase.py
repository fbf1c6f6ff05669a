"""The work of a phase function: claim units of its phase until nothing waits or the time is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import TypeVar

from knight_vision.config import Settings
from knight_vision.domain.cost import FunctionSize
from knight_vision.domain.job import Advanced, Claim, FinishAnswer, RetryAnswer, StorePause
from knight_vision.domain.phase import Phase
from knight_vision.errors import EngineTimeoutError, QueueUnavailableError, StoreUnavailableError
from knight_vision.ports import (
    AnalysisStore,
    Clock,
    Engine,
    EventBus,
    Ids,
    JobQueue,
    Observer,
    PositionCache,
)
from knight_vision.services.finish_phase import FinishPhase
from knight_vision.services.request_analysis import RequestAnalysis
from knight_vision.services.search_segment import FoundSegment, LeaseLostError, SearchSegment, about
from knight_vision.services.take_evaluations import TakeEvaluations

__all__ = ["PhaseRun", "RunPhase"]

CLOSING_S = 3.0
"""Kept free at the end of a function's time for storing and for the way out."""
LEAST_S = 10.0
"""With less than this left, no further unit is claimed."""
QUEUE_PAUSES_S = (0.2, 0.5, 1.0)
"""Pauses before the queue is asked again for what it did not answer."""


class Ahead(Enum):
    """What a run does next, unless it holds another claim already."""

    ASK = auto()
    """Claim, if there is time."""
    STOP = auto()


Next = Claim | StorePause | Ahead | None
"""None: nothing waits."""


@dataclass(slots=True)
class PhaseRun:
    """What one invocation did."""

    claims: int = 0
    segments: int = 0
    reports: int = 0
    failures: int = 0
    longest_s: float = 0.0
    """The longest a segment took in this invocation."""


Answer = TypeVar("Answer")
RemainingS = Callable[[], float]
"""Seconds of the function's life that are left."""


@dataclass(slots=True)
class RunPhase:
    """The use case of a phase function."""

    queue: JobQueue
    store: AnalysisStore
    bus: EventBus
    engine: Engine
    cache: PositionCache | None
    """None: no evaluations are shared."""
    clock: Clock
    ids: Ids
    observer: Observer
    settings: Settings
    size: FunctionSize = field(default_factory=FunctionSize)
    """Of the functions that run this, for the price of their work."""
    finish: FinishPhase = field(init=False)
    search: SearchSegment = field(init=False)
    taking: TakeEvaluations = field(init=False)
    requests: RequestAnalysis = field(init=False)

    def __post_init__(self) -> None:
        self.requests = RequestAnalysis(self.store, self.queue, self.bus, self.observer, self.settings)
        self.search = SearchSegment(self.queue, self.engine, self.cache, self.clock, self.observer)
        self.taking = TakeEvaluations(self.store, self.clock, self.observer)
        self.finish = FinishPhase(self.queue, self.store, self.clock, self.observer, self.requests, self.size)

    def run(self, phase: Phase, remaining_s: RemainingS) -> PhaseRun:
        """What was done until nothing waited or `remaining_s` (of this function's life) ran low.

        Work left behind is called for again. A store that is away ends the run and stops all claims until it
        is back: finished segments stay in the queue, and no engine time is burnt on what cannot be saved.
        Raises QueueUnavailableError, and EngineError when there is no usable engine: before anything is
        claimed, so that a broken deployment does not use up the attempts of all that waits.
        """
        self.engine.start()
        run = PhaseRun()
        answers_call = True
        claim: Next = Ahead.ASK
        while claim is not Ahead.STOP and claim is not None and claim is not StorePause.WAIT:
            if isinstance(claim, Claim):
                claim = self._work(claim, run, remaining_s)
            elif claim is StorePause.PROBE:
                claim = Ahead.ASK if self._store_answers() else Ahead.STOP
            elif (lease_ms := self._lease_ms(run, remaining_s)) is None:
                self.requests.wake(phase, 1)
                claim = Ahead.STOP
            else:
                claim = self._claim(phase, lease_ms, answers_call=answers_call)
                answers_call = False
        return run

    def _claim(self, phase: Phase, lease_ms: int, *, answers_call: bool) -> Next:
        """Claim; when the answer is lost, ask for it again: the token may hold a unit by now."""
        token = self.ids()
        claim = partial(self.queue.claim, phase, token=token, lease_ms=lease_ms, answers_call=answers_call)
        return self._patiently(claim, phase=phase)

    def _lease_ms(self, run: PhaseRun, remaining_s: RemainingS) -> int | None:
        """How long a unit claimed now is held; None when there is too little time for another."""
        left_s = remaining_s()
        if left_s < max(LEAST_S, run.longest_s * 1.5) + CLOSING_S:
            return None
        # A little longer than this function can live: nobody else starts while we may still work.
        return int(left_s * 1000) + self.settings.lease_margin_ms

    def _store_answers(self) -> bool:
        """Look whether the store is back, for all the others, and tell them."""
        try:
            self.store.ping()
        except StoreUnavailableError as error:
            self._store_is_away(error)
            return False
        self.queue.store_is_back()
        self.observer.happened("store_is_back")
        return True

    def _store_pings(self) -> bool:
        try:
            self.store.ping()
        except StoreUnavailableError:
            return False
        return True

    def _store_is_away(self, error: StoreUnavailableError, **fields: object) -> None:
        self.observer.went_wrong("store_unavailable", error, **fields)
        self.observer.measured("StoreUnavailable", 1, "Count")
        self.queue.store_is_away()

    def _work(self, claim: Claim, run: PhaseRun, remaining_s: RemainingS) -> Next:
        """Do one unit, and say what is next."""
        self._say_claimed(claim)
        phase_began_s = self.clock.monotonic_s() - claim.waited_ms / 1000
        had_full_time = run.claims == 0
        run.claims += 1
        held = claim
        try:
            if not claim.is_report:
                found = self.taking.take(claim)
                if found is None:
                    found = self.search.search(claim, deadline_s=remaining_s() - CLOSING_S)
                run.segments += 1
                run.longest_s = max(run.longest_s, found.took_ms / 1000)
                answer, following = self._store(claim, found, run, remaining_s)
                event = "lease_lost" if answer is FinishAnswer.STALE else "segment_finished"
                self.observer.happened(event, answer=answer, unit=claim.unit.index, **about(claim))
                if answer is not FinishAnswer.PHASE_READY:
                    return following
                held = claim.for_report()
            if self.finish.finish(held, self.engine.name, phase_began_s=phase_began_s) is not Advanced.STALE:
                run.reports += 1
        except LeaseLostError:
            self.observer.happened("lease_lost", **about(claim))
        except QueueUnavailableError:
            raise
        except StoreUnavailableError as error:
            if self._store_pings():
                # Not the store but this report is the trouble: it must not stop everybody for ever.
                run.failures += 1
                return self._give_back(held, error, had_full_time=had_full_time)
            self._store_is_away(error, **about(held))
            self.queue.release(held)
            return Ahead.STOP
        except Exception as error:
            # Whatever it is, one unit must not take the others down: it waits again until its attempts end.
            run.failures += 1
            return self._give_back(held, error, had_full_time=had_full_time)
        return Ahead.ASK

    def _say_claimed(self, claim: Claim) -> None:
        self.observer.happened(
            "unit_claimed",
            attempt=claim.attempt,
            unit=claim.unit.index,
            waited_ms=claim.waited_ms,
            budget_percent=claim.budget_percent,
            **about(claim),
        )
        if claim.attempt == 1 and not claim.is_report:
            priority = claim.job.priority.label
            self.observer.measured(
                "WaitTime", claim.waited_ms, "Milliseconds", phase=claim.unit.phase, priority=priority
            )

    def _store(
        self, claim: Claim, found: FoundSegment, run: PhaseRun, remaining_s: RemainingS
    ) -> tuple[FinishAnswer, Next]:
        """Store what was searched and take the next unit, if there is time for one, in one step."""
        queue, result, took_ms, known = self.queue, found.result, found.took_ms, found.known
        lease_ms = self._lease_ms(run, remaining_s)
        if lease_ms is None:
            finish = partial(queue.finish_segment, claim, result, took_ms, known=known)
            return self._patiently(finish, **about(claim)), Ahead.ASK
        token = self.ids()
        answer, following = self._patiently(
            partial(
                queue.finish_and_claim, claim, result, took_ms, known=known, token=token, lease_ms=lease_ms
            ),
            **about(claim),
        )
        if answer is FinishAnswer.SEGMENT_FINISHED or isinstance(following, Claim):
            return answer, following
        return answer, Ahead.ASK

    def _patiently(self, ask: Callable[[], Answer], **fields: object) -> Answer:
        """The queue's answer; one that is away for seconds (a failover) is waited for."""
        for pause_s in QUEUE_PAUSES_S:
            try:
                return ask()
            except QueueUnavailableError as error:
                self.observer.went_wrong("queue_unavailable", error, **fields)
                self.clock.sleep(pause_s)
        return ask()

    def _give_back(self, held: Claim, error: Exception, *, had_full_time: bool) -> Next:
        phase = held.unit.phase
        self.observer.went_wrong("unit_failed", error, attempt=held.attempt, **about(held))
        self.observer.measured("UnitFailures", 1, "Count", phase=phase)
        if isinstance(error, EngineTimeoutError) and not had_full_time:
            # It was given only what earlier units had left: no fault of its own. A fresh function takes it.
            self.queue.release(held)
            self.requests.wake(phase, 1)
            return Ahead.STOP
        answer = self.queue.fail_unit(held, max_attempts=self.settings.max_attempts)
        if answer is RetryAnswer.EXHAUSTED:
            try:
                self.finish.give_up(held.unit, f"{error} (attempt {held.attempt})")
            except StoreUnavailableError as away:
                # The unit stays aside; the sweeper gives it up later.
                self._store_is_away(away, **about(held))
                return Ahead.STOP
            except QueueUnavailableError:
                raise
            except Exception as refused:
                self.observer.went_wrong("give_up_failed", refused, **about(held))
        return Ahead.ASK
