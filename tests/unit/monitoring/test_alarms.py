"""Every alarm fires when it is to, clears when it is over, and keeps silent otherwise."""

from __future__ import annotations

import pytest

from tests.support.alarm_evaluator import State, replay
from tests.support.emitted_metrics import sent_metrics
from tests.support.incidents import INCIDENTS, Incident, series_of
from tests.support.monitoring import EVERYTHING, alarm_metrics, alarms, nested_resources

ALARMS = alarms()


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda incident: incident.name)
def test_an_incident_fires_its_alarms_alone_and_they_clear(incident: Incident) -> None:
    series, began_s, over_s = series_of(incident)
    fired = set()
    for name, alarm in ALARMS.items():
        states = replay(alarm, series, over_s)
        assert all(state is State.OK for second, state in states if second <= began_s), f"{name} before it"
        assert not states or states[-1][1] is State.OK, f"{name} does not clear"
        fired |= {name for _, state in states if state is State.ALARM}
    assert fired == incident.fires


def test_no_alarm_is_without_an_incident() -> None:
    assert frozenset().union(*(incident.fires for incident in INCIDENTS)) == ALARMS.keys()


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_what_it_means_and_where_to_read_on(name: str) -> None:
    alarm = ALARMS[name]
    text, _, anchor = alarm["AlarmDescription"].partition(" docs/operations.md#")
    assert text.endswith(".")
    assert alarm["AlarmName"] == f"knight-vision-{anchor}"
    assert alarm["AlarmActions"] == alarm["OKActions"] == ["AlarmTopic"]


def test_incidents_are_told_with_metrics_that_exist() -> None:
    known = {(one.name, one.dimensions) for one in sent_metrics()}
    for incident in INCIDENTS:
        for metric in series_of(incident)[0]:
            names = {name for name, _ in metric.dimensions} - {"service"}
            assert metric.namespace != "KnightVision" or (metric.name, frozenset(names)) in known, metric


def test_what_is_not_asked_for_is_left_out() -> None:
    def left(**parameters: str) -> set[str]:
        return ALARMS.keys() - alarms({**EVERYTHING, **parameters}).keys()

    assert left(RedisCacheName="") == {"CacheThrottledAlarm", "CacheFullAlarm"}
    assert left(RedisCacheName="", CacheName="other") == set()
    assert left(CacheLimitGb="0") == {"CacheFullAlarm"}
    assert left(MonthlyBudgetUsd="0") == {"SpendAlarm"}
    assert left(Monitoring="false") == ALARMS.keys()
    assert nested_resources("DashboardsStack", {"Monitoring": "false"}) == {}


def test_nobody_is_told_and_nothing_budgeted_unless_wanted() -> None:
    always = nested_resources("AlarmsStack", {})
    kinds = {resource["Type"] for resource in always.values()}
    assert kinds == {"AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::CloudWatch::Alarm"}
    wanted = nested_resources("AlarmsStack")
    assert wanted["AlarmSubscription"]["Properties"]["Endpoint"] == EVERYTHING["AlarmEmail"]
    budget = wanted["MonthlyBudget"]["Properties"]
    assert budget["Budget"]["BudgetLimit"] == {"Amount": EVERYTHING["MonthlyBudgetUsd"], "Unit": "USD"}
    told = {
        subscriber["Address"]
        for one in budget["NotificationsWithSubscribers"]
        for subscriber in one["Subscribers"]
    }
    assert told == {"AlarmTopic"}


def test_only_alarms_and_budgets_of_this_account_may_send() -> None:
    policy = nested_resources("AlarmsStack")["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]
    (statement,) = policy["Statement"]
    assert statement["Action"] == "sns:Publish"
    assert statement["Resource"] == "AlarmTopic"
    assert "aws:SourceAccount" in statement["Condition"]["StringEquals"]


def test_the_price_of_the_alarms_is_the_documented_one() -> None:
    def billed(**parameters: str) -> int:
        return sum(len(list(alarm_metrics(one))) for one in alarms(parameters).values())

    assert billed() == 15
    assert billed(**EVERYTHING) == 20
