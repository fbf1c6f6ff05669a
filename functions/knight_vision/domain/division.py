"""Where the middlegame and the endgame begin, as Lichess divides a game (scalachess `Divider.scala`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import chess

from knight_vision.domain.vocabulary import GamePhase

__all__ = ["Division", "GamePhase", "divide", "divide_moves", "mixedness"]

MIDDLEGAME_PIECES = 10
ENDGAME_PIECES = 6
"""At most so many queens, rooks, bishops and knights of both sides."""
SPARSE_BACK_RANK = 4
"""Fewer pieces than this on a side's first rank: it is developed."""
MIDDLEGAME_MIXEDNESS = 150
"""More than this: the armies are in contact."""


@dataclass(frozen=True, slots=True)
class Division:
    """The first positions of middlegame and endgame, 0 is the start; None for a part that there is not."""

    middlegame_ply: int | None
    endgame_ply: int | None

    def phase_of(self, ply: int) -> GamePhase:
        """The part of the game that position `ply`, and the move that led to it, belongs to.

        >>> [Division(3, 5).phase_of(ply).value for ply in (2, 3, 5)]
        ['opening', 'middlegame', 'endgame']
        """
        if self.endgame_ply is not None and ply >= self.endgame_ply:
            return GamePhase.ENDGAME
        if self.middlegame_ply is not None and ply >= self.middlegame_ply:
            return GamePhase.MIDDLEGAME
        return GamePhase.OPENING


def divide(boards: Sequence[chess.Board]) -> Division:
    """The division of a game given by all its positions."""
    middlegame = next((ply for ply, board in enumerate(boards) if is_middlegame(board)), None)
    if middlegame is None:
        return Division(None, None)
    endgame = next((ply for ply, board in enumerate(boards) if officer_count(board) <= ENDGAME_PIECES), None)
    return Division(middlegame if endgame is None or middlegame < endgame else None, endgame)


def divide_moves(sans: Iterable[str], *, start_fen: str = chess.STARTING_FEN) -> Division:
    """The division of a game given by its moves; raises ValueError for one that is not legal.

    >>> divide_moves(["e4", "e5", "Qh5", "Nc6", "Qxe5"])
    Division(middlegame_ply=None, endgame_ply=None)
    >>> divide_moves(["e5"], start_fen="4k3/pppp4/8/8/4P3/8/4K3/8 w - - 0 1")
    Division(middlegame_ply=None, endgame_ply=0)
    """
    board = chess.Board(start_fen)
    boards = [board.copy(stack=False)]
    for san in sans:
        board.push_san(san)
        boards.append(board.copy(stack=False))
    return divide(boards)


def is_middlegame(board: chess.Board) -> bool:
    """True when material, development or contact say that the opening is over."""
    return (
        officer_count(board) <= MIDDLEGAME_PIECES
        or (chess.BB_RANK_1 & board.occupied_co[chess.WHITE]).bit_count() < SPARSE_BACK_RANK
        or (chess.BB_RANK_8 & board.occupied_co[chess.BLACK]).bit_count() < SPARSE_BACK_RANK
        or mixedness(board) > MIDDLEGAME_MIXEDNESS
    )


def officer_count(board: chess.Board) -> int:
    """Queens, rooks, bishops and knights of both sides."""
    return (board.occupied & ~board.pawns & ~board.kings).bit_count()


def mixedness(board: chess.Board) -> int:
    """How much the two armies are mixed: the sum of scores of all two-by-two regions.

    >>> mixedness(chess.Board())
    0
    """
    white, black = board.occupied_co[chess.WHITE], board.occupied_co[chess.BLACK]
    return sum(
        SCORES[row][(white & region).bit_count()][(black & region).bit_count()] for row, region in REGIONS
    )


REGIONS = tuple((y + 1, 0x0303 << (8 * y + x)) for y in range(7) for x in range(7))
"""The 49 two-by-two regions as (row, squares); a row is counted from 1 at White's side."""


def region_score(row: int, white: int, black: int) -> int:
    """The score of a region with so many white and black pieces: the deeper in enemy land, the more."""
    match white, black:
        case (0, 1):
            return 1 + row
        case (0, 2):
            return 2 + (6 - row) if row < 6 else 0
        case (0, 3) | (0, 4):
            return 3 + (7 - row) if row < 7 else 0
        case (1, 0):
            return 1 + (8 - row)
        case (1, 1):
            return 5 + abs(4 - row)
        case (1, 2):
            return 4 + (7 - row)
        case (1, 3):
            return 5 + (7 - row)
        case (2, 0):
            return 2 + (row - 2) if row > 2 else 0
        case (2, 1):
            return 4 + (row - 1)
        case (2, 2):
            return 7
        case (3, 0) | (4, 0):
            return 3 + (row - 1) if row > 1 else 0
        case (3, 1):
            return 5 + (row - 1)
    return 0


SCORES = tuple(
    tuple(tuple(region_score(row, white, black) for black in range(5)) for white in range(5))
    for row in range(8)
)
"""All scores, indexed by row, white and black pieces."""
