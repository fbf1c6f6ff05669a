"""What an explanation of one move may cite: the line that was played, the engine's, and both evaluations."""

from __future__ import annotations

from functools import cached_property

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain.standing import Standing, standing_of
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.game import Game
from knight_vision.domain.reviewed_moves import ReviewedMove

__all__ = ["Evidence"]


class Evidence:
    """One move with its two lines. Statements take nothing from elsewhere."""

    def __init__(self, game: Game, move: ReviewedMove, previous: ReviewedMove | None) -> None:
        """`previous`: the opponent's move just before, None at the start of the game."""
        self.game = game
        self.move = move
        self.previous = previous
        self.judged = move.judged
        self.color: chess.Color = move.judged.is_white
        self.number = game.move_number(move.judged.ply)

    @cached_property
    def played(self) -> Variation:
        """The move and the opponent's best line against it: the opponent moves at odd indices."""
        assert self.move.played is not None  # noqa: S101 - every move that is explained has it
        return Variation(self.move.played, self.number)

    @cached_property
    def better(self) -> Variation | None:
        """The engine's line in place of the move; None when it is not known, or is the move itself."""
        return None if self.move.better is None else Variation(self.move.better, self.number)

    @property
    def subject(self) -> str:
        """The move with its number."""
        return self.played.cite(0)

    def cite_previous(self) -> str:
        """The opponent's move just before, with its number."""
        assert self.previous is not None  # noqa: S101 - asked for only where there is one
        judged = self.previous.judged
        number, is_white = self.game.move_number(judged.ply)
        return f"{number}{'.' if is_white else '...'}{self.game.sans[judged.ply - 1]}"

    @cached_property
    def standing_before(self) -> Standing:
        """How the mover stood."""
        return standing_of(self.judged.before, self.color)

    @cached_property
    def standing_after(self) -> Standing:
        """How the mover stands now; the game goes on, or is drawn."""
        return standing_of(self.judged.after, self.color)

    def mate_for(self, evaluation: Evaluation, color: chess.Color) -> int | None:
        """The number of moves in which this side has a forced mate; None when it has not."""
        mate = evaluation.white_mate
        if not mate or (mate > 0) != color:
            return None
        return abs(mate)

    @property
    def cp_lost(self) -> int | None:
        """Centipawns that the move cost; None where either evaluation is a mate."""
        before, after = self.judged.before.white_cp, self.judged.after.white_cp
        if before is None or after is None:
            return None
        return before - after if self.color else after - before
