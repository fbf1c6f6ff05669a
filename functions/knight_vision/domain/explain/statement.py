"""A statement about a move that its line bears out, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Explanation", "Statement", "Theme"]


class Theme(StrEnum):
    """What a statement is about; the value names several of the kind."""

    MATE_ALLOWED = "mates allowed"
    MATE_MISSED = "mates missed"
    PIECE_LEFT = "pieces left to be taken"
    FREE_PIECE = "free pieces not taken"
    FORK = "forks overlooked"
    PIN = "pins overlooked"
    SKEWER = "skewers overlooked"
    DISCOVERY = "discovered attacks overlooked"
    TRAP = "traps overlooked"
    DEFENDER = "defenders overlooked"
    PROMOTION = "promotions allowed or missed"
    MATERIAL = "material lost or not won"
    DRAW = "draws allowed or missed"
    THREAT = "threats allowed"
    POSITION = "positional slips"
    OTHER = "other errors"
    """Only the evaluation says it."""
    PRAISE = "good moves"


@dataclass(frozen=True, slots=True)
class Statement:
    """What follows the move in a sentence, without a full stop, and what it is about."""

    words: str
    theme: Theme
    is_bare: bool = False
    """True when it says no more than how the scores changed, and the opponent's move."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One or two sentences on a move."""

    text: str
    theme: Theme
    """What the first sentence is about."""
