"""What CloudWatch is sent in a calm hour, while something goes wrong, and after it: one dictionary a minute.

Times and prices of bursts are those of docs/cost.md; the rest follows what docs/architecture.md says happens
when a part dies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.alarm_evaluator import Series
from tests.support.monitoring import MetricId

__all__ = ["INCIDENTS", "Incident", "series_of"]

CALM_MIN = 60
"""Before an incident; after it there is a calm time until each alarm has had its chance to clear."""
DAY_MIN = 24 * 60
Minute = dict[MetricId, list[float]]
"""The samples of one minute."""
PHASES = ("initial", "intermediate", "complete")


def own(name: str, **dimensions: str) -> MetricId:
    """A metric of the functions."""
    return MetricId("KnightVision", name, frozenset({("service", "knight-vision"), *dimensions.items()}))


def sweeper(age_ms: float = 8000, wait_ms: float = 0, store_away: int = 0) -> Minute:
    """What one sweep sends; of the store only while it is there."""
    return {
        **{own("OldestWaiting", phase=phase): [wait_ms] for phase in PHASES},
        own("JobsUnfinished"): [3],
        own("OldestJobAge"): [age_ms],
        own("LeasesExpired"): [0],
        own("StoreAway"): [store_away],
        **({} if store_away else {own("DeadLettersKept"): [0]}),
    }


def phases(dollars: float = 0.002) -> Minute:
    """A game a minute, finished."""
    segments = {"initial": 1, "intermediate": 10, "complete": 10}
    return {
        **{own("SegmentTime", phase=phase): [900.0] * count for phase, count in segments.items()},
        **{own("PhaseMicrodollars", phase=phase): [dollars * 1e6 / 3] for phase in PHASES},
    }


def api(requests: int = 30, failed: int = 0) -> Minute:
    """Requests that people make."""
    gateway = frozenset({("ApiId", "HttpApi")})
    return {
        MetricId("AWS/ApiGateway", "Count", gateway): [1.0] * requests,
        MetricId("AWS/ApiGateway", "5xx", gateway): [1.0] * failed + [0.0] * (requests - failed),
    }


def aws(throttles: int = 0, cache_throttled: int = 0, cache_bytes: float = 1e9) -> Minute:
    """What AWS sends of the functions and the cache."""
    cache = frozenset({("clusterId", "kv-cache")})
    return {
        MetricId("AWS/Lambda", "Throttles", frozenset()): [float(throttles)],
        MetricId("AWS/ElastiCache", "ThrottledCmds", cache): [float(cache_throttled)],
        MetricId("AWS/ElastiCache", "BytesUsedForCache", cache): [cache_bytes],
    }


def calm(_minute: int = 0) -> Minute:
    """A minute in which nothing is wrong."""
    return {**sweeper(), **phases(), **api(), **aws()}


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happens to the service."""

    name: str
    fires: frozenset[str]
    """The alarms that are to fire; all others are to keep silent."""
    lasts_min: int
    during: Callable[[int], Minute]
    """The samples of a minute, counted from its beginning."""


def burst(first_ms: float, games: int, dollars: float, lasts_min: int) -> Callable[[int], Minute]:
    """Games at once: the last of them waits `first_ms` for its first result."""

    def minute(number: int) -> Minute:
        age_ms = 60_000.0 * number
        waits = sweeper(age_ms, 0)
        waits[own("OldestWaiting", phase="initial")] = [min(age_ms, first_ms) if age_ms <= first_ms else 0]
        waits[own("OldestWaiting", phase="complete")] = [age_ms]
        waits[own("JobsUnfinished")] = [games]
        return {**waits, **phases(dollars / lasts_min), **api(), **aws()}

    return minute


def store_away(number: int) -> Minute:
    waits = 60_000.0 * number
    return {**sweeper(waits, waits, store_away=1), **api(failed=25), **aws()}


def redis_lost(_number: int) -> Minute:
    # The sweep raises before it has measured anything.
    return {**api(failed=15), **aws()}


def sweeper_dead(_number: int) -> Minute:
    return {**phases(), **api(), **aws()}


def poisoned(number: int) -> Minute:
    """A game of which three workers die; it is given up, and started again after half an hour."""
    found = calm()
    found[own("LeasesExpired")] = [int(number in (0, 3, 6))]
    found[own("DeadLettersKept")] = [int(number > 6)]
    return found


def broken_engine(number: int) -> Minute:
    found = calm()
    for phase in PHASES:
        del found[own("SegmentTime", phase=phase)]
    found[own("UnitFailures", phase="initial")] = [1.0] * 6
    found[own("DeadLettersKept")] = [2 * number]
    return found


def used_up(number: int) -> Minute:
    waits = 60_000.0 * number
    return {**sweeper(waits, waits), **phases(), **api(failed=10), **aws(throttles=50)}


def backlog(number: int) -> Minute:
    """More is asked for than the complete phase may do."""
    found = calm()
    found[own("OldestJobAge")] = [60_000.0 * number]
    return found


def fires(*alarms: str) -> frozenset[str]:
    return frozenset(f"{alarm}Alarm" for alarm in alarms)


INCIDENTS = [
    Incident("nothing", fires(), 60, calm),
    Incident("10,000 games at once", fires(), 12, burst(34_000, 10_000, 15.07, 12)),
    Incident(
        "100,000 games at once", fires("FirstResultWaits", "Spend"), 47, burst(318_000, 100_000, 69.02, 47)
    ),
    Incident("Supabase away", fires("StoreAway", "ApiErrors", "FirstResultWaits"), 15, store_away),
    Incident("Redis lost", fires("SweeperSilent", "ApiErrors"), 20, redis_lost),
    Incident("no sweeps", fires("SweeperSilent"), 20, sweeper_dead),
    Incident("a game that kills its workers", fires("DeadLetters"), 40, poisoned),
    Incident("an engine that does not work", fires("ErrorRate", "DeadLetters"), 30, broken_engine),
    Incident("concurrency used up", fires("Throttles", "ApiErrors", "FirstResultWaits"), 15, used_up),
    Incident("a backlog of hours", fires("AnalysisTakesLong"), 120, backlog),
    Incident("a cache too slow", fires("CacheThrottled"), 10, lambda _: {**calm(), **aws(cache_throttled=9)}),
    Incident("a cache too small", fires("CacheFull"), 40, lambda _: {**calm(), **aws(cache_bytes=4.8e9)}),
]


def series_of(incident: Incident) -> tuple[Series, float, float]:
    """Its samples by metric, the second it begins, and the second at which all is long over."""
    days = 3 * DAY_MIN if "SpendAlarm" in incident.fires else 0
    begins, ends = CALM_MIN, CALM_MIN + incident.lasts_min
    series: dict[MetricId, list[tuple[float, float]]] = defaultdict(list)
    for minute in range(max(ends + CALM_MIN, days)):
        told = incident.during(minute - begins) if begins <= minute < ends else calm()
        for metric, values in told.items():
            series[metric] += [(60.0 * minute + 30, value) for value in values]
    return series, 60.0 * begins, 60.0 * max(ends + CALM_MIN, days)
