"""The local EventBridge: the template's rules call the template's functions, and nothing else does."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest

from infra.local.event_bus import EventBusServer, sample_event
from tests.support.small_functions import small_template
from tests.support.wait import wait_until

Calls = SimpleQueue[tuple[str, dict[str, Any], float]]


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EventBusServer, Calls]]:
    """A bus with the small template, and what it called."""
    folder = tmp_path_factory.mktemp("bus")
    server = EventBusServer(small_template(folder), {"/a/secret": "s3cret"}, folder / "moto.log")
    calls: Calls = SimpleQueue()
    try:
        server.start()
        server.listen(lambda name, event: calls.put((name, json.loads(event), time.monotonic())))
        yield server, calls
    finally:
        server.stop()


def put(server: EventBusServer, source: str, colour: str, bus: str = "small") -> None:
    answer = server.events.put_events(
        Entries=[
            {
                "Source": source,
                "DetailType": "Colour",
                "Detail": json.dumps({"colour": colour}),
                "EventBusName": bus,
            }
        ]
    )
    assert answer["FailedEntryCount"] == 0


def test_only_what_a_rule_matches_calls_its_function(bus: tuple[EventBusServer, Calls]) -> None:
    server, calls = bus
    put(server, "test", "green")
    put(server, "other", "red")
    put(server, "test", "red", bus="default")
    put(server, "test", "red")
    name, event, _ = calls.get(timeout=10)
    assert name == "WorkFunction"
    assert (event["source"], event["detail-type"], event["detail"]) == ("test", "Colour", {"colour": "red"})
    assert calls.empty()


def test_an_event_reaches_its_function_at_once(bus: tuple[EventBusServer, Calls]) -> None:
    server, calls = bus
    latencies_ms = []
    for _ in range(20):
        sent_at = time.monotonic()
        put(server, "test", "red")
        latencies_ms.append((calls.get(timeout=10)[2] - sent_at) * 1000)
    # 7 ms on an idle machine; polling every second, as some emulators do, would be far beyond this.
    assert sorted(latencies_ms)[10] < 100


def test_secrets_and_failure_queues_of_the_template_are_there(bus: tuple[EventBusServer, Calls]) -> None:
    server, _ = bus
    parameter = server.ssm.get_parameter(Name="/a/secret", WithDecryption=True)["Parameter"]
    assert (parameter["Type"], parameter["Value"]) == ("SecureString", "s3cret")
    server.send("arn:aws:sqs:us-east-1:123456789012:FailedQueue", "lost")
    [message] = server.sqs.receive_message(QueueUrl=server.queue_url("FailedQueue"))["Messages"]
    assert message["Body"] == "lost"


def test_calls_go_on_after_the_bus_was_lost(bus: tuple[EventBusServer, Calls]) -> None:
    server, calls = bus
    server.kill()
    server.start()
    put(server, "test", "red")
    wait_until(lambda: not calls.empty(), description="the event after the restart calls the function")
    assert calls.get()[0] == "WorkFunction"


def test_a_sample_event_matches_its_rule(bus: tuple[EventBusServer, Calls]) -> None:
    server, calls = bus
    for rule, function in server.rules():
        event = sample_event(rule)
        put(server, event["source"], event["detail"]["colour"], rule.bus)
        assert calls.get(timeout=10)[0] == function
