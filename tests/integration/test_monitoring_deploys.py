"""The nested stacks are what AWS' control plane takes: CloudFormation and CloudWatch as moto plays them.

moto's CloudFormation makes topics and dashboards. The rest it leaves out, so that goes to its own service;
boto3 checks each parameter on the way. What an alarm does is in tests/unit/monitoring.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.local.cloudformation import ACCOUNT_ID
from tests.support.monitoring import alarms, dashboards, nested_parameters, nested_resources

ROOT = Path(__file__).parents[2]
TEMPLATES = {"AlarmsStack": "infra/monitoring.yaml", "DashboardsStack": "infra/dashboards.yaml"}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


def deploy(stack: str) -> None:
    """Make a nested stack with what template.yaml hands to it."""
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(
        StackName=stack,
        TemplateBody=(ROOT / TEMPLATES[stack]).read_text(),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in nested_parameters(stack).items()
        ],
    )
    [made] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    assert made["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.usefixtures("aws")
def test_the_dashboards_deploy() -> None:
    deploy("DashboardsStack")
    cloudwatch = boto3.client("cloudwatch")
    made = {one["DashboardName"] for one in cloudwatch.list_dashboards()["DashboardEntries"]}
    assert made == dashboards().keys()
    for name in made:
        body = json.loads(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])
        assert len(body["widgets"]) == len(dashboards()[name]["widgets"])


@pytest.mark.usefixtures("aws")
@pytest.mark.filterwarnings("ignore:Tried to parse AWS")  # what moto leaves out
def test_the_topic_deploys_with_its_subscription_and_policy() -> None:
    deploy("AlarmsStack")
    sns = boto3.client("sns")
    [topic] = [one["TopicArn"] for one in sns.list_topics()["Topics"]]
    resources = nested_resources("AlarmsStack")
    sns.subscribe(**{**resources["AlarmSubscription"]["Properties"], "TopicArn": topic})
    subscribed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [(one["Protocol"], one["Endpoint"]) for one in subscribed] == [("email", "ops@example.org")]
    policy = resources["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]
    text = json.dumps(policy).replace("AlarmTopic", topic)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
    kept = json.loads(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])
    assert kept["Statement"][0]["Resource"] == topic


@pytest.mark.usefixtures("aws")
def test_the_budget_is_one() -> None:
    wanted = nested_resources("AlarmsStack")["MonthlyBudget"]["Properties"]
    budgets = boto3.client("budgets")
    given = {**wanted, "Budget": {"BudgetName": "named by CloudFormation", **wanted["Budget"]}}
    budgets.create_budget(AccountId=ACCOUNT_ID, **given)
    [made] = budgets.describe_budgets(AccountId=ACCOUNT_ID)["Budgets"]
    assert float(made["BudgetLimit"]["Amount"]) == 1000


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("name", alarms())
def test_cloudwatch_takes_the_alarm(name: str) -> None:
    cloudwatch = boto3.client("cloudwatch")
    alarm: dict[str, Any] = {**alarms()[name]}
    alarm["Threshold"] = float(alarm["Threshold"])
    cloudwatch.put_metric_alarm(**alarm)
    [made] = cloudwatch.describe_alarms(AlarmNames=[alarm["AlarmName"]])["MetricAlarms"]
    assert {key: made[key] for key in alarm if key != "Metrics"} == {
        key: value for key, value in alarm.items() if key != "Metrics"
    }
    assert {query["Id"] for query in made.get("Metrics", ())} == {
        query["Id"] for query in alarm.get("Metrics", ())
    }


def test_every_template_is_linted_and_scanned() -> None:
    for tool in ("cfnlintrc", "checkov"):
        text = (ROOT / f"infra/{tool}.yaml").read_text()
        for path in TEMPLATES.values():
            assert path in text, f"infra/{tool}.yaml"
