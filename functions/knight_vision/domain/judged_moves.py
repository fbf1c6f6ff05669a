"""The moves of a game between the evaluations around them, each with its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import chess

from knight_vision.domain.accuracy import move_accuracy
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game
from knight_vision.domain.judgement import Reason, Verdict, judge
from knight_vision.domain.win_percent import white_win_percent

__all__ = ["JudgedMove", "is_taken_back", "judged_moves"]

WORTH_A_VERDICT = 5.0
"""Win percent that a move must lose to be judged at all: Lichess' inaccuracy."""


@dataclass(frozen=True, slots=True)
class JudgedMove:
    """One move of a game."""

    ply: int
    """1 for the first move: also the number of the position after it."""
    board: chess.Board
    """The position before the move. Not to be changed."""
    move: chess.Move
    before: Evaluation
    after: Evaluation
    best: chess.Move | None
    """The engine's choice; None when it is not known (imported evaluations)."""
    verdict: Verdict | None
    """None for a good move."""

    @property
    def is_white(self) -> bool:
        """True for a move of White's."""
        return self.board.turn

    @property
    def win_percents(self) -> tuple[float, float]:
        """The mover's chances before and after the move, 0 to 100."""
        before = white_win_percent(self.before, white_to_move=self.is_white)
        after = white_win_percent(self.after, white_to_move=not self.is_white)
        return (before, after) if self.is_white else (100 - before, 100 - after)

    @property
    def win_percent_lost(self) -> float:
        """By how much the mover's chances fell; negative when they rose."""
        before, after = self.win_percents
        return before - after

    @property
    def accuracy(self) -> float:
        """The accuracy of the move, 0 to 100."""
        return move_accuracy(*self.win_percents)


def judged_moves(game: Game, evaluations: Sequence[Evaluation]) -> list[JudgedMove]:
    """Every move, from the evaluations of positions 0 to `ply_count`.

    The engine's own choice and an only legal move are never found fault with: where such a move seems to lose
    something, two searches saw differently far, and the mover could do no better. Raises ValueError for a
    best move that is not legal.
    """
    judged = []
    for ply, uci in enumerate(game.moves, start=1):
        board = game.boards[ply - 1]
        move = chess.Move.from_uci(uci)
        before, after = evaluations[ply - 1], evaluations[ply]
        # Parsed, because engines may write castling otherwise than the game does.
        best = board.parse_uci(before.best_move) if before.best_move else None
        verdict = judge(before, after, white_moved=board.turn) if best != move else None
        if verdict is not None and best is None and has_no_choice(board):
            verdict = None
        judged.append(JudgedMove(ply, board, move, before, after, best, verdict))
    return judged


def is_taken_back(move: JudgedMove, following: JudgedMove | None) -> bool:
    """True for a judged move whose loss the next search denies; `following` is the move after it.

    Only where the opponent played what the engine expected: both searches are then about the same play, and
    the later one sees further. The verdict stays what Lichess would say.
    """
    if move.verdict is None or following is None or following.move != following.best:
        return False
    mate = following.after.white_mate
    mates_for = 0 if mate is None else mate if move.is_white else -mate
    if move.verdict.reason is Reason.MATE_LOST:
        return mates_for > 0
    before, _after = move.win_percents
    _before, opponents = following.win_percents
    return mates_for >= 0 and before - (100 - opponents) < WORTH_A_VERDICT


def has_no_choice(board: chess.Board) -> bool:
    """True for a single legal move, and where the game was over by rule and went on all the same."""
    return board.legal_moves.count() == 1 or evaluation_of_finished(board) is not None
