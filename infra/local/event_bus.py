"""EventBridge, SQS and SSM from moto's server, set up from the template; what its rules match is handed on.

moto runs no functions. So each rule's target is a queue that a thread here empties by long polling, over HTTP
as any client would, and the function is called as EventBridge calls it: asynchronously, with the event.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.event_faults import EventFaults
from infra.local.process import HOST, free_port, kill_group, spawn, stop, wait_until_listening
from infra.local.template import ACCOUNT_ID, REGION, Rule, Template

__all__ = ["EventBusServer", "sample_event"]

log = logging.getLogger(__name__)
LONG_POLL_S = 20
RECONNECT_S = 0.2

Call = Callable[[str, bytes], None]
"""Calls a function (name) with an event; must return at once and may be called from any thread."""


class EventBusServer:
    """moto's server with the template's buses, rules and queues, and the secrets as SSM parameters."""

    def __init__(self, template: Template, secrets: Mapping[str, str], log_file: Path) -> None:
        """`secrets`: values of SSM parameters by name."""
        self.template = template
        self.secrets = secrets
        self.log_file = log_file
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.is_stopping = threading.Event()
        self.call: Call | None = None
        self.faults = EventFaults()
        config = Config(
            retries={"total_max_attempts": 1}, read_timeout=LONG_POLL_S + 10, max_pool_connections=20
        )
        session = boto3.Session("local", "local", region_name=REGION)
        # Made here, in one thread: making clients is not thread-safe, using them is.
        self.events, self.sqs, self.ssm = (
            session.client(service, endpoint_url=self.url, config=config)
            for service in ("events", "sqs", "ssm")
        )

    @property
    def url(self) -> str:
        """The endpoint of all its services: AWS_ENDPOINT_URL."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Return when everything is set up. A second start comes back with empty queues."""
        command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(self.port)]
        self.process = spawn(command, log=self.log_file, env=os.environ)
        wait_until_listening(self.port, self.process)
        for name, value in self.secrets.items():
            self.ssm.put_parameter(Name=name, Value=value, Type="SecureString")
        for name in self.template.buses:
            self.events.create_event_bus(Name=name)
        for name in self.template.queues:
            self.sqs.create_queue(QueueName=name)
        for rule, _ in self.rules():
            self.sqs.create_queue(QueueName=tap(rule))
            pattern = json.dumps(rule.pattern)
            self.events.put_rule(Name=rule.name, EventBusName=rule.bus, EventPattern=pattern)
            target = {"Id": "1", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{tap(rule)}"}
            self.events.put_targets(Rule=rule.name, EventBusName=rule.bus, Targets=[target])
        if self.is_stopping.is_set() and self.call is not None:
            self.is_stopping.clear()
            self.listen(self.call)

    def rules(self) -> list[tuple[Rule, str]]:
        """Every rule with the name of the function that it calls."""
        functions = self.template.functions.values()
        return [(rule, function.name) for function in functions for rule in function.rules]

    def listen(self, call: Call) -> None:
        """Call functions for what the rules match, until `stop` and again after the next `start`."""
        self.call = call
        for rule, function in self.rules():
            arguments = (tap(rule), function, call)
            threading.Thread(target=self.empty, args=arguments, name=tap(rule), daemon=True).start()

    def empty(self, queue: str, function: str, call: Call) -> None:
        """Hand on a queue's messages for ever."""
        url = self.queue_url(queue)
        while not self.is_stopping.is_set():
            try:
                answer = self.sqs.receive_message(
                    QueueUrl=url, WaitTimeSeconds=LONG_POLL_S, MaxNumberOfMessages=10
                )
                messages = answer.get("Messages", [])
                for message in messages:
                    self.hand_on(call, function, message["Body"].encode())
                if messages:
                    self.sqs.delete_message_batch(QueueUrl=url, Entries=receipts(messages))
            except (BotoCoreError, ClientError) as error:
                if not self.is_stopping.wait(RECONNECT_S):
                    log.warning("%s: no events: %s", queue, error)

    def hand_on(self, call: Call, function: str, event: bytes) -> None:
        """Call a function with an event, if and when `faults` lets it arrive."""
        for late_s in self.faults.arrivals():
            if late_s:
                arguments = (late_s, call, function, event)
                threading.Thread(target=self.call_later, args=arguments, daemon=True).start()
            else:
                call(function, event)

    def call_later(self, late_s: float, call: Call, function: str, event: bytes) -> None:
        """The same after a while, unless the bus is stopped before."""
        if not self.is_stopping.wait(late_s):
            call(function, event)

    def send(self, queue_arn: str, body: str) -> None:
        """Put a message into one of the template's queues."""
        self.sqs.send_message(QueueUrl=self.queue_url(queue_arn.rsplit(":", 1)[1]), MessageBody=body)

    def queue_url(self, name: str) -> str:
        """The URL of a queue, as moto makes them."""
        return f"{self.url}/{ACCOUNT_ID}/{name}"

    def stop(self) -> None:
        """End the server; one that does not run is fine."""
        self.is_stopping.set()
        if self.process is not None:
            stop(self.process, grace_s=0.5)

    def kill(self) -> None:
        """End the server at once, events in flight and all; `start` brings back an empty one."""
        if self.process is not None:
            kill_group(self.process)


def receipts(messages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, str]]:
    """What one call of DeleteMessageBatch wants to know of messages."""
    return [
        {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
        for number, message in enumerate(messages)
    ]


def tap(rule: Rule) -> str:
    """The name of the queue that stands between a rule and its function."""
    return f"{rule.name}Tap"


def sample_event(rule: Rule) -> dict[str, Any]:
    """The simplest event that a rule matches: a wake-up call of the function that it belongs to."""
    return {"version": "0", "id": f"warm-up-{rule.name}", "resources": [], **first_choices(rule.pattern)}


def first_choices(pattern: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: first_choices(value) if isinstance(value, dict) else value[0] for key, value in pattern.items()
    }
