"""Which texts can be the id of a row at all: others are unknown without asking the database."""

from __future__ import annotations

import re

__all__ = ["is_id"]

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_id(text: str) -> bool:
    """True for a UUID as Postgres writes it: lower case, with dashes. The queue's keys know no other form.

    >>> is_id("5f0c3b52-7f3e-4a8e-9d5c-0b2f8f2f6a11"), is_id("5F0C3B52-7F3E-4A8E-9D5C-0B2F8F2F6A11")
    (True, False)
    """
    return ID.fullmatch(text) is not None
