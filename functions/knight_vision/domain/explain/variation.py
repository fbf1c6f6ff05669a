"""A line of moves with what statements about it need: notation, material, and where it is quiet."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import chess

from knight_vision.domain.motifs.line import Line
from knight_vision.domain.sacrifice import best_capture_gain, exchange_gain

__all__ = ["Variation"]

LASTING_PLIES = 6
"""Material kept for so many moves of a line is won for good: the tails of lines are searched least."""

MOST_PAWNS_BACK = 2
LEAST_FOR_PAWNS = 2
"""Pawns that the winner of material may lose later, where so much is left: a piece is won for a pawn."""


class Variation:
    """A line from a position of the game. Its moves count from 0; `line.boards[i]` stands before move i.

    Material is seen from the side that moves first in the line.
    """

    def __init__(self, line: Line, number: tuple[int, bool]) -> None:
        """`number` of the first move and whether it is White's, as `Game.move_number` says."""
        self.line = line
        self.color = line.solver
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

    def lasting_gain(
        self, sign: int, last: int, bears_out: Callable[[int, int], bool] | None = None
    ) -> tuple[int, int] | None:
        """The first board on which material is won (`sign` 1) or lost (-1) for good, and how much is kept.

        Only moves up to `last` count. What is kept may be less by pawns. A later board is preferred where two
        pawns more are kept, or where it stands in no exchange. `bears_out` says of a board and what is kept
        whether it may be told; where it is not, lesser gains are told of quiet boards alone: what is won in
        the middle of an exchange is a part of the whole. None when there is no such board.
        """
        lasting = []
        for index in range(1, min(len(self), last + 1) + 1):
            kept = self.kept_gain(sign, index)
            if kept is not None:
                lasting.append((index, kept))
        if bears_out is not None:
            told = [found for found in lasting if bears_out(*found)]
            lasting = told if told == lasting else [found for found in told if found[0] in self.quiet]
        greatest = max((kept for _index, kept in lasting), default=0)
        great = [found for found in lasting if found[1] >= greatest - 1]
        settled = [found for found in great if self._is_settled(sign, found[0])]
        if not settled:  # in the middle of an exchange that changes no more than pawns
            great = [found for found in great if self._is_all_but_pawns(sign, found[0])]
        return min(
            settled or great,
            key=lambda found: (self._pawns_given(sign, *found) > 0, found[0]),
            default=None,
        )

    def kept_gain(self, sign: int, index: int) -> int | None:
        """What is kept for good of the material won on board `index`; None when it is nothing.

        It may be less by the pawns won, and by two more where as much is left at least; else None as well.
        """
        gain = sign * self.gains[index]
        if gain < 1:
            return None
        kept, board = self._kept(sign, index)
        if kept < 1:
            return None
        if self._pawns_given(sign, index, kept) == 0:
            return kept
        if board == len(self) and sign * self.gains[-1] == kept + 1:
            kept += 1  # a pawn that hangs where the line breaks off is no price of more
        if kept < LEAST_FOR_PAWNS or self._pawns_given(sign, index, kept) > MOST_PAWNS_BACK:
            return None
        pieces_left = kept - self._pawns_won(sign, board)
        return kept if pieces_left >= self._pieces_won(sign, index) else None

    def _is_all_but_pawns(self, sign: int, index: int) -> bool:
        """True when the next quiet board, or the last, shows the same won for good besides pawns."""
        later = next((quiet for quiet in self.quiet if quiet > index), len(self))
        is_for_good = later == len(self) or self.kept_gain(sign, later) is not None
        return is_for_good and self._pieces_won(sign, later) == self._pieces_won(sign, index)

    def _pieces_won(self, sign: int, index: int) -> int:
        """What is won on board `index` besides pawns."""
        return sign * self.gains[index] - self._pawns_won(sign, index)

    def _pawns_given(self, sign: int, index: int, kept: int) -> int:
        """How many more pawns the winner loses after board `index` than it has won by then."""
        return max(0, sign * self.gains[index] - kept - max(0, self._pawns_won(sign, index)))

    def _pawns_won(self, sign: int, index: int) -> int:
        """Pawns that the winner has taken on board `index`, less those it has lost."""
        first, now = self.line.boards[0], self.line.boards[index]
        own = (first.pawns & first.occupied_co[self.color]).bit_count()
        other = (first.pawns & first.occupied_co[not self.color]).bit_count()
        own -= (now.pawns & now.occupied_co[self.color]).bit_count()
        other -= (now.pawns & now.occupied_co[not self.color]).bit_count()
        return sign * (other - own)

    def _kept(self, sign: int, index: int) -> tuple[int, int]:
        """What is left of the gain on board `index` on the later board where it is least, and that board.

        All quiet boards count until long after or to the end. Board `index` itself is quiet, or one where the
        loser could take back and does not; else all boards count, as an exchange is under way. 0 where the
        line breaks off in it.
        """
        winner = self.color if sign > 0 else not self.color
        if index + 2 > len(self) and index not in self.quiet:
            return 0, index
        end = next((quiet for quiet in self.quiet if quiet >= index + LASTING_PLIES), None)
        last = len(self) - 1 if end is None else end
        later = self.quiet if self._is_settled(sign, index) else range(len(self))
        gains = [(sign * self.gains[board], board) for board in later if index < board <= last]
        if end is None:
            gains.append((self.final_gain(winner), len(self)))
        return min([(sign * self.gains[index], index), *gains])

    def _is_settled(self, sign: int, index: int) -> bool:
        """True when no exchange is under way on board `index`, or the loser could take back and does not."""
        winner = self.color if sign > 0 else not self.color
        return index in self.quiet or (self.line.boards[index].turn != winner and not self.takes(index))

    def last_taking(self, index: int) -> int:
        """The last move before board `index` that changed material."""
        return max(move for move in range(index) if self.takes(move))
