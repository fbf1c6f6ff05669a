"""Small games made by chance: legal, all different, and some of them toxic."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

import chess
import chess.pgn

__all__ = ["SHORTEST_PLIES", "TOXIC_OPENINGS", "SmallGame", "Toxin", "random_game"]

SHORTEST_PLIES, LONGEST_PLIES = 10, 30


class Toxin(StrEnum):
    """What the search of a toxic game does, see toxic_engine.py."""

    KILLS_WORKER = "kills the worker"
    KILLS_ENGINE = "kills the engine"
    KILLS_WORKER_LATE = "kills the worker in the complete phase"
    """The phases before it are finished and stay readable."""


TOXIC_OPENINGS = {
    Toxin.KILLS_WORKER: "a2a4 h7h5 a1a3 h8h6",
    Toxin.KILLS_ENGINE: "a2a4 h7h5 a1a3 b7b5",
    Toxin.KILLS_WORKER_LATE: "a2a4 h7h5 a1a3 c7c5",
}
"""The engine of a chaos run dies of the position after these moves; no other game begins with them."""
TOXIC_START = ("a2a4", "h7h5", "a1a3")


@dataclass(frozen=True, slots=True)
class SmallGame:
    """A game to be analysed."""

    number: int
    moves: tuple[str, ...]
    toxin: Toxin | None = None

    @property
    def pgn(self) -> str:
        """The game's PGN; its number is in the headers."""
        game = chess.pgn.Game({"Event": "Chaos", "White": f"Number {self.number}", "Black": "Chance"})
        game.add_line(chess.Move.from_uci(move) for move in self.moves)
        return str(game)


def random_game(chance: random.Random, number: int, toxin: Toxin | None = None) -> SmallGame:
    """A walk of legal moves, shorter when the game is over before; never toxic by accident."""
    while True:
        board = chess.Board()
        for move in TOXIC_OPENINGS[toxin].split() if toxin else ():
            board.push_uci(move)
        plies = chance.randint(SHORTEST_PLIES, LONGEST_PLIES)
        while board.ply() < plies and not board.is_game_over():
            board.push(chance.choice(list(board.legal_moves)))
        moves = tuple(move.uci() for move in board.move_stack)
        if toxin is not None or moves[: len(TOXIC_START)] != TOXIC_START:
            return SmallGame(number, moves, toxin)
