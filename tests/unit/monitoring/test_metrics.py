"""What dashboards and alarms read is really sent: nothing else shows that a name or a dimension is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from infra.local.template import load_template
from knight_vision.observability import PowertoolsObserver
from tests.support.emitted_metrics import VALUES, sent_by, sent_metrics
from tests.support.monitoring import (
    NEEDED,
    MetricId,
    alarm_metrics,
    alarms,
    dashboards,
    nested_parameters,
    template,
    widget_metrics,
    widgets,
)

ROOT = Path(__file__).parents[3]
FREE_DASHBOARDS, FREE_METRICS = 3, 50
"""What an account has free of charge, docs/operations.md."""


def used_metrics() -> Iterator[tuple[str, MetricId]]:
    """Where each metric is read, and which."""
    for name, alarm in alarms().items():
        yield from ((name, metric) for metric in alarm_metrics(alarm))
    for widget in widgets("metric"):
        yield from ((widget["title"], metric) for metric in widget_metrics(widget))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> set[MetricId]:
    """Every metric of the functions as CloudWatch reads it from their output, each with every value."""
    functions = load_template(ROOT / "template.yaml", NEEDED).functions
    for function in functions.values():
        for name, value in function.environment.items():
            if name.startswith("POWERTOOLS_METRICS") or name == "POWERTOOLS_SERVICE_NAME":
                monkeypatch.setenv(name, value)
    observer = PowertoolsObserver()
    for metric in sent_metrics():
        names = sorted(metric.dimensions)
        for values in product(*(sorted(VALUES[name]) for name in names)):
            observer.measured(metric.name, 1, metric.unit, **dict(zip(names, values, strict=True)))
    found = set()
    for line in map(json.loads, capsys.readouterr().out.splitlines()):
        for directive in line["_aws"]["CloudWatchMetrics"]:
            for dimensions, metric in product(directive["Dimensions"], directive["Metrics"]):
                told = frozenset((name, str(line[name])) for name in dimensions)
                found.add(MetricId(directive["Namespace"], metric["Name"], told))
    return found


def test_every_metric_of_ours_is_sent_with_exactly_these_dimensions(sent: set[MetricId]) -> None:
    own = {(where, metric) for where, metric in used_metrics() if metric.namespace == "KnightVision"}
    assert len(own) > 80
    assert {(where, metric) for where, metric in own if metric not in sent} == set()


def test_every_metric_of_aws_is_in_the_table_of_the_docs() -> None:
    rows = re.findall(
        r"^\| `(AWS/\w+)` \| ((?:`\w+`(?:, )?)+) \| ([^|]*) \|",
        (ROOT / "docs/metrics.md").read_text(),
        re.MULTILINE,
    )
    documented = {
        (namespace, name, frozenset(re.findall(r"`(\w+)`", dimensions)))
        for namespace, names, dimensions in rows
        for name in re.findall(r"`(\w+)`", names)
    }
    used = {
        (metric.namespace, metric.name, frozenset(name for name, _ in metric.dimensions))
        for _, metric in used_metrics()
        if metric.namespace != "KnightVision"
    }
    assert used == documented


def test_aws_metrics_are_of_this_stacks_own_things() -> None:
    handed = {**nested_parameters("DashboardsStack"), **nested_parameters("AlarmsStack")}
    for where, metric in used_metrics():
        for name, value in metric.dimensions:
            assert metric.namespace == "KnightVision" or value in handed.values(), f"{where}: {name}"


def test_every_metric_of_ours_is_on_a_dashboard() -> None:
    shown = {metric.name for _, metric in used_metrics()}
    assert {metric.name for metric in sent_metrics()} - shown == {
        "UnitsExhausted",  # the dead letters of the next minute
        "JobsPerHour",  # `GET /v1/operations/metrics` has it
    }


def test_the_dashboards_are_free_of_charge() -> None:
    found = dashboards()
    assert len(found) <= FREE_DASHBOARDS
    for name, body in found.items():
        shown = [one["properties"] for one in body["widgets"] if one["type"] == "metric"]
        assert sum(len(list(widget_metrics(one))) for one in shown) <= FREE_METRICS, name


def test_widgets_neither_overlap_nor_leave_the_page() -> None:
    for name, body in dashboards().items():
        taken: set[tuple[int, int]] = set()
        for one in body["widgets"]:
            cells = set(
                product(range(one["x"], one["x"] + one["width"]), range(one["y"], one["y"] + one["height"]))
            )
            assert not taken & cells, f"{name}: {one}"
            assert one["x"] + one["width"] <= 24
            taken |= cells


def test_expressions_name_series_of_their_widget() -> None:
    for widget in widgets("metric"):
        options = [row[-1] for row in widget["metrics"] if isinstance(row[-1], dict)]
        ids = {one["id"] for one in options if "id" in one}
        for one in options:
            read = set(re.findall(r"[a-z]\w*", one.get("expression", "")))
            assert read <= ids - {one.get("id")}, widget["title"]


def test_logs_are_read_from_groups_that_the_template_makes() -> None:
    resources = template(ROOT / "template.yaml")["Resources"]
    groups = {
        entry["Properties"]["LogGroupName"]["Fn::Sub"].replace("${AWS::StackName}", "knight-vision")
        for entry in resources.values()
        if entry["Type"] == "AWS::Logs::LogGroup"
    }
    read = {group for widget in widgets("log") for group in re.findall(r"SOURCE '([^']+)'", widget["query"])}
    assert read
    assert read < groups


def test_the_code_is_read_as_it_is_written() -> None:
    code = """
def measure(self, phase):
    where = {"phase": phase, "priority": "bulk"}
    self.observer.measured("A", 1, "Count", **where)
    measured = self.observer.measured
    measured("B", 1, "None", length="short")
    measured("C", 1, "Count")
"""
    found = {(one.name, one.unit, one.dimensions) for one in sent_by(code)}
    assert found == {
        ("A", "Count", frozenset({"phase", "priority"})),
        ("B", "None", frozenset({"length"})),
        ("C", "Count", frozenset()),
    }
