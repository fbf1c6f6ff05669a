"""Handler of the scheduled function."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from knight_vision import bootstrap
from knight_vision.observability import logger


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Make good what was lost; see services/sweep.py."""
    swept = bootstrap.sweeper().sweep(lambda: context.get_remaining_time_in_millis() / 1000)
    logger.info("swept", extra={"event_id": event.get("id"), **asdict(swept)})
    return asdict(swept)
