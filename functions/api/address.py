"""Whose requests are counted together when nobody is signed in: an address, as API Gateway saw it."""

from __future__ import annotations

import ipaddress

from starlette.types import Scope

__all__ = ["address_of"]

ONE_CUSTOMER = 64
"""A customer's line has a /64 of IPv6 at least: whoever has one has 2^64 addresses."""


def address_of(scope: Scope) -> str:
    """The caller's IPv4 address or IPv6 network.

    Mangum takes it from the event's `requestContext.http.sourceIp`, which API Gateway writes. What the caller
    claims in X-Forwarded-For counts for nothing.
    """
    host, _port = scope.get("client") or ("", 0)
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(address), ONE_CUSTOMER), strict=False))
    return str(address)
