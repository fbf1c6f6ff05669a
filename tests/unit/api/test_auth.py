"""Tokens that get in, and what is taken from them. Those that do not: test_token_threats.py."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pytest

from api.auth import LEEWAY_S, TokenVerifier, User
from knight_vision.errors import StoreUnavailableError, UnauthorizedError
from tests.support.tokens import KEYS_URL, SECRET, URL, KeyEndpoint, es_token, hs_token, rs_token

USER_ID = str(uuid.uuid4())


@pytest.fixture
def endpoint() -> KeyEndpoint:
    return KeyEndpoint()


@pytest.fixture
def verifier(endpoint: KeyEndpoint) -> TokenVerifier:
    return TokenVerifier(URL, fetch=endpoint.fetch, monotonic_s=endpoint.monotonic_s)


@pytest.mark.parametrize("token_of", [es_token, rs_token])
def test_a_token_of_either_public_key_names_its_user(
    verifier: TokenVerifier, endpoint: KeyEndpoint, token_of: Callable[..., str]
) -> None:
    token = token_of(sub=USER_ID)
    assert verifier.verify(token) == User(USER_ID, token)  # type: ignore[arg-type]
    assert endpoint.fetched == [KEYS_URL]


@pytest.mark.parametrize("issuer", [f"{URL}/auth/v1", None])
def test_a_shared_secret_counts_where_it_is_configured(endpoint: KeyEndpoint, issuer: str | None) -> None:
    """Some servers with a shared secret name no issuer, the local one for instance."""
    token = hs_token(sub=USER_ID, iss=issuer)
    assert TokenVerifier(URL, SECRET, fetch=endpoint.fetch).verify(token).id == USER_ID
    assert endpoint.fetched == []


def test_public_keys_count_beside_a_shared_secret(endpoint: KeyEndpoint) -> None:
    """A project that changes from one to the other signs with both for a while."""
    assert TokenVerifier(URL, SECRET, fetch=endpoint.fetch).verify(es_token(sub=USER_ID)).id == USER_ID


def test_clocks_may_be_a_little_apart(verifier: TokenVerifier) -> None:
    now_s = int(time.time())
    assert verifier.verify(es_token(exp=now_s - LEEWAY_S + 5))
    assert verifier.verify(es_token(nbf=now_s + LEEWAY_S - 5))
    with pytest.raises(UnauthorizedError):
        verifier.verify(es_token(exp=now_s - LEEWAY_S - 5))


def test_an_id_is_one_however_it_is_written(verifier: TokenVerifier) -> None:
    assert verifier.verify(es_token(sub=USER_ID.upper())).id == USER_ID


def test_nothing_but_the_id_is_taken_from_a_token(verifier: TokenVerifier) -> None:
    """What users write about themselves comes with the token, signed like the rest of it."""
    wishes = {"plan": "premium", "is_operator": True, "role": "service_role", "sub": str(uuid.uuid4())}
    token = es_token(sub=USER_ID, user_metadata=wishes, app_metadata=wishes, plan="premium", is_operator=True)
    assert verifier.verify(token) == User(USER_ID, token)  # type: ignore[arg-type]


def test_keys_that_cannot_be_had_are_not_the_users_fault(
    verifier: TokenVerifier, endpoint: KeyEndpoint
) -> None:
    endpoint.is_away = True
    with pytest.raises(StoreUnavailableError):
        verifier.verify(es_token())
