"""The Observer port on aws-lambda-powertools: JSON log lines and metrics in CloudWatch's embedded format.

Metrics are written to standard output and cost no API call. Every distinct set of dimensions is billed as a
metric of its own for each hour in which it is sent, so dimensions are few, and ids go to the log lines.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar, cast

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

__all__ = ["PowertoolsObserver", "logger", "timed", "traced"]

# In ASCII, unlike Powertools' own: no terminal takes a text for a command, and half a letter is no error.
logger = Logger(json_serializer=partial(json.dumps, default=str, separators=(",", ":")))
"""Configured by POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL."""


class PowertoolsObserver:
    """Logs and metrics of a Lambda function."""

    def happened(self, event: str, **fields: object) -> None:
        """See ports.Observer."""
        logger.info(event, extra=dict(fields))

    def went_wrong(self, event: str, error: Exception, **fields: object) -> None:
        """See ports.Observer."""
        logger.warning(event, exc_info=error, extra=dict(fields))

    def measured(self, metric: str, value: float, unit: str, **dimensions: str) -> None:
        """See ports.Observer."""
        with single_metric(name=metric, unit=MetricUnit(unit), value=value) as single:
            for name, text in dimensions.items():
                single.add_dimension(name=name, value=text)


Part = TypeVar("Part")


@contextmanager
def timed(call: str) -> Iterator[None]:
    """Log at DEBUG when something began (Unix ms) and how long it took, also when it raises.

    `make trace-first-result` makes its timeline of these lines.
    """
    began_s = time.time()
    try:
        yield
    finally:
        took_ms = (time.time() - began_s) * 1000
        logger.debug("timed", extra={"call": call, "began_ms": began_s * 1000, "took_ms": took_ms})


def traced(name: str, part: Part) -> Part:
    """The part itself; at log level DEBUG one that is `timed` at each call of a method."""
    return cast("Part", Traced(name, part)) if logger.log_level <= logging.DEBUG else part


class Traced:
    """Stands before a part and times each call."""

    def __init__(self, name: str, part: object) -> None:
        self._name = name
        self._part = part

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._part, attribute)
        if not callable(value):
            return value

        def call(*args: object, **named: object) -> object:
            with timed(f"{self._name}.{attribute}"):
                return value(*args, **named)

        return call
