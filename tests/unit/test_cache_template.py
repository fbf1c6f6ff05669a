"""infra/cache.yaml: what each choice of Cache makes, and what the functions are told of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.config import Config

from infra.local.cloudformation import CloudFormationLoader, Resolver, parameter_values

ROOT = Path(__file__).parents[2]
MAIN: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), CloudFormationLoader)  # a SafeLoader
CACHE: dict[str, Any] = yaml.load((ROOT / "infra" / "cache.yaml").read_text(), CloudFormationLoader)
NEEDED = {"SupabaseUrl": "https://abc.example.org", "SupabasePublishableKey": "sb_publishable_x"}


def main_with(**parameters: str) -> Resolver:
    return Resolver(MAIN, parameter_values(MAIN["Parameters"], {**NEEDED, **parameters}))


def cache_with(connection: str, **parameters: str) -> Resolver:
    given = {
        "Name": "kv",
        "Connection": connection,
        "MaxStorageGb": "1",
        "MaxEcpuPerSecond": "1000",
        "SnapshotDays": "1",
        **parameters,
    }
    return Resolver(CACHE, parameter_values(CACHE["Parameters"], given))


def made(resolver: Resolver) -> dict[str, str]:
    """The resources that are made, by name: their types."""
    return {
        name: entry["Type"]
        for name, entry in resolver.resources.items()
        if resolver.holds(entry.get("Condition"))
    }


def functions(resolver: Resolver) -> dict[str, Any]:
    """What all functions have in common."""
    return dict(resolver.resolve(MAIN["Globals"]["Function"]))


def test_an_external_redis_makes_nothing_and_is_found_as_it_is_told() -> None:
    main = main_with(RedisUrlParameter="/mine/url", RedisMode="single")
    assert "CacheStack" not in made(main)
    shared = functions(main)
    variables = shared["Environment"]["Variables"]
    assert (variables["REDIS_URL_PARAMETER"], variables["REDIS_MODE"]) == ("/mine/url", "single")
    assert (variables["REDIS_CACHE_NAME"], variables["REDIS_USER"]) == ("", "")
    assert "AWS_USE_DUALSTACK_ENDPOINT" not in variables
    assert "VpcConfig" not in shared
    assert not main.holds("SignsInToRedis")


def test_subnets_of_ones_own_are_the_functions_without_any_cache_here() -> None:
    shared = functions(main_with(SubnetIds="subnet-1,subnet-2", SecurityGroupIds="sg-1"))
    assert shared["VpcConfig"] == {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}


@pytest.mark.parametrize("choice", ["public", "vpc"])
def test_a_cache_made_here_is_signed_in_to_with_iam(choice: str) -> None:
    main = main_with(Cache=choice)
    assert made(main)["CacheStack"] == "AWS::CloudFormation::Stack"
    variables = functions(main)["Environment"]["Variables"]
    assert variables["REDIS_MODE"] == "cluster"
    told = {"REDIS_URL_PARAMETER": "UrlParameter", "REDIS_CACHE_NAME": "Name", "REDIS_USER": "UserName"}
    for name, output in told.items():
        assert variables[name] == f"CacheStack.Outputs.{output}"
        assert output in CACHE["Outputs"]
    assert main.holds("SignsInToRedis")
    rights = main.resolve(MAIN["Resources"]["SignInToRedisPolicy"]["Properties"]["PolicyDocument"])
    [statement] = rights["Statement"]
    assert [one.rpartition(":")[2] for one in statement["Resource"]] == [
        "CacheStack.Outputs.Name",
        "CacheStack.Outputs.UserName",
    ]
    given = main.resolve(MAIN["Resources"]["CacheStack"]["Properties"])
    assert given["Parameters"].keys() == CACHE["Parameters"].keys()
    assert given["Parameters"]["Connection"] in CACHE["Parameters"]["Connection"]["AllowedValues"]
    assert given["Parameters"]["Name"] == variables["REDIS_PREFIX"], (
        "the user may touch keys of that name only"
    )
    assert (ROOT / given["TemplateURL"]) == ROOT / "infra" / "cache.yaml"


def test_the_public_cache_needs_no_network() -> None:
    main, cache = main_with(Cache="public"), cache_with("public")
    assert "VpcConfig" not in functions(main)
    assert set(made(cache).values()) == {
        "AWS::ElastiCache::ServerlessCache",
        "AWS::ElastiCache::User",
        "AWS::ElastiCache::UserGroup",
        "AWS::SSM::Parameter",
    }
    properties = cache.resolve(CACHE["Resources"]["Cache"]["Properties"])
    assert (properties["ConnectionType"], properties["MajorEngineVersion"]) == ("public", "9")
    assert not {"SubnetIds", "SecurityGroupIds"} & properties.keys()


def test_in_a_vpc_the_functions_reach_the_cache_and_the_world_without_a_nat() -> None:
    main, cache = main_with(Cache="vpc"), cache_with("vpc")
    assert functions(main)["VpcConfig"] == {
        "SubnetIds": ["CacheStack.Outputs.SubnetIds"],
        "SecurityGroupIds": ["CacheStack.Outputs.FunctionSecurityGroup"],
        "Ipv6AllowedForDualStack": True,
    }
    kinds = set(made(cache).values())
    assert "AWS::EC2::EgressOnlyInternetGateway" in kinds
    assert not {"AWS::EC2::NatGateway", "AWS::EC2::InternetGateway", "AWS::EC2::EIP"} & kinds
    properties = cache.resolve(CACHE["Resources"]["Cache"]["Properties"])
    assert properties["SubnetIds"] == ["SubnetA", "SubnetB"]
    assert properties["SecurityGroupIds"] == ["CacheSecurityGroup.GroupId"]
    subnets = [CACHE["Resources"][name]["Properties"] for name in ("SubnetA", "SubnetB")]
    assert len({str(subnet["AvailabilityZone"]) for subnet in subnets}) == 2
    assert all(subnet["AssignIpv6AddressOnCreation"] for subnet in subnets)
    assert not any(subnet.get("MapPublicIpOnLaunch") for subnet in subnets)
    for name, entry in made(cache).items():
        if entry == "AWS::EC2::SubnetRouteTableAssociation":
            assert CACHE["Resources"][name]["Properties"]["RouteTableId"] == {"Ref": "Routes"}
    assert CACHE["Resources"]["RouteOut"]["Properties"]["DestinationIpv6CidrBlock"] == "::/0"


def test_only_the_functions_may_begin_a_connection_and_only_to_what_they_need() -> None:
    groups = {
        name: entry["Properties"]
        for name, entry in CACHE["Resources"].items()
        if entry["Type"] == "AWS::EC2::SecurityGroup"
    }
    assert "SecurityGroupIngress" not in groups["FunctionSecurityGroup"]
    [way_in] = groups["CacheSecurityGroup"]["SecurityGroupIngress"]
    assert way_in["SourceSecurityGroupId"] == {"Fn::GetAtt": "FunctionSecurityGroup.GroupId"}
    ports = {
        (one["FromPort"], one["ToPort"]) for one in groups["FunctionSecurityGroup"]["SecurityGroupEgress"]
    }
    assert ports == {(443, 443), (6379, 6380)}


@pytest.mark.parametrize("service", ["ssm", "events", "sqs"])
def test_what_the_functions_ask_of_aws_has_an_address_of_ipv6(service: str) -> None:
    """By what botocore knows: AWS_USE_DUALSTACK_ENDPOINT makes it ask for this."""
    client = boto3.client(
        service,
        region_name="eu-central-1",
        config=Config(use_dualstack_endpoint=True),
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )
    assert client.meta.endpoint_url.endswith(".api.aws")


def test_the_cache_has_ceilings_and_snapshots_and_its_user_no_password() -> None:
    properties = cache_with("public", MaxStorageGb="3", MaxEcpuPerSecond="7000").resolve(
        CACHE["Resources"]["Cache"]["Properties"]
    )
    limits = properties["CacheUsageLimits"]
    assert limits == {"DataStorage": {"Maximum": "3", "Unit": "GB"}, "ECPUPerSecond": {"Maximum": "7000"}}
    assert (properties["SnapshotRetentionLimit"], properties["DailySnapshotTime"]) == ("1", "04:00")
    without = cache_with("public", SnapshotDays="0").resolve(CACHE["Resources"]["Cache"]["Properties"])
    assert "DailySnapshotTime" not in without
    user = CACHE["Resources"]["User"]["Properties"]
    assert user["AuthenticationMode"] == {"Type": "iam"}
    assert user["UserId"] == user["UserName"], "as IAM wants it"
    assert not {"Passwords", "NoPasswordRequired"} & user.keys()
    assert CACHE["Resources"]["UserGroup"]["Properties"]["UserIds"] == [{"Ref": "User"}], "and nobody else"
