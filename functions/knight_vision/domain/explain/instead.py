"""What the engine's move would have done that the move played does not: threaten, guard, prevent, trade."""

from __future__ import annotations

import chess

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.reply import is_worth_it, reply_threats
from knight_vision.domain.explain.threats import Threats, gain_on, targets, threats, with_turn_passed
from knight_vision.domain.sacrifice import REAL_SACRIFICE, exchange_gain

__all__ = ["better_threats", "guarded", "let_in", "prevented", "trading"]


TRADE = 3
"""Moves that a trade of queens takes: one offers or takes, the others take."""
KEPT = 6
"""Moves after which a line has kept the queens."""
BOTH = 2


def better_threats(evidence: Evidence) -> Threats | None:
    """What the engine's move threatens and the move played does not; None for nothing."""
    better, played = evidence.better, evidence.played
    if better is None:
        return None
    found = threats(better, 0)
    if found is None:
        return None
    after = played.line.boards[1]
    is_new = found.mate is not None or any(
        gain_on(after, square, evidence.color) < gain for square, gain in found.gains.items()
    )
    return found if is_new and is_worth_it(evidence, found) else None


def guarded(evidence: Evidence) -> str | None:
    """What the reply attacks and the engine's move would have guarded: `the pawn on f7`; None for nothing."""
    better, found = evidence.better, reply_threats(evidence)
    if better is None or found is None:
        return None
    board, reply = better.line.boards[1], evidence.played.line.moves[1]
    if not board.is_legal(reply):
        return None
    after = board.copy(stack=False)
    after.push(reply)
    kept = [
        square
        for square in found.gains
        if after.piece_type_at(square) == found.board.piece_type_at(square)
        and after.color_at(square) == evidence.color
        and after.attacks_mask(better.line.landed[0]) & chess.BB_SQUARES[square]
        and not gain_on(after, square, not evidence.color)
    ]
    return targets(after, kept) if kept and not after.is_check() else None


def prevented(evidence: Evidence) -> str | None:
    """The opponent's reply where the engine's move makes it impossible, or a loss; None where it does not.

    Only of moves that take nothing and flee from nothing, and not where the engine's move gives check, or
    takes something (but of castling): there the reply is not what matters.
    """
    better, played = evidence.better, evidence.played
    line = played.line
    if better is None or len(line) < 2 or better.line.checks[1] or line.checks[1] or played.takes(1):
        return None
    if (better.takes(0) and not line.is_castling(1)) or not is_ruled_out(better.line.boards[1], evidence):
        return None
    origin = line.moves[1].from_square
    flees = gain_on(line.boards[1], origin, evidence.color) > exchange_gain(line.boards[0], origin)
    return None if flees or exchange_gain(line.boards[2], line.landed[1]) else played.cite(1)


def let_in(evidence: Evidence) -> str | None:
    """The reply where it was ruled out before the move too, so that the move allows it; None elsewhere."""
    before = evidence.judged.board
    reply = prevented(evidence)
    return (
        reply
        if reply and not before.is_check() and is_ruled_out(with_turn_passed(before), evidence)
        else None
    )


def is_ruled_out(board: chess.Board, evidence: Evidence) -> bool:
    """True when the opponent's reply is not possible on a board, or its piece is lost there."""
    line = evidence.played.line
    reply, piece = line.moves[1], line.boards[1].piece_at(line.moves[1].from_square)
    if board.piece_at(reply.from_square) != piece:
        return False
    if not board.is_legal(reply):
        return True
    if board.is_capture(reply):
        return False
    after = board.copy(stack=False)
    after.push(reply)
    return exchange_gain(after, line.landed[1]) >= (1 if line.moved[1] == chess.PAWN else REAL_SACRIFICE)


def trading(evidence: Evidence) -> str | None:
    """`trading queens` where the engine's move does, and the line played keeps them; None elsewhere."""
    better, played = evidence.better, evidence.played
    if better is None or len(better) < TRADE or len(played) < KEPT:
        return None
    is_traded = not queens(better.line.boards[TRADE]) and queens(better.line.boards[0]) == BOTH
    return "trading queens" if is_traded and queens(played.line.boards[KEPT]) == BOTH else None


def queens(board: chess.Board) -> int:
    """How many there are."""
    return board.queens.bit_count()
