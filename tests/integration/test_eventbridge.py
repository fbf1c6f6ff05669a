"""The event bus adapter against moto's EventBridge: what is sent is what the rules look for."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from knight_vision.adapters.eventbridge import EventBridgeBus
from knight_vision.domain.phase import Phase
from knight_vision.errors import EventBusUnavailableError

REGION = "eu-central-1"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


def received(sqs: Any, queue_url: str) -> list[dict[str, Any]]:
    answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


@pytest.mark.usefixtures("aws")
def test_each_call_reaches_the_rule_of_its_phase_and_no_other() -> None:
    events, sqs = boto3.client("events"), boto3.client("sqs")
    events.create_event_bus(Name="bus")
    queues = {}
    for phase in Phase:
        queues[phase] = sqs.create_queue(QueueName=f"tap-{phase}")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queues[phase], AttributeNames=["QueueArn"])
        pattern = {"source": ["knight-vision"], "detail-type": ["PhaseReady"], "detail": {"phase": [phase]}}
        events.put_rule(Name=phase, EventBusName="bus", EventPattern=json.dumps(pattern))
        target = {"Id": "tap", "Arn": arn["Attributes"]["QueueArn"]}
        events.put_targets(Rule=phase, EventBusName="bus", Targets=[target])
    bus = EventBridgeBus("bus")
    bus.ping()
    bus.phase_ready(Phase.INITIAL)
    bus.phase_ready(Phase.COMPLETE, calls=3)
    assert [event["detail"] for event in received(sqs, queues[Phase.INITIAL])] == [{"phase": "initial"}]
    assert received(sqs, queues[Phase.INTERMEDIATE]) == []
    assert len(received(sqs, queues[Phase.COMPLETE])) == 3


def test_more_calls_than_one_request_takes_are_split() -> None:
    class Events:
        def __init__(self) -> None:
            self.sizes: list[int] = []

        def put_events(self, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
            self.sizes.append(len(Entries))
            return {"FailedEntryCount": 0}

    client = Events()
    EventBridgeBus("bus", client).phase_ready(Phase.COMPLETE, calls=23)
    assert client.sizes == [10, 10, 3]


def test_a_refused_entry_is_an_error() -> None:
    class Events:
        def put_events(self, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}

    with pytest.raises(EventBusUnavailableError, match="InternalFailure"):
        EventBridgeBus("bus", Events()).phase_ready(Phase.INITIAL)


@pytest.mark.usefixtures("aws")
def test_a_bus_that_is_not_there_is_reported() -> None:
    with pytest.raises(EventBusUnavailableError):
        EventBridgeBus("nowhere").ping()


def test_an_unreachable_bus_is_reported_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(EventBusUnavailableError):
        EventBridgeBus("bus").phase_ready(Phase.INITIAL)
