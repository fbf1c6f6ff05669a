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
    """Nodes searched; None where nothing was searched."""

    def __post_init__(self) -> None:
        if (self.white_cp is None) == (self.white_mate is None):
            raise ValueError("an evaluation is either centipawns or a mate")

    @property
    def best_move(self) -> str | None:
        """The best move in UCI notation, None when the game is over."""
        return self.line[0] if self.line else None

    def to_json(self) -> list[Any]:
        """A compact list for the queue: `[white_cp, white_mate, "e2e4 e7e5", depth, nodes]`.

        >>> Evaluation.from_json(Evaluation(white_cp=20, line=("e2e4",)).to_json())
        Evaluation(white_cp=20, white_mate=None, line=('e2e4',), depth=None, nodes=None)
        """
        return [self.white_cp, self.white_mate, " ".join(self.line), self.depth, self.nodes]

    @classmethod
    def from_json(cls, fields: list[Any]) -> Evaluation:
        """The evaluation that `to_json` wrote."""
        white_cp, white_mate, line, depth, nodes = fields
        return cls(white_cp, white_mate, tuple(line.split()), depth, nodes)
