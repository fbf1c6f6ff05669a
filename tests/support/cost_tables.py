"""The tables of docs/cost.md, made by the pricing module; `python -m tests.support.cost_tables` prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knight_vision.domain import cost
from knight_vision.domain.cost import Architecture
from tests.bench.burst.constants import PHASES, Constants
from tests.bench.burst.outcome import idle_dollars_per_month
from tests.bench.burst.simulate import rows as burst_rows
from tests.bench.burst.simulation import QUEUE_CALLS_OF_REPORT

__all__ = ["ALL_BURSTS", "SMALL_BURSTS", "besides", "bursts", "idle", "phases", "server"]

GAMES = 1_000
SMALL_BURSTS = (1, 10, 100, 1_000)
ALL_BURSTS = (*SMALL_BURSTS, 10_000, 100_000, 1_000_000)
SERVER_CORES = 2
HOUR_S = 3600
CONSTANTS = Constants()


def row(*cells: str) -> str:
    """Markdown."""
    return f"| {' | '.join(cells)} |"


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """What the functions of one phase are billed for one game, cold starts and calls left out."""

    engine_s: float
    besides_s: float
    """Queue, report, Supabase."""

    @classmethod
    def of(cls, phase: int) -> PhaseTime:
        """By the simulation's constants."""
        segments = range(len(CONSTANTS.searches[phase]))
        queue_calls = len(segments) + 1 + QUEUE_CALLS_OF_REPORT
        queue_s = queue_calls * (CONSTANTS.queue_call_s + CONSTANTS.queue_script_s)
        return cls(
            engine_s=sum(CONSTANTS.search_s(phase, segment) for segment in segments),
            besides_s=queue_s + CONSTANTS.read_s + CONSTANTS.report_s + CONSTANTS.save_s,
        )

    @property
    def billed_ms(self) -> int:
        """For 1,000 games."""
        return GAMES * cost.billed_ms(self.engine_s + self.besides_s)

    @property
    def gb_seconds(self) -> float:
        """For 1,000 games."""
        return cost.gb_seconds(self.billed_ms, CONSTANTS.memory_mb)

    def dollars(self, architecture: Architecture) -> float:
        """For 1,000 games."""
        return cost.price_of(self.billed_ms, CONSTANTS.memory_mb, architecture, 0)


TIMES = [PhaseTime.of(phase) for phase in range(len(PHASES))]


def phases() -> Iterator[str]:
    """What the functions of each phase cost for 1,000 games."""
    for phase, (name, time) in enumerate(zip(PHASES, TIMES, strict=True)):
        limit = CONSTANTS.plans[phase].limit
        yield row(
            f"`{name}`, {limit}",
            f"{sum(CONSTANTS.searches[phase])}",
            f"{CONSTANTS.one_search_s(limit) * 1000:.1f}",
            f"{time.engine_s:.2f}",
            f"{time.besides_s:.2f}",
            f"{time.gb_seconds:,.0f}",
            *(f"{time.dollars(architecture):.3f}" for architecture in Architecture),
        )
    yield row(
        "all",
        "",
        "",
        f"{sum(time.engine_s for time in TIMES):.2f}",
        f"{sum(time.besides_s for time in TIMES):.2f}",
        f"{sum(time.gb_seconds for time in TIMES):,.0f}",
        *(f"{sum(time.dollars(architecture) for time in TIMES):.3f}" for architecture in Architecture),
    )


