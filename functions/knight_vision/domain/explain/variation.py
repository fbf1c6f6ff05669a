"""A line of moves with what statements about it need: notation, material, and where it is quiet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import chess

from knight_vision.domain.motifs.line import Line
from knight_vision.domain.sacrifice import best_capture_gain, exchange_gain

__all__ = ["Variation"]

MOST_PLIES = 16
"""As far as a line is looked at."""
LASTING_PLIES = 6
"""Material kept for so many moves of a line is won for good: the tails of lines are searched least."""

NEAR = 4
LEAST_CP_FOR_PAWN = 40
LEAST_CP_FOR_PAWN_FAR = 60
"""What a pawn won must have cost within so many moves of a line, and later, where more else happens."""


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
        self._final_gains: dict[chess.Color, int] = {}

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

    @cached_property
    def gains(self) -> list[int]:
        """For every board, the material won so far by the side that moves first, in pawns."""
        balance = self.line.balance
        return [now - balance[0] for now in balance]

    def final_gain(self, color: chess.Color) -> int:
        """What `color` has won at the end of the line, given the captures that are still possible there.

        That side may take back on the square of the last move; else the other side may take what it can, even
        when it is not its turn: the line could break off while a piece that was taken can be retaken.
        """
        if color not in self._final_gains:
            self._final_gains[color] = self._find_final_gain(color)
        return self._final_gains[color]

    def _find_final_gain(self, color: chess.Color) -> int:
        gain = self.gains[-1] if color == self.color else -self.gains[-1]
        board = self.line.boards[-1]
        if board.turn == color and self._hanging_at_end:
            return gain + self._hanging_at_end
        others = board.copy(stack=False)
        others.turn = not color
        return gain - best_capture_gain(others)

    def lasting_gain(self, sign: int, last: int, cp_lost: int | None = None) -> tuple[int, int] | None:
        """The first board on which material is won (`sign` 1) or lost (-1) for good, and how much is kept.

        Only moves up to `last` count. What is kept may be less by pawns. A later board is preferred where two
        pawns more are kept. Where `cp_lost` is given, boards that are worth more than such a loss of
        evaluation accounts for don't count. None when there is no such board.
        """
        lasting = []
        for index in range(1, min(len(self), last + 1) + 1):
            gain = sign * self.gains[index]
            kept = self._kept(sign, index) if gain >= 1 else 0
            if 1 <= kept <= most_pawns(index, cp_lost) and gain - kept <= max(
                0, self._pawns_won(sign, index)
            ):
                lasting.append((index, kept))
        greatest = max((kept for _index, kept in lasting), default=0)
        return next(((index, kept) for index, kept in lasting if kept >= greatest - 1), None)

    def _pawns_won(self, sign: int, index: int) -> int:
        """Pawns that the winner has taken on board `index`, less those it has lost."""
        first, now = self.line.boards[0], self.line.boards[index]
        own = (first.pawns & first.occupied_co[self.color]).bit_count()
        other = (first.pawns & first.occupied_co[not self.color]).bit_count()
        own -= (now.pawns & now.occupied_co[self.color]).bit_count()
        other -= (now.pawns & now.occupied_co[not self.color]).bit_count()
        return sign * (other - own)

    def _kept(self, sign: int, index: int) -> int:
        """What is left of the gain on board `index`, on all quiet boards until long after or to the end.

        Board `index` itself is quiet, or one where the loser could take back and does not; else all boards
        count, as an exchange is under way. 0 where the line breaks off in it.
        """
        winner = self.color if sign > 0 else not self.color
        if index + 2 > len(self) and index not in self.quiet:
            return 0
        end = next((quiet for quiet in self.quiet if quiet >= index + LASTING_PLIES), None)
        last = len(self) - 1 if end is None else end
        is_settled = index in self.quiet or (self.line.boards[index].turn != winner and not self.takes(index))
        later = self.quiet if is_settled else range(len(self))
        gains = [sign * self.gains[board] for board in later if index < board <= last]
        if end is None:
            gains.append(self.final_gain(winner))
        return min([sign * self.gains[index], *gains])

    def last_taking(self, index: int) -> int:
        """The last move before board `index` that changed material."""
        return max(move for move in range(index) if self.takes(move))


def most_pawns(index: int, cp_lost: int | None) -> float:
    """What a loss of evaluation accounts for by board `index`; what is worth more has compensation."""
    if cp_lost is None:
        return math.inf
    return cp_lost / (LEAST_CP_FOR_PAWN if index <= NEAR else LEAST_CP_FOR_PAWN_FAR)
