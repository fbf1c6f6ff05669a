"""The Observer port on aws-lambda-powertools: JSON log lines and metrics in CloudWatch's embedded format.

Metrics are written to standard output and cost no API call. Every distinct set of dimensions is billed as a
metric of its own for each hour in which it is sent, so dimensions are few, and ids go to the log lines.
"""

from __future__ import annotations

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

__all__ = ["PowertoolsObserver", "logger"]

logger = Logger()
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
