"""Statements about what a move does to the position, where no tactics explain its loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import chess

from knight_vision.domain.division import ENDGAME_PIECES, officer_count
from knight_vision.domain.explain.drift import changed
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.standing import Standing
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import listed, side
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.positional import Change, ChangeKind, PositionMetrics, changes, metrics

__all__ = ["positional_loss"]

LAST = 4
"""What the move leads to is looked at after at most so many moves, while material is as it was …"""
LAST_OF_BETTER = 8
"""… and compared with what the better line has led to by then, or somewhat later."""
GREATEST_WIN_PERCENT = 20.0
"""A greater loss is never put down to the position alone."""
GREATEST_SMALL_WIN_PERCENT = 15.0
"""A greater loss only to kings and passed pawns."""
GREAT_KINDS = frozenset({ChangeKind.KING_EXPOSURE, ChangeKind.PASSED_PAWN, ChangeKind.CASTLING})
ENDGAME_KINDS = frozenset({ChangeKind.PASSED_PAWN, ChangeKind.ROOK_ON_SEVENTH})
"""What counts in endgames too; the rest is told only before."""
RANKING = {kind: rank for rank, kind in enumerate(ChangeKind)}


def positional_loss(evidence: Evidence) -> Statement | None:
    """What follows the move that gives up something which the engine's line keeps."""
    better, played = evidence.better, evidence.played
    if better is None or not is_positional(evidence):
        return None
    index, other = level_index(played, LAST), level_index(better, LAST_OF_BETTER)
    if index is None or other is None:
        return None
    here, there = metrics(evidence.judged.board), metrics(played.line.boards[index])
    instead = metrics(better.line.boards[other])
    found = [
        of_the_move(change, evidence, played.line.boards[index])
        for color in (chess.WHITE, chess.BLACK)
        for change in harm(here, there, instead, color, evidence.color)
    ]
    told = [change for change in found if change is not None and is_worth_telling(change, evidence)]
    kinds = {change.kind for change in told}
    told = [change for change in told if change.kind != ChangeKind.KING_EXPOSURE or kinds & COVER]
    if not told:
        return None
    first = min(told, key=lambda change: RANKING[change.kind])
    words = WORDS[first.kind, first.is_gain](first)
    return Statement(f"{words} and {changed(evidence, index - 1)}", Theme.POSITION)


COVER = frozenset({ChangeKind.KING_SHIELD, ChangeKind.KING_FILE})
"""A king counts as exposed by a move only when its cover changed, not because pieces came nearer."""


def is_positional(evidence: Evidence) -> bool:
    """True where the game is open still, the loss moderate, and no chance was given that had to be taken."""
    is_decided = Standing.WINNING in (abs(evidence.standing_before), abs(evidence.standing_after))
    is_small = evidence.judged.win_percent_lost <= GREATEST_WIN_PERCENT
    return is_small and not is_decided and evidence.move.move_class != MoveClass.MISS


def is_worth_telling(change: Change, evidence: Evidence) -> bool:
    """Whether a change can account for the loss."""
    if officer_count(evidence.judged.board) <= ENDGAME_PIECES and change.kind not in ENDGAME_KINDS:
        return False
    return change.kind in GREAT_KINDS or evidence.judged.win_percent_lost <= GREATEST_SMALL_WIN_PERCENT


def level_index(variation: Variation, last: int) -> int | None:
    """The last quiet board near enough on which material is as at the start of the line."""
    near = (index for index in variation.quiet if 1 <= index <= last and variation.gains[index] == 0)
    return max(near, default=None)


def harm(
    here: PositionMetrics,
    there: PositionMetrics,
    instead: PositionMetrics,
    color: chess.Color,
    mover: chess.Color,
) -> Iterator[Change]:
    """What the mover lost, or the opponent gained, on the way `there` but not on the way `instead`."""
    is_gain = color != mover
    avoidable = {change.kind for change in changes(here, instead, color) if change.is_gain == is_gain}
    for change in changes(here, there, color):
        is_harm = (
            change.is_gain == is_gain and change.kind not in avoidable and (change.kind, is_gain) in WORDS
        )
        if is_harm and (change.kind != ChangeKind.WEAK_SQUARE or is_on_fourth_rank(change)):
            yield change


