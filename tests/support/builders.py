"""Short words for games and evaluations in tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game, MoveText

__all__ = ["EXAMPLES", "a_game", "cp", "example", "mate", "quiet_evaluations"]

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name: str) -> str:
    """The text of examples/`name`.pgn."""
    return (EXAMPLES / f"{name}.pgn").read_text(encoding="utf-8")


def a_game(
    sans: str = "e4 e5 Nf3 Nc6 Bb5 a6",
    *,
    start_fen: str = chess.STARTING_FEN,
    is_chess960: bool = False,
    texts: Sequence[MoveText] = (),
    **headers: str,
) -> Game:
    """A game of moves such as `e4 e5 Nf3`."""
    board = chess.Board(start_fen, chess960=is_chess960)
    moves = tuple(board.push_san(san).uci() for san in sans.split())
    return Game(moves, start_fen, is_chess960, headers, tuple(texts))


def cp(white_cp: int, *line: str) -> Evaluation:
    """An evaluation in centipawns, with the engine's line in UCI."""
    return Evaluation(white_cp=white_cp, line=line, depth=8, nodes=1000)


def mate(white_mate: int, *line: str) -> Evaluation:
    """A forced mate, with the engine's line in UCI."""
    return Evaluation(white_mate=white_mate, line=line, depth=8, nodes=1000)


def quiet_evaluations(game: Game, white_cp: int = 15) -> list[Evaluation]:
    """Evaluations of every position in which the played move is always the best."""
    evaluations = [cp(white_cp, move) for move in game.moves]
    return [*evaluations, evaluation_of_finished(game.boards[-1]) or cp(white_cp)]
