"""What an engine found in the games of examples/: evaluations with lines and second scores.

tests/fixtures/engine_lines.json holds what Stockfish 15.1 found in every position (150,000 nodes, searched
backwards, two lines): White's centipawns, mate, line, and the second line's score.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.pgn_reader import read_game
from tests.support.builders import example

__all__ = ["recorded_evaluations", "recorded_game", "recorded_games"]

LINES = Path(__file__).parents[1] / "fixtures" / "engine_lines.json"


@cache
def recorded() -> dict[str, Any]:
    """All recordings by the name of the game."""
    lines: dict[str, Any] = json.loads(LINES.read_text())
    return lines


def recorded_games() -> list[str]:
    """The names of the games, as in examples/."""
    return list(recorded())


def recorded_game(name: str) -> Game:
    """A game, with nothing remembered from earlier."""
    return read_game(example(name), max_plies=600)


def recorded_evaluations(name: str) -> list[Evaluation]:
    """The evaluations of positions 0 to `ply_count`."""
    return [
        Evaluation(cp, mate, tuple(line.split()), None, None, second_cp, second_mate)
        for cp, mate, line, second_cp, second_mate in recorded()[name]
    ]
