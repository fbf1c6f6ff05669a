"""template.yaml says what the code and the queue rely on. Needs nothing but the files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.local.cloudformation import CloudFormationLoader
from infra.local.template import Function, load_template
from knight_vision.adapters.eventbridge import DETAIL_TYPE, SOURCE
from knight_vision.config import SECRETS, Settings
from knight_vision.domain.phase import Phase

ROOT = Path(__file__).parents[2]
RAW: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), CloudFormationLoader)  # a SafeLoader
RESOURCES: dict[str, Any] = RAW["Resources"]
TEMPLATE = load_template(
    ROOT / "template.yaml",
    {"SupabaseUrl": "https://abc.example.org", "SupabasePublishableKey": "sb_publishable_x"},
)
FUNCTIONS = list(TEMPLATE.functions.values())
PHASE_FUNCTIONS = {Phase(function.environment["PHASE"]): function for function in FUNCTIONS if function.rules}

LEFT_TO_THEIR_DEFAULTS = {
    "STOCKFISH_PATH",  # where the layer puts it
    "ENGINE_HASH_MB",
    "POSITIONS_PER_SEGMENT",
    "POSITIONS_PER_INITIAL_SEGMENT",
    "MAX_ATTEMPTS",
    "LEASE_MARGIN_MS",
    "PRIORITY_BOOST_MS",
    "FAIR_SHARE_MS",
    "DEGRADE_FLOOR_PERCENT",
    "REDO_DEGRADED_LIMIT",
    "MAX_BODY_BYTES",
    "MAX_GAME_CHARACTERS",
    "USER_REQUESTS_BURST",
    "ADDRESS_REQUESTS_BURST",
    "IDEMPOTENCY_TTL_S",
    "IDEMPOTENCY_ANSWER_BYTES",
    "MAX_GAMES_PER_REQUEST",
    "MAX_PLIES",
    "WAIT_FOR_ANALYSIS_S",
    "REBUILD_AFTER_MS",
}
"""Settings that a deployment changes in template.yaml when it must; docs/configuration.md has them all."""

SLOW_NODES_PER_S = 250_000
"""A quarter of what the layer's engine did on the one processor it was measured on (1,070,000)."""

API_GATEWAY_LIMIT_S = 30


