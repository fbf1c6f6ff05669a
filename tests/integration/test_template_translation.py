"""What SAM makes of template.yaml, by the translator of its CLI: nothing of ours gets lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.sam_translation import translated

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    """Those of template.yaml."""
    return dict(translated((ROOT / "template.yaml").read_text())["Resources"])


def of_type(resources: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: entry["Properties"] for name, entry in resources.items() if entry["Type"] == kind}


def test_browsers_are_let_in_as_written(resources: dict[str, Any]) -> None:
    """A list parameter for the origins, or Split, came out as text or replaced all of CORS."""
    [api] = of_type(resources, "AWS::ApiGatewayV2::Api").values()
    cors = api["Body"]["x-amazon-apigateway-cors"]
    assert cors["allowOrigins"] == ["*"]
    assert {"Authorization", "If-None-Match"} <= set(cors["allowHeaders"])
    assert "ETag" in cors["exposeHeaders"]
    assert list(api["Body"]["paths"]) == ["$default"]


def test_every_caller_may_call_its_function(resources: dict[str, Any]) -> None:
    permitted = {
        (entry["FunctionName"]["Ref"], entry["SourceArn"]["Fn::GetAtt"][0])
        for entry in of_type(resources, "AWS::Lambda::Permission").values()
        if entry["Principal"] == "events.amazonaws.com"
    }
    rules = of_type(resources, "AWS::Events::Rule")
    called = {
        (target["Arn"]["Fn::GetAtt"][0], name) for name, rule in rules.items() for target in rule["Targets"]
    }
    assert len(called) == 3
    assert called == permitted


def test_the_schedule_gets_a_name_of_its_stack(resources: dict[str, Any]) -> None:
    """SAM's default name is the same in every stack of an account, so that a second one failed."""
    [schedule] = of_type(resources, "AWS::Scheduler::Schedule").values()
    assert "Name" not in schedule


def test_no_role_may_more_than_the_template_says(resources: dict[str, Any]) -> None:
    """SAM adds rights over all log groups to roles that it makes for functions."""
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        managed = json.dumps(role.get("ManagedPolicyArns", []))
        assert "AWSLambdaBasicExecutionRole" not in managed, name
        assert "AWSXRay" not in managed, name


def test_lambda_repeats_no_failed_call(resources: dict[str, Any]) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")
    configured = {
        entry["FunctionName"]["Ref"]: entry
        for entry in of_type(resources, "AWS::Lambda::EventInvokeConfig").values()
    }
    assert functions.keys() - configured.keys() == {"ApiFunction"}
    for name, entry in configured.items():
        assert entry["MaximumRetryAttempts"] == 0, name
        assert entry["Qualifier"] == "$LATEST", "the rules call no alias"


def test_the_api_runs_by_an_alias_whose_versions_start_from_snapshots(resources: dict[str, Any]) -> None:
    [alias] = of_type(resources, "AWS::Lambda::Alias").values()
    [(version_name, version)] = of_type(resources, "AWS::Lambda::Version").items()
    assert alias["FunctionName"] == version["FunctionName"] == {"Ref": "ApiFunction"}
    assert alias["FunctionVersion"] == {"Fn::GetAtt": [version_name, "Version"]}
    kept = resources[version_name]["DeletionPolicy"]
    assert kept == "Delete", "an old version's snapshot costs for as long as it exists"
    api = resources["ApiFunction"]["Properties"]
    assert api["SnapStart"]["Fn::If"][:2] == ["HasSnapStart", {"ApplyOn": "PublishedVersions"}]
    [http] = of_type(resources, "AWS::ApiGatewayV2::Api").values()
    integration = http["Body"]["paths"]["$default"]["x-amazon-apigateway-any-method"]
    called = integration["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
    assert "${ApiFunctionAliaslive}" in called


def test_the_alias_moves_slowly_while_the_alarms_are_silent(resources: dict[str, Any]) -> None:
    alias = resources["ApiFunctionAliaslive"]
    [(group_name, group)] = of_type(resources, "AWS::CodeDeploy::DeploymentGroup").items()
    update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert update["DeploymentGroupName"] == {"Ref": group_name}
    assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    assert set(group["AutoRollbackConfiguration"]["Events"]) >= {
        "DEPLOYMENT_FAILURE",
        "DEPLOYMENT_STOP_ON_ALARM",
    }
    condition, watched, unwatched = group["AlarmConfiguration"]["Fn::If"]
    assert (condition, unwatched) == ("ShiftsTraffic", {})
    named = {one["Name"]["Ref"] for one in watched["Alarms"]}
    alarms = {name for name, entry in resources.items() if entry["Type"] == "AWS::CloudWatch::Alarm"}
    assert named == alarms


def test_a_change_of_anything_makes_a_new_version() -> None:
    """Else the alias would go on running the old layers: a layer alone changes nothing of the code."""
    template = (ROOT / "template.yaml").read_text()
    versions = {logical_version_id(template)}
    for old, new in (
        ("MemorySize: 1024", "MemorySize: 1025"),
        ("POWERTOOLS_METRICS_NAMESPACE: KnightVision", "POWERTOOLS_METRICS_NAMESPACE: Other"),
        ("Layers: [!Ref DependenciesLayer]", "Layers: [!Ref StockfishLayer]"),
    ):
        assert old in template
        versions.add(logical_version_id(template.replace(old, new)))
    assert len(versions) == 4


def logical_version_id(template: str) -> str:
    """The name that SAM gives the API's version: another name, another version."""
    return next(iter(of_type(translated(template)["Resources"], "AWS::Lambda::Version")))
