"""Tokens: only what Supabase signed for this project and this audience gets in."""

import base64
import json
import time
import uuid
from functools import partial
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from api.auth import TokenVerifier, fetch_json
from knight_vision.adapters.supabase.client import raise_for_refusal
from knight_vision.errors import StoreUnavailableError, UnauthorizedError

URL = "https://project.example"
SECRET = "a-secret-that-is-long-enough-for-hs256-tokens"
ES_KEY = ec.generate_private_key(ec.SECP256R1())
RS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def claims(**changes: Any) -> dict[str, Any]:
    known = {
        "sub": str(uuid.uuid4()),
        "aud": "authenticated",
        "role": "authenticated",
        "iss": f"{URL}/auth/v1",
        "exp": int(time.time()) + 600,
    }
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def public_key(private: Any, algorithm: type, key_id: str, alg: str) -> dict[str, Any]:
    key: dict[str, Any] = json.loads(algorithm.to_jwk(private.public_key()))  # type: ignore[attr-defined]
    return {**key, "kid": key_id, "alg": alg}


class Keys:
    """The project's key endpoint."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.now_s = 0.0
        self.document = {
            "keys": [
                public_key(ES_KEY, jwt.algorithms.ECAlgorithm, "es", "ES256"),
                public_key(RS_KEY, jwt.algorithms.RSAAlgorithm, "rs", "RS256"),
            ]
        }

    def fetch(self, url: str) -> dict[str, Any]:
        self.fetched.append(url)
        return self.document


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def verifier(keys: Keys) -> TokenVerifier:
    return TokenVerifier(URL, fetch=keys.fetch, monotonic_s=lambda: keys.now_s)


def es_token(key_id: str = "es", **changes: Any) -> str:
    return jwt.encode(claims(**changes), ES_KEY, "ES256", headers={"kid": key_id})


def test_a_token_of_either_public_key_names_its_user(verifier: TokenVerifier, keys: Keys) -> None:
    user_id = str(uuid.uuid4())
    assert verifier.verify(es_token(sub=user_id)).id == user_id
    token = jwt.encode(claims(sub=user_id), RS_KEY, "RS256", headers={"kid": "rs"})
    assert verifier.verify(token).id == user_id
    assert keys.fetched == [f"{URL}/auth/v1/.well-known/jwks.json"]


def test_a_shared_secret_counts_only_where_it_is_configured(verifier: TokenVerifier, keys: Keys) -> None:
    token = jwt.encode(claims(iss=None), SECRET, "HS256")
    assert TokenVerifier(URL, SECRET, fetch=keys.fetch).verify(token).token == token
    with pytest.raises(UnauthorizedError):
        verifier.verify(token)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"aud": "other"},
        {"aud": None},
        {"iss": "https://evil.example/auth/v1"},
        {"iss": None},
        {"sub": None},
        {"sub": "not-a-uuid"},
        {"role": "anon"},
        {"role": "service_role"},
    ],
)
def test_a_token_with_wrong_claims_is_refused(verifier: TokenVerifier, changes: dict[str, Any]) -> None:
    with pytest.raises(UnauthorizedError):
        verifier.verify(es_token(**changes))


def test_a_token_signed_by_a_stranger_is_refused(verifier: TokenVerifier) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(UnauthorizedError):
        verifier.verify(jwt.encode(claims(), stranger, "ES256", headers={"kid": "es"}))


def test_the_sender_does_not_choose_the_algorithm(keys: Keys) -> None:
    """Algorithm confusion: an HS256 token signed with the public key, which everybody knows."""
    public = base64.b64encode(json.dumps(keys.document["keys"][0]).encode()).decode()
    token = jwt.encode(claims(), public, "HS256", headers={"kid": "es"})
    with pytest.raises(UnauthorizedError):
        TokenVerifier(URL, fetch=keys.fetch).verify(token)
    with pytest.raises(UnauthorizedError):
        TokenVerifier(URL, SECRET, fetch=keys.fetch).verify(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", jwt.encode({"sub": "x"}, "", "none")])
def test_what_is_no_signed_token_is_refused(verifier: TokenVerifier, token: str) -> None:
    with pytest.raises(UnauthorizedError):
        verifier.verify(token)


def test_a_flood_of_unknown_keys_does_not_flood_supabase(verifier: TokenVerifier, keys: Keys) -> None:
    for number in range(50):
        with pytest.raises(UnauthorizedError):
            verifier.verify(es_token(key_id=f"unknown-{number}"))
    assert len(keys.fetched) == 1


def test_a_new_key_is_found_after_the_cool_down(verifier: TokenVerifier, keys: Keys) -> None:
    verifier.verify(es_token())
    keys.document["keys"].append(public_key(ES_KEY, jwt.algorithms.ECAlgorithm, "new", "ES256"))
    with pytest.raises(UnauthorizedError):
        verifier.verify(es_token(key_id="new"))
    keys.now_s += 31
    assert verifier.verify(es_token(key_id="new"))


def test_a_revoked_key_is_forgotten_within_ten_minutes(verifier: TokenVerifier, keys: Keys) -> None:
    verifier.verify(es_token())
    keys.document["keys"].clear()
    keys.now_s += 601
    with pytest.raises(UnauthorizedError):
        verifier.verify(es_token())


def test_keys_that_cannot_be_had_are_not_the_users_fault() -> None:
    def away(url: str) -> dict[str, Any]:
        raise StoreUnavailableError("away")

    with pytest.raises(StoreUnavailableError):
        TokenVerifier(URL, fetch=away).verify(es_token())


def test_keys_that_cannot_be_had_for_a_moment_make_nobody_a_stranger(keys: Keys) -> None:
    """A failed fetch once counted as one: for thirty seconds every valid token was answered 401."""
    is_away = True

    def fetch(url: str) -> dict[str, Any]:
        if is_away:
            raise StoreUnavailableError("away")
        return keys.fetch(url)

    verifier = TokenVerifier(URL, fetch=fetch, monotonic_s=lambda: keys.now_s)
    for _request in range(3):
        with pytest.raises(StoreUnavailableError):
            verifier.verify(es_token())
    is_away = False
    keys.now_s += 31
    assert verifier.verify(es_token())
    keys.now_s += 601
    is_away = True
    for _request in range(2):
        with pytest.raises(StoreUnavailableError):
            verifier.verify(es_token())


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(403), httpx.Response(404), httpx.Response(500), httpx.Response(200, text="<html>")],
    ids=["refused", "missing", "broken", "no JSON"],
)
def test_no_answer_of_supabase_makes_the_user_a_stranger(answer: httpx.Response) -> None:
    """The connection is the one that all calls to Supabase share: it has its own words for a refusal."""
    transport, hooks = httpx.MockTransport(lambda request: answer), {"response": [raise_for_refusal]}
    with httpx.Client(transport=transport, event_hooks=hooks) as http, pytest.raises(StoreUnavailableError):
        TokenVerifier(URL, fetch=partial(fetch_json, http)).verify(es_token())


def test_an_answer_without_keys_is_not_the_users_fault() -> None:
    with pytest.raises(StoreUnavailableError):
        TokenVerifier(URL, fetch=lambda url: {"message": "?"}).verify(es_token())
