"""One evaluated position: the score from White's point of view and the engine's line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Evaluation"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the engine found in one position. Exactly one of `white_cp` and `white_mate` is set."""

    white_cp: int | None = None
    """Centipawns from White's point of view."""
    white_mate: int | None = None
    """Moves to mate: positive when White mates, negative when Black does; 0 only on a board where
    mate already stands (White's or Black's: the side to move is mated)."""
    line: tuple[str, ...] = ()
    """The principal variation in UCI notation, beginning with the best move of this position;
    empty when the game is over here."""
    depth: int | None = None
    """Depth reached, in plies; None where nothing was searched."""
    nodes: int | None = None
    """Nodes searched for the best move; None where nothing was searched."""
    second_white_cp: int | None = None
    """Score of the best move other than the first of `line`, as `white_cp`."""
    second_white_mate: int | None = None
    """The same as a mate. Both are None when no second best move was looked for."""

    def __post_init__(self) -> None:
        if (self.white_cp is None) == (self.white_mate is None):
            raise ValueError("an evaluation is either centipawns or a mate")
        if self.second_white_cp is not None and self.second_white_mate is not None:
            raise ValueError("a second score is either centipawns or a mate")

    @property
    def second(self) -> Evaluation | None:
        """The score of the second best move as an evaluation of its own; None when it is not known."""
        if self.second_white_cp is None and self.second_white_mate is None:
            return None
        return Evaluation(self.second_white_cp, self.second_white_mate)

    @property
    def best_move(self) -> str | None:
        """The best move in UCI notation, None when the game is over."""
        return self.line[0] if self.line else None

    def to_json(self) -> list[Any]:
        """A compact list for the queue: `[white_cp, white_mate, "e2e4 e7e5", depth, nodes]`.

        A second score adds two more fields.

        >>> Evaluation.from_json(Evaluation(white_cp=20, line=("e2e4",)).to_json()).line
        ('e2e4',)
        >>> Evaluation(white_mate=3, line=("d8d1",), depth=9, nodes=70, second_white_cp=-15).to_json()
        [None, 3, 'd8d1', 9, 70, -15, None]
        """
        fields = [self.white_cp, self.white_mate, " ".join(self.line), self.depth, self.nodes]
        return fields if self.second is None else [*fields, self.second_white_cp, self.second_white_mate]

    @classmethod
    def from_json(cls, fields: list[Any]) -> Evaluation:
        """The evaluation that `to_json` wrote."""
        white_cp, white_mate, line, depth, nodes, *second = fields
        return cls(white_cp, white_mate, tuple(line.split()), depth, nodes, *second)
