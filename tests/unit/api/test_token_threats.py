"""The threats on tokens, as a list: each is refused, and nobody but the project is asked for keys."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from api.auth import MOST_CHARACTERS, TokenVerifier
from knight_vision.errors import UnauthorizedError
from tests.support.tokens import (
    ES_KEY,
    FORGERS_KEY,
    ISSUER,
    KEYS_URL,
    RS_KEY,
    SECRET,
    URL,
    KeyEndpoint,
    claims,
    es_token,
    hs_token,
    public_jwk,
    public_pem,
    rs_token,
    signed_text,
    unsigned,
)

HOUR_S = 3_600
EVIL = "https://evil.example/keys.json"


def now_s() -> int:
    return int(time.time())


def tampered(token: str, **changes: Any) -> str:
    """The token with claims changed after it was signed."""
    header, _payload, signature = token.split(".")
    body = {**jwt.decode(token, options={"verify_signature": False}), **changes}
    return f"{header}.{unsigned({}, body).split('.')[1]}.{signature}"


def pointing_at(name: str, value: Any) -> str:
    """A forger's token whose header says where, or even what, the key is."""
    return es_token(key=FORGERS_KEY, header={name: value})


FORGERS_JWK = public_jwk(FORGERS_KEY, "es", "ES256")

THREATS: dict[str, Callable[[], str]] = {
    # Forgery
    "signed with another key under a known id": lambda: es_token(key=FORGERS_KEY),
    "signed with another key under an id of its own": lambda: es_token(key=FORGERS_KEY, kid="forger"),
    "signed with another key under no id": lambda: jwt.encode(claims(), FORGERS_KEY, "ES256"),
    "signed with a key of another curve": lambda: signed_text(
        '{"alg":"ES384","kid":"es"}', "ES384", ec.generate_private_key(ec.SECP384R1())
    ),
    "claims changed after signing": lambda: tampered(es_token(), sub="00000000-0000-4000-8000-000000000001"),
    "signature cut off": lambda: es_token().rsplit(".", 1)[0] + ".",
    "signature of zeros": lambda: unsigned({"alg": "ES256", "kid": "es"}, signature="A" * 86),
    "signature of another token": lambda: ".".join([*es_token().split(".")[:2], es_token().split(".")[2]]),
    # No algorithm
    "alg none": lambda: unsigned({"alg": "none", "kid": "es"}),
    "alg None": lambda: unsigned({"alg": "None", "kid": "es"}),
    "alg nOnE with the signature of another token": lambda: unsigned(
        {"alg": "nOnE", "kid": "es"}, signature=es_token().split(".")[2]
    ),
    "alg empty": lambda: unsigned({"alg": "", "kid": "es"}),
    "alg missing": lambda: unsigned({"kid": "es"}),
    "alg null": lambda: unsigned({"alg": None, "kid": "es"}),
    "alg a list of all": lambda: unsigned({"alg": ["none", "ES256", "HS256"], "kid": "es"}),
    # Algorithm confusion
    "HS256 with the EC public key as the secret": lambda: signed_text(
        '{"alg":"HS256","kid":"es"}', "HS256", public_pem(ES_KEY)
    ),
    "HS256 with the RSA public key as the secret": lambda: signed_text(
        '{"alg":"HS256","kid":"rs"}', "HS256", public_pem(RS_KEY)
    ),
    "HS256 with the published JSON of the key as the secret": lambda: signed_text(
        '{"alg":"HS256","kid":"es"}', "HS256", json.dumps(public_jwk(ES_KEY, "es", "ES256")).encode()
    ),
    "HS256 with an empty secret": lambda: signed_text('{"alg":"HS256"}', "HS256", b""),
    "HS384 with the shared secret": lambda: jwt.encode(claims(), SECRET, "HS384"),
    "ES256 under the id of the RSA key": lambda: es_token(kid="rs"),
    "RS256 under the id of the EC key": lambda: rs_token(kid="es"),
    "PS256 with the RSA key": lambda: jwt.encode(claims(), RS_KEY, "PS256", headers={"kid": "rs"}),
    "RS512 with the RSA key": lambda: jwt.encode(claims(), RS_KEY, "RS512", headers={"kid": "rs"}),
    # Time
    "expired": lambda: es_token(exp=now_s() - 60),
    "without an expiry": lambda: es_token(exp=None),
    "with an expiry that is no time": lambda: es_token(exp="never"),
    "not valid yet": lambda: es_token(nbf=now_s() + HOUR_S),
    "issued in the future": lambda: es_token(iat=now_s() + HOUR_S),
    # Another's token
    "of a foreign issuer": lambda: es_token(iss="https://evil.example/auth/v1"),
    "of another project, with its own key": lambda: es_token(
        key=FORGERS_KEY, kid="theirs", iss="https://other.example/auth/v1"
    ),
    "of an issuer that begins like ours": lambda: es_token(iss=f"{ISSUER}.evil.example"),
    "without an issuer": lambda: es_token(iss=None),
    "for a foreign audience": lambda: es_token(aud="other"),
    "without an audience": lambda: es_token(aud=None),
    "for an audience that contains ours as text": lambda: es_token(aud="unauthenticated"),
    # Not a user's
    "the anonymous key": lambda: es_token(role="anon", sub=None, aud=None),
    "role anon": lambda: es_token(role="anon"),
    "role service_role": lambda: es_token(role="service_role"),
    "role supabase_admin": lambda: es_token(role="supabase_admin"),
    "without a role": lambda: es_token(role=None),
    "an anonymous account": lambda: es_token(is_anonymous=True),
    "without a user": lambda: es_token(sub=None),
    "of a user that is no id": lambda: es_token(sub="eq.1,or=(id.neq.1)"),
    "of a user that is no text": lambda: es_token(sub=["00000000-0000-4000-8000-000000000001"]),
    # Headers that lead astray
    "jku: keys at an address of the forger's": lambda: pointing_at("jku", EVIL),
    "x5u: a certificate at an address of the forger's": lambda: pointing_at("x5u", EVIL),
    "jwk: the forger's key brought along": lambda: pointing_at("jwk", FORGERS_JWK),
    "x5c: the forger's certificate brought along": lambda: pointing_at("x5c", ["MIIB"]),
    "kid: an address": lambda: es_token(key=FORGERS_KEY, kid=EVIL),
    "kid: a path": lambda: es_token(key=FORGERS_KEY, kid="../../../../dev/null"),
    "kid: a path, and an empty file for the secret": lambda: signed_text(
        '{"alg":"HS256","kid":"../../../../dev/null"}', "HS256", b""
    ),
    "kid: SQL": lambda: es_token(key=FORGERS_KEY, kid="' union select 'secret' --"),
    "kid: a number": lambda: unsigned({"alg": "ES256", "kid": 7}, signature=es_token().split(".")[2]),
    "crit: an extension that nobody knows": lambda: es_token(header={"crit": ["exp2"], "exp2": 1}),
    "b64: the payload is elsewhere": lambda: unsigned({"alg": "ES256", "kid": "es", "b64": False}),
    "alg twice, none last": lambda: signed_text('{"alg":"ES256","kid":"es","alg":"none"}', "ES256", ES_KEY),
    "alg twice, none first": lambda: signed_text(
        '{"alg":"none","kid":"es","alg":"ES256"}', "ES256", FORGERS_KEY
    ),
    "kid twice": lambda: signed_text('{"alg":"ES256","kid":"es","kid":"rs"}', "ES256", FORGERS_KEY),
    # What is no token
    "nothing": lambda: "",
    "one part": lambda: "x",
    "two parts": lambda: es_token().rsplit(".", 1)[0],
    "five parts, as an encrypted one": lambda: es_token() + ".x.y",
    "no base64": lambda: "é.é.é",
    "a header of nested lists": lambda: signed_text("[" * 3_000, "ES256", ES_KEY),
    "a header that is a list": lambda: signed_text("[]", "ES256", ES_KEY),
    "another token after a comma": lambda: f"{es_token()},Bearer {es_token()}",
    "a secret key": lambda: "sb_secret_0123456789",
    "too long": lambda: es_token(user_metadata={"padding": "x" * MOST_CHARACTERS}),
}

