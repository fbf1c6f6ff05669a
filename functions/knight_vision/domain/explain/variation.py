"""A line of moves with what statements about it need: notation, material, and where it is quiet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import chess

from knight_vision.domain.motifs.line import Line
from knight_vision.domain.sacrifice import exchange_gain

__all__ = ["Variation"]

MOST_PLIES = 16
"""As far as a line is looked at: a mate in eight."""


class Variation:
    """A line from a position of the game. Its moves count from 0; `line.boards[i]` stands before move i.

    Material is seen from the side that moves first in the line.
    """

    def __init__(
        self, board: chess.Board, moves: Sequence[chess.Move | str], number: tuple[int, bool]
    ) -> None:
        """`number` of the first move and whether it is White's, as `Game.move_number` says."""
        self.line = Line(board, moves[:MOST_PLIES])
        self.color = board.turn
        self._half_moves = 2 * number[0] + (0 if number[1] else 1)
        self._sans: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.line)

    def san(self, index: int) -> str:
        """The notation of one move."""
        if index not in self._sans:
            self._sans[index] = self.line.boards[index].san(self.line.moves[index])
        return self._sans[index]

    def cite(self, first: int, last: int | None = None) -> str:
        """The moves from `first` to `last` (one move when left out) with their numbers: `18...Qe7 19.Nd5`."""
        words = []
        for index in range(first, (first if last is None else last) + 1):
            number, is_black = divmod(self._half_moves + index, 2)
            prefix = f"{number}." if not is_black else f"{number}..." if index == first else ""
            words.append(prefix + self.san(index))
        return " ".join(words)

    def takes(self, index: int) -> bool:
        """True when the move changes material: a capture or a promotion."""
        return self.line.captured[index] is not None or self.line.moves[index].promotion is not None

    @cached_property
    def quiet(self) -> list[int]:
        """The positions, by index of their board, in which no exchange is under way.

        Neither of the next two moves of the line takes anything; at the end of the line, nothing is won by
        taking on the square of the last move, and the side to move is not in check.
        """
        last = len(self)
        found = [
            index
            for index in range(last)
            if not self.takes(index) and not (index + 1 < last and self.takes(index + 1))
        ]
        return [*found, last] if self._ends_quietly() else found

    def _ends_quietly(self) -> bool:
        board = self.line.boards[-1]
        if not self.line.moves or self.line.ends_in_mate:
            return True
        return not board.is_check() and exchange_gain(board, self.line.moves[-1].to_square) == 0

    @cached_property
    def gains(self) -> list[int]:
        """For every board, the material won so far by the side that moves first, in pawns."""
        balance = self.line.balance
        return [now - balance[0] for now in balance]

    def lasting_gain(self, sign: int, horizon: int) -> int | None:
        """The first quiet board within `horizon` moves where material is won (`sign` 1) or lost (-1) for good.

        For good: on no later quiet board is it less. A later one is preferred when it is worth two pawns more.
        None when there is no such board.
        """
        lasting, least = [], None
        for index in reversed(self.quiet):
            gain = sign * self.gains[index]
            least = gain if least is None else min(least, gain)
            if gain >= 1 and gain <= least and 1 <= index <= horizon:
                lasting.append(index)
        if not lasting:
            return None
        most = max(sign * self.gains[index] for index in lasting)
        return min(index for index in lasting if sign * self.gains[index] >= most - 1)

    def last_taking(self, index: int) -> int:
        """The last move before board `index` that changed material."""
        return max(move for move in range(index) if self.takes(move))
