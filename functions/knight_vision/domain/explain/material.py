"""Statements about material that a move loses, or misses the chance to win."""

from __future__ import annotations

from functools import cached_property

import chess

from knight_vision.domain.explain.compensation import price_of
from knight_vision.domain.explain.drift import loss
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.first_capture import FirstCapture, first_capture, left_words
from knight_vision.domain.explain.ideas import idea_that_wins, named
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.swing import Swing, back, is_given_away, line_words, swing, won_by_idea
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import piece_name
from knight_vision.domain.sacrifice import REAL_SACRIFICE, VALUES, exchange_gain

__all__ = ["MaterialStory"]

MOST_CP_FOR_PAWN = 100
"""Where each pawn of a claim cost much more than this there is more to the loss than material."""


class MaterialStory:
    """What a move did to material, against what the engine's line would have done."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    @cached_property
    def in_played(self) -> Swing | None:
        """What the opponent wins after the move."""
        winner = not self._evidence.color
        return swing(self._evidence.played, winner, price_of(self._evidence, winner))

    @cached_property
    def in_better(self) -> Swing | None:
        """What the mover would have won."""
        better, winner = self._evidence.better, self._evidence.color
        return swing(better, winner, price_of(self._evidence, winner)) if better is not None else None

    @cached_property
    def first_capture(self) -> FirstCapture | None:
        """The opponent's first move where it takes a piece that the move has left to it."""
        return first_capture(self._evidence)

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
            return self.first_capture.pawns if self.first_capture else 0
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
        if self.first_capture is not None:
            return self._first_capture_words(self.first_capture, found)
        if found is None or self.pawns_lost < 1 or 2 * self.pawns_lost < found.exchange.value:
            return None  # the better line loses most of it too
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
            or line_words(
                found, 0, f"misses the chance to win {back(found, self._evidence)}{{won}}: {{line}}"
            )
        )

    def _takes_the_same(self, found: Swing) -> bool:
        """True when the move, or the mover's next one, takes what the engine's line takes last."""
        played, better = self._evidence.played.line, found.variation.line
        target, taken = better.moves[found.last].to_square, better.captured[found.last]
        first = bool(len(played)) and played.captured[0] is not None and played.moves[0].to_square == target
        return first or (
            len(played) > 2 and played.moves[2].to_square == target and played.captured[2] == taken
        )

    def _idea_words(self, found: Swing, first: int, verb: str) -> Statement | None:
        evidence = self._evidence
        sightings = evidence.move.allowed if first else evidence.move.missed
        exchange = won_by_idea(found, first)
        if exchange is None or not exchange.won:
            return None
        idea = idea_that_wins(found.variation, sightings, first, found.last, exchange.won)
        if idea is None:
            return None
        cited = found.variation.cite(first, idea.index)
        return Statement(f"{verb} {cited}, which {idea.words} and wins {exchange.words}", idea.theme)

    def _first_capture_words(self, capture: FirstCapture, found: Swing | None) -> Statement:
        """The piece that the opponent takes at once; with all that follows where much more is lost."""
        played, wins = self._evidence.played, capture.wins
        is_retaken = takes_the_taker(played) and played.line.captured[0] is not None
        if found is not None:
            value, won = found.exchange.value, found.exchange.won
            is_the_piece = won[0] == played.line.captured[1] and set(won[1:]) <= {chess.PAWN}
            if is_the_piece and is_retaken:
                return self._losing_line(found)
            if is_the_piece and (capture.exchange is None or value > capture.exchange.value):
                wins = found.exchange.wins_it
            elif not is_the_piece and value >= capture.pawns + REAL_SACRIFICE and not is_given_away(found):
                idea = self._idea_words(found, 1, "allows")
                return idea if idea and played.cite(1) in idea.words else self._losing_line(found)
        if is_retaken:
            return retaken_words(played, capture)
        target = named(played.line.boards[1], played.line.moves[1].to_square)
        allows = Statement(f"allows {played.cite(1)}, which takes {target}", Theme.PIECE_LEFT)
        return left_words(played, wins) or allows

    def _hanging_words(self, found: Swing) -> Statement | None:
        """The opponent's first move takes the piece that is lost, and besides it no other but pawns is."""
        line, variation, won = found.variation.line, found.variation, found.exchange.won
        if len(line) < 2 or line.captured[1] is None or won[0] != line.captured[1]:
            return None
        if any(piece != chess.PAWN for piece in won[1:]):
            return None
        if (
            line.boards[1].is_en_passant(line.moves[1])
            or exchange_gain(line.boards[1], line.moves[1].to_square) < 1
        ):
            return None
        if takes_the_taker(variation) and line.captured[0] is not None:
            return self._losing_line(found)
        return left_words(variation, found.exchange.wins_it)

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


def takes_the_taker(played: Variation) -> bool:
    """True when the opponent's first move takes the piece that has just moved."""
    return played.line.moves[1].to_square == played.line.landed[0]


def retaken_words(played: Variation, capture: FirstCapture) -> Statement:
    """The move took something, and its piece is taken for more; without amounts where these change later."""
    line = played.line
    if capture.exchange is not None:
        cited = played.cite(1, capture.settled - 1)
        return Statement(f"loses {capture.exchange.words}: {cited}", Theme.MATERIAL)
    given, taken = (piece_name(line.captured[index] or chess.PAWN) for index in (1, 0))
    return Statement(f"gives a {given} for a {taken}: {played.cite(1)}", Theme.MATERIAL)
