"""A chess game as the analysis sees it: a start position, legal moves, and what the PGN said besides."""

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
    elapsed_s: float | None = None
    """From `[%emt]`: seconds the mover spent on the move."""
    better: tuple[str, ...] = ()
    """From a comment such as `Nf3 was best.` and its variation: the line in place of the move, in UCI."""


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
    """One entry for each move, or empty when the PGN said nothing of them."""

    @property
    def ply_count(self) -> int:
        """Number of half-moves."""
        return len(self.moves)

    @property
    def position_count(self) -> int:
        """Number of positions, the start and the end included: one more than plies."""
        return len(self.moves) + 1

    @property
    def white_starts(self) -> bool:
        """True unless a set-up position has Black to move."""
        return self.start_fen.split()[1] == "w"

    @cached_property
    def boards(self) -> tuple[chess.Board, ...]:
        """Every position, 0 to `ply_count`, with the history in which it can repeat another.

        Do not change these boards: copy them. They cost megabytes for a long game: nothing for one, too much
        for a hundred games at once.
        """
        board = chess.Board(self.start_fen, chess960=self.is_chess960)
        boards = [board.copy(stack=False)]
        for move in self.moves:
            board.push(chess.Move.from_uci(move))  # legal, as all moves of a game
            # Not the whole history, which grows with the square of the length: nothing before the last
            # capture or pawn move comes again, and after 75 moves without one the game is drawn anyhow.
            # The last two moves always: they tell a recapture from a piece won.
            boards.append(board.copy(stack=max(2, min(board.halfmove_clock, 150))))
        return tuple(boards)

    @cached_property
    def sans(self) -> tuple[str, ...]:
        """The moves in standard algebraic notation, made without keeping the boards."""
        board = chess.Board(self.start_fen, chess960=self.is_chess960)
        return tuple(board.san_and_push(chess.Move.from_uci(move)) for move in self.moves)

    def move_number(self, ply: int) -> tuple[int, bool]:
        """The number of the move to position `ply` (or of one in its place), and whether it is White's."""
        half_moves = 2 * int(self.start_fen.split()[5]) + (0 if self.white_starts else 1) + ply - 1
        return half_moves // 2, half_moves % 2 == 0

    def text_of(self, ply: int) -> MoveText:
        """What the PGN said about the move that led to position `ply`."""
        return self.texts[ply - 1] if self.texts else MoveText()
