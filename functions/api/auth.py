"""Who is asking: Supabase user tokens, verified here."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knight_vision.domain.job import UserId
from knight_vision.errors import StoreUnavailableError, UnauthorizedError

if TYPE_CHECKING:
    import httpx
    import jwt

# jwt and httpx take a sixth of the start: the first token loads them, or before that api/warm_up.py.

__all__ = ["TokenVerifier", "User", "fetch_json"]

AUDIENCE = "authenticated"
LEEWAY_S = 10
KEYS_LIVE_S = 600
"""Supabase's edge caches its public keys for ten minutes; longer would keep a revoked key alive."""
REFETCH_COOLDOWN_S = 30
"""A flood of tokens with unknown key ids fetches the keys no more often than this."""


@dataclass(frozen=True, slots=True)
class User:
    """A signed-in user."""

    id: UserId
    token: str
    """The user's own token, for reading with the user's own rights."""


class TokenVerifier:
    """Verifies Supabase access tokens: ES256 and RS256 by public keys, HS256 only with a secret."""

    def __init__(
        self,
        supabase_url: str,
        jwt_secret: str = "",
        *,
        fetch: Callable[[str], dict[str, Any]],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`fetch` gets a JSON document by URL; `jwt_secret` empty: HS256 tokens are refused."""
        self._issuer = f"{supabase_url}/auth/v1"
        self._secret = jwt_secret
        self._fetch = fetch
        self._monotonic_s = monotonic_s
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_s: float | None = None
        self._tried_s: float | None = None

    def verify(self, token: str) -> User:
        """The token's user. Raises UnauthorizedError, or StoreUnavailableError when the keys can't be had."""
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            claims = self._claims(token, header)
            user_id = str(uuid.UUID(claims["sub"]))
        except jwt.ExpiredSignatureError as error:
            raise UnauthorizedError("The token has expired: sign in again.") from error
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            raise UnauthorizedError(f"The token is not valid: {error}.") from error
        if claims.get("role") != "authenticated":
            raise UnauthorizedError("The token is not a signed-in user's.")
        return User(UserId(user_id), token)

    def _claims(self, token: str, header: dict[str, Any]) -> dict[str, Any]:
        import jwt

        required = ["exp", "sub", "aud"]
        if header.get("alg") == "HS256" and self._secret:
            # The token's issuer is not pinned here: not every server with a shared secret names itself.
            return jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                leeway=LEEWAY_S,
                options={"require": required, "enforce_minimum_key_length": False},
            )
        if header.get("alg") not in ("ES256", "RS256"):
            raise jwt.InvalidAlgorithmError(f"algorithm {header.get('alg')!r} is not accepted")
        key = self._key(str(header.get("kid")))
        return jwt.decode(
            token,
            key,
            # The key's own algorithm, not the token's: the sender does not choose.
            algorithms=[key.algorithm_name],
            audience=AUDIENCE,
            issuer=self._issuer,
            leeway=LEEWAY_S,
            options={"require": [*required, "iss"]},
        )

    def _key(self, key_id: str) -> jwt.PyJWK:
        import jwt

        now_s = self._monotonic_s()
        is_fresh = self._fetched_s is not None and now_s - self._fetched_s <= KEYS_LIVE_S
        may_try = self._tried_s is None or now_s - self._tried_s > REFETCH_COOLDOWN_S
        if (not is_fresh or key_id not in self._keys) and may_try:
            self._tried_s = now_s
            self._refetch()
            self._fetched_s = now_s
        elif not is_fresh:
            # Without keys nobody can be told to be a stranger: the caller keeps the token and comes again.
            raise StoreUnavailableError("Supabase's public keys could not be had a moment ago: try again.")
        if key_id not in self._keys:
            raise jwt.InvalidKeyError("it is signed with an unknown key")
        return self._keys[key_id]

    def _refetch(self) -> None:
        import jwt

        keys = self._fetch(f"{self._issuer}/.well-known/jwks.json").get("keys")
        if not isinstance(keys, list):
            raise StoreUnavailableError("Supabase's answer holds no public keys.")
        self._keys = {
            str(key["kid"]): jwt.PyJWK(key)
            for key in keys
            if key.get("kid") and key.get("alg") in ("ES256", "RS256")
        }


def fetch_json(http: httpx.Client, url: str) -> dict[str, Any]:
    """A JSON document, by a connection that may sort out refusals. Raises StoreUnavailableError."""
    import httpx

    try:
        answer = http.get(url, timeout=3)
        answer.raise_for_status()
        return dict(answer.json())
    except (httpx.HTTPError, UnauthorizedError, ValueError) as error:
        raise StoreUnavailableError(f"Supabase does not give its public keys: {error}") from error
