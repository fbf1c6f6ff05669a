"""Reads template.yaml as CloudFormation and SAM would: the one source of functions, rules and schedules.

Only what the local stack runs is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra.local.cloudformation import (
    ACCOUNT_ID,
    REGION,
    CloudFormationLoader,
    Resolver,
    TemplateError,
    is_function,
    parameter_values,
    physical_name,
    text_of,
)

__all__ = [
    "ACCOUNT_ID",
    "REGION",
    "Function",
    "Rule",
    "Schedule",
    "Template",
    "TemplateError",
    "load_template",
]

READ_TYPES = ("AWS::Serverless::HttpApi", "AWS::Events::EventBus", "AWS::SQS::Queue")
# Lambda's and SAM's own defaults
DEFAULT_TIMEOUT_S = 3
DEFAULT_MEMORY_MB = 128
DEFAULT_RETRIES = 2
DEFAULT_EVENT_AGE_S = 6 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An EventBridge rule that calls the function it belongs to."""

    name: str
    bus: str
    pattern: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """An EventBridge Scheduler schedule that calls the function it belongs to."""

    name: str
    every_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function with everything that calls it."""

    name: str
    handler: str
    code: Path
    """Folder that becomes the function's /var/task."""
    environment: Mapping[str, str]
    timeout_s: int
    memory_mb: int
    reserved_concurrency: int | None
    log_group: str
    max_retries: int
    """Retries of a failed asynchronous invocation."""
    max_event_age_s: int
    """An asynchronous event older than this is given up."""
    on_failure_arn: str | None
    """Queue for the events whose invocation failed for good."""
    rules: tuple[Rule, ...]
    schedules: tuple[Schedule, ...]
    serves_http: bool

    @property
    def arn(self) -> str:
        """The unqualified ARN."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The resolved template."""

    parameters: Mapping[str, Any]
    """Every parameter's value."""
    functions: Mapping[str, Function]
    """By logical id."""
    buses: tuple[str, ...]
    queues: tuple[str, ...]
    cors: Mapping[str, Any]
    """`CorsConfiguration` of the HTTP API; empty when it has none."""


def load_template(path: Path, parameters: Mapping[str, str]) -> Template:
    """The template with these parameters, the rest at their defaults.

    Raises TemplateError for an unknown, missing or refused parameter and for what cannot be resolved.
    """
    raw = yaml.load(path.read_text(), CloudFormationLoader)  # noqa: S506  a SafeLoader with tags
    resolver = Resolver(raw, parameter_values(raw.get("Parameters", {}), parameters))
    of_type: dict[str, dict[str, dict[str, Any]]] = {}
    shared = raw.get("Globals", {}).get("Function", {})
    for name, resource in raw["Resources"].items():
        if not resolver.holds(resource.get("Condition")):
            continue
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties = merged(shared, properties)
        elif resource["Type"] not in READ_TYPES:
            continue
        of_type.setdefault(resource["Type"], {})[name] = resolver.resolve(properties)
    apis = of_type.get("AWS::Serverless::HttpApi", {})
    return Template(
        parameters=resolver.parameters,
        functions={
            name: function_from(name, properties, path.parent)
            for name, properties in of_type.get("AWS::Serverless::Function", {}).items()
        },
        buses=tuple(resolver.ref(name) for name in of_type.get("AWS::Events::EventBus", {})),
        queues=tuple(
            physical_name(name, given) for name, given in of_type.get("AWS::SQS::Queue", {}).items()
        ),
        cors=next(
            (given["CorsConfiguration"] for given in apis.values() if "CorsConfiguration" in given), {}
        ),
    )


def function_from(name: str, properties: Mapping[str, Any], folder: Path) -> Function:
    invoke = properties.get("EventInvokeConfig", {})
    rules, schedules, serves_http = [], [], False
    for event_name, event in properties.get("Events", {}).items():
        given = event.get("Properties", {})
        match event["Type"]:
            case "EventBridgeRule":
                bus = str(given.get("EventBusName", "default"))
                rules.append(Rule(name=name + event_name, bus=bus, pattern=given["Pattern"]))
            case "ScheduleV2":
                every_s = seconds_of_rate(given["ScheduleExpression"])
                schedules.append(Schedule(name=name + event_name, every_s=every_s))
            case "HttpApi":
                serves_http = True
            case other:
                raise TemplateError(f"{name}.Events.{event_name}: the local stack does not know {other}")
    return Function(
        name=name,
        handler=properties["Handler"],
        code=(folder / properties["CodeUri"]).resolve(),
        environment={
            key: text_of(value)
            for key, value in properties.get("Environment", {}).get("Variables", {}).items()
        },
        timeout_s=int(properties.get("Timeout", DEFAULT_TIMEOUT_S)),
        memory_mb=int(properties.get("MemorySize", DEFAULT_MEMORY_MB)),
        reserved_concurrency=optional_int(properties.get("ReservedConcurrentExecutions")),
        log_group=properties.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{name}"),
        max_retries=int(invoke.get("MaximumRetryAttempts", DEFAULT_RETRIES)),
        max_event_age_s=int(invoke.get("MaximumEventAgeInSeconds", DEFAULT_EVENT_AGE_S)),
        on_failure_arn=invoke.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
        rules=tuple(rules),
        schedules=tuple(schedules),
        serves_http=serves_http,
    )


def seconds_of_rate(expression: str) -> float:
    """Seconds between two runs of `rate(5 minutes)`. Raises TemplateError for anything else."""
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression.strip())
    if not found or int(found[1]) < 1:
        raise TemplateError(f"the local stack runs schedules of the form rate(5 minutes), not {expression!r}")
    return int(found[1]) * {"minute": 60.0, "hour": 3600.0, "day": 86400.0}[found[2]]


def merged(shared: Any, own: Any) -> Any:
    """SAM's Globals: maps are merged, lists are joined, everything else is the function's own."""
    if isinstance(shared, dict) and isinstance(own, dict) and not (is_function(shared) or is_function(own)):
        keys = [*shared, *(key for key in own if key not in shared)]
        return {
            key: merged(shared[key], own[key])
            if key in shared and key in own
            else own.get(key, shared.get(key))
            for key in keys
        }
    if isinstance(shared, list) and isinstance(own, list):
        return shared + own
    return own


def optional_int(value: object) -> int | None:
    return None if value is None else int(str(value))
