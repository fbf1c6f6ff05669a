"""Every right in template.yaml is used, and every call of AWS has its right: by what moto recorded.

A stack of this module's own, whose functions sign with their own names as key ids, plays all that calls AWS.
"""

from __future__ import annotations

import base64
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.granted import granted
from tests.support.stack import LocalStack
from tests.support.users import Api

GAME = """[White "A"]\n\n1. e4 e5 2. Bc4 Nc6 3. Qh5 Nf6 4. Qxf7# 1-0"""
PARAMETERS = {"IntermediateLimit": "nodes 500", "CompleteLimit": "nodes 1000"}
BY_LAMBDA = {"logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"}
"""What Lambda itself does in the role's name: logs, and the calls that failed. No code of ours does it."""
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request")
SERVICES = {"AmazonSSM": "ssm", "AWSEvents": "events"}


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, set[tuple[str, str]]]]:
    """By function: the actions it called, each with the name of what it was for."""
    recording = tmp_path_factory.mktemp("aws") / "requests"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_ENABLE_RECORDING", "True")
        patch.setenv("MOTO_RECORDER_FILEPATH", str(recording))
        with LocalStack(parameters=PARAMETERS) as stack, Api.of_new_user(stack) as api:
            assert api.get("/health/ready").status_code == 200
            game_id = api.submit(GAME)
            api.annotate(game_id)
            api.finished(game_id)
            make_the_sweeper_call(stack, api)
        yield recorded(recording)


def make_the_sweeper_call(stack: LocalStack, api: Api) -> None:
    """Lose a call, which the sweeper makes good."""
    lost = api.submit(GAME.replace("A", "C"))
    with stack.without_schedules():
        stack.wait_until_idle()
        with stack.without_events():
            api.annotate(lost)
        stack.sweep_until_woken()
        api.finished(lost)


def recorded(recording: Path) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for line in recording.read_text().splitlines():
        request = json.loads(line)
        headers = {name.lower(): value for name, value in request["headers"].items()}
        signed = CREDENTIAL.search(headers.get("authorization", ""))
        if signed and signed[1] != "local":  # the stack itself
            api, _, operation = headers["x-amz-target"].partition(".")
            text = request["body"]
            body = json.loads(base64.b64decode(text) if request["body_encoded"] else text)
            for name in named_in(body):
                found[signed[1]].add((f"{SERVICES.get(api, api)}:{operation}", name))
    return found


def named_in(body: dict[str, object]) -> set[str]:
    """What a call is for: a parameter, or a bus."""
    entries = body.get("Entries")
    if isinstance(entries, list):
        return {str(entry["EventBusName"]) for entry in entries}
    names = body.get("Names")
    return {str(name) for name in names} if isinstance(names, list) else {str(body["Name"])}


def test_every_call_has_a_right_and_every_right_is_used(calls: dict[str, set[tuple[str, str]]]) -> None:
    needed = {"SupabaseUrl": "https://x.example.org", "SupabasePublishableKey": "x"}
    jwt = "/knight-vision/supabase-jwt-secret"
    rights = granted({**needed, **PARAMETERS, "SupabaseJwtSecretParameter": jwt})
    assert {name for names in rights for name in names} == calls.keys()
    for functions, allowed in rights.items():
        called = set().union(*(calls[name] for name in functions))
        ours = {(action, resource) for action, resource in allowed if action not in BY_LAMBDA}
        unused = {one for one in ours if not any(covers(one, call) for call in called)}
        missing = {call for call in called if not any(covers(one, call) for one in ours)}
        assert (unused, missing) == (set(), set()), functions


def covers(right: tuple[str, str], call: tuple[str, str]) -> bool:
    """Whether a right is for a call; a resource is an ARN, or the local stack's name for one."""
    (action, resource), (called, name) = right, call
    return action == called and (resource.endswith(f":parameter{name}") or resource.split(".")[0] == name)
