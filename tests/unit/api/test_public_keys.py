"""The project's public keys: fetched rarely, kept briefly, and no short outage is felt."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx
import jwt
import pytest

from api.public_keys import COOL_DOWN_S, KEYS_LIVE_S, RENEW_AFTER_S, PublicKeys, fetch_json
from knight_vision.adapters.supabase.client import raise_for_refusal
from knight_vision.errors import StoreUnavailableError
from tests.support.tokens import ES_KEY, KEYS_URL, RS_KEY, SECRET, KeyEndpoint, in_base64, public_jwk


@pytest.fixture
def endpoint() -> KeyEndpoint:
    return KeyEndpoint()


@pytest.fixture
def keys(endpoint: KeyEndpoint) -> PublicKeys:
    return PublicKeys(KEYS_URL, fetch=endpoint.fetch, monotonic_s=endpoint.monotonic_s)


def test_the_keys_are_fetched_once_for_all(keys: PublicKeys, endpoint: KeyEndpoint) -> None:
    assert endpoint.fetched == [], "not before a token needs them"
    assert keys.key("es").algorithm_name == "ES256"
    assert keys.key("rs").algorithm_name == "RS256"
    assert endpoint.fetched == [KEYS_URL]


# Kept briefly


def test_a_revoked_key_is_forgotten_within_ten_minutes(keys: PublicKeys, endpoint: KeyEndpoint) -> None:
    keys.key("es")
    endpoint.keys.clear()
    endpoint.now_s += KEYS_LIVE_S
    with pytest.raises(jwt.InvalidKeyError):
        keys.key("es")


def test_no_key_is_older_than_ten_minutes_even_when_there_are_no_others(
    keys: PublicKeys, endpoint: KeyEndpoint
) -> None:
    keys.key("es")
    endpoint.is_away = True
    endpoint.now_s += KEYS_LIVE_S
    assert keys.key("es"), "its last moment"
    endpoint.now_s += 0.1
    for _request in range(3):
        with pytest.raises(StoreUnavailableError):
            keys.key("es")
    assert len(endpoint.fetched) == 2


# Fetched rarely


def test_a_flood_of_unknown_keys_asks_once_in_each_cool_down(keys: PublicKeys, endpoint: KeyEndpoint) -> None:
    seconds = 120
    for second in range(seconds):
        endpoint.now_s = float(second)
        for number in range(20):
            with pytest.raises(jwt.InvalidKeyError):
                keys.key(f"unknown-{second}-{number}")
        assert keys.key("es"), "nobody else feels it"
    assert len(endpoint.fetched) <= seconds // COOL_DOWN_S
    assert len(endpoint.fetched) > 1


def test_a_flood_during_an_outage_asks_no_more_often(keys: PublicKeys, endpoint: KeyEndpoint) -> None:
    endpoint.is_away = True
    for second in range(120):
        endpoint.now_s = float(second)
        for name in ("es", "unknown"):
            with pytest.raises(StoreUnavailableError):
                keys.key(name)
    assert len(endpoint.fetched) == 4


def test_a_new_key_is_found_after_the_cool_down(keys: PublicKeys, endpoint: KeyEndpoint) -> None:
    keys.key("es")
    endpoint.keys.append(public_jwk(ES_KEY, "new", "ES256"))
    endpoint.now_s += COOL_DOWN_S
    with pytest.raises(jwt.InvalidKeyError):
        keys.key("new")
    endpoint.now_s += 0.1
    assert keys.key("new")
    assert len(endpoint.fetched) == 2


# Outages


def test_an_outage_of_five_minutes_is_not_felt(keys: PublicKeys, endpoint: KeyEndpoint) -> None:
    """Keys were once renewed only when they had ended: an outage of a second turned every user away."""
    keys.key("es")
    endpoint.is_away = True
    for second in range(RENEW_AFTER_S, KEYS_LIVE_S):
        endpoint.now_s = float(second)
        assert keys.key("es")
        assert keys.key("rs")
    assert len(endpoint.fetched) <= 1 + (KEYS_LIVE_S - RENEW_AFTER_S) / COOL_DOWN_S
    endpoint.is_away = False
    endpoint.now_s = KEYS_LIVE_S + COOL_DOWN_S
    assert keys.key("es"), "and over when it is over"


def test_keys_are_renewed_before_they_end(keys: PublicKeys, endpoint: KeyEndpoint) -> None:
    keys.key("es")
    endpoint.now_s = RENEW_AFTER_S + 1
    keys.key("es")
    assert len(endpoint.fetched) == 2
    endpoint.is_away = True
    endpoint.now_s += KEYS_LIVE_S
    assert keys.key("es"), "ten minutes from the renewal on"


def test_an_unknown_key_is_not_a_strangers_while_nobody_can_tell(
    keys: PublicKeys, endpoint: KeyEndpoint
) -> None:
    """It may be the project's newest: the answer is 503, also between two tries, and known keys go on."""
    keys.key("es")
    endpoint.is_away = True
    endpoint.now_s += COOL_DOWN_S + 1
    for _request in range(3):
        with pytest.raises(StoreUnavailableError):
            keys.key("new")
        assert keys.key("es")
    endpoint.is_away = False
    endpoint.now_s += COOL_DOWN_S + 1
    with pytest.raises(jwt.InvalidKeyError):
        keys.key("new")


