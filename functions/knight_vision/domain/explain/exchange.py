"""What was won and lost between two boards of a variation, piece by piece and in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import chess

from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import material_words
from knight_vision.domain.sacrifice import VALUES

__all__ = ["Exchange", "equals", "exchange_up_to"]

MINOR = (chess.BISHOP, chess.KNIGHT)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Pieces won and lost, equal ones struck out on both sides; bishop and knight count as equal."""

    won: tuple[chess.PieceType, ...]
    lost: tuple[chess.PieceType, ...]

    @property
    def value(self) -> int:
        """Material won, net, in pawns."""
        return sum(VALUES[piece] for piece in self.won) - sum(VALUES[piece] for piece in self.lost)

    def without_pawns(self, count: int) -> Exchange:
        """The same with so many pawns lost: less pawns are won, then some are given for the rest."""
        fewer = min(count, self.won.count(chess.PAWN))
        return Exchange(self.won[: len(self.won) - fewer], (*self.lost, *(chess.PAWN,) * (count - fewer)))

    @property
    def is_the_exchange(self) -> bool:
        """True of a rook for a minor piece, whatever pawns go with them."""
        is_rook = self.won[:1] == (chess.ROOK,) and set(self.won[1:]) <= {chess.PAWN}
        return is_rook and self.lost[:1] in ((chess.BISHOP,), (chess.KNIGHT,))

    @property
    def wins_it(self) -> str:
        """The same after the piece has been named: `wins it`, `wins it for a pawn`, `wins it and a pawn`."""
        if self.is_the_exchange:
            return f"wins {self.words}"
        more = f" and {material_words(self.won[1:])}" if self.won[1:] else ""
        return f"wins it{more}" + (f" for {material_words(self.lost)}" if self.lost else "")

    @property
    def words(self) -> str:
        """What is won: `a knight for two pawns`, `the exchange`."""
        others = self.won[1:]
        if self.is_the_exchange:
            more = f" and {material_words(others)}" if others else ""
            return f"the exchange{more}" + (f" for {material_words(self.lost[1:])}" if self.lost[1:] else "")
        if not self.lost:
            return material_words(self.won)
        return f"{material_words(self.won)} for {material_words(self.lost)}"


def exchange_up_to(
    variation: Variation, index: int, winner: chess.Color, first_index: int = 0
) -> Exchange | None:
    """What `winner` has won between two boards of a variation; None when a promotion blurs the count."""
    first, last = variation.line.boards[first_index], variation.line.boards[index]
    if any(move.promotion for move in variation.line.moves[first_index:index]):
        return None
    lost = gone(first, last, winner)
    won = gone(first, last, not winner)
    for piece in list(won.elements()):
        partner = next((other for other in equals(piece) if lost[other]), None)
        if partner is not None:
            won[piece] -= 1
            lost[partner] -= 1
    return Exchange(in_order(won), in_order(lost))


def gone(first: chess.Board, last: chess.Board, color: chess.Color) -> Counter[chess.PieceType]:
    """The pieces of a side that have left the board."""
    return Counter(
        {
            piece: first.pieces_mask(piece, color).bit_count() - last.pieces_mask(piece, color).bit_count()
            for piece in VALUES
        }
    )


def equals(piece: chess.PieceType) -> tuple[chess.PieceType, ...]:
    """The kinds of pieces that a piece is traded for evenly, its own first."""
    return (piece, *(other for other in MINOR if other != piece)) if piece in MINOR else (piece,)


def in_order(pieces: Counter[chess.PieceType]) -> tuple[chess.PieceType, ...]:
    """The pieces, the most valuable first."""
    return tuple(sorted(pieces.elements(), reverse=True))
