"""EventBridge Scheduler in small: calls functions at the rates in the template."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from infra.local.template import ACCOUNT_ID, REGION, Schedule, Template

__all__ = ["Schedules", "scheduled_event"]


class Schedules:
    """The schedules of the template. Between `pause` and `resume` what falls due is left out."""

    def __init__(self, template: Template, call: Callable[[str, bytes], None]) -> None:
        self.template = template
        self.call = call
        self.paused = False

    async def run(self) -> None:
        """Call each scheduled function after every one of its intervals, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for function in self.template.functions.values():
                for schedule in function.schedules:
                    group.create_task(self.repeat(schedule, function.name))

    async def repeat(self, schedule: Schedule, function: str) -> None:
        """Call one function after every interval, until cancelled."""
        while True:
            await asyncio.sleep(schedule.every_s)
            if not self.paused:
                self.call(function, scheduled_event(schedule))

    def pause(self) -> None:
        """Call nothing from now on."""
        self.paused = True

    def resume(self) -> None:
        """Call again, at the next interval's end."""
        self.paused = False


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
