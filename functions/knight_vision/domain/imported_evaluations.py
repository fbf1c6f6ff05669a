"""Evaluations that a PGN brings along: a first report with no engine."""

from __future__ import annotations

from dataclasses import replace

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game
from knight_vision.domain.phase import NoSearch, Phase
from knight_vision.domain.report import Report, build_report
from knight_vision.domain.win_percent import FIRST_CP

__all__ = ["IMPORTED", "evaluations_from_pgn", "report_from_pgn"]

IMPORTED = "Imported evaluations"
"""The engine's name in such a report: which engine it was, PGN does not say."""


def evaluations_from_pgn(game: Game) -> tuple[Evaluation, ...] | None:
    """The evaluations of positions 0 to `ply_count`; None unless every move has one.

    The last may lack it where the game is over on the board. The start, of which PGN says nothing, is worth
    15 centipawns as on Lichess; where it was set up, what the position after the first move is. A position
    has a line where the PGN names its best move; since nobody knows the others, `build_report` judges by the
    scores alone, which is what the exporting program did too.
    """
    if not game.texts or any(text.evaluation is None for text in game.texts[:-1]):
        return None
    board = chess.Board(game.start_fen, chess960=game.is_chess960)
    for move in game.moves:
        board.push(chess.Move.from_uci(move))
    last = evaluation_of_finished(board) or game.texts[-1].evaluation
    start = (
        Evaluation(white_cp=FIRST_CP) if game.start_fen == chess.STARTING_FEN else game.texts[0].evaluation
    )
    evaluations = (start, *(text.evaluation for text in game.texts[:-1]), last)
    lines = (*(text.better for text in game.texts), ())
    found = tuple(
        replace(evaluation, line=line) if line else evaluation
        for evaluation, line in zip(evaluations, lines, strict=True)
        if evaluation is not None
    )
    return found if len(found) == game.position_count else None


def report_from_pgn(game: Game) -> Report | None:
    """The initial phase's report from the evaluations that the game came with; None when any is missing."""
    evaluations = evaluations_from_pgn(game)
    if evaluations is None:
        return None
    return build_report(game, evaluations, phase=Phase.INITIAL, engine=IMPORTED, limit=NoSearch.IMPORTED)
