"""The judged moves of a game with their classes, and the motifs that each move missed, allowed or shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import chess

from knight_vision.domain.judged_moves import JudgedMove
from knight_vision.domain.motifs import Sighting
from knight_vision.domain.motifs.claims import claims
from knight_vision.domain.move_class import MoveClass

__all__ = ["FAULTS", "PRAISED", "ReviewedMove", "review"]

FAULTS = frozenset({MoveClass.INACCURACY, MoveClass.MISTAKE, MoveClass.BLUNDER, MoveClass.MISS})
PRAISED = frozenset({MoveClass.GREAT, MoveClass.BRILLIANT})
WIN_PERCENT_WORTH_TELLING = 2.0
"""A move that lost less missed and allowed nothing worth telling; upper end of chess.com's `excellent`."""

PAWNS_WORTH_TELLING = 1
"""A motif that wins a pawn for good is told too: where it costs an advantage, it is the reason."""


@dataclass(frozen=True, slots=True)
class ReviewedMove:
    """A judged move with its class, and what its lines show."""

    judged: JudgedMove
    move_class: MoveClass
    missed: tuple[Sighting, ...] = ()
    """Motifs of the engine's line in place of the move; empty when the move was the best or cost little."""
    allowed: tuple[Sighting, ...] = ()
    """Motifs of the opponent's best line after the move; empty when it cost little."""
    shown: tuple[Sighting, ...] = ()
    """Motifs of the move's own line, where the move is great or brilliant."""


def review(judged: Sequence[JudgedMove], classes: Sequence[MoveClass]) -> list[ReviewedMove]:
    """Every move with its class and its motifs. Raises ValueError for an engine's line that is not legal."""
    return [reviewed(move, move_class) for move, move_class in zip(judged, classes, strict=True)]


def reviewed(move: JudgedMove, move_class: MoveClass) -> ReviewedMove:
    """One move with its motifs."""
    if move_class in PRAISED:
        line = [move.move.uci(), *move.after.line]
        return ReviewedMove(move, move_class, shown=told(move.board, line))
    if move_class not in FAULTS and move.win_percent_lost < WIN_PERCENT_WORTH_TELLING:
        return ReviewedMove(move, move_class)
    after = move.board.copy(stack=1)
    after.push(move.move)
    is_best = move.best in (None, move.move)
    return ReviewedMove(
        move,
        move_class,
        missed=() if is_best else told(move.board, move.before.line),
        allowed=told(after, move.after.line),
    )


def told(board: chess.Board, line: Sequence[str]) -> tuple[Sighting, ...]:
    """The motifs of a line that are worth telling."""
    return claims(board, line, pawns_needed=PAWNS_WORTH_TELLING)
