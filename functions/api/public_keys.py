"""Supabase's public keys, which tell the tokens it signed from all others: fetched, kept, renewed.

They come from one address, the project's own. What a token says about where keys are is never followed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from knight_vision.errors import StoreUnavailableError, UnauthorizedError

if TYPE_CHECKING:
    import httpx
    import jwt

# jwt and httpx take a sixth of the start: the first token loads them, or before that api/warm_up.py.

__all__ = ["ALGORITHMS", "PublicKeys", "fetch_json"]

ALGORITHMS = ("ES256", "RS256")
"""What Supabase signs with when it signs with a private key."""
KEYS_LIVE_S = 600
"""Supabase's edge caches its public keys for ten minutes; longer would keep a revoked key alive."""
RENEW_AFTER_S = 300
"""From this age on they are renewed; until they end, an endpoint that does not answer turns nobody away."""
COOL_DOWN_S = 30
"""Neither a flood of tokens with unknown keys nor an outage asks for the keys more often than this."""


class PublicKeys:
    """The keys of one project by their ids, at most ten minutes old."""

    def __init__(
        self,
        url: str,
        *,
        fetch: Callable[[str], dict[str, Any]],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`url` is the project's key document; `fetch` gets one, or raises StoreUnavailableError."""
        self._url = url
        self._fetch = fetch
        self._monotonic_s = monotonic_s
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_s: float | None = None
        self._tried_s: float | None = None

    def key(self, key_id: str) -> jwt.PyJWK:
        """The key. Raises jwt.InvalidKeyError for one that the project does not have, and
        StoreUnavailableError when that cannot be told."""
        import jwt

        now_s = self._monotonic_s()
        is_wanted = key_id not in self._keys or self._age_s(now_s) > RENEW_AFTER_S
        if is_wanted and (self._tried_s is None or now_s - self._tried_s > COOL_DOWN_S):
            self._try_to_fetch(now_s)
        is_live = self._age_s(now_s) <= KEYS_LIVE_S
        if is_live and key_id in self._keys:
            return self._keys[key_id]
        if not is_live or self._tried_s != self._fetched_s:
            # Nobody can be told to be a stranger now: the caller keeps the token and comes again.
            raise StoreUnavailableError("Supabase's public keys cannot be had at the moment: try again.")
        raise jwt.InvalidKeyError("it is signed with an unknown key")

    def _age_s(self, now_s: float) -> float:
        return float("inf") if self._fetched_s is None else now_s - self._fetched_s

    def _try_to_fetch(self, now_s: float) -> None:
        """New keys, or the old ones when there are none to be had."""
        self._tried_s = now_s
        try:
            self._keys = usable(self._fetch(self._url))
        except StoreUnavailableError:
            if self._age_s(now_s) > KEYS_LIVE_S:
                raise
        else:
            self._fetched_s = now_s


def usable(document: dict[str, Any]) -> dict[str, jwt.PyJWK]:
    """The keys of a document that tokens may be signed with; one that is of no use spoils no other.

    A symmetric key is none of them: published, it would let anybody sign. Raises StoreUnavailableError
    when the document is none of keys.
    """
    import jwt

    listed = document.get("keys")
    if not isinstance(listed, list):
        raise StoreUnavailableError("Supabase's answer holds no public keys.")
    keys: dict[str, jwt.PyJWK] = {}
    for key in listed:
        try:
            if key["alg"] in ALGORITHMS and key.get("use", "sig") == "sig":
                keys[str(key["kid"])] = jwt.PyJWK(key)
        except (jwt.PyJWTError, KeyError, TypeError, AttributeError):
            continue
    return keys


def fetch_json(http: httpx.Client, url: str) -> dict[str, Any]:
    """A JSON document, by a connection that may sort out refusals. Raises StoreUnavailableError."""
    import httpx

    try:
        answer = http.get(url, timeout=3)
        answer.raise_for_status()
        return dict(answer.json())
    except (httpx.HTTPError, UnauthorizedError, ValueError, TypeError) as error:
        raise StoreUnavailableError(f"Supabase does not give its public keys: {error}") from error
