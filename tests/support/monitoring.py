"""The alarms and dashboards of the templates as CloudWatch gets them: parameters passed, all resolved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from infra.local.cloudformation import CloudFormationLoader, Resolver, parameter_values

__all__ = [
    "EVERYTHING",
    "NEEDED",
    "MetricId",
    "alarm_metrics",
    "alarms",
    "dashboards",
    "described_alarms",
    "main_alarms",
    "nested_parameters",
    "nested_resources",
    "template",
    "widget_metrics",
    "widgets",
]

ROOT = Path(__file__).parents[2]
EVERYTHING = {
    "RedisCacheName": "kv-cache",
    "CacheLimitGb": "5",
    "AlarmEmail": "ops@example.org",
    "MonthlyBudgetUsd": "1000",
}
"""Parameters of template.yaml with which no alarm is left out."""
NEEDED = {"SupabaseUrl": "https://abc.example.org", "SupabasePublishableKey": "sb_publishable_x"}


class MetricId(NamedTuple):
    """A metric of CloudWatch."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


@cache
def template(path: Path) -> dict[str, Any]:
    """A template with its functions as CloudFormation's long forms."""
    found: dict[str, Any] = yaml.load(path.read_text(), CloudFormationLoader)  # a SafeLoader with tags
    return found


def resolver_of(given: Mapping[str, str]) -> tuple[dict[str, Any], Resolver]:
    root = template(ROOT / "template.yaml")
    return root, Resolver(root, parameter_values(root["Parameters"], {**NEEDED, **given}))


def nested_parameters(stack: str, given: Mapping[str, str] = EVERYTHING) -> dict[str, str]:
    """What template.yaml hands to a nested stack when it is given these parameters."""
    root, resolver = resolver_of(given)
    resolved: dict[str, str] = resolver.resolve(root["Resources"][stack]["Properties"]["Parameters"])
    return resolved


def nested_resources(stack: str, given: Mapping[str, str] = EVERYTHING) -> dict[str, dict[str, Any]]:
    """The resources of a nested stack, resolved; those whose condition does not hold are left out."""
    root, resolver = resolver_of(given)
    entry = root["Resources"][stack]
    if not resolver.holds(entry["Condition"]):
        return {}
    inner = template(ROOT / entry["Properties"]["TemplateURL"])
    inside = Resolver(inner, parameter_values(inner["Parameters"], nested_parameters(stack, given)))
    return {
        name: {"Type": resource["Type"], "Properties": inside.resolve(resource["Properties"])}
        for name, resource in inner["Resources"].items()
        if inside.holds(resource.get("Condition"))
    }


def alarms(given: Mapping[str, str] = EVERYTHING) -> dict[str, dict[str, Any]]:
    """Logical id → properties of each alarm."""
    found = nested_resources("AlarmsStack", given)
    return {name: one["Properties"] for name, one in found.items() if one["Type"] == "AWS::CloudWatch::Alarm"}


def main_alarms(given: Mapping[str, str] = EVERYTHING) -> dict[str, dict[str, Any]]:
    """The same of the alarms in template.yaml itself, which only deployments look at."""
    root, resolver = resolver_of(given)
    return {
        name: resolver.resolve(one["Properties"])
        for name, one in root["Resources"].items()
        if one["Type"] == "AWS::CloudWatch::Alarm" and resolver.holds(one["Condition"])
    }


def described_alarms() -> dict[str, str]:
    """Logical id of each alarm → the anchor in docs/operations.md that its description names."""
    return {
        name: alarm["AlarmDescription"].partition("docs/operations.md#")[2]
        for name, alarm in alarms().items()
    }


def alarm_metrics(alarm: Mapping[str, Any]) -> Iterator[MetricId]:
    """The metrics that an alarm reads, each of them billed."""
    stats = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
    for metric in stats or [alarm]:
        yield metric_id(metric)


def metric_id(metric: Mapping[str, Any]) -> MetricId:
    dimensions = frozenset((one["Name"], one["Value"]) for one in metric.get("Dimensions", ()))
    return MetricId(metric["Namespace"], metric["MetricName"], dimensions)


def dashboards() -> dict[str, dict[str, Any]]:
    """Name → body of each dashboard."""
    found = nested_resources("DashboardsStack")
    bodies = [one["Properties"] for one in found.values()]
    return {body["DashboardName"]: json.loads(body["DashboardBody"]) for body in bodies}


def widgets(kind: str) -> Iterator[dict[str, Any]]:
    """The properties of all widgets of a kind: `metric`, `log`, `text`."""
    for body in dashboards().values():
        yield from (widget["properties"] for widget in body["widgets"] if widget["type"] == kind)


def widget_metrics(widget: Mapping[str, Any]) -> Iterator[MetricId]:
    """The metrics of a metric widget; expressions are left out."""
    for row in widget["metrics"]:
        words = [word for word in row if isinstance(word, str)]
        if words:
            namespace, name, *rest = words
            yield MetricId(namespace, name, frozenset(zip(rest[::2], rest[1::2], strict=True)))
