"""What turns a deployment back: the two alarms beside the API's alias."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.alarm_evaluator import State, replay
from tests.support.emitted_metrics import sent_metrics
from tests.support.monitoring import MetricId, alarm_metrics, main_alarms

ALARMS = main_alarms()
API, PHASES = ALARMS["RolloutApiAlarm"], ALARMS["RolloutPhasesAlarm"]
MINUTE_S = 60.0


def states(alarm: dict[str, Any], metric: MetricId, values: list[float]) -> list[State]:
    """The alarm's state after each minute in which a metric had these values, 0 where nothing was sent."""
    samples = [(number * MINUTE_S + 1, value) for number, value in enumerate(values) if value]
    return [state for _, state in replay(alarm, {metric: samples}, len(values) * MINUTE_S)]


def metric(alarm: dict[str, Any], name: str, value: str) -> MetricId:
    [found] = [
        one
        for one in alarm_metrics(alarm)
        if one.name == name and value in {dimension for _, dimension in one.dimensions}
    ]
    return found


@pytest.mark.parametrize(
    ("alarm", "name", "value", "few"),
    [
        (API, "Errors", "ApiFunction", 1),
        (API, "RequestsCrashed", "knight-vision", 1),
        *(
            (PHASES, "Errors", f"{phase.capitalize()}PhaseFunction", 2)
            for phase in ("initial", "intermediate", "complete")
        ),
        *((PHASES, "UnitFailures", phase, 2) for phase in ("initial", "intermediate", "complete")),
    ],
)
def test_a_bad_version_is_seen_within_a_minute_and_one_mishap_is_none(
    alarm: dict[str, Any], name: str, value: str, few: int
) -> None:
    seen = states(alarm, metric(alarm, name, value), [0, few, few + 1, 0, 0, 0])
    assert seen[:3] == [State.OK, State.OK, State.ALARM]
    assert seen[-1] is State.OK, "within minutes, though nothing is sent any more"


def test_silence_is_no_alarm() -> None:
    for alarm in ALARMS.values():
        assert {state for _, state in replay(alarm, {}, 5 * MINUTE_S)} == {State.OK}


def test_they_read_what_is_sent() -> None:
    known = {(one.name, one.dimensions) for one in sent_metrics()}
    for alarm in ALARMS.values():
        for one in alarm_metrics(alarm):
            names = frozenset(name for name, _ in one.dimensions)
            assert one.namespace == "AWS/Lambda" or (one.name, names - {"service"}) in known


def test_all_at_once_has_none() -> None:
    assert main_alarms({"Rollout": "CodeDeployDefault.LambdaAllAtOnce"}) == {}