def of_the_move(change: Change, evidence: Evidence, there: chess.Board) -> Change | None:
    """The change without what the move can't have brought about; None when nothing is left.

    A piece that has stood on a square has not been let in; and where the mover's pawns near by are as before,
    only the opponent's own pawn has made a square an outpost or a pawn backward.
    """
    here = evidence.judged.board
    squares = change.squares
    if change.kind in ARRIVALS:
        squares = tuple(square for square in squares if here.color_at(square) != change.side)
    if change.kind in STRUCTURAL:
        moved = (here.pawns & here.occupied_co[evidence.color]) ^ (
            there.pawns & there.occupied_co[evidence.color]
        )
        squares = tuple(square for square in squares if moved & NEAR_FILES[chess.square_file(square)])
    return replace(change, squares=squares) if squares or not change.squares else None


ARRIVALS = frozenset({ChangeKind.OUTPOST, ChangeKind.ROOK_ON_SEVENTH})
"""What a piece does by coming to a square."""
STRUCTURAL = frozenset({ChangeKind.OUTPOST, ChangeKind.BACKWARD_PAWN, ChangeKind.WEAK_SQUARE})
"""What depends on the pawns of both sides."""
NEAR_FILES = tuple(
    chess.BB_FILES[file] | chess.BB_FILES[max(file - 1, 0)] | chess.BB_FILES[min(file + 1, 7)]
    for file in range(8)
)
"""Each file with its neighbours."""


def is_on_fourth_rank(change: Change) -> bool:
    """True when all squares are on the fourth rank of the side concerned: holes there are worth a word."""
    rank = 3 if change.side == chess.WHITE else 4
    return all(chess.square_rank(square) == rank for square in change.squares)


def own(change: Change) -> str:
    """`White's`."""
    return f"{side(change.side)}'s"


def squares(change: Change) -> str:
    """`d4 and f4`."""
    return listed([chess.square_name(square) for square in change.squares])


def files(change: Change) -> str:
    """`the g-file`, `the g- and h-files`."""
    names = sorted({chess.FILE_NAMES[chess.square_file(square)] for square in change.squares})
    return f"the {listed([f'{name}-' for name in names])}{'file' if len(names) == 1 else 'files'}"


def pawns(change: Change, kind: str) -> str:
    """`an isolated pawn on d4`, `isolated pawns on d4 and f4`."""
    if len(change.squares) > 1:
        return f"{kind} pawns on {squares(change)}"
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} pawn on {squares(change)}"


WORDS: dict[tuple[ChangeKind, bool], Callable[[Change], str]] = {
    (ChangeKind.KING_EXPOSURE, False): lambda change: f"exposes {own(change)} king",
    (ChangeKind.PASSED_PAWN, True): lambda change: f"gives {side(change.side)} {pawns(change, 'passed')}",
    (ChangeKind.CASTLING, False): lambda change: (
        f"leaves {own(change)} king in the centre, unable to castle,"
    ),
    (ChangeKind.BISHOP_PAIR, False): lambda change: "gives up the bishop pair",
    (ChangeKind.BISHOP_PAIR, True): lambda change: f"gives {side(change.side)} the bishop pair",
    (ChangeKind.KING_SHIELD, False): lambda change: f"leaves {own(change)} king with less pawn cover",
    (ChangeKind.KING_FILE, False): lambda change: f"leaves {files(change)} open towards {own(change)} king",
    (ChangeKind.ROOK_ON_SEVENTH, True): lambda change: f"lets {own(change)} rook in on {squares(change)}",
    (ChangeKind.OUTPOST, True): lambda change: f"gives {side(change.side)} an outpost on {squares(change)}",
    (ChangeKind.ISOLATED_PAWN, False): lambda change: (
        f"leaves {side(change.side)} with {pawns(change, 'isolated')}"
    ),
    (ChangeKind.BACKWARD_PAWN, False): lambda change: (
        f"leaves {side(change.side)} with {pawns(change, 'backward')}"
    ),
    (ChangeKind.DOUBLED_PAWNS, False): lambda change: (
        f"leaves {side(change.side)} with doubled pawns on {files(change)}"
    ),
    (ChangeKind.WEAK_SQUARE, False): lambda change: f"leaves {squares(change)} weak",
    (ChangeKind.ROOK_ON_OPEN_FILE, True): lambda change: f"gives {side(change.side)} {files(change)}",
}
"""What is said of the mover's loss (False), or of the opponent's gain (True): how the line leaves things, as
it need not be the move itself that moves the pawns."""
