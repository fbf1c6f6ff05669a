"""Handler of the three phase functions; PHASE in the environment says which one this is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from knight_vision import bootstrap
from knight_vision.errors import ConfigurationError
from knight_vision.observability import logger, timed


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Work through the phase's queue. The event only says that there is work; it carries none."""
    phase = bootstrap.settings().phase
    if phase is None:
        raise ConfigurationError("PHASE is missing: initial, intermediate or complete")
    with timed("handler"):
        run = bootstrap.phase_runner().run(phase, lambda: context.get_remaining_time_in_millis() / 1000)
    logger.info("phase_run", extra={"phase": phase, "event_id": event.get("id"), **asdict(run)})
    return asdict(run)
