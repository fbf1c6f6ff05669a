"""In which manner a move is bad: the king is chased, the wrong piece takes back, time is lost."""

from __future__ import annotations

import chess

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.instead import prevented
from knight_vision.domain.explain.reply import Deed
from knight_vision.domain.explain.statement import Theme
from knight_vision.domain.explain.threats import gain_on
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import piece_name, side
from knight_vision.domain.sacrifice import exchange_gain

__all__ = ["chased_king", "retaking", "wasted_time"]

CHASE = 4
"""Moves of a line that chase a king: two checks, the first of them answered by the king."""
TWICE = 3
"""Moves of a line in which its first piece moves twice."""
MOST_CP_FOR_TIME = 150
"""A greater loss is not put down to lost time."""


def chased_king(evidence: Evidence) -> Deed | None:
    """`exposes Black's king to checks`: two in a row make it run, as they don't in the engine's line."""
    played, better = evidence.played, evidence.better
    if len(played) < CHASE or better is None or not is_chased(played):
        return None
    if len(better) < CHASE or is_chased(better) or is_chase_possible(played, better):
        return None
    return Deed(f"exposes {side(evidence.color)}'s king to checks", CHASE - 1, Theme.THREAT)


def is_chased(variation: Variation) -> bool:
    """True when the opponent's first two moves give check and the king moves in between."""
    line = variation.line
    return line.checks[2] and line.checks[4] and line.moved[2] == chess.KING


def is_chase_possible(played: Variation, better: Variation) -> bool:
    """True when the same checks could be given after the engine's move, without loss."""
    board = better.line.boards[1].copy(stack=False)
    for move in played.line.moves[1:CHASE]:
        if not board.is_legal(move):
            return False
        board.push(move)
    return board.is_check() and not exchange_gain(board, played.line.landed[CHASE - 1])


def retaking(evidence: Evidence) -> str | None:
    """`takes back with the wrong piece`, where the engine takes the same with another; None elsewhere."""
    played, better = evidence.played.line, evidence.better
    if better is None or played.captured[0] is None:
        return None
    move, best = played.moves[0], better.line.moves[0]
    if move.to_square != best.to_square or played.moved[0] == better.line.moved[0]:
        return None
    previous = evidence.previous
    is_back = previous is not None and previous.judged.move.to_square == move.to_square
    pieces = [piece_name(line.moved[0]) for line in (played, better.line)]
    return f"takes {'back ' if is_back else ''}with the {pieces[0]} instead of the {pieces[1]}"


def wasted_time(evidence: Evidence) -> Deed | None:
    """`loses time` where the piece moves on at once, to where it stood or could have gone; None elsewhere.

    Only of quiet moves, without a check or a capture, that drive no piece away and lose little, and not where
    the engine's move prevents the reply: that is more.
    """
    played, line, lost = evidence.played, evidence.played.line, evidence.cp_lost
    if len(played) < TWICE or line.moves[2].from_square != line.landed[0] or lost is None:
        return None
    if lost > MOST_CP_FOR_TIME or gain_on(line.boards[1], line.moves[1].from_square, evidence.color):
        return None
    if (
        prevented(evidence)
        or any(played.takes(index) for index in range(TWICE))
        or any(line.checks[: TWICE + 1])
    ):
        return None
    start, end = line.moves[0].from_square, line.landed[2]
    if line.is_castling(0) or not (end == start or line.boards[0].is_legal(chess.Move(start, end))):
        return None
    return Deed("loses time", 2, Theme.THREAT)
