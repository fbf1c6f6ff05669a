"""What the functions write: one JSON line per event, metrics in CloudWatch's embedded format."""

import json

import pytest

from knight_vision.domain.phase import Phase
from knight_vision.observability import PowertoolsObserver, logger, traced


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


class Adder:
    name = "adder"

    def add(self, a: int, *, b: int) -> int:
        return a + b

    def fail(self) -> None:
        raise ValueError("no")


def test_calls_are_timed_at_level_debug_alone(caplog: pytest.LogCaptureFixture) -> None:
    adder = Adder()
    assert traced("adder", adder) is adder
    logger.setLevel("DEBUG")
    try:
        watched = traced("adder", adder)
        assert watched.add(1, b=2) == 3
        assert watched.name == "adder"
        with pytest.raises(ValueError, match="no"):
            watched.fail()
    finally:
        logger.setLevel("INFO")
    lines = [vars(record) for record in caplog.records]
    assert [line["call"] for line in lines] == ["adder.add", "adder.fail"]
    assert all(line["began_ms"] > 1e12 and line["took_ms"] >= 0 for line in lines)
