"""The judged moves of a game with their classes, and the motifs that each move missed, allowed or shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import chess

from knight_vision.domain.judged_moves import JudgedMove
from knight_vision.domain.motifs import Sighting
from knight_vision.domain.motifs.claims import claims
from knight_vision.domain.motifs.line import Line
from knight_vision.domain.move_class import MoveClass

__all__ = ["FAULTS", "PRAISED", "ReviewedMove", "review"]

FAULTS = frozenset({MoveClass.INACCURACY, MoveClass.MISTAKE, MoveClass.BLUNDER, MoveClass.MISS})
PRAISED = frozenset({MoveClass.GREAT, MoveClass.BRILLIANT})
WIN_PERCENT_WORTH_TELLING = 2.0
"""A move that lost less missed and allowed nothing worth telling; upper end of chess.com's `excellent`."""

PAWNS_WORTH_TELLING = 1
"""A motif that wins a pawn for good is told too: where it costs an advantage, it is the reason."""

LONG_ENOUGH = 8
"""Plies of a reply that need not be drawn out."""
MOST_PLIES = 16
"""As far as a line is looked at."""


@dataclass(frozen=True, slots=True)
class ReviewedMove:
    """A judged move with its class, and what its lines show."""

    judged: JudgedMove
    move_class: MoveClass
    reply: tuple[str, ...]
    """The opponent's best line after the move in UCI notation: the engine's, or drawn out by later ones."""
    missed: tuple[Sighting, ...] = ()
    """Motifs of the engine's line in place of the move; empty when the move was the best or cost little."""
    allowed: tuple[Sighting, ...] = ()
    """Motifs of the opponent's best line after the move; empty when it cost little."""
    shown: tuple[Sighting, ...] = ()
    """Motifs of the move's own line, where the move is great or brilliant."""
    played: Line | None = field(default=None, compare=False, repr=False)
    """The move and the reply on the board, at most 16 plies; None where nothing is told of the move."""
    better: Line | None = field(default=None, compare=False, repr=False)
    """The engine's line in place of the move, as far; None where there is none or nothing is told."""


def review(judged: Sequence[JudgedMove], classes: Sequence[MoveClass]) -> list[ReviewedMove]:
    """Every move of consecutive ones with its class, reply and motifs.

    Raises ValueError for an engine's line that is not legal.
    """
    return [
        reviewed(move, move_class, reply_to(judged, index))
        for index, (move, move_class) in enumerate(zip(judged, classes, strict=True))
    ]


def reply_to(judged: Sequence[JudgedMove], index: int) -> tuple[str, ...]:
    """The opponent's best line after a move, a short one drawn out as long as the game follows it.

    Engines often break a line off where they find the next position in their memory. Where the game went that
    way, the line goes on with what was found there.
    """
    line = list(judged[index].after.line)
    while line and len(line) < LONG_ENOUGH:
        last = index + len(line)
        followed = [move.move.uci() for move in judged[index + 1 : last + 1]]
        if followed != line or not judged[last].after.line:
            break
        line += judged[last].after.line
    return tuple(line)


def reviewed(move: JudgedMove, move_class: MoveClass, reply: tuple[str, ...]) -> ReviewedMove:
    """One move with its motifs."""
    is_told = move_class in FAULTS | PRAISED or move.win_percent_lost >= WIN_PERCENT_WORTH_TELLING
    if not is_told:
        return ReviewedMove(move, move_class, reply)
    played = Line(move.board, [move.move, *reply[: MOST_PLIES - 1]])
    if move_class in PRAISED:
        return ReviewedMove(move, move_class, reply, shown=told(played), played=played)
    is_best = move.best in (None, move.move)
    better = None if is_best else Line(move.board, move.before.line[:MOST_PLIES])
    return ReviewedMove(
        move,
        move_class,
        reply,
        missed=told(better, move.move) if better is not None else (),
        allowed=told(played.after_first()),
        played=played,
        better=better,
    )


def told(line: Line, played: chess.Move | None = None) -> tuple[Sighting, ...]:
    """The motifs of a line that are worth telling of the move played in its place, if there was one."""
    return claims(line, pawns_needed=PAWNS_WORTH_TELLING, played=played)
