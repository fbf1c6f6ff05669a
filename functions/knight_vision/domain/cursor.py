"""Where a page ended, as one text that callers send back as it was: signed, so that nothing else is taken."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from knight_vision.errors import InvalidRequestError

__all__ = ["read_cursor", "write_cursor"]

SIGNATURE_BYTES = 12


def write_cursor(place: tuple[str, ...], context: str, key: str) -> str:
    """The cursor of a place in the list that `context` names, signed with `key`."""
    text = json.dumps(place, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(signature(text, context, key) + text).rstrip(b"=").decode()


def read_cursor(cursor: str, context: str, key: str) -> tuple[str, ...]:
    """The place in a cursor. Raises InvalidRequestError unless it was written for this context and key.

    >>> cursor = write_cursor(("2026-11-23", "5f"), "mine -created_at", "secret")
    >>> read_cursor(cursor, "mine -created_at", "secret")
    ('2026-11-23', '5f')
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        given, text = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
        if write_cursor(tuple(json.loads(text)), context, key) == cursor and hmac.compare_digest(
            given, signature(text, context, key)
        ):
            return tuple(json.loads(text))
    except (ValueError, TypeError, RecursionError):
        pass
    raise InvalidRequestError(
        "The cursor is not of this list: send 'next_cursor' as it was, with the same filters and order."
    )


def signature(text: bytes, context: str, key: str) -> bytes:
    """What only who knows the key can make."""
    key_of_cursors = hashlib.sha256(f"cursor {key}".encode()).digest()
    message = len(context).to_bytes(4, "big") + context.encode() + text
    return hmac.digest(key_of_cursors, message, "sha256")[:SIGNATURE_BYTES]
