"""Whose requests count together."""

from __future__ import annotations

import pytest

from api.address import address_of


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", "unknown"),
        ("evil\r\nkey", "unknown"),
    ],
)
def test_an_address_is_a_host_or_a_customers_network(source: str, address: str) -> None:
    assert address_of({"type": "http", "client": (source, 0)}) == address


def test_no_address_at_all_is_one_too() -> None:
    assert address_of({"type": "http", "client": None}) == "unknown"
