"""How both lines leave the pieces, in numbers: told where no move of theirs tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import chess

from knight_vision.domain.division import officer_count
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.measures import MEASURES, sides
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import count_word, piece_name, plural, side

__all__ = ["better_numbers"]

COUNTS = (4, 3, 2, 1, 6, 5)
"""After how many moves both lines are compared: first the most that read well."""
MOST = 10
"""So many moves at most are cited to show that more is won."""
WORTH_A_WORD = 1.0
SLIGHT = 0.3
"""Told only where nothing else is to be said."""
Pair = tuple[int, int]
Compare = Callable[[Evidence, chess.Board, chess.Board], str | None]


def better_numbers(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """The moves of the engine's line, and what they lead to that the line played does not:
    `30 squares for White's pieces to go to instead of 24 after 19...Nd4 20.Kh1`. The most telling first.
    """
    better, played = evidence.better, evidence.played
    if better is None:
        return
    shorter = min(len(better), len(played))
    even = [(count, count) for count in COUNTS if count <= shorter]
    quiet = [pair for pair in even if is_quiet(better, played, *pair)]
    fair = [pair for pair in quiet if better.gains[pair[0]] == played.gains[pair[1]]]
    costly = [pair for pair in quiet if better.gains[pair[0]] < played.gains[pair[1]]]
    yield from compared(evidence, better, fair, partial(greatest, least=WORTH_A_WORD))
    yield from compared(evidence, better, won_pairs(better, played), more_men)
    yield from compared(evidence, better, fair, partial(greatest, least=SLIGHT))
    yield from compared(evidence, better, costly, partial(greatest, least=SLIGHT))


def compared(
    evidence: Evidence, better: Variation, pairs: Iterable[Pair], compare: Compare
) -> Iterator[tuple[str, str]]:
    """What a comparison says after so many moves of the engine's line and of the other."""
    for wanted, had in pairs:
        found = compare(evidence, better.line.boards[wanted], evidence.played.line.boards[had])
        if found is not None:
            cited = evidence.played.cite(1, had - 1) if had > 1 else evidence.subject
            yield better.cite(0, wanted - 1), f"{found} after {cited}"


def is_quiet(better: Variation, played: Variation, wanted: int, had: int) -> bool:
    """True when no exchange is under way; of the two moves alone is said what they leave at once."""
    return wanted == had == 1 or (wanted in better.quiet and had in played.quiet)


def won_pairs(better: Variation, played: Variation) -> list[Pair]:
    """After how many moves of either line the engine's has won more, and no more than it has in the end;
    fewest first."""
    in_the_end = better.final_gain(better.color) - played.final_gain(played.color)
    return sorted(
        (
            (wanted, had)
            for wanted in better.quiet
            for had in played.quiet
            if 0 < wanted <= MOST
            and 0 < had <= MOST
            and 0 < better.gains[wanted] - played.gains[had] <= in_the_end
        ),
        key=lambda pair: (sum(pair), pair),
    )


def more_men(evidence: Evidence, better: chess.Board, played: chess.Board) -> str | None:
    """The greatest kind of men of which the mover has more on the one board, or the opponent fewer, and that
    was not traded."""
    for piece_type in reversed(chess.PIECE_TYPES):
        more = {
            color: len(better.pieces(piece_type, color)) - len(played.pieces(piece_type, color))
            for color in chess.COLORS
        }
        if more[evidence.color] <= more[not evidence.color]:
            continue
        color = evidence.color if more[evidence.color] > 0 else not evidence.color
        wanted, had = (len(board.pieces(piece_type, color)) for board in (better, played))
        words = f"{plural(wanted, piece_name(piece_type))} of {side(color)}'s"
        return f"{words} instead of {count_word(had) if had else 'none'}"
    return None


def greatest(evidence: Evidence, better: chess.Board, played: chess.Board, *, least: float) -> str | None:
    """The number that tells the boards apart most, in words; None where none differs by `least` times what is
    worth a word."""
    found = [one for one in differences(evidence, better, played) if one[0] >= least]
    return max(found, key=lambda one: one[0])[1] if found else None


def differences(evidence: Evidence, better: chess.Board, played: chess.Board) -> Iterator[tuple[float, str]]:
    """By how many times what is worth a word each number is better for the mover, and the number in words.

    Only where the number is so also when the other side's is taken off.
    """
    wanted, had = sides(better), sides(played)
    officers = officer_count(evidence.judged.board)
    for measure in MEASURES:
        if not measure.fewest_officers <= officers <= measure.most_officers:
            continue
        counts = {color: (measure.of(wanted[color]), measure.of(had[color])) for color in chess.COLORS}
        sign = 1 if measure.is_good else -1
        gains = {
            color: 0 if one is None or other is None else sign * (one - other)
            for color, (one, other) in counts.items()
        }
        if gains[evidence.color] <= gains[not evidence.color]:
            continue
        color = max(chess.COLORS, key=lambda color: gains[color] * (1 if color == evidence.color else -1))
        one, other = counts[color]
        if one is not None and other is not None:
            size = min(abs(gains[color]), gains[evidence.color] - gains[not evidence.color])
            words = measure.words(one, side(color))
            yield size / measure.least, f"{words} instead of {count_word(other) if other else 'none'}"
