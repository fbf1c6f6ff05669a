"""The Observer port on aws-lambda-powertools: JSON log lines and metrics in CloudWatch's embedded format.

Metrics are written to standard output and cost no API call. Dimensions are the service and the phase only:
every distinct set is billed as a metric of its own, so ids go to the log lines.
"""

from __future__ import annotations

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from knight_vision.domain.phase import Phase

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

    def measured(self, metric: str, value: float, unit: str, phase: Phase | None = None) -> None:
        """See ports.Observer."""
        with single_metric(name=metric, unit=MetricUnit(unit), value=value) as single:
            if phase is not None:
                single.add_dimension(name="phase", value=phase)
