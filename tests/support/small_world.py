"""The whole system in memory: every port's in-memory twin wired to the real services."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from knight_vision.config import Settings
from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_tables import OrderSettings
from knight_vision.services.read_analysis import AnalysisView, ReadAnalysis
from knight_vision.services.request_analysis import RequestAnalysis
from knight_vision.services.run_phase import PhaseRun, RunPhase
from knight_vision.services.submit_games import submit_games
from knight_vision.services.sweep import Sweep, Swept
from tests.support.memory_position_cache import MemoryPositionCache
from tests.support.memory_queue import MemoryQueue
from tests.support.memory_store import MemoryStore
from tests.support.recording import ManualClock, RecordingBus, RecordingObserver
from tests.support.scripted_engine import MaterialEngine

OPERA = (
    '[White "Morphy"]\n[Black "Duke Karl"]\n[Result "1-0"]\n\n'
    "1. e4 e5 2. Nf3 d6 3. d4 Bg4 4. dxe5 Bxf3 5. Qxf3 dxe5 6. Bc4 Nf6 7. Qb3 Qe7 8. Nc3 c6 9. Bg5 b5 "
    "10. Nxb5 cxb5 11. Bxb5+ Nbd7 12. O-O-O Rd8 13. Rxd7 Rxd7 14. Rd1 Qe6 15. Bxd7+ Nxd7 16. Qb8+ "
    "Nxb8 17. Rd8# 1-0"
)
USER = UserId("11111111-1111-4111-8111-111111111111")
OTHER = UserId("22222222-2222-4222-8222-222222222222")
SETTINGS = Settings(
    supabase_url="https://project.example",
    supabase_publishable_key="publishable",
    supabase_secret_key="secret",
    redis_url="redis://cache.example",
    event_bus_name="bus",
    positions_per_segment=8,
)


@dataclass
class SmallWorld:
    """Services over in-memory ports, and shortcuts for what tests do all the time."""

    settings: Settings = SETTINGS
    clock: ManualClock = field(default_factory=ManualClock)
    bus: RecordingBus = field(default_factory=RecordingBus)
    observer: RecordingObserver = field(default_factory=RecordingObserver)
    cache: MemoryPositionCache | None = None
    """None: no evaluations are shared."""

    def __post_init__(self) -> None:
        self.queue = self.an_empty_queue()
        self.store = MemoryStore(clock=self.clock)
        self.engine = MaterialEngine(self.clock)
        self.tokens = itertools.count()

    @property
    def requests(self) -> RequestAnalysis:
        return RequestAnalysis(self.store, self.queue, self.bus, self.observer, self.settings)

    @property
    def runner(self) -> RunPhase:
        return RunPhase(
            queue=self.queue,
            store=self.store,
            bus=self.bus,
            engine=self.engine,
            cache=self.cache,
            clock=self.clock,
            ids=lambda: f"token-{next(self.tokens)}",
            observer=self.observer,
            settings=self.settings,
        )

    @property
    def reader(self) -> ReadAnalysis:
        return ReadAnalysis(self.store, self.queue, self.clock, self.observer, self.settings)

    def lose_the_queue(self) -> None:
        """Redis comes back empty."""
        self.queue = self.an_empty_queue()

    def an_empty_queue(self) -> MemoryQueue:
        known = self.settings
        order = OrderSettings(
            priority_boost_ms=known.priority_boost_ms,
            fair_share_ms=known.fair_share_ms,
            degrade_after_ms=known.degrade_after_ms,
            degrade_floor_percent=known.degrade_floor_percent,
        )
        return MemoryQueue(self.clock, order)

    def submit(self, pgn: str = OPERA, user: UserId = USER) -> GameId:
        (submitted,) = submit_games(self.store, user, pgn, max_plies=600, max_games=1)
        assert submitted.game_id is not None
        self.clock.advance(1)
        return submitted.game_id

    def request(self, game_id: GameId, user: UserId = USER) -> None:
        self.requests.of_game(user, game_id, "request-1")

    def run(self, phase: Phase, seconds: float = 60) -> PhaseRun:
        """One invocation of a phase function with so much time."""
        end_s = self.clock.monotonic_s() + seconds
        return self.runner.run(phase, lambda: end_s - self.clock.monotonic_s())

    def sweep(self) -> Swept:
        return Sweep(self.queue, self.store, self.bus, self.clock, self.observer, self.settings).sweep(
            lambda: 50.0
        )

    def answer_calls(self) -> None:
        """Invoke functions for every call on the bus until there is none."""
        while self.bus.calls:
            self.run(self.bus.calls.pop(0))

    def view(self, game_id: GameId, user: UserId = USER) -> AnalysisView:
        return self.reader.view(user, game_id)


def finished_report(world: SmallWorld, game_id: GameId, user: UserId = USER) -> dict[str, object]:
    """The last phase's report."""
    view = world.view(game_id, user)
    assert view.is_complete
    assert view.report is not None
    return view.report


def report_without_faults() -> dict[str, object]:
    """What every analysis of OPERA ends with."""
    world = SmallWorld()
    game_id = world.submit()
    world.request(game_id)
    world.answer_calls()
    return finished_report(world, game_id)
