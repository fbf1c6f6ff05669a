"""What reading hostile PGN holds in memory grows as its length does, and no faster."""

from __future__ import annotations

import tracemalloc

import pytest

from knight_vision.domain.pgn_reader import read_games
from tests.support.pgn_bombs import BOMBS


@pytest.mark.parametrize("kind", BOMBS)
def test_reading_one_takes_memory_in_proportion(kind: str) -> None:
    """Measured on a small part: doubled text may take twice the memory, and not its square."""
    text = BOMBS[kind][0]
    peaks = [peak_bytes(text[: 2**size]) for size in (15, 16)]
    assert peaks[1] < 3 * max(peaks[0], 2**16)
    assert peaks[1] < 40 * 2**16


def peak_bytes(text: str) -> int:
    """The most memory that reading a text holds at once."""
    tracemalloc.start()
    try:
        read_games(text, max_plies=1_200, max_games=1_000, max_characters=262_144)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
