"""How both lines leave the pieces, in numbers: told where no move of theirs tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import chess

from knight_vision.domain.division import ENDGAME_PIECES, MIDDLEGAME_PIECES, officer_count
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import count_word, plural, side
from knight_vision.domain.positional import SideMetrics, metrics

__all__ = ["better_numbers"]

LAST = 4
"""Both lines are compared after as many moves, at most so many."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of one side's pieces, where it is worth a word."""

    of: Callable[[SideMetrics], int]
    is_good: bool
    """True when more is better for the side."""
    least: int
    """Told from such a difference on."""
    fewest_officers: int
    """Told only with more queens, rooks, bishops and knights on the board."""
    words: Callable[[int, str], str]
    """The number of the better line with the name of the side."""


MEASURES = (
    Measure(
        lambda own: len(own.king_attackers),
        is_good=False,
        least=1,
        fewest_officers=ENDGAME_PIECES,
        words=lambda count, name: f"{plural(count, 'piece')} aimed at {name}'s king",
    ),
    Measure(
        lambda own: len(own.undeveloped),
        is_good=False,
        least=1,
        fewest_officers=MIDDLEGAME_PIECES,
        words=lambda count, name: f"{plural(count, 'minor piece')} of {name}'s at home",
    ),
    Measure(
        lambda own: len(own.passed_pawns),
        is_good=True,
        least=1,
        fewest_officers=0,
        words=lambda count, name: f"{plural(count, 'passed pawn')} of {name}'s",
    ),
    Measure(
        lambda own: len(own.isolated_pawns),
        is_good=False,
        least=1,
        fewest_officers=0,
        words=lambda count, name: f"{plural(count, 'isolated pawn')} of {name}'s",
    ),
    Measure(
        lambda own: len(own.shield_pawns),
        is_good=True,
        least=1,
        fewest_officers=ENDGAME_PIECES,
        words=lambda count, name: f"{plural(count, 'pawn')} before {name}'s king",
    ),
    Measure(
        lambda own: len(own.rooks_on_open_files + own.rooks_on_half_open_files),
        is_good=True,
        least=1,
        fewest_officers=0,
        words=lambda count, name: f"{plural(count, 'rook')} of {name}'s on files without own pawns",
    ),
    Measure(
        lambda own: own.mobility,
        is_good=True,
        least=4,
        fewest_officers=0,
        words=lambda count, name: f"{plural(count, 'square')} for {name}'s pieces to go to",
    ),
    Measure(
        lambda own: own.centre_control,
        is_good=True,
        least=2,
        fewest_officers=ENDGAME_PIECES,
        words=lambda count, name: f"{plural(count, 'attack')} by {name} on the centre",
    ),
    Measure(
        lambda own: own.space,
        is_good=True,
        least=3,
        fewest_officers=ENDGAME_PIECES,
        words=lambda count, name: f"{plural(count, 'square')} of space for {name}",
    ),
)
"""See docs/analysis-positional.md for what is counted."""


def better_numbers(evidence: Evidence) -> tuple[str, str] | None:
    """The moves of the engine's line, and what they lead to that the line played does not:
    `30 squares for White's pieces to go to instead of 24 after 19...Nd4 20.Kh1`. None for nothing.
    """
    better, played = evidence.better, evidence.played
    if better is None:
        return None
    for count in range(min(len(better), len(played), LAST), 0, -1):
        if is_fair(better, played, count):
            found = greatest(evidence, better.line.boards[count], played.line.boards[count])
            if found is not None:
                cited = played.cite(1, count - 1) if count > 1 else played.cite(0)
                return better.cite(0, count - 1), f"{found} after {cited}"
    return None


def is_fair(better: Variation, played: Variation, count: int) -> bool:
    """True when neither line has won what the other has not, and no exchange is under way; of the two moves
    alone nothing is said but what they leave at once."""
    is_quiet = count == 1 or (count in better.quiet and count in played.quiet)
    return is_quiet and better.gains[count] == played.gains[count]


def greatest(evidence: Evidence, better: chess.Board, played: chess.Board) -> str | None:
    """The number that tells the boards apart most, in words; None where none differs enough."""
    found = sorted(differences(evidence, better, played), key=lambda one: -one[0])
    return found[0][1] if found else None


def differences(evidence: Evidence, better: chess.Board, played: chess.Board) -> Iterator[tuple[float, str]]:
    """By how many times what is worth a word each number is better for the mover, and the number in words.

    Only where the number is so also when the other side's is taken off.
    """
    wanted, had = metrics(better), metrics(played)
    officers = officer_count(evidence.judged.board)
    for measure in MEASURES:
        if officers <= measure.fewest_officers:
            continue
        sign = 1 if measure.is_good else -1
        gains = {
            color: sign * (measure.of(wanted.of(color)) - measure.of(had.of(color))) for color in chess.COLORS
        }
        if gains[evidence.color] - gains[not evidence.color] < measure.least:
            continue
        color = max(chess.COLORS, key=lambda color: gains[color] * (1 if color == evidence.color else -1))
        size = abs(gains[color])
        if size >= measure.least:
            words = measure.words(measure.of(wanted.of(color)), side(color))
            count = measure.of(had.of(color))
            yield size / measure.least, f"{words} instead of {count_word(count) if count else 'none'}"
