"""When a CloudWatch alarm changes its state: samples to periods, periods to points, points to a state.

As documented ("Using CloudWatch alarms", "Configuring how CloudWatch alarms treat missing data", "Avoiding
premature transitions to alarm state"); tests/unit/monitoring/test_alarm_evaluator.py holds it to the tables.
Periods begin at multiples of their length, an alarm is evaluated when one ends, and data are there at once.
AWS says of its evaluation range only that it is more than the evaluation periods: here it is two more, as in
its tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from tests.support.metric_math import evaluate, names_in
from tests.support.monitoring import MetricId, metric_id

__all__ = ["EXTRA_POINTS", "Series", "State", "replay", "state_of"]

EXTRA_POINTS = 2
Series = Mapping[MetricId, Sequence[tuple[float, float]]]
"""Metric → its samples, as (second, value)."""


class State(StrEnum):
    """A state of an alarm."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Minimum": min,
    "Maximum": max,
    "Average": lambda values: sum(values) / len(values),
    "SampleCount": len,
}
BREACHES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def replay(alarm: Mapping[str, Any], series: Series, until_s: float) -> list[tuple[float, State]]:
    """The alarm's state at the end of each period of its own, from second 0 on."""
    periods = {query["MetricStat"]["Period"] for query in alarm.get("Metrics", ()) if "MetricStat" in query}
    [period_s] = periods or {alarm["Period"]}
    points = points_of(alarm, series, period_s, int(until_s // period_s))
    breaches, threshold = BREACHES[alarm["ComparisonOperator"]], float(alarm["Threshold"])
    breaching = [None if point is None else breaches(point, threshold) for point in points]
    needed = int(alarm["EvaluationPeriods"])
    states: list[tuple[float, State]] = []
    state = State.INSUFFICIENT_DATA
    for number in range(1, len(points) + 1):
        # Before the beginning nothing was sent.
        seen = [None] * (needed + EXTRA_POINTS) + breaching[:number]
        state = state_of(
            seen[-needed - EXTRA_POINTS :],
            needed=needed,
            to_alarm=int(alarm.get("DatapointsToAlarm", needed)),
            missing=alarm.get("TreatMissingData", "missing"),
            before=state,
        )
        states.append((number * period_s, state))
    return states


def points_of(alarm: Mapping[str, Any], series: Series, period_s: float, periods: int) -> list[float | None]:
    """One value for each period, None where there is none."""
    queries = alarm.get("Metrics")
    if not queries:
        return statistics(series.get(metric_id(alarm), ()), alarm["Statistic"], period_s, periods)
    by_id = {query["Id"]: query for query in queries}

    def points(name: str) -> list[float | None]:
        query = by_id[name]
        if "MetricStat" in query:
            stat = query["MetricStat"]
            samples = series.get(metric_id(stat["Metric"]), ())
            return statistics(samples, stat["Stat"], period_s, periods)
        read = {one: points(one) for one in names_in(query["Expression"])}
        return [
            evaluate(query["Expression"], {one: read[one][period] for one in read})
            for period in range(periods)
        ]

    [shown] = [query["Id"] for query in queries if query.get("ReturnData", True)]
    return points(shown)


def statistics(
    samples: Sequence[tuple[float, float]], statistic: str, period_s: float, periods: int
) -> list[float | None]:
    values: list[list[float]] = [[] for _ in range(periods)]
    for second, value in samples:
        if second < periods * period_s:
            values[int(second // period_s)].append(value)
    return [STATISTICS[statistic](one) if one else None for one in values]


def state_of(
    points: Sequence[bool | None], *, needed: int, to_alarm: int, missing: str, before: State
) -> State:
    """The state after the points of the evaluation range, the newest last: breaching, or None: missing."""
    real = [point for point in points if point is not None]
    filled = max(0, needed - len(real))
    if not filled:
        # The newest that are there; those of the last periods if none of them is missing.
        return State.ALARM if sum(real[-needed:]) >= to_alarm else State.OK
    if sum(real) + filled * (missing == "breaching") >= to_alarm:
        return State.ALARM
    if missing in ("breaching", "notBreaching") or not all(real):
        return State.OK
    if missing == "ignore":
        return before
    oldest = next((age for age in range(len(points), 0, -1) if points[-age]), 0)
    return State.ALARM if oldest >= to_alarm else State.INSUFFICIENT_DATA
