"""Talks to Supabase's data API (PostgREST): one kept-alive connection, and what its answers mean.

Nothing here is retried: whoever asked knows better whether to ask again, and a user is waiting.
"""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
from postgrest import APIError, SyncPostgrestClient, SyncSelectRequestBuilder

from knight_vision.errors import StoreUnavailableError, UnauthorizedError

__all__ = ["DataApi", "open_http"]

TIMEOUT_S = 5.0
KEEP_ALIVE_S = 30.0
"""An idle connection is not used again after this: it may have been cut unnoticed while Lambda froze us."""
BYPASSES_POLICIES = "sb_secret_"
"""How a secret key begins."""
READ_ONLY = "25006"
"""Read-only transaction. PostgREST answers 405 to it, which does not look like a store that is away."""
MIGRATION_MISSING = ("PGRST202", "PGRST204", "PGRST205", "42703")
"""A function, column or table is not in PostgREST's schema cache, or a column not in the table itself."""

UNSTORABLE = re.compile(r"\\u(?:0000|d[89a-f])")
"""In JSON: a NUL, or half of a surrogate pair; whole pairs, which can be stored, are written so, too."""


def open_http() -> httpx.Client:
    """The connection to Supabase of one environment, for any number of `DataApi`s. It carries no secrets."""
    return httpx.Client(
        # The first bytes must not take the whole budget: an unreachable host is known after two seconds.
        timeout=httpx.Timeout(TIMEOUT_S, connect=2.0),
        limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE_S),
        event_hooks={"response": [raise_for_refusal]},
    )


def raise_for_refusal(response: httpx.Response) -> None:
    """Sort out the answers that say nothing about the request itself.

    Here and not later, because postgrest keeps of an error only its body. Raises UnauthorizedError for a
    refused key or token, StoreUnavailableError when Supabase or something before it cannot answer.
    """
    status = response.status_code
    if status >= 500 or status == 429:
        raise StoreUnavailableError(f"Supabase answered {status}: try again later.")
    if status in (401, 403):
        raise UnauthorizedError(
            f"Supabase answered {status}: the token is expired, forged or not meant for it."
        )


class DataApi:
    """The data API as seen with one key, and with one user's token or none."""

    def __init__(self, url: str, key: str, http: httpx.Client, token: str | None = None) -> None:
        """`url` is the project's; `key` its publishable or secret key; `token` a user's own.

        Raises ValueError for a secret key with a user's token: these never travel together.
        """
        if token is not None and key.startswith(BYPASSES_POLICIES):
            raise ValueError("a user's token goes with the publishable key only")
        headers = {"apikey": key}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        elif not key.startswith("sb_"):  # a key of the old kind is itself a token
            headers["Authorization"] = f"Bearer {key}"
        self._client = SyncPostgrestClient(
            f"{url}/rest/v1", headers=headers, http_client=http, retry_enabled=False
        )

    def call(self, function: str, **parameters: Any) -> Any:
        """What a database function answers, as JSON.

        Raises StoreUnavailableError, UnauthorizedError, ValueError when the function refuses a value,
        and APIError for whatever else the database objects to.
        """
        return execute(self._client.rpc(function, storable(parameters)))

    def select(self, table: str, *columns: str) -> SyncSelectRequestBuilder:
        """A query on a table, to be filtered and given to `execute`."""
        return self._client.from_(table).select(*columns)


def execute(query: Any) -> Any:
    """The rows, or the value, that a query of postgrest answers. Raises as `DataApi.call`."""
    try:
        return query.execute().data
    except httpx.RequestError as error:
        raise StoreUnavailableError(f"Supabase does not answer: {error!r}") from error
    except APIError as error:
        if error.code in MIGRATION_MISSING:
            raise StoreUnavailableError(f"Supabase lacks a migration: {error.message}") from error
        if error.code == READ_ONLY:
            raise StoreUnavailableError(f"Supabase is read-only: {error.message}") from error
        if error.code == "22023":  # invalid_parameter_value, raised by our own functions
            raise ValueError(error.message) from error
        raise


def storable(value: Any) -> Any:
    """The same value with the characters left out of its texts that Postgres cannot hold.

    Those are NUL, and halves of surrogate pairs. Keys of dicts are cleaned as well: they come from PGN tags.

    >>> storable({"White": "A\\x00B", "n": [1, "\\ud800"]})
    {'White': 'AB', 'n': [1, '?']}
    """
    # Hardly any value has one, and JSON is made much faster than a copy of a report.
    return cleaned(value) if UNSTORABLE.search(json.dumps(value)) else value


def cleaned(value: Any) -> Any:
    """The value, copied without those characters."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {cleaned(key): cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(item) for item in value]
    return value
