"""Who is asking: Supabase user tokens, verified here.

Of a token only the user's id is taken. Plan and rights are in the user's profile, asked for when they matter:
a token keeps what was taken away, and carries what users may write about themselves (docs/accounts.md).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.public_keys import ALGORITHMS, PublicKeys
from knight_vision.domain.job import UserId
from knight_vision.errors import UnauthorizedError

# jwt takes a sixth of the start: the first token loads it, or before that api/warm_up.py.

__all__ = ["TokenVerifier", "User"]

AUDIENCE = "authenticated"
LEEWAY_S = 10
"""How far clocks may be apart."""
MOST_CHARACTERS = 8_192
"""A longer token is not looked at: Supabase's have about a thousand, API Gateway takes 10 kB of headers."""


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
        self._keys = PublicKeys(f"{self._issuer}/.well-known/jwks.json", fetch=fetch, monotonic_s=monotonic_s)

    def verify(self, token: str) -> User:
        """The token's user. Raises UnauthorizedError, or StoreUnavailableError when the keys can't be had."""
        if len(token) > MOST_CHARACTERS:
            raise UnauthorizedError(f"The token is longer than {MOST_CHARACTERS} characters: it is none.")
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            claims = self._claims(token, header)
            user_id = str(uuid.UUID(claims["sub"]))
        except jwt.ExpiredSignatureError as error:
            raise UnauthorizedError("The token has expired: sign in again.") from error
        except jwt.InvalidSignatureError as error:
            raise UnauthorizedError("The token is not valid: its signature is not the signer's.") from error
        except jwt.DecodeError as error:
            raise UnauthorizedError(
                "The token is not valid: it cannot be read as a JSON Web Token."
            ) from error
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            raise UnauthorizedError(f"The token is not valid: {error}.") from error
        if claims.get("role") != "authenticated":
            raise UnauthorizedError("The token is not a signed-in user's.")
        if claims.get("is_anonymous"):
            # Limits are counted by account, and of these anybody can make any number in a loop.
            raise UnauthorizedError("The account is an anonymous one: give it an email address or a sign-in.")
        return User(UserId(user_id), token)

    def _claims(self, token: str, header: dict[str, Any]) -> dict[str, Any]:
        """The claims that the token's signer vouches for. Raises jwt.PyJWTError, StoreUnavailableError."""
        import jwt

        algorithm = header.get("alg")
        if algorithm == "HS256" and self._secret:
            claims = decode(token, self._secret, algorithm, required=["exp", "sub", "aud"])
            # Not every server with a shared secret names itself; one that does must be ours.
            if claims.get("iss", self._issuer) != self._issuer:
                raise jwt.InvalidIssuerError("it is another project's")
            return claims
        if algorithm not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError("its algorithm is not accepted")
        if "kid" not in header:
            raise jwt.InvalidKeyError("it does not say which key it is signed with")
        key = self._keys.key(header["kid"])
        # The key's own algorithm, not the token's: the sender does not choose.
        required = ["exp", "sub", "aud", "iss"]
        return decode(token, key, key.algorithm_name, required=required, issuer=self._issuer)


def decode(
    token: str, key: Any, algorithm: str, *, required: list[str], issuer: str | None = None
) -> dict[str, Any]:
    """A token's claims after everything about it was verified. Raises jwt.PyJWTError."""
    import jwt

    return jwt.decode(
        token,
        key,
        algorithms=[algorithm],
        audience=AUDIENCE,
        issuer=issuer,
        leeway=LEEWAY_S,
        options={"require": required, "enforce_minimum_key_length": True},
    )
