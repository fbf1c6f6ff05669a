"""Bytes to text: PGN comes as UTF-8 from today's programs and as Windows-1252 from yesterday's."""

from __future__ import annotations

import re

from knight_vision.errors import InvalidRequestError

__all__ = ["decode_pgn"]

CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
"""What no text has. Tab, line ends, form feed and the end-of-file mark of DOS are fine."""


def decode_pgn(body: bytes) -> str:
    """The text of a PGN file. Raises InvalidRequestError for bytes that are no text, or broken UTF-8.

    >>> decode_pgn("[White \\"Réti\\"]".encode()) == decode_pgn("[White \\"Réti\\"]".encode("cp1252"))
    True
    """
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        # Bytes that are partly UTF-8 are not an old file but a damaged new one.
        partly = encoding == "utf-16" or not body.decode("utf-8", errors="ignore").isascii()
        try:
            text = "" if partly else body.decode("cp1252")
        except UnicodeDecodeError:
            partly = True
        if partly:
            raise InvalidRequestError(
                f"The PGN is not readable text: {encoding} breaks at byte {error.start}."
            ) from error
    if found := CONTROL.search(text):
        raise InvalidRequestError(
            f"The PGN is not text: it has a control character, code {ord(found[0])}, at {found.start()}."
        )
    return text.replace("\x1a", "")
