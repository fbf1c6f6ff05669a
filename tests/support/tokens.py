"""A Supabase project's signing keys, its key endpoint, and tokens, genuine and forged."""

from __future__ import annotations

import base64
import json
import time
import uuid
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from knight_vision.errors import StoreUnavailableError

URL = "https://project.example"
ISSUER = f"{URL}/auth/v1"
KEYS_URL = f"{ISSUER}/.well-known/jwks.json"
SECRET = "a-secret-that-is-long-enough-for-tokens-of-any-kind-hs384-and-hs512-too"
ES_KEY = ec.generate_private_key(ec.SECP256R1())
RS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FORGERS_KEY = ec.generate_private_key(ec.SECP256R1())


class KeyEndpoint:
    """The project's key endpoint, and the time."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        """Every URL that was asked for."""
        self.now_s = 0.0
        self.is_away = False
        self.keys: list[Any] = [public_jwk(ES_KEY, "es", "ES256"), public_jwk(RS_KEY, "rs", "RS256")]

    def fetch(self, url: str) -> dict[str, Any]:
        self.fetched.append(url)
        if self.is_away:
            raise StoreUnavailableError("away")
        return {"keys": list(self.keys)}

    def monotonic_s(self) -> float:
        return self.now_s


def public_jwk(private: Any, key_id: str, alg: str) -> dict[str, Any]:
    """The public half of a key as Supabase publishes it."""
    algorithm = jwt.algorithms.ECAlgorithm if alg.startswith("ES") else jwt.algorithms.RSAAlgorithm
    key: dict[str, Any] = json.loads(algorithm.to_jwk(private.public_key()))
    return {**key, "kid": key_id, "alg": alg, "use": "sig"}


def public_pem(private: Any) -> bytes:
    """The public half of a key as text that anybody can make of what is published."""
    pem: bytes = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem


def claims(**changes: Any) -> dict[str, Any]:
    """What Supabase says of a signed-in user; a change to None leaves the claim out."""
    now_s = int(time.time())
    known = {
        "sub": str(uuid.uuid4()),
        "aud": "authenticated",
        "role": "authenticated",
        "iss": ISSUER,
        "iat": now_s,
        "exp": now_s + 600,
        "is_anonymous": False,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {},
    }
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def es_token(
    *, kid: Any = "es", key: Any = ES_KEY, header: dict[str, Any] | None = None, **changes: Any
) -> str:
    """A token with these claims changed and these headers added, by default a genuine one."""
    return jwt.encode(claims(**changes), key, "ES256", headers={"kid": kid, **(header or {})})


def rs_token(*, kid: str = "rs", **changes: Any) -> str:
    """The same, signed with the RSA key."""
    return jwt.encode(claims(**changes), RS_KEY, "RS256", headers={"kid": kid})


def hs_token(secret: str = SECRET, **changes: Any) -> str:
    """The same, signed with the shared secret."""
    return jwt.encode(claims(**changes), secret, "HS256")


def in_base64(text: bytes) -> str:
    """As the parts of a token are written."""
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def signed_text(header: str, algorithm: str, key: Any, body: dict[str, Any] | None = None) -> str:
    """A token over a header in exactly these characters, signed with the algorithm and key given.

    For what no library writes: duplicated members, nonsense, keys that are none.
    """
    signed = f"{in_base64(header.encode())}.{in_base64(json.dumps(body or claims()).encode())}"
    known = jwt.get_algorithm_by_name(algorithm)
    if algorithm == "HS256":
        # The library refuses a public key as a secret, which a forger's does not.
        signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
            signed.encode(), key
        )
    else:
        signature = known.sign(signed.encode(), known.prepare_key(key))
    return f"{signed}.{in_base64(signature)}"


def unsigned(header: dict[str, Any], body: dict[str, Any] | None = None, signature: str = "") -> str:
    """A token whose signature nobody made."""
    parts = [in_base64(json.dumps(part).encode()) for part in (header, body or claims())]
    return ".".join([*parts, signature])
