"""Statements about material that a move loses, or misses the chance to win."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import chess

from knight_vision.domain.explain.drift import loss
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.exchange import Exchange, exchange_up_to
from knight_vision.domain.explain.ideas import Idea, idea_that_wins, named
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import material_words, piece_name
from knight_vision.domain.sacrifice import VALUES, captured_value, exchange_gain

__all__ = ["MaterialStory", "Swing"]

LAST = 7
"""Material that changes hands with a later move of a line, counted from 0, is not put down to its first."""
MOST_CP_FOR_PAWN = 100
"""Where each pawn of a claim cost much more than this there is more to the loss than material."""


@dataclass(frozen=True, slots=True)
class Swing:
    """Material that one side wins in a variation, and still has at its end."""

    variation: Variation
    exchange: Exchange
    last: int
    """The last move that changes material before the exchange is over."""


def swing(variation: Variation, winner: chess.Color, cp_lost: int | None = None) -> Swing | None:
    """What a side wins in a variation for good, and that the loss of evaluation bears out.

    None for nothing, or when pawns promote meanwhile.
    """
    sign = 1 if winner == variation.color else -1
    lasting = variation.lasting_gain(sign, LAST, cp_lost)
    if lasting is None:
        return None
    index, kept = lasting
    exchange = exchange_up_to(variation, index, winner)
    exchange = exchange and exchange.without_pawns(exchange.value - kept)
    if exchange is None or not exchange.won:
        return None
    return Swing(variation, exchange, variation.last_taking(index))


class MaterialStory:
    """What a move did to material, against what the engine's line would have done."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    @cached_property
    def in_played(self) -> Swing | None:
        """What the opponent wins after the move."""
        return swing(self._evidence.played, not self._evidence.color, self._evidence.cp_lost)

    @cached_property
    def in_better(self) -> Swing | None:
        """What the mover would have won."""
        better = self._evidence.better
        return swing(better, self._evidence.color, self._evidence.cp_lost) if better is not None else None

    @cached_property
    def lost_in_better(self) -> Swing | None:
        """What the opponent would have won all the same."""
        better = self._evidence.better
        return swing(better, not self._evidence.color) if better is not None else None

    @cached_property
    def won_in_played(self) -> Swing | None:
        """What the mover wins even so."""
        return swing(self._evidence.played, self._evidence.color)

    @property
    def pawns_lost(self) -> int:
        """What the move loses beyond what the engine's line loses too."""
        if self.in_played is None:
            return 0
        anyway = self.lost_in_better.exchange.value if self.lost_in_better else 0
        return max(0, self.in_played.exchange.value - anyway)

    @property
    def pawns_missed(self) -> int:
        """What the engine's line wins beyond what the move wins too."""
        if self.in_better is None:
            return 0
        even_so = self.won_in_played.exchange.value if self.won_in_played else 0
        return max(0, self.in_better.exchange.value - even_so)

    def _is_the_less(self, found: Swing) -> bool:
        """True when the evaluation fell by much more than the material: then that is not the whole story."""
        evidence = self._evidence
        cp_lost = evidence.cp_lost
        changed = evidence.standing_before != evidence.standing_after
        return changed and cp_lost is not None and cp_lost > MOST_CP_FOR_PAWN * found.exchange.value + 150

    @property
    def is_half_the_story(self) -> bool:
        """True when the move loses little material, and the evaluation fell by much more."""
        found = self.in_played
        return found is not None and found.exchange.value < VALUES[chess.KNIGHT] and self._is_the_less(found)

    def lost_words(self) -> Statement | None:
        """What follows the move that loses material: `allows 19.Nd5, which forks …`, `loses a pawn: …`."""
        found = self.in_played
        if found is None or self.pawns_lost < 1:
            return None
        return self._hanging_words(found) or self._idea_words(found, 1, "allows") or self._losing_line(found)

    def missed_words(self) -> Statement | None:
        """What follows the move that misses material: `misses 18.Nd5, which forks …`."""
        found = self.in_better
        if found is None or self.pawns_missed < 1 or self._takes_the_same(found):
            return None
        return (
            self._retaking_words(found)
            or self._free_piece_words(found)
            or self._idea_words(found, 0, "misses")
            or line_words(found, 0, f"misses the chance to win {self._back(found)}{{won}}: {{line}}")
        )

    def _takes_the_same(self, found: Swing) -> bool:
        """True when the move itself takes what the engine's line takes last: it does not miss that."""
        line = self._evidence.played.line
        target = found.variation.line.moves[found.last].to_square
        return line.captured[0] is not None and line.moves[0].to_square == target

    def _idea_words(self, found: Swing, first: int, verb: str) -> Statement | None:
        evidence = self._evidence
        sightings = evidence.move.allowed if first else evidence.move.missed
        idea = idea_that_wins(found.variation, sightings, first, found.last, found.exchange.won)
        if idea is None:
            return None
        return Statement(f"{verb} {idea_line(found, idea, first)}", idea.theme)

    def _hanging_words(self, found: Swing) -> Statement | None:
        """The opponent's first move takes the piece that is lost, and besides it no other but pawns is."""
        line, variation, won = found.variation.line, found.variation, found.exchange.won
        if len(line) < 2 or line.captured[1] is None or won[0] != line.captured[1]:
            return None
        if any(piece != chess.PAWN for piece in won[1:]):
            return None
        reply, square, board = line.moves[1], line.moves[1].to_square, line.boards[0]
        if line.boards[1].is_en_passant(reply) or exchange_gain(line.boards[1], square) < 1:
            return None
        wins = wins_words(found.exchange)
        takes = variation.cite(1)
        if square == line.landed[0]:
            if line.captured[0] is not None:
                return self._losing_line(found)
            piece = piece_name(line.captured[1])
            loses = f"loses the pawn to {takes}" if piece == "pawn" and wins == "wins it" else ""
            return Statement(loses or f"puts the {piece} where {takes} {wins}", Theme.PIECE_LEFT)
        target = named(board, square)
        goal = chess.BB_SQUARES[square]
        guarded = board.attacks_mask(line.moves[0].from_square) & goal
        if guarded and not line.boards[1].attacks_mask(line.landed[0]) & goal:
            return Statement(f"no longer guards {target}: {takes} {wins}", Theme.PIECE_LEFT)
        if board.attacks_mask(reply.from_square) & goal:
            is_guarded = line.boards[1].attackers_mask(board.turn, square)
            state = "without enough protection" if is_guarded else "hanging"
            return Statement(f"leaves {target} {state}: {takes} {wins}", Theme.PIECE_LEFT)
        if chess.BB_SQUARES[line.moves[0].from_square] & chess.between(reply.from_square, square):
            return Statement(f"opens the way to {target}: {takes} {wins}", Theme.PIECE_LEFT)
        return None

    def _losing_line(self, found: Swing) -> Statement:
        """The loss with all its moves, and with what else it costs where that is more."""
        more = f" and {loss(self._evidence)}" if self._is_the_less(found) else ""
        return line_words(found, 1, f"loses {{won}}{more}: {{line}}")

    def _retaking_words(self, found: Swing) -> Statement | None:
        """The engine takes back what the opponent has just taken."""
        previous = self._evidence.previous
        if previous is None or not previous.judged.board.is_capture(previous.judged.move):
            return None
        line = found.variation.line
        square = previous.judged.move.to_square
        if line.captured[0] is None or line.moves[0].to_square != square or found.last != 0:
            return None
        taken = piece_name(line.captured[0])
        retaking = f"{found.variation.cite(0)} would have won the {taken} back"
        words = f"does not take back on {chess.square_name(square)}: {retaking}"
        return Statement(words, Theme.MATERIAL)

    def _back(self, found: Swing) -> str:
        """`back ` where the opponent has just won as much."""
        previous = self._evidence.previous
        if previous is None:
            return ""
        just_lost = captured_value(previous.judged.board, previous.judged.move)
        return "back " if just_lost >= found.exchange.value else ""

    def _free_piece_words(self, found: Swing) -> Statement | None:
        """The engine's first move takes a piece, and that is all."""
        line = found.variation.line
        taken = line.captured[0]
        if taken is None or found.last != 0 or found.exchange.won != (taken,) or found.exchange.lost:
            return None
        if line.boards[0].is_en_passant(line.moves[0]):
            return None
        target = named(line.boards[0], line.moves[0].to_square)
        wins = "wins" if self._is_the_less(found) else "simply wins"
        return Statement(f"misses {found.variation.cite(0)}, which {wins} {target}", Theme.FREE_PIECE)


def wins_words(exchange: Exchange) -> str:
    """`wins it`, `wins it for a pawn`, `wins a knight and a pawn`, after the piece has been named."""
    if len(exchange.won) > 1 or (exchange.won == (chess.ROOK,) and exchange.lost):
        return f"wins {exchange.words}"
    return f"wins it for {material_words(exchange.lost)}" if exchange.lost else "wins it"


def idea_line(found: Swing, idea: Idea, first: int) -> str:
    """The moves up to the idea, what it does and what it wins."""
    return f"{found.variation.cite(first, idea.index)}, which {idea.words} and wins {found.exchange.words}"


def line_words(found: Swing, first: int, pattern: str) -> Statement:
    """The moves that change material, all of them."""
    line = found.variation.cite(first, found.last)
    return Statement(pattern.format(won=found.exchange.words, line=line), Theme.MATERIAL)
