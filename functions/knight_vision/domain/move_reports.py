"""What a report says of single moves, each part made once: much of it while the game is being searched.

A part is kept with what it was made of, and made again where the report has something else: so a report is
the same whether any of it was made ahead or not (docs/decisions/0028).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from knight_vision.domain.division import Division, divide
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import Explanation, explain
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import JudgedMove, judged_move
from knight_vision.domain.move_class import MoveClass, class_of
from knight_vision.domain.openings import Opening, book_ply, opening_of
from knight_vision.domain.positional import PositionMetrics, metrics
from knight_vision.domain.report_rows import move_json
from knight_vision.domain.reviewed_moves import ReviewedMove, reply_to, reviewed

__all__ = ["MoveReports"]

POSITIONS_BEFORE = 4
"""A row of a report hangs on so many positions before the one that it is about, by the explanation's look at
the move before, whose class hangs on the one before that."""


class MoveReports:
    """The parts of one game's report. Threads may not share it."""

    def __init__(self, game: Game) -> None:
        """Only moves and start of `game` matter."""
        self.game = game
        self._judged: dict[int, JudgedMove] = {}
        self._metrics: dict[int, PositionMetrics] = {}
        self._reviewed: dict[int, ReviewedMove] = {}
        self._explained: dict[int, tuple[ReviewedMove, ReviewedMove | None, Explanation | None]] = {}
        self._rows: dict[int, tuple[JudgedMove, ReviewedMove, dict[str, Any]]] = {}
        self._next_ply = game.ply_count

    @cached_property
    def book_ply(self) -> int:
        """The last book move's ply."""
        return book_ply(self.game.boards)

    @cached_property
    def opening(self) -> Opening | None:
        """The game's opening."""
        return opening_of(self.game.boards)

    @cached_property
    def division(self) -> Division:
        """The parts of the game."""
        return divide(self.game.boards)

    def metrics(self, position: int) -> PositionMetrics:
        """The positional metrics of a position."""
        if position not in self._metrics:
            self._metrics[position] = metrics(self.game.boards[position])
        return self._metrics[position]

    def review(self, move: JudgedMove, move_class: MoveClass, reply: tuple[str, ...]) -> ReviewedMove:
        """See `reviewed_moves.reviewed`."""
        made = self._reviewed.get(move.ply)
        if made is None or (made.judged, made.move_class, made.reply) != (move, move_class, reply):
            made = self._reviewed[move.ply] = reviewed(move, move_class, reply)
        return made

    def explain(self, game: Game, move: ReviewedMove, previous: ReviewedMove | None) -> Explanation | None:
        """See `explain.explain`."""
        ply = move.judged.ply
        made = self._explained.get(ply)
        if made is None or made[0] is not move or made[1] is not previous:
            made = self._explained[ply] = (move, previous, explain(game, move, previous))
        return made[2]

    def row(self, judged: JudgedMove, move: ReviewedMove, explanation: Explanation | None) -> dict[str, Any]:
        """A move's row without its times; `judged` as on Lichess. `explanation` is the move's own."""
        made = self._rows.get(judged.ply)
        if made is None or made[0] != judged or made[1] is not move:
            text = explanation.text if explanation else None
            row = move_json(self.game, judged, move, explanation=text, metrics=self.metrics(judged.ply))
            made = self._rows[judged.ply] = (judged, move, row)
        return made[2]

    def make_ahead(self, found: Mapping[int, Evaluation]) -> None:
        """Make the parts of one more move, if enough is known: a millisecond's work for idle moments.

        `found` are the final evaluations so far, of a search from the last position to the first.
        """
        ply = self._next_ply
        if ply <= POSITIONS_BEFORE or ply - POSITIONS_BEFORE not in found:
            return
        self._next_ply = ply - 1
        for known in range(ply - 2, min(ply + 1, self.game.ply_count) + 1):
            if known not in self._judged:
                self._judged[known] = judged_move(self.game, known, found[known - 1], found[known])
        move, previous = (self._review_ahead(one) for one in (ply, ply - 1))
        self.row(move.judged, move, self.explain(self.game, move, previous))

    def _review_ahead(self, ply: int) -> ReviewedMove:
        """A move with the class that it has as long as no move of the game is great or brilliant."""
        if ply not in self._reviewed:
            move, previous, following = (self._judged.get(one) for one in (ply, ply - 1, ply + 1))
            assert move is not None  # noqa: S101 - made by the caller
            move_class = class_of(move, previous, following, in_book=ply <= self.book_ply)
            later = [self._judged[one] for one in range(ply, self.game.ply_count + 1)]
            self.review(move, move_class, reply_to(later, 0))
        return self._reviewed[ply]
