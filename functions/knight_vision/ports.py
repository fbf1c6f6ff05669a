"""The outside world on one page: what the services need from it, in their own words.

Real adapters live in `adapters/`, in-memory ones in `tests/support/`; both pass the same contract suites.
Everything is synchronous: a Lambda environment serves one request at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.job import (
    Admitted,
    Advanced,
    Claim,
    EnqueueAnswer,
    ExpiredLeases,
    FenceAnswer,
    FinishAnswer,
    FoundPhase,
    GameId,
    Job,
    JobProgress,
    RetryAnswer,
    SegmentResult,
    StorePause,
    UserId,
)
from knight_vision.domain.kept_text import KeptText
from knight_vision.domain.new_games import AddedGame, AddedGames, NewGame
from knight_vision.domain.phase import AnalysisState, Limit, Phase
from knight_vision.domain.queue_counts import QueueActivity, QueueCounts
from knight_vision.domain.quota import ByPlan, DayUsage
from knight_vision.domain.segments import PhasePlan, Segment
from knight_vision.domain.stored import (
    CancelledAnalysis,
    DeadLetter,
    PhaseResult,
    RequestedAnalysis,
    SaveAnswer,
    StartedBatch,
)
from knight_vision.user_ports import ALL_GAMES, GameLibrary

if TYPE_CHECKING:
    # Not loaded: with python-chess it is a third of the sweeper's start.
    from knight_vision.domain.game import Game
    from knight_vision.domain.position_cache import PositionKey


class JobQueue(Protocol):
    """The order of work. May be lost at any moment; the sweeper rebuilds it.

    Every call is safe when a retrying client executes it twice. Raises QueueUnavailableError.
    """

    def enqueue(self, job: Job) -> EnqueueAnswer:
        """Put a job in its place, join the one that is there, or promote it."""

    def admit(
        self,
        jobs: Sequence[Job],
        *,
        wanted: int,
        most: Mapping[Phase, int],
        along: KeptText | None = None,
    ) -> Admitted:
        """`enqueue` each of the jobs, and `allow_calls` in each phase for the segments of those that are new,
        at most `wanted`; for a single job with its progress then, at once. With few round trips, in one of
        which the text goes `along` to be kept.

        After QueueUnavailableError some may be there, with nobody called.
        """

    def unfinished_games(self, user_id: UserId) -> int:
        """How many unfinished games of a user are in the queue. Asked before anything is accepted, so it
        also raises QueueUnavailableError when there is no memory left for another."""

    def allow_calls(self, phase: Phase, wanted: int, *, most: int, least: int = 0) -> int:
        """How many functions to call for new work, 0 to `wanted`: at most `most` are to be at work in the
        phase or on their way, but `least` may be called whenever none is on its way.

        Those count as on their way from now on, until a claim answers the call or it must have been lost.
        """

    def claim(
        self, phase: Phase, *, token: str, lease_ms: int, answers_call: bool = False
    ) -> Claim | StorePause | None:
        """The best waiting unit of a phase, held until the lease ends; None when nothing waits.

        A repeated call with the same token gives the same claim again. While the store is away nothing is
        given, but one caller at a time is asked to look whether it is back. `answers_call`: a called function
        begins with this claim, so that one less is on its way.
        """

    def store_is_away(self) -> None:
        """Tell all workers that the store does not answer: a pause of seconds, doubled by each repetition."""

    def store_is_back(self) -> None:
        """End that pause."""

    def report_progress(self, claim: Claim, positions_done: int) -> FenceAnswer:
        """Say how many positions of the claimed segment are searched; for display only."""

    def finish_segment(
        self, claim: Claim, result: SegmentResult, search_ms: int, *, known: int = 0
    ) -> FinishAnswer:
        """Store a segment's evaluations, `known` of which other games' searches had found; tells whether it
        was the phase's last."""

    def finish_and_claim(
        self,
        claim: Claim,
        result: SegmentResult,
        search_ms: int,
        *,
        known: int = 0,
        token: str,
        lease_ms: int,
    ) -> tuple[FinishAnswer, Claim | StorePause | None]:
        """`finish_segment`, and after SEGMENT_FINISHED `claim` in the same phase, in one step: the second is
        None after any other answer, and when nothing waits."""

    def read_evaluations(self, claim: Claim) -> FoundPhase | None:
        """Under a claim on the report: what all segments of the phase found, None when stale."""

    def advance(self, claim: Claim, next_plan: PhasePlan | None) -> Advanced:
        """Under a claim on the report, after it was saved: open the next phase, or end the job."""

    def fail_unit(self, claim: Claim, *, max_attempts: int) -> RetryAnswer:
        """Give a unit back after an error, for another try while it has any."""

    def release(self, claim: Claim) -> FenceAnswer:
        """Give a unit back untouched (no time left): the attempt is not counted."""

    def expire_leases(self, *, max_attempts: int, at_most: int = 100) -> ExpiredLeases:
        """Give back the units whose holders let their leases end."""

    def remove(self, game_id: GameId, generation: int) -> bool:
        """Remove a job (failed, cancelled, or unknown to the store); False when this generation was not
        there."""

    def remove_all(self, jobs: Sequence[tuple[GameId, int]]) -> int:
        """The same for many jobs with few calls: how many were there."""

    def read(self, game_id: GameId) -> JobProgress | None:
        """A job's progress; None when it is not in the queue."""

    def known(self, game_ids: Sequence[GameId]) -> set[GameId]:
        """Those of the games that have a job in the queue."""

    def counts(self) -> QueueCounts:
        """The queue in numbers, at this moment."""

    def activity(self) -> QueueActivity:
        """What happened in the queue during the last hour."""

    def counts_and_activity(self) -> tuple[QueueCounts, QueueActivity]:
        """Both at once."""

    def ping(self) -> None:
        """Return when the queue answers."""


