"""A line of moves with what statements about it need: notation, material, and where it is quiet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import chess

from knight_vision.domain.motifs.line import Line
from knight_vision.domain.sacrifice import exchange_gain

__all__ = ["Variation"]

MOST_PLIES = 20
"""As far as a line is looked at."""


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
        return [*found, last] if self._ends_quietly else found

    @cached_property
    def _hanging_at_end(self) -> int:
        """What the side to move wins, at the end of the line, by taking on the square of the last move."""
        return exchange_gain(self.line.boards[-1], self.line.moves[-1].to_square) if self.line.moves else 0

    @cached_property
    def _ends_quietly(self) -> bool:
        return not self._hanging_at_end and not self.line.checks[-1]

    def final_gain(self) -> int:
        """The material won at the end of the line, when the exchange that it breaks off is played out."""
        is_own = self.line.boards[-1].turn == self.color
        return self.gains[-1] + (self._hanging_at_end if is_own else -self._hanging_at_end)

    @cached_property
    def gains(self) -> list[int]:
        """For every board, the material won so far by the side that moves first, in pawns."""
        balance = self.line.balance
        return [now - balance[0] for now in balance]

    def lasting_gain(self, sign: int, horizon: int) -> int | None:
        """The first board within `horizon` moves where material is won (`sign` 1) or lost (-1) for good.

        For good: neither on a later quiet board nor at the end of the line is it less; on a board where an
        exchange is under way, on no later board at all. A later board that is worth two pawns more is
        preferred. None when there is no such board.
        """
        last, quiet = len(self), set(self.quiet)
        least = least_quiet = sign * self.final_gain()
        lasting = []
        for index in range(last, 0, -1):
            gain = sign * self.gains[index]
            if index < last:
                least = min(least, gain)
            if index in quiet:
                least_quiet = min(least_quiet, gain)
            if gain < 1 or index > horizon:
                continue
            if (index in quiet and gain <= least_quiet) or (gain <= least and index + 2 <= last):
                lasting.append(index)
        if not lasting:
            return None
        most = max(sign * self.gains[index] for index in lasting)
        return min(index for index in lasting if sign * self.gains[index] >= most - 1)

    def last_taking(self, index: int) -> int:
        """The last move before board `index` that changed material."""
        return max(move for move in range(index) if self.takes(move))
