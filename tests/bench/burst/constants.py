"""What the simulation of a burst takes for granted: every constant with its unit and where it comes from.

"Here" is the machine of docs/benchmarks.md, two virtual cores of an AMD EPYC or an Intel Xeon. What was
neither measured nor published is called an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from knight_vision.config import Settings
from knight_vision.domain.cost import Architecture
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.segments import PhasePlan
from knight_vision.services.request_analysis import plan_of

__all__ = ["PHASES", "Constants"]

PHASES = tuple(Phase)
DEFAULTS = Settings(
    supabase_url="", supabase_publishable_key="", supabase_secret_key="", redis_url="", event_bus_name=""
)
WHOLE_VCPU_MB = 1769
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: one vCPU, in proportion below."""


@dataclass(frozen=True, kw_only=True)
class Constants:
    """One deployment and the games that it gets. The fields without a comment of a source are choices."""

    # Games and settings
    plies: int = 82
    """Of every game: examples/byrne-fischer-1956.pgn, as in docs/benchmarks.md."""
    settings: Settings = DEFAULTS
    """Limits, segments, fan-out and degradation are the product's own."""
    timeouts_s: tuple[float, float, float] = (60.0, 120.0, 180.0)
    """Of the three functions, as in template.yaml."""
    architecture: Architecture = Architecture.X86_64
    memory_mb: int = WHOLE_VCPU_MB

    # Lambda
    limit: int = 1_000
    """Functions that run at once in an account, by default: .../latest/dg/lambda-concurrency.html."""
    reserved: tuple[int, int, int] = (0, 0, 0)
    """Reserved concurrency of the three functions out of the limit, which is also their most; 0: none."""
    new_environments_per_10_s: int = 1_000
    """Of one function; refilled all the time, not saved up: .../latest/dg/scaling-behavior.html."""
    prepare_s: float = 0.3
    """Before a new environment runs any code of ours (not billed). Assumption; AWS says of whole cold starts
    "under 100 ms to over 1 second" (.../latest/dg/lambda-runtime-environment.html)."""
    init_s: float = 0.6
    """A new environment's own start (billed): Python's runtime 0.1, our imports 0.2, clients and secrets 0.2,
    Stockfish with its network 0.1. Imports and engine were measured here, the others are assumptions."""
    call_s: float = 0.005
    """The runtime and our handler around a call. Assumption."""
    call_order: str = "oldest"
    """Whose call begins when several functions have some: oldest, newest or any. Lambda does not say."""
    call_age_s: float = 60.0
    """A call that found no room for so long is dropped: MaximumEventAgeInSeconds in template.yaml."""

    # Events and stores
    request_s: float = 0.1
    """From the user's request to the sent event. Assumption; here 0.02 s."""
    event_s: float = 0.08
    """From an event to the call of its function: p90 of 2,000 events a second, AWS Architecture Blog,
    2026-02-04 (Amazon Key on EventBridge)."""
    sweep_every_s: float = 60.0
    """SweepSchedule in template.yaml."""
    queue_call_s: float = 0.001
    """A round trip to the queue inside a VPC, beside the script's own time. Assumption."""
    queue_script_s: float = 0.0001
    """A script's time in Valkey, which does one after the other: 0.28 ms for claiming and finishing with both
    round trips on one machine, here (docs/benchmarks.md, make bench-queue)."""
    read_s: float = 0.03
    """Reading a game's PGN from Supabase. Assumption; here 0.01 s."""
    save_s: float = 0.1
    """Saving a report of 100 kB in Supabase. Assumption; here 0.03 s."""
    saves_per_s: float = 0.0
    """Reports that the database saves a second at most; 0: any number. Not measured on a hosted database."""

    # Our own work, on one whole vCPU
    nodes_per_s: float = 900_000.0
    """Stockfish 17.1 with AVX2 on one vCPU: make bench here (docs/benchmarks.md): one pipe
    alone searched 1.2 million, each of two at once 1.05; less, since nobody knows Lambda's neighbours."""
    depth_position_s: float = 0.0025
    """A position to depth 8: 0.10 to 0.35 s for 82 of them, here (docs/benchmarks.md)."""
    position_s: float = 0.001
    """Around each search: writing, reading and rating a position, here."""
    report_s: float = 0.06
    """A report of 82 plies: make bench-report (docs/benchmarks.md)."""

    # What is paid for besides
    api_ms: float = 60.0
    """Of the API's function for submitting a game and asking for its analysis, together. Assumption."""
    api_memory_mb: int = 1024
    http_requests: int = 2
    """Of a game: submit, ask. Each look at the status is one more."""
    queue_call_ecpus: float = 35.0
    """ElastiCache processing units of a script: its 0.1 ms by the 3 µs of a simple command, as the price tool
    in aws/agent-toolkit-for-aws reckons."""
    report_bytes: float = 91_000.0
    """Of each of three reports, sent to Supabase: make bench-report, examples/byrne-fischer-1956.pgn."""
    log_bytes: float = 70_000.0
    """Of a game in CloudWatch, metrics included: make bench-burst."""

    @property
    def speed(self) -> float:
        """Of one thread, 1 with a whole vCPU: more does not help an engine with one thread."""
        return min(1.0, self.memory_mb / WHOLE_VCPU_MB)

    @cached_property
    def plans(self) -> tuple[PhasePlan, ...]:
        """How each phase is split, by the product's own rule."""
        return tuple(plan_of(self.settings, phase, self.plies + 1) for phase in PHASES)

    @cached_property
    def searches(self) -> tuple[tuple[int, ...], ...]:
        """Positions searched for each segment of each phase, with the one after the segment.

        The game's last position counts as searched. Second looks are not counted: here they took less than
        what the searches of lost positions saved by ending early.
        """
        return tuple(
            tuple(
                plan.segment(index).position_count + (index + 1 < plan.segment_count)
                for index in range(plan.segment_count)
            )
            for plan in self.plans
        )

    def search_s(self, phase: int, segment: int, budget_percent: int = 100) -> float:
        """Seconds that the search of one segment takes with that share of its nodes."""
        plan = self.plans[phase]
        limit = plan.limit.scaled(budget_percent)
        own = plan.segment(segment).position_count
        warm_ups = self.searches[phase][segment] - own
        return (own * self.one_search_s(limit) + warm_ups * self.one_search_s(limit.warm_up)) / self.speed

    def whole_searches(self, phase: int) -> float:
        """The searches of a phase in searches of its whole limit: one after a segment is a part of one."""
        limit = self.plans[phase].limit
        whole, part = limit.expected_nodes, limit.warm_up.expected_nodes
        share = 1.0 if whole is None or part is None else part / whole
        warm_ups = sum(self.searches[phase]) - self.plans[phase].position_count
        return self.plans[phase].position_count + warm_ups * share

    def one_search_s(self, limit: Limit) -> float:
        """Seconds for one position on a whole vCPU."""
        searching_s = (
            self.depth_position_s if limit.expected_nodes is None else limit.expected_nodes / self.nodes_per_s
        )
        return searching_s + self.position_s

    @property
    def engine_s(self) -> float:
        """Seconds of searching that a whole game takes with full budgets."""
        return sum(
            self.search_s(phase, index)
            for phase, plan in enumerate(self.searches)
            for index in range(len(plan))
        )
