"""The evaluator of alarms does what AWS documents."""

from __future__ import annotations

import pytest

from tests.support.alarm_evaluator import State, replay, state_of
from tests.support.monitoring import MetricId

OK, ALARM, NO_DATA = State.OK, State.ALARM, State.INSUFFICIENT_DATA
RETAINED = None
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
# "Configuring how CloudWatch alarms treat missing data": 0 is within the threshold, X breaching, - missing.
THREE_OF_THREE = [
    ("0 - X - X", OK, OK, OK, OK),
    ("0 - - - -", OK, OK, OK, OK),
    ("- - - - -", NO_DATA, RETAINED, ALARM, OK),
    ("0 X X - X", ALARM, ALARM, ALARM, ALARM),
    ("- - X - -", ALARM, RETAINED, ALARM, OK),
    # "Avoiding premature transitions to alarm state"
    ("- - - - X", NO_DATA, RETAINED, ALARM, OK),
    ("- - - X -", NO_DATA, RETAINED, ALARM, OK),
]
TWO_OF_THREE = [
    ("0 - X - X", ALARM, ALARM, ALARM, ALARM),
    ("0 0 X 0 X", ALARM, ALARM, ALARM, ALARM),
    ("0 - X - -", OK, OK, ALARM, OK),
    ("- - - - 0", OK, OK, ALARM, OK),
    ("- - - X -", ALARM, RETAINED, ALARM, OK),
]
ROWS = [(3, *row) for row in THREE_OF_THREE] + [(2, *row) for row in TWO_OF_THREE]


@pytest.mark.parametrize(("to_alarm", "points", "missing", "ignore", "breaching", "within"), ROWS)
def test_it_agrees_with_the_tables_of_the_documentation(
    to_alarm: int,
    points: str,
    missing: State | None,
    ignore: State | None,
    breaching: State | None,
    within: State | None,
) -> None:
    seen = [{"0": False, "X": True, "-": None}[point] for point in points.split()]
    for treatment, expected in zip(TREATMENTS, (missing, ignore, breaching, within), strict=True):
        for before in State:
            state = state_of(seen, needed=3, to_alarm=to_alarm, missing=treatment, before=before)
            assert state == (expected or before), (treatment, before)


METRIC = MetricId("N", "M", frozenset({("d", "v")}))


def alarm(**properties: object) -> dict[str, object]:
    return {
        "Namespace": "N",
        "MetricName": "M",
        "Dimensions": [{"Name": "d", "Value": "v"}],
        "Period": 60,
        "Statistic": "Maximum",
        "EvaluationPeriods": 1,
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
        **properties,
    }


@pytest.mark.parametrize(
    ("statistic", "states"),
    [
        ("Maximum", [OK, ALARM]),
        ("Minimum", [OK, OK]),
        ("Average", [OK, OK]),
        ("Sum", [ALARM, ALARM]),
        ("SampleCount", [OK, OK]),
    ],
)
def test_a_period_has_one_value_by_its_statistic(statistic: str, states: list[State]) -> None:
    samples = [(0.0, 3.0), (59.0, 4.0), (60.0, 2.0), (119.9, 6.0)]
    found = replay(alarm(Statistic=statistic), {METRIC: samples}, 120)
    assert found == [(60, states[0]), (120, states[1])]


@pytest.mark.parametrize(
    ("comparison", "states"),
    [
        ("GreaterThanThreshold", [OK, OK, ALARM]),
        ("GreaterThanOrEqualToThreshold", [OK, ALARM, ALARM]),
        ("LessThanThreshold", [ALARM, OK, OK]),
        ("LessThanOrEqualToThreshold", [ALARM, ALARM, OK]),
    ],
)
def test_a_point_is_compared_with_the_threshold(comparison: str, states: list[State]) -> None:
    samples = [(0.0, 4.0), (60.0, 5.0), (120.0, 6.0)]
    found = replay(alarm(ComparisonOperator=comparison), {METRIC: samples}, 180)
    assert [state for _, state in found] == states


def test_another_metrics_samples_are_not_its_own() -> None:
    other = MetricId("N", "M", frozenset({("d", "w")}))
    assert replay(alarm(TreatMissingData="ignore"), {other: [(0, 9)]}, 60) == [(60, NO_DATA)]


def test_an_expression_of_expressions_is_one_series() -> None:
    def stat(name: str) -> dict[str, object]:
        metric = {"Namespace": "N", "MetricName": "M", "Dimensions": [{"Name": "d", "Value": name}]}
        return {
            "Id": name,
            "ReturnData": False,
            "MetricStat": {"Metric": metric, "Stat": "Sum", "Period": 300},
        }

    queries = [
        {"Id": "share", "Expression": "IF(all >= 10, 100 * bad / all, 0)", "ReturnData": True},
        {"Id": "all", "Expression": "good + bad", "ReturnData": False},
        stat("good"),
        stat("bad"),
    ]
    series = {
        MetricId("N", "M", frozenset({("d", "good")})): [(0.0, 5.0), (300.0, 90.0), (600.0, 200.0)],
        MetricId("N", "M", frozenset({("d", "bad")})): [(10.0, 4.0), (310.0, 10.0)],
    }
    math = alarm(Metrics=queries, TreatMissingData="notBreaching", Threshold=9)
    assert [state for _, state in replay(math, series, 1200)] == [OK, ALARM, OK, OK]
