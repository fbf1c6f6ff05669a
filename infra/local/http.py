"""Requests to servers on this machine."""

from __future__ import annotations

from typing import Any

import httpx

__all__ = ["request"]


def request(method: str, url: str, *, timeout_s: float = 30, **arguments: Any) -> httpx.Response:
    """As httpx.request, without loading the world's certificates first: 40 ms of a core for each request.

    Nothing is kept open between requests, so a server that was restarted meanwhile is no surprise.
    Raises httpx.HTTPError.
    """
    with httpx.Client(verify=False, trust_env=False, timeout=timeout_s) as client:  # noqa: S501  plain HTTP
        return client.request(method, url, **arguments)
