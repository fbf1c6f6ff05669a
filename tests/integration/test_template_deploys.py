"""What SAM makes of template.yaml, deployed into CloudFormation as moto plays it, and walked from end to end.

moto makes most of it. What it can't (alias, API, schedule, and a reference to a bus) is looked at in
test_template_translation.py.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from knight_vision.domain.phase import Phase
from tests.support.sam_translation import translated

ROOT = Path(__file__).parents[2]
STACK = "kv"
PARAMETERS = {
    "SupabaseUrl": "https://abc.example.org",
    "SupabasePublishableKey": "sb_publishable_x",
    "Monitoring": "false",  # nested stacks: test_monitoring_deploys.py
    # All that is conditional: moto leaves a hole in a list where there should be nothing.
    "SecretsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k",
    "RedisCacheName": "cache",
    "RedisUser": "user",
    "SupabaseJwtSecretParameter": "/kv/jwt",
    "SubnetIds": "subnet-1",
    "SecurityGroupIds": "sg-1",
}


def deployable() -> str:
    """The translated template without what moto stumbles over."""
    whole = translated((ROOT / "template.yaml").read_text())
    whole.pop("Outputs")  # some are of resources that are not made
    whole["Resources"] = {
        name: entry
        for name, entry in whole["Resources"].items()
        if not (entry["Type"] == "AWS::Lambda::Permission" and "Aliaslive" in str(entry["Properties"]))
    }
    return json.dumps(whole).replace(json.dumps({"Ref": "EventBus"}), json.dumps(STACK))


def an_archive() -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("empty.py", "")
        return file.getvalue()


@pytest.fixture(scope="module")
def names() -> Iterator[dict[str, str]]:
    """Physical names by logical id, in an AWS of this module's own."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3 = boto3.client("s3")
        for bucket in ("bucket", "templates"):
            s3.create_bucket(Bucket=bucket)
        for key in ("code", "layer"):
            s3.put_object(Bucket="bucket", Key=key, Body=an_archive())
        s3.put_object(Bucket="templates", Key="template.json", Body=deployable().encode())
        cloudformation = boto3.client("cloudformation")
        cloudformation.create_stack(
            StackName=STACK,
            TemplateURL="https://templates.s3.amazonaws.com/template.json",  # too long to be sent along
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()
            ],
        )
        [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
        made = [one for page in pages for one in page["StackResourceSummaries"]]
        yield {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for one in made
            if one.get("LogicalResourceId") and one.get("PhysicalResourceId")
        }


def functions() -> dict[str, Any]:
    """All functions of the account by ARN."""
    return {one["FunctionArn"]: one for one in boto3.client("lambda").list_functions()["Functions"]}


pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS")  # what moto leaves out


@pytest.mark.parametrize("phase", Phase)
def test_each_rule_has_a_target_that_lets_it_in_and_a_place_for_what_fails(
    names: dict[str, str], phase: Phase
) -> None:
    events, lambdas = boto3.client("events"), boto3.client("lambda")
    rules = events.list_rules(EventBusName=STACK)["Rules"]
    [rule] = [one for one in rules if json.loads(one["EventPattern"])["detail"] == {"phase": [phase]}]
    [target] = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=STACK)["Targets"]
    function = functions()[target["Arn"]]
    assert function["Environment"]["Variables"]["PHASE"] == phase
    policy = json.loads(lambdas.get_policy(FunctionName=function["FunctionName"])["Policy"])
    [statement] = policy["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert (statement["Action"], statement["Resource"]) == ("lambda:InvokeFunction", target["Arn"])
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"] == rule["Arn"]
    queue_arn = target["DeadLetterConfig"]["Arn"]
    sqs = boto3.client("sqs")
    [url] = sqs.list_queues()["QueueUrls"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    assert attributes["QueueArn"] == queue_arn
    assert len(rules) == len(Phase)


def test_each_function_runs_as_a_role_that_lambda_may_take_on(names: dict[str, str]) -> None:
    iam = boto3.client("iam")
    roles = {one["Arn"]: one for one in iam.list_roles()["Roles"]}
    found = functions()
    assert len(found) == 5
    for function in found.values():
        [statement] = roles[function["Role"]]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert function["VpcConfig"]["SubnetIds"] == ["subnet-1"]


def test_each_function_logs_into_a_group_that_ends_and_may_write_there_alone(names: dict[str, str]) -> None:
    iam, logs = boto3.client("iam"), boto3.client("logs")
    groups = {one["logGroupName"]: one for one in logs.describe_log_groups()["logGroups"]}
    assert {group["retentionInDays"] for group in groups.values()} == {30}
    assert len(groups) == 6
    for role in ("ApiRole", "PhaseRole", "SweeperRole"):
        policy = iam.get_role_policy(RoleName=names[role], PolicyName="WriteLogs")["PolicyDocument"]
        [statement] = yaml.safe_load(str(policy))["Statement"]  # moto gives Python's own text of it
        assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
        for arn in statement["Resource"]:
            assert any(f":log-group:{name}" in arn for name in groups), arn


def test_the_functions_are_told_of_what_was_made(names: dict[str, str]) -> None:
    for function in functions().values():
        variables = function["Environment"]["Variables"]
        assert variables["EVENT_BUS_NAME"] == STACK
        assert variables["REDIS_PREFIX"] == STACK
        assert variables["POWERTOOLS_SERVICE_NAME"] == STACK
