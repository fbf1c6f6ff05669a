"""The report of one phase: every move with its evaluation and verdict, and the game in numbers and words.

The shape is that of docs/protocol.md, JSON-ready; numbers on a scale of 100 are rounded to one decimal.
docs/analysis.md says what every number means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import chess

from knight_vision.domain.clock import TimeUse, time_use
from knight_vision.domain.division import Division, divide
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.explain import explain_all, game_summary
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import JudgedMove, judged_moves
from knight_vision.domain.move_class import classify
from knight_vision.domain.openings import book_ply, opening_of
from knight_vision.domain.phase import Limit, NoSearch, Phase
from knight_vision.domain.positional import metrics, story
from knight_vision.domain.report_rows import move_json, turning_point_json
from knight_vision.domain.report_sides import sides_json
from knight_vision.domain.reviewed_moves import review
from knight_vision.domain.turning_points import turning_points
from knight_vision.domain.win_percent import FIRST_CP

__all__ = ["Report", "build_report", "evaluation_of_finished"]

SCHEMA = 2
"""Raised when a field changes its meaning or goes; 1 had neither classes nor words."""


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

    In Lichess' numbers the start counts as 15 centipawns as it does there, whatever the engine says (its own
    score is in `start`), and a mating move is neither judged nor counted. Of a position that was set up,
    classes and words go by the engine. Where no best move is known, as with imported evaluations, the scores
    alone judge. Raises ValueError when the number of evaluations does not fit, or an engine's line is not
    legal.
    """
    if len(evaluations) != game.position_count:
        raise ValueError(f"{len(evaluations)} evaluations for {game.position_count} positions")
    seen = [start_as_on_lichess(evaluations[0]), *evaluations[1:]]
    judged = judged_moves(game, seen)
    shown = judged if game.start_fen == chess.STARTING_FEN else judged_moves(game, evaluations)
    book = book_ply(game.boards)
    opening = opening_of(game.boards)
    division = divide(game.boards)
    moves = review(shown, classify(shown, book_ply=book))
    explanations = explain_all(game, moves)
    positions = [metrics(board) for board in game.boards]
    time = time_of(game, judged, division)
    summary = {
        "schema": SCHEMA,
        "phase": phase.value,
        "engine": engine,
        "limit": str(limit),
        "cost": None,  # whoever measured it adds it
        "start_fen": game.start_fen,
        "ply_count": game.ply_count,
        "result": game.headers.get("Result", "*"),
        "opening": opening
        and {"eco": opening.eco, "name": opening.name, "ply": opening.ply, "book_ply": book},
        "division": {"middlegame_ply": division.middlegame_ply, "endgame_ply": division.endgame_ply},
        "start": {"white_cp": evaluations[0].white_cp, "white_mate": evaluations[0].white_mate},
        **sides_json(judged, moves, seen, division, white_starts=game.white_starts),
        "turning_points": [turning_point_json(game, move) for move in turning_points(shown)],
        "words": game_summary(
            game, moves, explanations, opening=opening, book_ply=book, division=division, time=time
        ),
        "time": time and time.to_json(),
        "positional": story(positions).to_json(),
    }
    rows = [
        move_json(
            game,
            verdict,
            move,
            explanation=explained.text if explained else None,
            metrics=positions[verdict.ply],
            spent_s=time.moves[verdict.ply - 1].spent_s if time else None,
        )
        for verdict, move, explained in zip(judged, moves, explanations, strict=True)
    ]
    return Report(summary, rows)


def start_as_on_lichess(evaluation: Evaluation) -> Evaluation:
    """The start position with Lichess' score for it; the line and the second score stay the engine's."""
    return Evaluation(
        white_cp=FIRST_CP,
        line=evaluation.line,
        second_white_cp=evaluation.second_white_cp,
        second_white_mate=evaluation.second_white_mate,
    )


def time_of(game: Game, judged: Sequence[JudgedMove], division: Division) -> TimeUse | None:
    """How the time was used, as far as the game's clocks tell; None when they don't."""
    return time_use(
        [text.clock_s for text in game.texts],
        [text.elapsed_s for text in game.texts],
        time_control=game.headers.get("TimeControl", "?"),
        white_starts=game.white_starts,
        division=division,
        judgements={move.ply: move.verdict.judgement.value for move in judged if move.verdict},
    )
