"""What kind of move each move of a game was: from book and brilliant to blunder and miss.

Rules, sources and measured rates are in docs/analysis-classes.md. All thresholds are in expected points: the
mover's win percent (Lichess' curve) divided by 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import chess

from knight_vision.domain.judged_moves import JudgedMove, is_taken_back
from knight_vision.domain.judgement import Reason
from knight_vision.domain.obvious import is_obvious, is_recapture
from knight_vision.domain.sacrifice import is_sacrifice
from knight_vision.domain.vocabulary import MoveClass
from knight_vision.domain.win_back import is_won_back
from knight_vision.domain.win_percent import white_win_percent

__all__ = ["MoveClass", "classify"]

EXCELLENT_LOSS = 0.02
"""chess.com's bound between excellent and good (its support article on move classes)."""
BOOK_LOSS = 0.10
"""From this loss a known opening move is no book move: chess.com's bound of a mistake."""
CHANCE = 0.10
"""What the opponent's last move gave away, that wasting it is a miss: chess.com's bound of a mistake."""
NOISE = 0.02
"""Two searches of one position differ by about this much."""
GREAT_MARGIN = 0.15
"""By how much a great move beats the second best: choosing otherwise would be Lichess' blunder."""
BRILLIANT_MARGIN = 0.10
"""By how much a brilliant move beats the second best: choosing otherwise would be Lichess' mistake.

It also keeps won games free of brilliant moves: more than 0.975 there is not, so the second best leaves at
most 0.875, or five pawns.
"""
WINNING = 0.70
"""From here a side is winning (2.3 pawns); below 1 - WINNING it is losing."""
NOT_LOSING = 0.50
"""A brilliant move leaves at least an even game."""


PRAISED = (MoveClass.BRILLIANT, MoveClass.GREAT)


def classify(moves: Sequence[JudgedMove], *, book_ply: int) -> list[MoveClass]:
    """The class of each move of a game; `book_ply`: the last book move's ply (`openings.book_ply`), or 0.

    `moves` are consecutive. Great and brilliant moves are found only where `before` has a second score.
    Inaccuracies, mistakes and blunders are those of the verdicts, but some of them are misses, some that lose
    little are book, and those that the next search takes back are good: a move's verdict stays what it is.
    """
    found: list[MoveClass] = []
    for index, move in enumerate(moves):
        previous = moves[index - 1] if index else None
        following = moves[index + 1] if index + 1 < len(moves) else None
        one = class_of(move, previous, following, in_book=move.ply <= book_ply)
        own_last = found[index - 2] if index >= 2 else None
        if one is own_last is MoveClass.BRILLIANT and taken_by(previous) is None:
            one = class_of_sober(move, previous)  # the offer stands since the last move
        earlier = moves[index - 3] if index >= 3 else None
        takes_back_late = one is MoveClass.GREAT and is_recapture(move.move, taken_by(earlier))
        if takes_back_late or (one in PRAISED and leads_back(move, moves[:index])):
            one = MoveClass.BEST
        found.append(one)
    return found


def leads_back(move: JudgedMove, earlier: Sequence[JudgedMove]) -> bool:
    """True when the pieces stood like that before: what was found once is not found again."""
    after = move.board.copy(stack=False)
    after.push(move.move)
    return any(
        one.board.turn == after.turn
        and one.board.occupied == after.occupied
        and one.board.board_fen() == after.board_fen()
        for one in earlier
    )


def class_of(
    move: JudgedMove, previous: JudgedMove | None, following: JudgedMove | None, *, in_book: bool
) -> MoveClass:
    """The class of one move between the opponent's."""
    if in_book and expected_points_lost(move) < BOOK_LOSS:
        return MoveClass.BOOK
    if len(list(islice(move.board.legal_moves, 2))) == 1:  # counting them all takes ten times as long
        return MoveClass.FORCED
    if is_taken_back(move, following):
        return MoveClass.GOOD
    if move.verdict is not None:
        return MoveClass.MISS if is_miss(move, previous) else MoveClass(move.verdict.judgement.value)
    if move.move == move.best:
        return class_of_best(move, previous)
    if move.after.white_mate == 0:
        return MoveClass.BEST
    return MoveClass.EXCELLENT if expected_points_lost(move) < EXCELLENT_LOSS else MoveClass.GOOD


def is_miss(move: JudgedMove, previous: JudgedMove | None) -> bool:
    """True for a judged move that wastes a chance and does no worse.

    A chance is what the opponent's last move gave away, of which less than half is kept, or a forced mate.
    The mover must not stand worse than before the opponent's error, or, where there was none, than even.
    """
    before, after = expected_points(move)
    earlier = before if previous is None else 1 - expected_points(previous)[0]
    was_given = before - earlier >= CHANCE
    wasted = was_given and after < (earlier + before) / 2
    lost_mate = move.verdict is not None and move.verdict.reason is Reason.MATE_LOST
    return (wasted or lost_mate) and after >= (earlier if was_given else 0.5) - NOISE


def class_of_best(move: JudgedMove, previous: JudgedMove | None) -> MoveClass:
    """Brilliant, great or best: the class of a move that is the engine's choice."""
    if move.before.second is None or move.after.white_mate == 0:
        return MoveClass.BEST
    return MoveClass.BRILLIANT if is_brilliant(move, previous) else class_of_sober(move, previous)


def is_brilliant(move: JudgedMove, previous: JudgedMove | None) -> bool:
    """True for a sacrifice that is sound and that the second best move shows was needed."""
    points, second = points_and_second(move)
    return (
        points - second >= BRILLIANT_MARGIN
        and points >= NOT_LOSING
        and not is_recapture(move.move, taken_by(previous))
        and is_sacrifice(move.board, move.move)
        and not is_won_back(move.board, move.move)
    )


def class_of_sober(move: JudgedMove, previous: JudgedMove | None) -> MoveClass:
    """Great or best: the class of the engine's choice when it is not brilliant."""
    points, second = points_and_second(move)
    matters = outcome(points) > outcome(second)
    if (
        points - second >= GREAT_MARGIN
        and matters
        and not is_obvious(move.board, move.move, taken_by(previous))
    ):
        return MoveClass.GREAT
    return MoveClass.BEST


def points_and_second(move: JudgedMove) -> tuple[float, float]:
    """The mover's expected points after the move and after the second best, which must be known.

    Both searches must agree that the move is good, the one before it and the one after it: the lower counts.
    """
    assert move.before.second is not None  # noqa: S101 - callers have asked
    white = white_win_percent(move.before.second, white_to_move=move.is_white) / 100
    return min(expected_points(move)), white if move.is_white else 1 - white


def taken_by(previous: JudgedMove | None) -> chess.Move | None:
    """The opponent's last move if it captured something."""
    if previous is None or not previous.board.is_capture(previous.move):
        return None
    return previous.move


def outcome(points: float) -> int:
    """-1 for losing, 0 for about even, 1 for winning."""
    if points >= WINNING:
        return 1
    return -1 if points <= 1 - WINNING else 0


def expected_points(move: JudgedMove) -> tuple[float, float]:
    """The mover's expected points before and after the move, 0 to 1."""
    before, after = move.win_percents
    return before / 100, after / 100


def expected_points_lost(move: JudgedMove) -> float:
    """By how much the mover's expected points fell; negative when they rose."""
    return move.win_percent_lost / 100
