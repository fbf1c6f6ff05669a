"""Material that one side wins in a line for good: what it is, where, and with which moves it is told."""

from __future__ import annotations

from dataclasses import dataclass

import chess

from knight_vision.domain.explain.compensation import Price
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.exchange import Exchange, exchange_up_to
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.motifs.line import material
from knight_vision.domain.sacrifice import VALUES, captured_value

__all__ = ["Swing", "back", "is_given_away", "line_words", "swing", "won_by_idea"]

LAST = 7
"""Material that changes hands with a later move of a line, counted from 0, is not put down to its first."""


@dataclass(frozen=True, slots=True)
class Swing:
    """Material that one side wins in a variation, and still has at its end."""

    variation: Variation
    exchange: Exchange
    last: int
    """The last move that changes material before the exchange is over."""
    index: int
    """The board on which it has been won."""
    kept: int
    """What of it is kept, in pawns."""


def swing(variation: Variation, winner: chess.Color, price: Price | None = None) -> Swing | None:
    """What a side wins in a variation for good, and that the evaluations bear out where a price is given.

    None for nothing, or when pawns promote meanwhile.
    """
    sign = 1 if winner == variation.color else -1
    first = variation.line.boards[0]
    ahead = material(first, winner) - material(first, not winner)

    def bears_out(index: int, kept: int) -> bool:
        return price is None or price.bears_out(kept, index, ahead + kept)

    lasting = variation.lasting_gain(sign, LAST, bears_out)
    if lasting is None:
        return None
    index, kept = lasting
    exchange = exchange_up_to(variation, index, winner)
    exchange = exchange and exchange.without_pawns(exchange.value - kept)
    if exchange is None or not exchange.won:
        return None
    return Swing(variation, exchange, variation.last_taking(index), index, kept)


def back(found: Swing, evidence: Evidence) -> str:
    """`back ` where the opponent has just won as much, and no less than the greatest piece."""
    if evidence.previous is None:
        return ""
    previous, exchange = evidence.previous.judged, found.exchange
    least = max(exchange.value, *(VALUES[piece] for piece in exchange.won))
    return "back " if captured_value(previous.board, previous.move) >= least else ""


def is_given_away(found: Swing) -> bool:
    """True when the last piece that is taken took less where it is taken: it was lost, or given."""
    line, last = found.variation.line, found.last
    if last < 2 or line.landed[last - 1] != line.moves[last].to_square:
        return False
    return VALUES[line.captured[last - 1] or chess.KING] < VALUES[line.captured[last] or chess.KING]


def won_by_idea(found: Swing, first: int) -> Exchange | None:
    """What is won from the move on with which an idea's line begins, as that is all the reader sees.

    What the move itself took counts against it only where the piece that took it is taken back.
    """
    variation, line = found.variation, found.variation.line
    if first and any(line.moves[index].to_square == line.landed[0] for index in range(1, found.index, 2)):
        return found.exchange
    winner = line.boards[first].turn
    back = (
        variation.gains[found.index] if winner == variation.color else -variation.gains[found.index]
    ) - found.kept
    exchange = exchange_up_to(variation, found.index, winner, first)
    return exchange and exchange.without_pawns(back)


def line_words(found: Swing, first: int, pattern: str) -> Statement:
    """The moves that change material, all of them."""
    line = found.variation.cite(first, found.last)
    return Statement(pattern.format(won=found.exchange.words, line=line), Theme.MATERIAL)
