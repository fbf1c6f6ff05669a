"""Which evaluations games may share, under what key, and what of a shared one fits another game."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import NewType

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game
from knight_vision.domain.packed_position import packed_position
from knight_vision.domain.phase import Limit
from knight_vision.domain.second_look import deserves_second_look
from knight_vision.domain.segments import Segment

__all__ = ["PositionKey", "fitted", "is_shareable", "position_keys"]

PositionKey = NewType("PositionKey", str)
"""32 hexadecimal digits for a position, an engine and a limit."""

MOST_QUIET_PLIES = 6
"""No position is shared after more plies without a capture or pawn move: the engine sees the counter of the
fifty-move rule (Stockfish takes 1/212 of the score away for each such ply, so at most 3 % here), and earlier
positions of the stretch may come again in its search."""
FIRST_REPETITION = 4
"""Plies without a capture or pawn move before any position can come again."""
FORMAT = "1"
"""Part of every key: another number when an evaluation comes to mean something else."""


def position_keys(game: Game, segment: Segment, engine: str, limit: Limit) -> dict[int, PositionKey]:
    """The keys of a segment's shareable positions, by position; `engine` is the engine's own name."""
    positions = range(segment.first, segment.last + 1)
    return {
        position: position_key(game, position, engine, limit)
        for position in positions
        if is_shareable(game, position)
    }


def position_key(game: Game, position: int, engine: str, limit: Limit) -> PositionKey:
    """The same for the same position in any game, under the same limit of the same engine.

    Chess960 is apart: the engine writes castling differently there.
    """
    rules = "chess960" if game.is_chess960 else "chess"
    search = "\n".join((FORMAT, rules, engine, str(limit)))
    return PositionKey(
        blake2b(search.encode() + b"\n" + packed_position(game.boards[position]), digest_size=16).hexdigest()
    )


def is_shareable(game: Game, position: int) -> bool:
    """True when a search of this position hardly depends on the way to it, and is needed at all.

    Not shareable is what follows a repetition in the same stretch without captures and pawn moves: the engine
    takes the next return to such a position for a draw.
    """
    board = game.boards[position]
    quiet_plies = board.halfmove_clock
    if quiet_plies > MOST_QUIET_PLIES or evaluation_of_finished(board) is not None:
        return False
    could_repeat = range(max(0, position - quiet_plies + FIRST_REPETITION), position + 1)
    return not any(game.boards[earlier].is_repetition(2) for earlier in could_repeat)


def fitted(game: Game, position: int, shared: Evaluation, limit: Limit) -> Evaluation | None:
    """A shared evaluation as the search of this game would have made it; None when it cannot be that.

    Whether the second best move is looked for depends on the move played. A second score that this game's
    search would not have looked for is left out; where one is missing the position must be searched: a
    second look leans on the hash that the first search has filled.
    """
    if not deserves_second_look(game, position, shared, limit):
        return replace(shared, second_white_cp=None, second_white_mate=None)
    return shared if shared.second is not None else None