THREATS_WITH_A_SECRET: dict[str, Callable[[], str]] = {
    "signed with another secret": lambda: hs_token("another-secret-that-is-long-enough-too"),
    "of a foreign issuer": lambda: hs_token(iss="https://other.example/auth/v1"),
    "of an issuer that is null": lambda: signed_text(
        '{"alg":"HS256"}', "HS256", SECRET.encode(), {**claims(), "iss": None}
    ),
    "for a foreign audience": lambda: hs_token(aud="other"),
    "expired": lambda: hs_token(exp=now_s() - 60),
    "not valid yet": lambda: hs_token(nbf=now_s() + HOUR_S),
    "the legacy anon key": lambda: hs_token(role="anon", iss="supabase", sub=None, aud=None),
    "the legacy service key": lambda: hs_token(role="service_role", iss="supabase", sub=None, aud=None),
    "role service_role": lambda: hs_token(role="service_role"),
    "an anonymous account": lambda: hs_token(is_anonymous=True),
    "HS512 with the secret": lambda: jwt.encode(claims(), SECRET, "HS512"),
}
"""Where a secret is configured: all of the above, and these."""


@pytest.fixture
def endpoint() -> KeyEndpoint:
    return KeyEndpoint()


def refuse(verifier: TokenVerifier, endpoint: KeyEndpoint, token: str) -> None:
    for _again in range(2):
        with pytest.raises(UnauthorizedError):
            verifier.verify(token)
    assert endpoint.fetched in ([], [KEYS_URL]), "asked once, and nobody but the project"


