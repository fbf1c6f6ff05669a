"""Statements about draws that a move allows or misses, where the rules themselves make them."""

from __future__ import annotations

import chess

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.standing import Standing
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.variation import Variation

__all__ = ["allowed_draw", "missed_draw"]

MOST_CITED = 5
"""Moves of a drawing line that are cited."""


def allowed_draw(evidence: Evidence) -> Statement | None:
    """What follows the move that lets an advantage end in a draw: `is stalemate`."""
    if evidence.standing_before < Standing.SLIGHTLY_BETTER or evidence.judged.after.white_cp != 0:
        return None
    played = evidence.played
    if len(played) == 1 and played.line.boards[1].is_stalemate():
        return Statement("is stalemate", Theme.DRAW)
    how = drawn_by(played, 1)
    return Statement(f"allows a draw by {how}", Theme.DRAW) if how else None


def missed_draw(evidence: Evidence) -> Statement | None:
    """What follows the move that misses a draw in a bad position: `misses a draw by perpetual check: …`."""
    better = evidence.better
    if (
        better is None
        or evidence.standing_after > Standing.CLEARLY_WORSE
        or evidence.judged.before.white_cp != 0
    ):
        return None
    how = drawn_by(better, 0)
    return Statement(f"misses a draw by {how}", Theme.DRAW) if how else None


def drawn_by(variation: Variation, first: int) -> str | None:
    """How a variation ends in a draw, with its first moves; None where it does not show one."""
    line = variation.line
    last = len(line) - 1
    if last < first:
        return None
    if line.boards[-1].is_stalemate():
        return f"stalemate: {cited(variation, first, last)}"
    if line.boards[-1].is_insufficient_material():
        return f"insufficient material: {cited(variation, first, last)}"
    seen = [position(board) for board in line.boards]
    for end in range(first + 1, len(seen)):
        if seen[end] in seen[:end]:
            begin = seen.index(seen[end])
            way = "perpetual check" if is_perpetual(variation, begin, end) else "repetition"
            return f"{way}: {cited(variation, first, end - 1)}"
    return None


def is_perpetual(variation: Variation, begin: int, end: int) -> bool:
    """True when one side checks with its every move between two boards."""
    checks = variation.line.checks[begin + 1 : end + 1]
    return all(checks[0::2]) or all(checks[1::2])


def cited(variation: Variation, first: int, last: int) -> str:
    """The moves, or the first of many."""
    if last - first < MOST_CITED:
        return variation.cite(first, last)
    return f"{variation.cite(first, first + MOST_CITED - 3)} and so on"


def position(board: chess.Board) -> tuple[object, ...]:
    """What makes two positions the same for a repetition."""
    return (
        board.pawns,
        board.knights,
        board.bishops,
        board.rooks,
        board.queens,
        board.kings,
        board.occupied_co[chess.WHITE],
        board.turn,
        board.castling_rights,
        board.ep_square,
    )
