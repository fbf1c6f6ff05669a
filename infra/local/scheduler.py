"""EventBridge Scheduler in small: calls functions at the rates in the template."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from infra.local.template import ACCOUNT_ID, REGION, Schedule, Template

__all__ = ["run_schedules", "scheduled_event"]


async def run_schedules(template: Template, call: Callable[[str, bytes], None]) -> None:
    """Call each scheduled function after every one of its intervals, until cancelled."""
    async with asyncio.TaskGroup() as group:
        for function in template.functions.values():
            for schedule in function.schedules:
                group.create_task(run_schedule(schedule, function.name, call))


async def run_schedule(schedule: Schedule, function: str, call: Callable[[str, bytes], None]) -> None:
    while True:
        await asyncio.sleep(schedule.every_s)
        call(function, scheduled_event(schedule))


def scheduled_event(schedule: Schedule) -> bytes:
    """The event that a schedule without an input of its own sends."""
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT_ID,
        "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [f"arn:aws:scheduler:{REGION}:{ACCOUNT_ID}:schedule/default/{schedule.name}"],
        "detail": "{}",
    }
    return json.dumps(event).encode()
