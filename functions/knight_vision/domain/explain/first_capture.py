"""A piece that the move leaves to the opponent's next move: what taking it wins, and why it was to be had."""

from __future__ import annotations

from dataclasses import dataclass

import chess

from knight_vision.domain.explain.compensation import price_of
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.exchange import Exchange, equals, exchange_up_to
from knight_vision.domain.explain.ideas import named
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import piece_name
from knight_vision.domain.motifs.line import material
from knight_vision.domain.sacrifice import REAL_SACRIFICE, VALUES, captured_value, exchange_gain

__all__ = ["FirstCapture", "first_capture", "left_words"]

LAST_BOARD = 8
"""As far as the better line is asked whether it loses the same."""


@dataclass(frozen=True, slots=True)
class FirstCapture:
    """The opponent's first move, where it wins an exchange or more."""

    pawns: int
    """What it wins on the board, net of what the move itself took."""
    settled: int
    """The board on which the captures that follow it are over."""
    exchange: Exchange | None
    """What is kept of it to the end of the line; None where other pieces change hands later."""

    @property
    def wins(self) -> str:
        """What follows the capture: `wins it for a pawn`, or `takes it` where the line gives pieces back."""
        return self.exchange.wins_it if self.exchange else "takes it"


def first_capture(evidence: Evidence) -> FirstCapture | None:
    """The capture with which the opponent answers the move.

    None when it wins less than an exchange by all captures on its square or by those that follow in the line,
    when the piece is won back with them, when the engine's line loses as much, or when the evaluations tell
    of compensation.
    """
    played, line, opponent = evidence.played, evidence.played.line, not evidence.color
    if len(line) < 2 or line.captured[1] is None:
        return None
    taken = captured_value(line.boards[0], line.moves[0])
    net = exchange_gain(line.boards[1], line.moves[1].to_square) - taken
    if net < REAL_SACRIFICE:
        return None
    settled = 2
    while settled < len(line) and line.captured[settled] is not None:
        settled += 1
    if not is_kept(exchange_up_to(played, settled, opponent), line.captured[1]):
        return None
    gain = -played.gains[settled]
    if settled == len(line):
        gain = min(gain, played.final_gain(opponent))
    pawns = min(net, gain)
    if pawns - lost_anyway(evidence) < REAL_SACRIFICE:
        return None
    ahead = material(line.boards[0], opponent) - material(line.boards[0], evidence.color) + pawns
    if not price_of(evidence, opponent).bears_out(pawns, 1, ahead):
        return None
    return FirstCapture(pawns, settled, kept_exchange(played, settled, opponent))


def lost_anyway(evidence: Evidence) -> int:
    """The most that the opponent wins in the engine's line, on boards without exchanges under way."""
    better = evidence.better
    if better is None:
        return 0
    gains = [-better.gains[index] for index in better.quiet if index <= LAST_BOARD]
    if len(better) <= LAST_BOARD:
        gains.append(better.final_gain(not evidence.color))
    return max(0, *gains) if gains else 0


def kept_exchange(played: Variation, settled: int, winner: chess.Color) -> Exchange | None:
    """What is kept of the first capture; None where it is not the piece taken, with or without pawns."""
    kept = played.kept_gain(-1, settled)
    exchange = exchange_up_to(played, settled, winner)
    if kept is None or exchange is None:
        return None
    told = exchange.without_pawns(exchange.value - kept)
    return told if is_kept(told, played.line.captured[1]) and set(told.won[1:]) <= {chess.PAWN} else None


def is_kept(exchange: Exchange | None, taken: chess.PieceType | None) -> bool:
    """True when the piece taken, or a minor piece for another, is the first of what has been won."""
    return bool(taken and exchange and exchange.won and exchange.won[0] in equals(taken))


def left_words(variation: Variation, wins: str) -> Statement | None:
    """Why the opponent's first move can take what it takes: it hangs, lost its guard, or was put there.

    `wins`: what the taking does to it. None where nothing of the kind holds.
    """
    line = variation.line
    reply, square, board = line.moves[1], line.moves[1].to_square, line.boards[0]
    taken, takes, goal = line.captured[1], variation.cite(1), chess.BB_SQUARES[square]
    if taken is None or line.boards[1].is_en_passant(reply):
        return None
    if square == line.landed[0]:
        piece = piece_name(taken)
        loses = f"loses the pawn to {takes}" if piece == "pawn" and wins == "wins it" else ""
        return Statement(loses or f"puts the {piece} where {takes} {wins}", Theme.PIECE_LEFT)
    target = named(line.boards[1], square)
    guarded = board.attacks_mask(line.moves[0].from_square) & goal
    if guarded and not line.boards[1].attacks_mask(line.landed[0]) & goal:
        return Statement(f"no longer guards {target}: {takes} {wins}", Theme.PIECE_LEFT)
    if board.attacks_mask(reply.from_square) & goal:
        return Statement(f"leaves {target} {state_of(variation)}: {takes} {wins}", Theme.PIECE_LEFT)
    if chess.BB_SQUARES[line.moves[0].from_square] & chess.between(reply.from_square, square):
        return Statement(f"opens the way to {target}: {takes} {wins}", Theme.PIECE_LEFT)
    return None


def state_of(variation: Variation) -> str:
    """How the piece stood that the opponent's first move takes."""
    line = variation.line
    reply, taken = line.moves[1], line.captured[1]
    if not line.boards[1].attackers_mask(line.boards[0].turn, reply.to_square):
        return "hanging"
    is_dearer = VALUES[taken or chess.KING] > VALUES[line.moved[1]] > 0
    return "en prise" if is_dearer else "without enough protection"