def test_a_failed_first_fetch_is_tried_again(keys: PublicKeys, endpoint: KeyEndpoint) -> None:
    """A failed fetch once counted as one: for thirty seconds every valid token was answered 401."""
    endpoint.is_away = True
    for _request in range(3):
        with pytest.raises(StoreUnavailableError):
            keys.key("es")
    endpoint.is_away = False
    endpoint.now_s += COOL_DOWN_S + 1
    assert keys.key("es")


# What is published


@pytest.mark.parametrize(
    "odd",
    [
        "text",
        None,
        {},
        {"kid": "x", "alg": "ES256"},
        {**public_jwk(ES_KEY, "x", "ES256"), "x": "too short"},
        {**public_jwk(RS_KEY, "x", "RS256"), "alg": "ES256"},
        {**public_jwk(ES_KEY, "x", "ES256"), "use": "enc"},
        {**public_jwk(ES_KEY, "x", "ES256"), "alg": ["ES256"]},
        {"kid": "x", "kty": "OKP", "alg": "EdDSA", "crv": "Ed25519", "x": "AAAA"},
        {"kid": "x", "kty": "oct", "alg": "HS256", "k": in_base64(SECRET.encode())},
        {"kid": "x", "kty": "oct", "alg": "ES256", "k": in_base64(SECRET.encode())},
    ],
    # Not from the keys: they are drawn anew in each process, and processes share the tests between them.
    ids=[
        "text",
        "null",
        "nothing",
        "no kind",
        "no point",
        "RSA as ES256",
        "for encryption",
        "two algorithms",
        "Ed25519",
        "a secret",
        "a secret as ES256",
    ],
)
def test_a_key_of_no_use_spoils_no_other(keys: PublicKeys, endpoint: KeyEndpoint, odd: Any) -> None:
    endpoint.keys.insert(0, odd)
    assert keys.key("es")
    with pytest.raises(jwt.InvalidKeyError):
        keys.key("x")


@pytest.mark.parametrize("document", [{"message": "?"}, {"keys": None}, {"keys": {}}])
def test_an_answer_without_keys_is_an_outage(document: dict[str, Any]) -> None:
    with pytest.raises(StoreUnavailableError):
        PublicKeys(KEYS_URL, fetch=lambda url: document).key("es")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"Location": "https://evil.example"}),
        httpx.Response(403),
        httpx.Response(404),
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=7),
        httpx.Response(200, json=[[]]),
    ],
    ids=["sent elsewhere", "refused", "missing", "broken", "no JSON", "a number", "a list"],
)
def test_no_answer_of_supabase_makes_the_user_a_stranger(answer: httpx.Response) -> None:
    """The connection is the one that all calls to Supabase share: it has its own words for a refusal."""
    asked: list[str] = []

    def wire(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return answer

    hooks = {"response": [raise_for_refusal]}
    with httpx.Client(transport=httpx.MockTransport(wire), event_hooks=hooks) as http:
        keys = PublicKeys(KEYS_URL, fetch=partial(fetch_json, http))
        with pytest.raises(StoreUnavailableError):
            keys.key("es")
    assert asked == [KEYS_URL]
