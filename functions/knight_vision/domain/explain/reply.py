"""What the opponent's reply does, beyond what it changes in the evaluation: it trades, threatens, attacks."""

from __future__ import annotations

from dataclasses import dataclass

import chess

from knight_vision.domain.explain.aims import AimKind, aims
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.ideas import named
from knight_vision.domain.explain.standing import Standing
from knight_vision.domain.explain.statement import Theme
from knight_vision.domain.explain.threats import Threats, gain_on, threats
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import listed, piece_name
from knight_vision.domain.sacrifice import VALUES

__all__ = ["Deed", "attacked_by", "is_worth_it", "reply_threats", "reply_words"]

HEAVY = (chess.QUEEN, chess.ROOK)
"""Pieces whose trade changes a game's character."""
MOST_CP_FOR_PAWN = 200
"""A threat to win a pawn does not explain a greater loss."""
UNTOLD = frozenset({AimKind.TAKE_BACK, AimKind.CASTLE, AimKind.PROTECT, AimKind.DEVELOP, AimKind.SPACE})
"""What a reply would do after many a move."""
NEXT = 3
"""The opponent's next move."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What the opponent's line does."""

    words: str
    last: int
    """The last move to be cited for it."""
    theme: Theme


def reply_words(evidence: Evidence) -> Deed | None:
    """`trades queens`, `threatens mate on h7`, `attacks the knight on c4`; None for nothing.

    No trade, nor what a move just does, of a reply that answers the engine's move too.
    """
    played = evidence.played
    if len(played) < 2:
        return None
    is_usual = evidence.better is not None and played.line.moves[1] in evidence.better.line.moves[1:2]
    traded = traded_piece(played)
    if traded and not is_usual:
        return Deed(f"trades {traded}", 2, Theme.OTHER)
    found = reply_threats(evidence)
    if found is not None:
        return Deed(found.words(), 1, Theme.THREAT)
    return attack(played) or (None if is_usual else plain_deed(evidence))


def attack(played: Variation) -> Deed | None:
    """What the reply attacks, whatever comes of it."""
    targets = attacked_by(played, 1)
    check = "gives check and " if played.line.checks[2] else ""
    return Deed(f"{check}attacks {listed(targets)}", 1, Theme.OTHER) if targets else None


def plain_deed(evidence: Evidence) -> Deed | None:
    """What else the reply does; or that the next move trades pieces, as none in the engine's line does."""
    better, played = evidence.better, evidence.played
    aim = next((aim for aim in aims(played, 1) if aim.kind not in UNTOLD), None)
    if aim is not None:
        return Deed(aim.words(), 1, Theme.OTHER)
    if len(played) <= NEXT or (better is not None and played.line.moves[NEXT] in better.line.moves):
        return None
    trade = next((aim for aim in aims(played, NEXT) if aim.kind == AimKind.TRADE), None)
    return Deed(trade.words(), NEXT, Theme.OTHER) if trade is not None else None


def reply_threats(evidence: Evidence) -> Threats | None:
    """What the opponent's reply threatens, and would not after the engine's move; None for nothing."""
    played, better = evidence.played, evidence.better
    found = threats(played, 1) if len(played) > 1 else None
    if found is None or not is_worth_it(evidence, found):
        return None
    if better is None or better.line.checks[1] or found.mate is not None:
        return found
    board, reply = better.line.boards[1], played.line.moves[1]
    if not board.is_legal(reply):
        return found
    after = board.copy(stack=False)
    after.push(reply)
    is_new = any(gain_on(after, square, not evidence.color) < gain for square, gain in found.gains.items())
    return found if is_new else None


def is_worth_it(evidence: Evidence, found: Threats) -> bool:
    """True when what is threatened can account for the loss: a pawn does not where much more is lost."""
    if found.mate is not None or found.pawns > 1:
        return True
    is_decided = abs(evidence.standing_before) == abs(evidence.standing_after) == Standing.WINNING
    return not is_decided and evidence.cp_lost is not None and evidence.cp_lost <= MOST_CP_FOR_PAWN


def traded_piece(variation: Variation) -> str | None:
    """`queens` or `rooks` where the opponent's first move trades them; None where not."""
    line = variation.line
    if len(line) < 3 or line.moves[1].to_square != line.moves[2].to_square or line.captured[0] is not None:
        return None
    traded = line.captured[1]
    return f"{piece_name(traded)}s" if traded in HEAVY and line.captured[2] == traded else None


def attacked_by(variation: Variation, index: int) -> tuple[str, ...]:
    """Pieces that the piece just moved attacks, where they are worth more than it or have no protection.

    Nothing for captures, which are told by themselves, and for pinned pieces.
    """
    line = variation.line
    board, square = line.boards[index + 1], line.landed[index]
    color = board.turn
    if variation.takes(index) or board.is_pinned(not color, square):
        return ()
    value = VALUES[board.piece_type_at(square) or chess.KING]
    pieces = board.attacks_mask(square) & board.occupied_co[color] & ~board.pawns & ~board.kings
    return tuple(
        named(board, target)
        for target in chess.scan_forward(pieces)
        if VALUES[board.piece_type_at(target) or 0] > value > 0 or not board.attackers_mask(color, target)
    )