def settings(function: Function) -> Settings:
    """The settings as the function's own code reads them."""
    return Settings.from_env(
        function.environment, lambda names: {name: f"secret at {name}" for name in names}
    )


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: entry["Properties"] for name, entry in RESOURCES.items() if entry["Type"] == kind}


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every policy statement that allows something, with the resource that it is written in."""
    for name, resource in RESOURCES.items():
        pending = [resource["Properties"]]
        while pending:
            node = pending.pop()
            if isinstance(node, dict):
                if "Effect" in node and "Action" in node:
                    yield name, node
                pending += node.values()
            elif isinstance(node, list):
                pending += node


def test_a_page_of_another_origin_may_send_and_read_all_that_the_api_documents() -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    cors = TEMPLATE.cors
    assert list(cors["AllowOrigins"]) == ["*"]
    used = {method.upper() for path in document["paths"].values() for method in path}
    assert used == set(cors["AllowMethods"])
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    named = [one for operation in operations for one in operation["parameters"]]
    shared = document["components"]["parameters"]
    sent = [shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in named]
    may_send = {name.lower() for name in cors["AllowHeaders"]}
    assert may_send >= {one["name"].lower() for one in sent if one["in"] == "header"}
    assert may_send >= {"authorization", "content-type", "accept"}
    answered = {
        name
        for operation in operations
        for answer in operation["responses"].values()
        for name in answer.get("headers", {})
    }
    readable_anyway = {"Cache-Control", "Vary"}
    assert answered - readable_anyway <= set(cors["ExposeHeaders"])


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_handler_is_in_the_code(function: Function) -> None:
    module, _, name = function.handler.rpartition(".")
    source = ROOT / "functions" / f"{module.replace('.', '/')}.py"
    assert f"\ndef {name}(" in source.read_text()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_code_accepts_the_settings_of_every_function(function: Function) -> None:
    read = settings(function)
    assert read.supabase_secret_key == "secret at /knight-vision/supabase-secret-key"
    assert read.redis_url == "secret at /knight-vision/redis-url"
    assert read.event_bus_name in TEMPLATE.buses


def test_every_setting_is_set_or_left_to_its_default_on_purpose() -> None:
    variables = set().union(*(function.environment for function in FUNCTIONS))
    given = {name.removesuffix("_PARAMETER") for name in variables if not name.startswith("POWERTOOLS_")}
    known = {item.name.upper() for item in fields(Settings)}
    assert given <= known
    assert known - given == LEFT_TO_THEIR_DEFAULTS


def test_no_secret_is_in_an_environment() -> None:
    for function in FUNCTIONS:
        assert not set(SECRETS) & set(function.environment)


def test_each_phase_has_one_function_woken_by_its_own_event() -> None:
    assert set(PHASE_FUNCTIONS) == set(Phase)
    for phase, function in PHASE_FUNCTIONS.items():
        [rule] = function.rules
        assert rule.bus in TEMPLATE.buses
        assert rule.pattern == {
            "source": [SOURCE],
            "detail-type": [DETAIL_TYPE],
            "detail": {"phase": [phase.value]},
        }


@pytest.mark.parametrize("phase", Phase)
def test_a_phase_function_lives_long_enough_for_its_longest_segment(phase: Phase) -> None:
    function = PHASE_FUNCTIONS[phase]
    read = settings(function)
    nodes = read.limit_of(phase).nodes
    if nodes is not None:
        search_s = (read.positions_per_segment + 1) * nodes / SLOW_NODES_PER_S
        assert search_s <= function.timeout_s / 2, "a segment must fit even when half of the time is gone"


@pytest.mark.parametrize("phase", Phase)
def test_an_abandoned_segment_comes_back_within_minutes(phase: Phase) -> None:
    function = PHASE_FUNCTIONS[phase]
    lease_s = function.timeout_s + settings(function).lease_margin_ms / 1000
    assert function.timeout_s < lease_s <= 15 * 60


def test_a_waiting_request_is_answered_before_the_gateway_gives_up() -> None:
    [api] = [function for function in FUNCTIONS if function.serves_http]
    assert settings(api).wait_for_analysis_s + 2 < api.timeout_s < API_GATEWAY_LIMIT_S


def test_the_sweeper_ends_before_its_next_run() -> None:
    [sweeper] = [function for function in FUNCTIONS if function.schedules]
    [schedule] = sweeper.schedules
    assert sweeper.timeout_s < schedule.every_s


def test_what_fails_is_kept_and_lambda_repeats_nothing() -> None:
    for function in FUNCTIONS:
        if not function.serves_http:
            assert function.max_retries == 0, function.name
            assert function.on_failure_arn is not None, function.name
            assert function.on_failure_arn.endswith(tuple(TEMPLATE.queues)), function.name
    for name, entry in of_type("AWS::Serverless::Function").items():
        for event in entry["Events"].values():
            assert event["Type"] == "HttpApi" or "DeadLetterConfig" in event["Properties"], name


def test_only_phase_functions_carry_the_engine() -> None:
    carriers = {
        name
        for name, entry in of_type("AWS::Serverless::Function").items()
        if {"Ref": "StockfishLayer"} in entry.get("Layers", [])
    }
    assert carriers == {function.name for function in PHASE_FUNCTIONS.values()}
    assert RAW["Globals"]["Function"]["Layers"] == [{"Ref": "DependenciesLayer"}]


def test_old_layer_versions_are_deleted() -> None:
    for name, entry in of_type("AWS::Serverless::LayerVersion").items():
        assert entry["RetentionPolicy"] == "Delete", name


def test_all_logs_end() -> None:
    groups = of_type("AWS::Logs::LogGroup")
    for name, entry in groups.items():
        assert entry["RetentionInDays"] == {"Ref": "LogRetentionDays"}, name
    functions = of_type("AWS::Serverless::Function").values()
    used = [entry["LoggingConfig"]["LogGroup"]["Ref"] for entry in functions]
    assert len(used) == len(set(used)) == len(groups) - 1, "each function its own, and the access log"


PAGE_FILES = {"Fn::Sub": "${PageBucket.Arn}/*"}
"""Whatever lies in the page's own bucket: its files change with each build."""


