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
    """How a variation ends in a draw, with the moves or the first of them; None where it does not show one."""
    line = variation.line
    last = len(line) - 1
    if last < first:
        return None
    board = line.boards[-1]
    cited = (
        variation.cite(first, last) if last - first < 5 else f"{variation.cite(first, first + 2)} and so on"
    )
    if board.is_stalemate():
        return f"stalemate: {cited}"
    if board.is_insufficient_material():
        return f"insufficient material: {cited}"
    seen = [position(board) for board in line.boards]
    for index in range(first + 1, len(seen)):
        if seen[index] in seen[:index]:
            begun = seen.index(seen[index])
            checks = [line.checks[at + 1] for at in range(begun, index)]
            perpetual = all(checks[0::2]) or all(checks[1::2])
            return f"{'perpetual check' if perpetual else 'repetition'}: {cited}"
    return None


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