@pytest.mark.parametrize("threat", THREATS)
def test_it_is_refused_where_keys_are_public(endpoint: KeyEndpoint, threat: str) -> None:
    refuse(TokenVerifier(URL, fetch=endpoint.fetch), endpoint, THREATS[threat]())


@pytest.mark.parametrize("threat", THREATS)
def test_it_is_refused_where_a_secret_is_configured_as_well(endpoint: KeyEndpoint, threat: str) -> None:
    refuse(TokenVerifier(URL, SECRET, fetch=endpoint.fetch), endpoint, THREATS[threat]())


@pytest.mark.parametrize("threat", THREATS_WITH_A_SECRET)
def test_it_is_refused_where_a_secret_is_configured(endpoint: KeyEndpoint, threat: str) -> None:
    refuse(TokenVerifier(URL, SECRET, fetch=endpoint.fetch), endpoint, THREATS_WITH_A_SECRET[threat]())
    assert endpoint.fetched == [], "a shared secret needs no key"


def test_a_shared_secret_is_refused_where_none_is_configured(endpoint: KeyEndpoint) -> None:
    refuse(TokenVerifier(URL, fetch=endpoint.fetch), endpoint, hs_token())
    refuse(
        TokenVerifier(URL, "", fetch=endpoint.fetch), endpoint, signed_text('{"alg":"HS256"}', "HS256", b"")
    )


GENUINE: dict[str, Callable[[], str]] = {
    "ES256": es_token,
    "RS256": rs_token,
    "HS256": hs_token,
    "written by hand": lambda: signed_text('{"alg":"ES256","kid":"es"}', "ES256", ES_KEY),
    "written by hand, HS256": lambda: signed_text('{"alg":"HS256"}', "HS256", SECRET.encode()),
    "with headers that say nothing to us": lambda: es_token(header={"jku": EVIL, "x5u": EVIL}),
    "as long as may be": lambda: as_long_as_may_be(),
}
"""What the threats are variations of: that these pass shows that the threats fail by what their names say."""


def as_long_as_may_be() -> str:
    """A token one to three characters short of the limit."""
    empty = len(es_token(user_metadata={"padding": ""}))
    return es_token(user_metadata={"padding": "x" * ((MOST_CHARACTERS - empty) * 3 // 4 - 2)})


@pytest.mark.parametrize("kind", GENUINE)
def test_the_tokens_that_the_threats_are_made_of_are_accepted(endpoint: KeyEndpoint, kind: str) -> None:
    token = GENUINE[kind]()
    assert len(token) <= MOST_CHARACTERS
    assert TokenVerifier(URL, SECRET, fetch=endpoint.fetch).verify(token).token == token
    assert endpoint.fetched in ([], [KEYS_URL])


def test_a_token_that_is_too_long_costs_nothing(endpoint: KeyEndpoint) -> None:
    """Not even the keys are asked for, which a shorter one of the same kind needs."""
    verifier = TokenVerifier(URL, fetch=endpoint.fetch)
    refuse(verifier, endpoint, THREATS["too long"]())
    assert endpoint.fetched == []
    verifier.verify(as_long_as_may_be())
    assert endpoint.fetched == [KEYS_URL]
