"""The moves of a report, JSON-ready: one row for each ply, in the shape of docs/protocol.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import chess

from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import JudgedMove
from knight_vision.domain.motifs import Sighting
from knight_vision.domain.positional import PositionMetrics
from knight_vision.domain.reviewed_moves import ReviewedMove
from knight_vision.domain.win_percent import white_win_percent

__all__ = ["move_json", "side_name", "turning_point_json"]

MOST_VARIATION_PLIES = 12
"""What Lichess keeps of an engine's line: behind that nobody reads, and the engine guesses."""


def side_name(color: chess.Color) -> str:
    """A colour's name in JSON."""
    return "white" if color == chess.WHITE else "black"


def turning_point_json(game: Game, move: JudgedMove) -> dict[str, Any]:
    """One of the moves that decided the game."""
    return {
        "ply": move.ply,
        "move_number": move.board.fullmove_number,
        "side": side_name(move.board.turn),
        "san": game.sans[move.ply - 1],
        "judgement": move.verdict.judgement.value if move.verdict else None,
        "white_cp_before": move.before.white_cp,
        "white_mate_before": move.before.white_mate,
        "white_cp_after": move.after.white_cp,
        "white_mate_after": move.after.white_mate,
        "win_percent_lost": round(move.win_percent_lost, 1),
        "best_san": move.board.san(move.best) if move.best else None,
    }


def move_json(
    game: Game,
    judged: JudgedMove,
    reviewed: ReviewedMove,
    *,
    explanation: str | None,
    metrics: PositionMetrics,
    spent_s: float | None,
) -> dict[str, Any]:
    """The row of one move; `judged` as on Lichess, `metrics` are those of the position after it."""
    move = reviewed.judged
    after = game.boards[move.ply]
    variation = variation_san(reviewed) if move.best != move.move else []
    return {
        "ply": move.ply,
        "san": game.sans[move.ply - 1],
        "uci": game.moves[move.ply - 1],
        "fen": after.fen(),
        "white_cp": move.after.white_cp,
        "white_mate": move.after.white_mate,
        "win_percent": round(white_win_percent(move.after, white_to_move=after.turn), 1),
        "accuracy": round(judged.accuracy, 1),
        "judgement": judged.verdict.judgement.value if judged.verdict else None,
        "judgement_reason": judged.verdict.reason.value if judged.verdict else None,
        "class": reviewed.move_class.value,
        "explanation": explanation,
        "best_uci": move.best.uci() if move.best else None,
        "best_san": best_san(game, move, variation),
        "variation": variation,
        "second_white_cp": move.before.second_white_cp,
        "second_white_mate": move.before.second_white_mate,
        "missed": [sighting_json(sighting) for sighting in reviewed.missed],
        "allowed": [sighting_json(sighting) for sighting in reviewed.allowed],
        "positional": metrics.to_json(),
        "depth": move.after.depth,
        "nodes": move.after.nodes,
        "clock_s": game.text_of(move.ply).clock_s,
        "spent_s": spent_s,
    }


def best_san(game: Game, move: JudgedMove, variation: Sequence[str]) -> str | None:
    """The engine's choice in standard notation: the variation begins with it, or it was played."""
    if move.best is None:
        return None
    return variation[0] if variation else game.sans[move.ply - 1]


def variation_san(reviewed: ReviewedMove) -> list[str]:
    """What the engine would have played, at most 12 plies; moves that were parsed already are not again."""
    board = reviewed.judged.board.copy(stack=False)
    if reviewed.better is not None:
        return [board.san_and_push(move) for move in reviewed.better.moves[:MOST_VARIATION_PLIES]]
    line = reviewed.judged.before.line[:MOST_VARIATION_PLIES]
    return [board.san_and_push(board.parse_uci(uci)) for uci in line]


def sighting_json(sighting: Sighting) -> dict[str, Any]:
    """A motif with the squares that show it, on the board after move `ply` (0 is the first) of its line."""
    return {
        "motif": sighting.motif.value,
        "ply": sighting.ply,
        "square": chess.SQUARE_NAMES[sighting.square],
        "targets": [chess.SQUARE_NAMES[square] for square in sighting.targets],
    }
