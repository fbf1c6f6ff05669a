"""Requests are counted by user and by address; answers say what is left, refusals when to come back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.small_world import OTHER, USER
from tests.unit.api.conftest import SmallApi

SLOW = {
    "user_requests_per_s": 1,
    "user_requests_burst": 2,
    "address_requests_per_s": 1,
    "address_requests_burst": 4,
}


def slow(api: SmallApi, **changes: int) -> None:
    api.world.settings = replace(api.world.settings, **{**SLOW, **changes})  # type: ignore[arg-type]


def test_every_answer_says_the_limits_what_is_left_and_when_it_is_whole_again(api: SmallApi) -> None:
    slow(api)
    answer = api.ask("GET", "/v1/games", headers=api.sign_in())
    assert answer.headers["RateLimit-Policy"] == '"user";q=2;w=2, "address";q=4;w=4'
    assert answer.headers["RateLimit"] == '"user";r=1;t=1, "address";r=3;t=1'


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/games", 200),
        ("GET", "/v1/games/none", 404),
        ("GET", "/v1/nothing-here", 404),
        ("PUT", "/v1/games", 405),
        ("GET", "/v1/games?limit=x", 422),
        ("POST", "/v1/games", 422),
        ("GET", "/v1/operations/metrics", 403),
    ],
)
def test_errors_say_it_too(api: SmallApi, method: str, path: str, status: int) -> None:
    answer = api.ask(method, path, headers=api.sign_in())
    assert answer.status_code == status
    assert '"user"' in answer.headers["RateLimit"]
    assert '"address"' in answer.headers["RateLimit-Policy"]


def test_what_is_not_under_v1_is_not_counted(api: SmallApi) -> None:
    answer = api.ask("GET", "/health")
    assert "RateLimit" not in answer.headers
    assert api.gate.calls == []


def test_a_user_who_asks_too_fast_is_told_when_to_come_back(api: SmallApi) -> None:
    slow(api)
    headers = api.sign_in()
    answers = [api.ask("GET", "/v1/games", headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["RateLimit"].startswith('"user";r=0;t=2')
    assert refused.headers["X-Request-Id"] == refused.json()["request_id"]
    assert (refused.json()["code"], refused.json()["policy"]) == ("rate_limited", "user")
    assert api.ask("GET", "/v1/games", headers=api.sign_in(OTHER)).status_code == 200
    api.world.clock.sleep(1)
    assert api.ask("GET", "/v1/games", headers=api.sign_in(USER)).status_code == 200


def test_who_does_not_sign_in_is_counted_by_address(api: SmallApi) -> None:
    slow(api)
    for _ in range(4):
        assert api.ask("GET", "/v1/nothing-here").status_code == 404
    refused = api.ask("GET", "/v1/nothing-here")
    assert (refused.status_code, refused.json()["policy"]) == (429, "address")
    assert '"user"' not in refused.headers["RateLimit-Policy"]
    bad_token = {"Authorization": "Bearer x.y.z"}
    assert api.ask("GET", "/v1/games", headers=bad_token).status_code == 429


def test_a_forwarded_address_counts_for_nothing(api: SmallApi) -> None:
    slow(api)
    for number in range(5):
        answer = api.ask("GET", "/v1/none", headers={"X-Forwarded-For": f"198.51.100.{number}"})
    assert answer.status_code == 429
    assert api.ask("GET", "/v1/none", address="198.51.100.1").status_code == 404


def test_the_addresses_of_one_ipv6_network_count_together(api: SmallApi) -> None:
    slow(api)
    for number in range(4):
        assert api.ask("GET", "/v1/none", address=f"2001:db8:1:2:{number}::1").status_code == 404
    assert api.ask("GET", "/v1/none", address="2001:db8:1:2:ffff::2").status_code == 429
    assert api.ask("GET", "/v1/none", address="2001:db8:1:3::1").status_code == 404
    for _ in range(4):
        api.ask("GET", "/v1/none", address="::ffff:192.0.2.7")
    assert api.ask("GET", "/v1/none", address="192.0.2.7").status_code == 429


def test_a_rate_of_zero_is_no_limit(api: SmallApi) -> None:
    slow(api, user_requests_per_s=0, address_requests_per_s=0)
    for _ in range(10):
        answer = api.ask("GET", "/v1/games", headers=api.sign_in())
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


def test_while_redis_is_away_everybody_passes(api: SmallApi) -> None:
    slow(api)
    api.gate.is_away = True
    for _ in range(10):
        answer = api.ask("GET", "/v1/games", headers=api.sign_in())
    assert answer.status_code == 200
    assert "RateLimit-Policy" in answer.headers
    assert "RateLimit" not in answer.headers, "what is left is not known"


def test_a_request_is_counted_in_one_round_trip(api: SmallApi) -> None:
    api.ask("GET", "/v1/games", headers=api.sign_in())
    assert api.gate.calls == ["enter"]