def priced_besides() -> list[tuple[str, str, float]]:
    """What, how much of it and its dollars, for 1,000 games."""
    fanout = CONSTANTS.settings.phase_fanout
    calls = GAMES * sum(min(len(segments), fanout) for segments in CONSTANTS.searches)
    requests = GAMES * CONSTANTS.http_requests
    api_ms = GAMES * CONSTANTS.api_ms
    scripts = GAMES * sum(3 + len(segments) + QUEUE_CALLS_OF_REPORT for segments in CONSTANTS.searches)
    ecpus = scripts * CONSTANTS.queue_call_ecpus
    log_bytes = GAMES * CONSTANTS.log_bytes
    sent_bytes = GAMES * len(PHASES) * CONSTANTS.report_bytes
    api_dollars = cost.price_of(api_ms, CONSTANTS.api_memory_mb, requests=requests)
    return [
        ("requests to the HTTP API", f"{requests:,}", cost.http_requests_price(requests)),
        ("the API's function", f"{api_ms / 1000:.0f} s", api_dollars),
        ("wake-up calls: events", f"{calls:,}", cost.events_price(calls)),
        ("wake-up calls: calls of functions", f"{calls:,}", cost.price_of(0, 1, requests=calls)),
        ("queue", f"{scripts:,} scripts, {ecpus / 1e6:.1f} M ECPU", cost.cache_requests_price(ecpus)),
        ("logs", f"{log_bytes / 1e6:.0f} MB", cost.log_price(log_bytes)),
        ("reports sent to Supabase", f"{sent_bytes / 1e6:.0f} MB", cost.data_out_price(sent_bytes)),
    ]


def besides() -> Iterator[str]:
    """What 1,000 games cost besides."""
    for what, how_much, dollars in priced_besides():
        yield row(what, how_much, f"{dollars:.4f}")
    yield row("all", "", f"{sum(dollars for *_, dollars in priced_besides()):.4f}")


def idle() -> Iterator[str]:
    """Dollars a month while nobody asks for anything, by cache."""
    snapshot = cost.snapshot_price_per_month(CONSTANTS.api_memory_mb)
    sweeper = sum(list(idle_dollars_per_month(CONSTANTS).values())[1:]) - snapshot
    for cache, dollars in (
        ("ElastiCache Serverless for Valkey, 100 MB at least", cost.cache_storage_price_per_month()),
        ("one cache.t4g.micro node", cost.node_price_per_month()),
        ("a Valkey or Redis that you have anyway", 0.0),
    ):
        all_of_it = dollars + sweeper + snapshot
        with_pro = all_of_it + cost.SUPABASE_PRO_MONTH_USD
        amounts = (dollars, sweeper, snapshot, all_of_it, with_pro)
        yield row(cache, *(f"{amount:.2f}" for amount in amounts))


def server() -> Iterator[str]:
    """The always-on server beside the functions."""
    month = cost.SERVER_HOUR_USD * cost.HOURS_PER_MONTH
    game_s = sum(time.engine_s + time.besides_s for time in TIMES)
    most = SERVER_CORES * cost.HOURS_PER_MONTH * HOUR_S / game_s
    per_game = (
        sum(time.dollars(Architecture.X86_64) for time in TIMES)
        + sum(dollars for *_, dollars in priced_besides())
    ) / GAMES
    idle_month = sum(idle_dollars_per_month(CONSTANTS).values())
    starts = cost.price_of(cost.billed_ms(CONSTANTS.init_s), CONSTANTS.memory_mb, requests=0)
    yield row("the server, dollars a month", f"{month:.2f}")
    yield row("games that it does in a month without a pause", f"{most:,.0f}")
    yield row("1,000 games at once on the server, hours", f"{GAMES * game_s / SERVER_CORES / HOUR_S:.1f}")
    yield row("functions, dollars for 1,000 games", f"{1000 * per_game:.2f}")
    yield row("one cold start, dollars for 1,000", f"{1000 * starts:.3f}")
    yield row("games a month for which both cost the same", f"{(month - idle_month) / per_game:,.0f}")


def bursts(games: Iterable[int] = SMALL_BURSTS) -> Iterator[str]:
    """Rows of the table of bursts."""
    for cells in burst_rows(CONSTANTS, games):
        yield row(*cells)


if __name__ == "__main__":
    for table in (phases(), besides(), idle(), server(), bursts(ALL_BURSTS)):
        print("\n".join(table) + "\n")  # noqa: T201
