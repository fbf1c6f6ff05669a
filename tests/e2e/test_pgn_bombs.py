"""PGN that is small to send and large to read: refused in words and in time, nothing stored."""

from __future__ import annotations

import pytest

from tests.support.pgn_bombs import BOMBS, MOST_BYTES
from tests.support.users import PGN_TYPE, Api

SLOWEST = (
    "many variations",
    "variations with moves within each other",
    "many comments",
    "glyphs",
    "a million plies",
    "one tag that never ends",
    "tags with different names",
    "tiny games",
)
"""The others take less than a second: tests/unit/domain/test_pgn_memory.py reads parts of all."""


@pytest.mark.parametrize("kind", SLOWEST)
def test_a_bomb_is_refused(api: Api, kind: str) -> None:
    """API Gateway gives the function 30 s; that it answers at all is the bound."""
    text, code = BOMBS[kind]
    assert 0.7 * MOST_BYTES < len(text.encode()) <= MOST_BYTES
    answer = api.post("/v1/games", content=text, headers={"Content-Type": PGN_TYPE})
    assert answer.json()["code"] == code, answer.text[:300]
    assert len(answer.content) < 2_000
    assert api.get("/v1/games").json()["games"] == []