class AnalysisStore(Protocol):
    """The truth, written with the service's key, fenced by generation. Raises StoreUnavailableError."""

    def add_games(
        self,
        user_id: UserId,
        games: Sequence[NewGame],
        *,
        most_per_day: ByPlan | None = None,
        begin_at_most: int | None = None,
    ) -> AddedGames:
        """Store games; a game the user already has is not stored twice, and counts for nothing. All or none.

        Raises DailyLimitError, with nothing stored, when there are more new ones than the user's plan leaves
        of the UTC day. What was stored counts for the day also when it is deleted. None: no limit.
        `begin_at_most` starts the analyses of up to so many of them, duplicates too, as `start_batch` does.
        """

    def usage(self, user_id: UserId) -> DayUsage:
        """A user's plan, and what is used of the day; a stranger's is free and unused."""

    def request_analyses(self, user_id: UserId, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        """Write down that the user wants these games analysed; unknown and foreign games are left out.

        Asking again joins the unfinished or finished one and makes a bulk one urgent; after a failure or
        cancellation a new generation starts. The priority is STANDARD, or PREMIUM by the user's plan.
        """

    def request_analysis(
        self, user_id: UserId, game_id: GameId
    ) -> tuple[RequestedAnalysis, dict[str, Any]] | None:
        """The same for one game, with what `GameLibrary.analysis` says of it then, its report included; None
        for an unknown or foreign one."""

    def request_unannotated(self, user_id: UserId | None, at_most: int) -> list[RequestedAnalysis]:
        """The same in bulk for up to `at_most` games never asked for, oldest first; of every user when None.
        The priority is BULK, or PREMIUM_BULK."""

    def start_batch(self, user_id: UserId, game_ids: Sequence[GameId] | None, at_most: int) -> StartedBatch:
        """The same for up to so many of the user's games, as a batch: its id, None when there are none.
        These games, whatever their state, or those never asked for when None."""

    def request_degraded(self, at_most: int) -> list[RequestedAnalysis]:
        """A new generation for up to `at_most` finished analyses whose stored report is degraded, the longest
        finished first, in bulk. They stay DONE and readable; only the complete phase is to be done again."""

    def cancel(self, user_id: UserId, game_id: GameId) -> CancelledAnalysis:
        """Make the user's unfinished analysis CANCELLED; what earlier phases saved stays readable."""

    def dead_letters(
        self, operator: UserId, *, at_most: int, before: str | None = None
    ) -> tuple[list[DeadLetter], str | None]:
        """FAILED analyses, the last failed first, and the cursor of the next page (None after the last).

        Raises ForbiddenError unless the user is an operator at this moment.
        """

    def count_dead_letters(self) -> int:
        """How many analyses are FAILED."""

    def redrive(self, operator: UserId, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        """A new generation for those of the games whose analysis is FAILED, whoever they belong to; the
        others are left out. The priority is the one they had. Raises as `dead_letters`, with nothing done."""

    def requested(self, game_ids: Sequence[GameId]) -> list[RequestedAnalysis]:
        """The analyses of these games as they are now; games without one are left out. Changes nothing."""

    def save_phase(self, result: PhaseResult) -> SaveAnswer:
        """Save a phase's report and moves at once; the last phase makes the analysis DONE.

        A redo that is itself degraded changes nothing: ALREADY_SAVED.
        """

    def fail(self, game_id: GameId, generation: int, reason: str) -> SaveAnswer:
        """Make an analysis FAILED; what earlier phases saved stays readable."""

    def read_pgn(self, game_id: GameId) -> str | None:
        """A game's own PGN; None when the game was deleted."""

    def unfinished(
        self, *, older_than_ms: int, at_most: int, after: RequestedAnalysis | None = None
    ) -> list[RequestedAnalysis]:
        """Analyses that are not final and were last touched longer ago than that, in order of request.

        `after` is the last one of the page before.
        """

    def ping(self) -> None:
        """Return when the store answers and can be written to."""


class Engine(Protocol):
    """A warm chess engine. Deterministic: the same segment, limit and known positions give the same."""

    @property
    def name(self) -> str:
        """The engine's own name."""

    def start(self) -> None:
        """Return when the engine is ready; at once when it is. Raises EngineError when there is none."""

    def search_segment(
        self,
        game: Game,
        segment: Segment,
        limit: Limit,
        *,
        deadline_s: float,
        known: Mapping[int, Evaluation] = MappingProxyType({}),
        on_position: Callable[[int], None] | None = None,
    ) -> SegmentResult:
        """Search a segment backwards with a fresh hash; evaluations from `first` to `last`.

        Positions in `known` are not searched: the result has their evaluations as they are. Calls
        `on_position` with the number of positions done after each. Raises EngineTimeoutError when
        `deadline_s` seconds were not enough, EngineError when the engine died; the next call starts anew.
        """

    def close(self) -> None:
        """End the engine process."""


class PositionCache(Protocol):
    """Evaluations that all games share. Raises nothing: a cache that is away is empty and takes nothing."""

    def read(self, keys: Sequence[PositionKey]) -> dict[PositionKey, Evaluation]:
        """Those that are there."""

    def write(self, entries: Mapping[PositionKey, Evaluation]) -> None:
        """Keep these for a while, in place of what is there under their keys."""


class EventBus(Protocol):
    """Wake-up calls. They carry no work and may be doubled, late or lost. Raises EventBusUnavailableError."""

    def phase_ready(self, phase: Phase, calls: int = 1) -> None:
        """Say, `calls` times over, that there is work in a phase: each call may wake one more function."""

    def ping(self) -> None:
        """Return when the bus answers."""


class Observer(Protocol):
    """Where the services say what happened: structured log lines and metrics."""

    def happened(self, event: str, **fields: object) -> None:
        """One log line for one transition, named in the past tense: `segment_finished`."""

    def went_wrong(self, event: str, error: Exception, **fields: object) -> None:
        """A log line for an error that was dealt with; with the traceback."""

    def measured(self, metric: str, value: float, unit: str, **dimensions: str) -> None:
        """A metric in CloudWatch's units (`Count`, `Milliseconds`, …). Dimensions are few and never ids."""


class Clock(Protocol):
    """The time."""

    def now_ms(self) -> int:
        """Unix time in milliseconds."""

    def monotonic_s(self) -> float:
        """Seconds on a clock that never goes back."""

    def sleep(self, seconds: float) -> None:
        """Return after that long."""


Ids = Callable[[], str]
"""Makes unique ids: claim tokens."""

__all__ = [
    "ALL_GAMES",
    "AddedGame",
    "AddedGames",
    "AnalysisState",
    "AnalysisStore",
    "CancelledAnalysis",
    "Clock",
    "DeadLetter",
    "Engine",
    "EventBus",
    "GameLibrary",
    "Ids",
    "JobQueue",
    "NewGame",
    "Observer",
    "PhaseResult",
    "PositionCache",
    "RequestedAnalysis",
    "SaveAnswer",
    "StartedBatch",
]
