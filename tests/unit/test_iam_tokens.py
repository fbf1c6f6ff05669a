"""IAM tokens are signed as AWS has published it, renewed in time, and asked for by settings that fit."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import time
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import yaml
from redis import AuthenticationError

from infra.local import cloudformation
from infra.local.cloudformation import CloudFormationLoader, Resolver, parameter_values
from infra.local.template import load_template
from knight_vision.adapters.redis_queue.iam import KEPT_S, ElastiCacheCredentials, elasticache_credentials
from knight_vision.errors import ConfigurationError
from tests.support.recording import ManualClock

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
REGION = "eu-central-1"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SESSION_TOKEN = "IQoJb3JpZ2luX2VjE+/token=="


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that Lambda gives a function."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", SESSION_TOKEN)
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5)
    monkeypatch.setenv(
        "AWS_CREDENTIAL_EXPIRATION", soon.isoformat()
    )  # botocore reads all of it anew each time


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def credentials(clock: ManualClock) -> ElastiCacheCredentials:
    return ElastiCacheCredentials(user="iam-user", cache_name="My-Cache", clock=lambda: clock.now_ms() / 1000)


def parameters_of(token: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(f"http://{token}").query, strict_parsing=True))


def signature_of(token: str, secret: str) -> str:
    """The signature that AWS computes, step by step as in "Create a signed AWS API request"."""
    parameters = parameters_of(token)
    del parameters["X-Amz-Signature"]
    query = "&".join(
        f"{quote(name, safe='')}={quote(parameters[name], safe='')}" for name in sorted(parameters)
    )
    host = token.partition("/")[0]
    request = "\n".join(["GET", "/", query, f"host:{host}", "", "host", hashlib.sha256(b"").hexdigest()])
    _access_key, *scope = parameters["X-Amz-Credential"].split("/")
    to_sign = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            parameters["X-Amz-Date"],
            "/".join(scope),
            hashlib.sha256(request.encode()).hexdigest(),
        ]
    )
    key = f"AWS4{secret}".encode()
    for part in (*scope, to_sign):
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


def test_the_signature_is_aws_own(credentials: ElastiCacheCredentials) -> None:
    user, token = credentials.get_credentials()
    assert user == "iam-user"
    assert parameters_of(token)["X-Amz-Signature"] == signature_of(token, SECRET)
    assert parameters_of(token)["X-Amz-Signature"] != signature_of(token, SECRET + "x")


def test_the_token_asks_to_connect_to_a_serverless_cache(credentials: ElastiCacheCredentials) -> None:
    _, token = credentials.get_credentials()
    assert token.startswith("my-cache/?Action=connect&")
    parameters = parameters_of(token)
    signed_at = time.strptime(parameters.pop("X-Amz-Date"), "%Y%m%dT%H%M%SZ")
    assert abs(time.mktime(signed_at) - time.mktime(time.gmtime())) < 60
    assert len(parameters.pop("X-Amz-Signature")) == 64
    day = time.strftime("%Y%m%d", signed_at)
    assert parameters == {
        "Action": "connect",
        "User": "iam-user",
        "ResourceType": "ServerlessCache",
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"ASIAEXAMPLE1/{day}/{REGION}/elasticache/aws4_request",
        "X-Amz-Expires": "900",
        "X-Amz-Security-Token": SESSION_TOKEN,
        "X-Amz-SignedHeaders": "host",
    }


def test_long_lived_credentials_have_no_session(
    credentials: ElastiCacheCredentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    _, token = credentials.get_credentials()
    assert "X-Amz-Security-Token" not in parameters_of(token)
    assert parameters_of(token)["X-Amz-Signature"] == signature_of(token, SECRET)


def test_a_token_is_kept_for_minutes_and_then_made_anew(
    credentials: ElastiCacheCredentials, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = credentials.get_credentials()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE2")
    clock.sleep(KEPT_S - 1)
    assert credentials.get_credentials() == ("iam-user", first)
    clock.sleep(2)
    _, second = credentials.get_credentials()
    assert parameters_of(second)["X-Amz-Credential"].startswith("ASIAEXAMPLE2/")
    assert parameters_of(second)["X-Amz-Signature"] == signature_of(second, SECRET)
    assert int(parameters_of(first)["X-Amz-Expires"]) > 2 * KEPT_S


def test_without_aws_credentials_redis_is_not_reached(
    credentials: ElastiCacheCredentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(AuthenticationError, match="no AWS credentials"):
        credentials.get_credentials()


def test_without_a_region_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(ConfigurationError, match="AWS_DEFAULT_REGION"):
        ElastiCacheCredentials(user="iam-user", cache_name="my-cache")


@pytest.mark.parametrize(
    ("url", "user", "cache_name", "said"),
    [
        ("redis://host:6379", "iam-user", "my-cache", ["must begin with rediss://"]),
        ("rediss://host:6379", "", "my-cache", ["needs REDIS_USER"]),
        ("rediss://host:6379", "iam-user", "", ["needs REDIS_CACHE_NAME"]),
        ("rediss://me:secret@host:6379", "iam-user", "my-cache", ["must not have a user or password"]),
        ("redis://:secret@host", "", "my-cache", ["rediss://", "REDIS_USER", "must not have"]),
    ],
)
def test_what_does_not_fit_is_named(url: str, user: str, cache_name: str, said: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        elasticache_credentials(url, user=user, cache_name=cache_name)
    assert all(words in str(caught.value) for words in said)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("cache_name", ["", "my-cache"])
def test_a_stack_may_connect_to_the_cache_that_it_names_and_to_no_other(cache_name: str) -> None:
    given = {"RedisCacheName": cache_name, "RedisUser": cache_name and "iam-user"}
    given |= {"SupabaseUrl": "https://abc.example.org", "SupabasePublishableKey": "sb_publishable_x"}
    raw = yaml.load(TEMPLATE.read_text(), CloudFormationLoader)  # a SafeLoader
    resolver = Resolver(raw, parameter_values(raw["Parameters"], given))
    policy = raw["Resources"]["SignInToRedisPolicy"]
    assert resolver.holds(policy["Condition"]) == bool(cache_name)
    for role in ("ApiRole", "PhaseRole", "SweeperRole"):
        rights = resolver.resolve(raw["Resources"][role]["Properties"]["ManagedPolicyArns"])
        assert ("SignInToRedisPolicy" in rights) == bool(cache_name)
    [statement] = resolver.resolve(policy["Properties"])["PolicyDocument"]["Statement"]
    if cache_name:
        account = f"arn:aws:elasticache:{cloudformation.REGION}:{cloudformation.ACCOUNT_ID}"
        assert statement == {
            "Effect": "Allow",
            "Action": "elasticache:Connect",
            "Resource": [f"{account}:serverlesscache:my-cache", f"{account}:user:iam-user"],
        }
    for function in load_template(TEMPLATE, given).functions.values():
        assert function.environment["REDIS_CACHE_NAME"] == cache_name
        assert function.environment["REDIS_USER"] == given["RedisUser"]
