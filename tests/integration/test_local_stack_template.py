"""The local reading of template.yaml: nothing that it says is written a second time."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from infra.local.cloudformation import CloudFormationLoader, Resolver, TemplateError
from infra.local.template import Template, load_template, seconds_of_rate

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
NEEDED = {"SupabaseUrl": "http://127.0.0.1:1", "SupabasePublishableKey": "key"}
PHASES = ("initial", "intermediate", "complete")


def load(**parameters: str) -> Template:
    return load_template(TEMPLATE, {**NEEDED, **parameters})


def test_every_phase_is_called_by_its_own_rule() -> None:
    template = load()
    rules = {rule.name: rule for function in template.functions.values() for rule in function.rules}
    assert len(rules) == len(PHASES)
    for phase in PHASES:
        function = template.functions[f"{phase.capitalize()}PhaseFunction"]
        [rule] = function.rules
        assert rule.bus in template.buses
        assert rule.pattern["detail"] == {"phase": [phase]}
        assert function.environment["PHASE"] == phase
        assert function.max_retries == 0
        assert function.on_failure_arn is not None
        assert function.on_failure_arn.rpartition(":")[2] in template.queues


def test_one_function_serves_http_and_one_runs_every_minute() -> None:
    functions = load().functions.values()
    assert [function.name for function in functions if function.serves_http] == ["ApiFunction"]
    [sweeper] = [function for function in functions if function.schedules]
    assert sweeper.schedules[0].every_s == 60


def test_parameters_reach_the_environment() -> None:
    function = load(InitialLimit="nodes 5", PhaseFanout="3").functions["InitialPhaseFunction"]
    assert function.environment["INITIAL_LIMIT"] == "nodes 5"
    assert function.environment["PHASE_FANOUT"] == "3"
    assert function.environment["SUPABASE_URL"] == NEEDED["SupabaseUrl"]
    assert "MEMORY" not in json.dumps(dict(function.environment))
    assert function.code == TEMPLATE.parent / "functions"


def test_a_condition_decides_what_no_value_drops() -> None:
    assert load().functions["InitialPhaseFunction"].reserved_concurrency is None
    reserved = load(InitialConcurrency="4", ReserveConcurrency="true").functions["InitialPhaseFunction"]
    assert reserved.reserved_concurrency == 4


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Nonsense": "1"}, "no parameter Nonsense"),
        ({"RedisMode": "sentinel"}, "RedisMode must be one of cluster, single"),
        ({"InitialLimit": "time 5"}, "InitialLimit must match"),
        ({"PhaseFanout": "0"}, "PhaseFanout must be between"),
        ({"PhaseFanout": "many"}, "PhaseFanout must be a number"),
    ],
)
def test_a_parameter_that_cloudformation_refuses_is_refused(parameters: dict[str, str], message: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        load(**parameters)


def test_a_parameter_without_a_default_must_be_given() -> None:
    with pytest.raises(TemplateError, match="SupabaseUrl has no default"):
        load_template(TEMPLATE, {})


LANGUAGE = """
Conditions:
  IsBlue: !Equals [!Ref Colour, blue]
  IsRedOrBig: !Or [!Equals [!Ref Colour, red], !And [!Condition IsBlue, !Not [!Equals [!Ref Size, 1]]]]
Mappings: { Codes: { blue: { hex: 00f } } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "${Colour}-queue" } }
Values:
  Join: !Join ["-", [a, !Ref Colour, !Ref Size]]
  Sub: !Sub ["${Colour} ${own} ${!kept} ${Queue} ${Queue.Arn}", { own: !Ref Size }]
  Map: !FindInMap [Codes, !Ref Colour, hex]
  Select: !Select [1, [a, b]]
  If: !If [IsBlue, yes, no]
  Nested: !If [IsRedOrBig, { kept: 1, dropped: !Ref AWS::NoValue }, [none]]
  Full: { "Fn::GetAtt": [Queue, Arn] }
"""


def test_the_intrinsic_functions_mean_what_cloudformation_means() -> None:
    template = yaml.load(LANGUAGE, CloudFormationLoader)
    values = Resolver(template, {"Colour": "blue", "Size": "2"}).resolve(template["Values"])
    arn = "arn:aws:sqs:us-east-1:123456789012:blue-queue"
    assert values == {
        "Join": "a-blue-2",
        "Sub": f"blue 2 ${{kept}} blue-queue {arn}",
        "Map": "00f",
        "Select": "b",
        "If": True,  # YAML's own reading of yes
        "Nested": {"kept": 1},
        "Full": arn,
    }


@pytest.mark.parametrize(("node", "message"), [("!Ref Nothing", "Nothing"), ("!Cidr [a, 1, 2]", "Fn::Cidr")])
def test_what_cannot_be_resolved_is_named(node: str, message: str) -> None:
    template: dict[str, dict[str, object]] = {"Resources": {}}
    with pytest.raises(TemplateError, match=message):
        Resolver(template, {}).resolve(yaml.load(node, CloudFormationLoader))


def test_rates_are_read_and_anything_else_refused() -> None:
    assert [seconds_of_rate(f"rate({text})") for text in ("1 minute", "5 minutes", "1 day")] == [
        60,
        300,
        86400,
    ]
    for refused in ("cron(0 * * * ? *)", "rate(0 minutes)", "rate(10 seconds)"):
        with pytest.raises(TemplateError, match="rate"):
            seconds_of_rate(refused)
