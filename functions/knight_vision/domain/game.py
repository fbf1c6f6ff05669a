"""A chess game as the analysis sees it, read from PGN. Refuses what cannot be analysed, and says why."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import chess

from knight_vision.domain.evaluation import Evaluation

__all__ = ["Game", "MoveText"]


@dataclass(frozen=True, slots=True)
class MoveText:
    """What the PGN said about one move besides the move."""

    evaluation: Evaluation | None = None
    """From `[%eval]`: the position after the move."""
    clock_s: float | None = None
    """From `[%clk]`: seconds left on the mover's clock after the move."""


@dataclass(frozen=True)
class Game:
    """One legal game: a start position and moves. Positions are numbered 0 (start) to `ply_count`."""

    moves: tuple[str, ...]
    """The main line in UCI notation; castling as python-chess writes it for the game's variant."""
    start_fen: str = chess.STARTING_FEN
    is_chess960: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    """PGN tags as given (`White`, `Black`, `Result`, `Event`, …)."""
    texts: tuple[MoveText, ...] = ()
    """One entry for each move, or empty when the PGN had no comments."""

    @property
    def ply_count(self) -> int:
        """Number of half-moves."""
        return len(self.moves)

    @property
    def position_count(self) -> int:
        """Number of positions, the start and the end included: one more than plies."""
        return len(self.moves) + 1

    @cached_property
    def boards(self) -> tuple[chess.Board, ...]:
        """Every position with its history, 0 to `ply_count`. Do not change these boards: copy them."""
        board = chess.Board(self.start_fen, chess960=self.is_chess960)
        boards = [board.copy()]
        for move in self.moves:
            board.push_uci(move)
            boards.append(board.copy())
        return tuple(boards)
