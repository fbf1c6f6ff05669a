"""The Authorization header of a whole request: odd, doubled, in the wrong place, of absurd length."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from api import dependencies
from api.auth import TokenVerifier
from tests.support.small_world import USER
from tests.support.tokens import URL, KeyEndpoint, es_token

Headers = dict[str, str] | list[tuple[str, str]]
Submit = Callable[..., int]


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> KeyEndpoint:
    endpoint = KeyEndpoint()
    verifier = TokenVerifier(URL, fetch=endpoint.fetch)
    monkeypatch.setattr(dependencies, "token_verifier", cache(lambda: verifier))
    return endpoint


@pytest.fixture
def submit(api: Any, endpoint: KeyEndpoint) -> Submit:
    """The status of a submission of nothing, which 422 tells from one that nobody may make."""
    del api.app.dependency_overrides[dependencies.current_user]

    def submit(headers: Headers, path: str = "/v1/games") -> int:
        return int(api.ask("POST", path, headers=headers).status_code)

    return submit


def test_the_token_in_its_place_gets_in(submit: Submit) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        assert submit({"authorization": f"{scheme} {es_token(sub=USER)}"}) == 422


ODD = {
    "no header": "",
    "no scheme": "{token}",
    "another scheme": "Basic {token}",
    "no token": "Bearer",
    "a space for a token": "Bearer  ",
    "two tokens": "Bearer {token} {token}",
    "two headers, which API Gateway joins": "Bearer {token},Bearer {token}",
    "quoted": 'Bearer "{token}"',
    "named": "Bearer token={token}",
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_header_does_not(submit: Submit, kind: str) -> None:
    assert submit({"authorization": ODD[kind].format(token=es_token(sub=USER))}) == 401


def test_of_two_headers_the_second_does_not_count(submit: Submit) -> None:
    """On AWS both come as one, see above; elsewhere the first is taken, whatever it is."""
    good, bad = ("Authorization", f"Bearer {es_token(sub=USER)}"), ("Authorization", "Bearer x")
    assert submit([bad, good]) == 401


def test_a_token_in_the_wrong_place_does_not(submit: Submit, endpoint: KeyEndpoint) -> None:
    token = es_token(sub=USER)
    assert submit({}, f"/v1/games?access_token={token}&token={token}") == 401
    assert submit({"cookie": f"access_token={token}; sb-access-token={token}"}) == 401
    assert submit({"apikey": token, "x-authorization": f"Bearer {token}"}) == 401
    assert endpoint.fetched == []


def test_a_header_of_absurd_length_costs_nothing(submit: Submit, endpoint: KeyEndpoint) -> None:
    token = es_token(sub=USER, user_metadata={"padding": "x" * 1_000_000})
    assert submit({"authorization": f"Bearer {token}"}) == 401
    assert endpoint.fetched == []
