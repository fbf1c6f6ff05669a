"""The EventBus port on Amazon EventBridge."""

from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from knight_vision.domain.phase import Phase
from knight_vision.errors import EventBusUnavailableError

__all__ = ["EventBridgeBus"]

SOURCE = "knight-vision"
DETAIL_TYPE = "PhaseReady"
MOST_ENTRIES = 10
"""Entries in one PutEvents call, EventBridge's own limit."""


class EventBridgeBus:
    """Sends wake-up calls to the project's bus; the rules in template.yaml call the functions."""

    def __init__(self, bus_name: str, client: Any = None) -> None:
        """`client`: a boto3 `events` client, made when not given."""
        self._bus_name = bus_name
        self._client = client or boto3.client(
            "events",
            # A lost call costs at most a minute (the sweeper calls again): better late than slow.
            config=Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2}),
        )

    def phase_ready(self, phase: Phase, calls: int = 1) -> None:
        """See ports.EventBus."""
        entry = {
            "EventBusName": self._bus_name,
            "Source": SOURCE,
            "DetailType": DETAIL_TYPE,
            "Detail": json.dumps({"phase": phase}),
        }
        while calls > 0:
            entries = [entry] * min(calls, MOST_ENTRIES)
            calls -= len(entries)
            try:
                answer = self._client.put_events(Entries=entries)
            except (BotoCoreError, ClientError) as error:
                raise EventBusUnavailableError(f"EventBridge did not take the events: {error}") from error
            if answer["FailedEntryCount"]:
                raise EventBusUnavailableError(f"EventBridge refused events: {answer['Entries']}")

    def ping(self) -> None:
        """See ports.EventBus."""
        try:
            self._client.describe_event_bus(Name=self._bus_name)
        except (BotoCoreError, ClientError) as error:
            raise EventBusUnavailableError(f"The event bus does not answer: {error}") from error
