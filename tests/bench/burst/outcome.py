"""What a simulated burst came to: times, functions, dollars."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knight_vision.domain import cost
from tests.bench.burst.constants import PHASES, Constants

if TYPE_CHECKING:
    from tests.bench.burst.simulation import Simulation

__all__ = ["Outcome", "Usage", "idle_dollars_per_month"]

SWEEPS_PER_MONTH = 60 * cost.HOURS_PER_MONTH
SWEEP_MS, SWEEP_MB = 100, 512
"""Of a sweep with nothing to sweep. Assumption; here 20 ms with a core of its own."""
SWEEP_METRICS = 15
"""Sets of name and dimensions that a sweep always sends: services/sweep.py, docs/metrics.md."""


@dataclass(slots=True)
class Usage:
    """What is counted while a burst is played, in units of `Simulation.each`."""

    billed_ms: list[int] = field(default_factory=lambda: [0] * len(PHASES))
    requests: list[int] = field(default_factory=lambda: [0] * len(PHASES))
    search_s: list[float] = field(default_factory=lambda: [0.0] * len(PHASES))
    events: int = 0
    queue_calls: int = 0
    degraded: int = 0
    """Phases that were done with less than their whole budget."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A burst, in real games and functions."""

    games: int
    first_s: tuple[float, ...]
    """Seconds from the request to the first readable report, least first."""
    done_s: tuple[float, ...]
    """The same to the complete report."""
    peak: int
    """Most functions at once."""
    cold_starts: int
    environments: int
    dropped_calls: int
    degraded: int
    search_s: float
    """Of all engines."""
    billed_s: float
    """Of all phase functions."""
    dollars: dict[str, float]
    """By what they are paid for."""

    @classmethod
    def of(cls, simulation: Simulation) -> Outcome:
        """The outcome of a simulation that has been run."""
        each, usage, fleet = simulation.each, simulation.usage, simulation.fleet
        return cls(
            games=simulation.games * each,
            first_s=tuple(sorted(simulation.first_s)),
            done_s=tuple(sorted(simulation.done_s)),
            peak=fleet.peak * each,
            cold_starts=sum(fleet.cold_starts) * each,
            environments=(sum(fleet.idle) + fleet.running) * each,
            dropped_calls=fleet.dropped * each,
            degraded=usage.degraded * each,
            search_s=sum(usage.search_s) * each,
            billed_s=sum(usage.billed_ms) / 1000 * each,
            dollars=dollars(simulation.constants, usage, simulation.games, fleet.dropped, each),
        )

    @property
    def drain_s(self) -> float:
        """Until the last complete report."""
        return self.done_s[-1]

    @property
    def total_dollars(self) -> float:
        """Of the whole burst."""
        return sum(self.dollars.values())

    def first_percentile_s(self, percent: float) -> float:
        """So many percent of the first reports were there by then."""
        return self.first_s[min(len(self.first_s) - 1, int(len(self.first_s) * percent / 100))]


def dollars(constants: Constants, usage: Usage, games: int, dropped: int, each: int) -> dict[str, float]:
    """What a burst costs beyond what is paid for an idle deployment."""
    architecture = constants.architecture
    phases = {
        f"functions, {phase}": cost.price_of(
            usage.billed_ms[number] * each,
            constants.memory_mb,
            architecture,
            usage.requests[number] * each,
        )
        for number, phase in enumerate(PHASES)
    }
    requests = constants.http_requests * games * each
    api_ms = constants.api_ms * games * each
    return {
        **phases,
        "API": cost.http_requests_price(requests)
        + cost.price_of(api_ms, constants.api_memory_mb, architecture, requests),
        "events": cost.events_price(usage.events * each),
        "calls given up": cost.messages_price(dropped * each),
        "queue": cost.cache_requests_price(usage.queue_calls * each * constants.queue_call_ecpus),
        "logs": cost.log_price(constants.log_bytes * games * each),
        "reports sent": cost.data_out_price(len(PHASES) * constants.report_bytes * games * each),
    }


def idle_dollars_per_month(constants: Constants) -> dict[str, float]:
    """What a deployment costs while nobody asks for anything."""
    sweeps = cost.price_of(
        SWEEPS_PER_MONTH * SWEEP_MS, SWEEP_MB, constants.architecture, requests=SWEEPS_PER_MONTH
    )
    return {
        "cache, 100 MB at least": cost.cache_storage_price_per_month(),
        "metrics of the sweeper": SWEEP_METRICS * cost.METRIC_MONTH_USD,
        "sweeps": sweeps,
        "snapshot of the API": cost.snapshot_price_per_month(constants.api_memory_mb),
    }
