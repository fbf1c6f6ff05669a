"""What the functions write: one JSON line per event, metrics in CloudWatch's embedded format."""

import json

import pytest

from knight_vision.domain.phase import Phase
from knight_vision.observability import PowertoolsObserver


@pytest.fixture(autouse=True)
def namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "KnightVision")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "knight-vision")


def test_a_metric_is_one_embedded_line_with_its_phase_as_dimension(
    capsys: pytest.CaptureFixture[str],
) -> None:
    PowertoolsObserver().measured("SegmentTime", 12, "Milliseconds", phase=Phase.COMPLETE, priority="bulk")
    line = json.loads(capsys.readouterr().out)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "KnightVision"
    assert directive["Metrics"] == [{"Name": "SegmentTime", "Unit": "Milliseconds"}]
    assert {"phase"} <= set(directive["Dimensions"][0])
    assert line["phase"] == "complete"
    assert line["SegmentTime"] in (12, [12.0])
