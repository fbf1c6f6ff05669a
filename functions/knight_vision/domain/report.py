"""The report of one phase: every move with its evaluation and verdict, and the game in numbers.

The shape is that of docs/protocol.md, JSON-ready; numbers on a scale of 100 are rounded to one decimal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import chess

from knight_vision.domain.accuracy import average_centipawn_loss, game_accuracy
from knight_vision.domain.division import divide
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import JudgedMove, judged_moves
from knight_vision.domain.judgement import Judgement
from knight_vision.domain.openings import opening_of
from knight_vision.domain.phase import Limit, NoSearch, Phase
from knight_vision.domain.turning_points import turning_points
from knight_vision.domain.win_percent import FIRST_CP, ceiled_cp, white_win_percent

__all__ = ["Report", "build_report", "evaluation_of_finished"]

SCHEMA = 1
MOST_VARIATION_PLIES = 12


@dataclass(frozen=True, slots=True)
class Report:
    """A report, JSON-ready, in the two parts that are stored apart."""

    summary: dict[str, Any]
    """The report without its moves."""
    moves: list[dict[str, Any]]
    """One row for each ply."""


def build_report(
    game: Game, evaluations: Sequence[Evaluation], *, phase: Phase, engine: str, limit: Limit | NoSearch
) -> Report:
    """The report of a game whose positions 0 to `ply_count` are evaluated.

    As on Lichess the start counts as 15 centipawns in every verdict, whatever the engine says (its own score
    is in `start`), and a mating move is neither judged nor counted. Where no best move is known, as with
    imported evaluations, the scores alone judge. Raises ValueError when the number of evaluations does not
    fit, or an engine's line is not legal.
    """
    if len(evaluations) != game.position_count:
        raise ValueError(f"{len(evaluations)} evaluations for {game.position_count} positions")
    start = Evaluation(white_cp=FIRST_CP, line=evaluations[0].line)
    judged = judged_moves(game, [start, *evaluations[1:]])
    opening = opening_of(game.boards)
    division = divide(game.boards)
    summary = {
        "schema": SCHEMA,
        "phase": phase.value,
        "engine": engine,
        "limit": str(limit),
        "start_fen": game.start_fen,
        "ply_count": game.ply_count,
        "result": game.headers.get("Result", "*"),
        "opening": opening and {"eco": opening.eco, "name": opening.name, "ply": opening.ply},
        "division": {"middlegame_ply": division.middlegame_ply, "endgame_ply": division.endgame_ply},
        "start": {"white_cp": evaluations[0].white_cp, "white_mate": evaluations[0].white_mate},
        **players_json(judged, [start, *evaluations[1:]], white_starts=game.white_starts),
        "turning_points": [turning_point_json(game, move) for move in turning_points(judged)],
    }
    return Report(summary, [move_json(game, move) for move in judged])


def players_json(
    judged: Sequence[JudgedMove], evaluations: Sequence[Evaluation], *, white_starts: bool
) -> dict[str, dict[str, Any]]:
    """Both players in numbers, under `white` and `black`."""
    cps = [ceiled_cp(evaluation) for evaluation in evaluations if evaluation.white_mate != 0]
    accuracies = game_accuracy(cps, white_starts=white_starts)
    losses = average_centipawn_loss(cps, white_starts=white_starts)
    players = {}
    for index, color in enumerate((chess.WHITE, chess.BLACK)):
        verdicts = Counter(
            move.verdict.judgement for move in judged if move.verdict and move.is_white == color
        )
        players[side(color)] = {
            "accuracy": round(accuracies[index], 1) if accuracies else None,
            "acpl": losses[index] if losses else None,
            "inaccuracies": verdicts[Judgement.INACCURACY],
            "mistakes": verdicts[Judgement.MISTAKE],
            "blunders": verdicts[Judgement.BLUNDER],
        }
    return players


def side(color: chess.Color) -> str:
    """A colour's name in JSON."""
    return "white" if color == chess.WHITE else "black"


def turning_point_json(game: Game, move: JudgedMove) -> dict[str, Any]:
    """One of the moves that decided the game."""
    return {
        "ply": move.ply,
        "move_number": move.board.fullmove_number,
        "side": side(move.board.turn),
        "san": game.sans[move.ply - 1],
        "judgement": move.verdict.judgement.value if move.verdict else None,
        "white_cp_before": move.before.white_cp,
        "white_mate_before": move.before.white_mate,
        "white_cp_after": move.after.white_cp,
        "white_mate_after": move.after.white_mate,
        "win_percent_lost": round(move.win_percent_lost, 1),
        "best_san": move.board.san(move.best) if move.best else None,
    }


def move_json(game: Game, move: JudgedMove) -> dict[str, Any]:
    """The row of one move."""
    after = game.boards[move.ply]
    return {
        "ply": move.ply,
        "san": game.sans[move.ply - 1],
        "uci": game.moves[move.ply - 1],
        "fen": after.fen(),
        "white_cp": move.after.white_cp,
        "white_mate": move.after.white_mate,
        "win_percent": round(white_win_percent(move.after, white_to_move=after.turn), 1),
        "accuracy": round(move.accuracy, 1),
        "judgement": move.verdict.judgement.value if move.verdict else None,
        "judgement_reason": move.verdict.reason.value if move.verdict else None,
        "best_uci": move.best.uci() if move.best else None,
        "best_san": move.board.san(move.best) if move.best else None,
        "variation": variation_san(move) if move.best != move.move else [],
        "depth": move.after.depth,
        "nodes": move.after.nodes,
        "clock_s": game.text_of(move.ply).clock_s,
    }


def variation_san(move: JudgedMove) -> list[str]:
    """What the engine would have played, at most 12 plies."""
    board = move.board.copy(stack=False)
    return [board.san_and_push(board.parse_uci(uci)) for uci in move.before.line[:MOST_VARIATION_PLIES]]