def test_only_cloudfront_reads_the_page_and_only_where_it_is_wanted() -> None:
    page = {name: entry for name, entry in RESOURCES.items() if name.startswith("Page")}
    assert {entry["Condition"] for entry in page.values()} == {"HostsPage"}
    assert TEMPLATE.parameters["HostPage"] == "false"
    assert set(page["PageBucket"]["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    (statement,) = page["PageBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"]) == (
        {"Service": "cloudfront.amazonaws.com"},
        "s3:GetObject",
    )
    assert "AWS:SourceArn" in statement["Condition"]["StringEquals"]


def test_every_ceiling_is_a_parameter_that_suits_a_new_account() -> None:
    settings = of_type("AWS::Serverless::HttpApi")["HttpApi"]["DefaultRouteSettings"]
    assert settings == {
        "ThrottlingRateLimit": {"Ref": "ApiRatePerS"},
        "ThrottlingBurstLimit": {"Ref": "ApiBurst"},
    }
    for phase, function in PHASE_FUNCTIONS.items():
        entry = of_type("AWS::Serverless::Function")[function.name]
        assert entry["MemorySize"] == {"Ref": f"{phase.capitalize()}Memory"}
        assert entry["Timeout"] == {"Ref": f"{phase.capitalize()}Timeout"}
        reserved = entry["ReservedConcurrentExecutions"]
        concurrency = {"Ref": f"{phase.capitalize()}Concurrency"}
        assert reserved == {"Fn::If": ["ReservesConcurrency", concurrency, {"Ref": "AWS::NoValue"}]}
        assert function.reserved_concurrency is None, "a new account has none to reserve"


def test_every_parameter_is_shown_in_a_group_and_explained() -> None:
    groups = RAW["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    shown = [name for group in groups for name in group["Parameters"]]
    assert sorted(shown) == sorted(RAW["Parameters"])
    page = (ROOT / "docs" / "deploying.md").read_text()
    assert [name for name in RAW["Parameters"] if f"`{name}`" not in page] == []


def test_every_right_is_for_named_things_only() -> None:
    found = 0
    for name, statement in statements():
        if "Resource" not in statement:  # who may assume a role
            assert statement["Action"] == "sts:AssumeRole"
            continue
        found += 1
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            assert "*" not in action, f"{name}: {action}"
        if statement["Resource"] == PAGE_FILES:
            continue
        assert "*" not in str(statement["Resource"]), f"{name}: {statement['Resource']}"
        assert "NotResource" not in statement
    assert found >= 6


def test_nobody_gets_rights_by_sam() -> None:
    for name, entry in of_type("AWS::Serverless::Function").items():
        assert entry["Role"]["Fn::GetAtt"][0].removesuffix("Role") in name, "a role of its own kind"
        assert "Policies" not in entry


def test_two_stacks_can_live_in_one_account() -> None:
    fixed = {"FunctionName", "RoleName", "ManagedPolicyName", "QueueName", "LayerName", "PolicyName"}
    for name, resource in RESOURCES.items():
        assert not fixed & resource["Properties"].keys(), name
    for entry in of_type("AWS::Serverless::Function").values():
        for event in entry["Events"].values():
            assert event["Type"] != "ScheduleV2" or event["Properties"]["OmitName"] is True
