"""What a move of a line threatens, where the line shows that the threat is real: it is met or carried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import chess

from knight_vision.domain.explain.ideas import named
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import listed
from knight_vision.domain.sacrifice import captured_value, exchange_gain

__all__ = ["Threats", "gain_on", "targets", "threats", "with_turn_passed"]


@dataclass(frozen=True, slots=True)
class Threats:
    """What the side that moved would do if it could move once more."""

    board: chess.Board
    """The board after the move."""
    landed: chess.Square
    """Where the piece that moved stands."""
    mate: chess.Square | None
    """Where it would mate."""
    gains: dict[chess.Square, int]
    """Where it would win something, and how many pawns' worth by all captures on the square."""

    @property
    def pawns(self) -> int:
        """What all that is threatened is worth."""
        return sum(self.gains.values())

    def words(self, ending: str = "s") -> str:
        """`attacks the pawns on b7 and f7`, `threatens mate on h7`; or `attacking`, with the ending `ing`."""
        direct = [square for square in self.gains if strikes(self.board, self.landed, square)]
        others = [square for square in self.gains if square not in direct]
        mate = [f"threaten{ending} mate on {chess.square_name(self.mate)}"] if self.mate is not None else []
        attack = [f"attack{ending} {targets(self.board, direct)}"] if direct else []
        taking = [f"threaten{ending} to take {targets(self.board, others)}"] if others else []
        return listed([*mate, *attack, *taking][:2])


def strikes(board: chess.Board, attacker: chess.Square, target: chess.Square) -> bool:
    """True when the piece attacks the square, be it behind another piece of its side on the same line."""
    goal = chess.BB_SQUARES[target]
    if board.attacks_mask(attacker) & goal:
        return True
    between = chess.between(attacker, target) & board.occupied
    color = bool(board.color_at(attacker))
    if between.bit_count() != 1 or not board.attackers_mask(color, target) & between:
        return False
    behind = board.copy(stack=False)
    behind.remove_piece_at(chess.msb(between))
    return bool(behind.attacks_mask(attacker) & goal)


def targets(board: chess.Board, squares: list[chess.Square]) -> str:
    """`the queen on d5 and the pawn on b7`, `the pawns on b7 and f7`; the most valuable first."""
    pawns = [chess.square_name(square) for square in squares if board.piece_type_at(square) == chess.PAWN]
    pieces = sorted(
        (square for square in squares if board.piece_type_at(square) != chess.PAWN),
        key=lambda square: -(board.piece_type_at(square) or 0),
    )
    named_pawns = [f"the pawn{'s' if len(pawns) > 1 else ''} on {listed(pawns)}"] if pawns else []
    return listed([*(named(board, square) for square in pieces), *named_pawns])


@lru_cache(maxsize=8)
def threats(variation: Variation, index: int) -> Threats | None:
    """The new threats of a move of the line that its next moves bear out; None where there are none.

    Either the opponent's next move meets a threat, or the side carries it out with one of its next two moves;
    other pieces that are threatened by the same move are named beside. None of a move that gives check, as
    that is answered first, of a piece that is taken at once, and of a capture that took more.
    """
    line = variation.line
    if index + 1 >= len(line) or line.checks[index + 1]:
        return None
    if line.moves[index + 1].to_square == line.landed[index]:
        return None
    before, after, met = line.boards[index], with_turn_passed(line.boards[index + 1]), line.boards[index + 2]
    mate = mating_square(after)
    if mate is not None and (line.checks[index + 2] or mate in {*mating_moves(before), *mating_moves(met)}):
        mate = None
    new = {
        square: gain
        for square, gain in winnable(after, after.occupied_co[not after.turn] & ~after.kings)
        if square != mate
        and gain > exchange_gain(before, square)
        and (not line.checks[index] or strikes(after, line.landed[index], square))
    }
    real = {square for square, gain in new.items() if is_real(variation, index, square, gain)}
    kept = {square for square in new if real and after.piece_type_at(square) != chess.PAWN}
    gains = {square: gain for square, gain in new.items() if square in real | kept}
    if mate is None and sum(gains.values()) < max(1, captured_value(before, line.moves[index])):
        return None
    return Threats(line.boards[index + 1], line.landed[index], mate, gains)


def winnable(board: chess.Board, squares: chess.Bitboard) -> Iterator[tuple[chess.Square, int]]:
    """Where the side to move wins something by captures, and how much."""
    for square in chess.scan_forward(squares):
        gain = exchange_gain(board, square)
        if gain:
            yield square, gain


def is_real(variation: Variation, index: int, square: chess.Square, gain: int) -> bool:
    """True when the opponent's next move saves what stands on the square, or the side takes it soon."""
    line = variation.line
    if line.moves[index + 1].from_square == square:
        return True
    if exchange_gain(line.boards[index + 2], square) < gain:
        return not line.checks[index + 2]
    for later in range(index + 2, min(index + 5, len(line))):
        if square in (line.moves[later].from_square, line.moves[later].to_square):
            return later != index + 3
    return False


def gain_on(board: chess.Board, square: chess.Square, color: chess.Color) -> int:
    """What a side would win by captures on a square if it were its turn; 0 where it can't be."""
    if board.turn == color:
        return exchange_gain(board, square)
    return 0 if board.is_check() else exchange_gain(with_turn_passed(board), square)


def with_turn_passed(board: chess.Board) -> chess.Board:
    """The same position with the other side to move."""
    passed = board.copy(stack=False)
    passed.turn = not board.turn
    passed.ep_square = None
    return passed


def mating_square(board: chess.Board) -> chess.Square | None:
    """Where the side to move mates at once, the first of several; None where it can't."""
    return next(mating_moves(board), None)


def mating_moves(board: chess.Board) -> Iterator[chess.Square]:
    """Where the side to move mates at once with a check of the piece that moves, no king and no new piece."""
    king = board.king(not board.turn)
    if king is None:
        return
    straight = chess.BB_RANK_ATTACKS[king][board.occupied & chess.BB_RANK_MASKS[king]]
    straight |= chess.BB_FILE_ATTACKS[king][board.occupied & chess.BB_FILE_MASKS[king]]
    diagonal = chess.BB_DIAG_ATTACKS[king][board.occupied & chess.BB_DIAG_MASKS[king]]
    checks = (
        (board.queens, straight | diagonal),
        (board.rooks, straight),
        (board.bishops, diagonal),
        (board.knights, chess.BB_KNIGHT_ATTACKS[king]),
        (board.pawns, chess.BB_PAWN_ATTACKS[not board.turn][king] & ~chess.BB_BACKRANKS),
    )
    after = board.copy(stack=False)
    for pieces, squares in checks:
        own = pieces & board.occupied_co[board.turn]
        for move in board.generate_legal_moves(own, squares) if own else ():
            after.push(move)
            is_mate = after.is_checkmate()
            after.pop()
            if is_mate:
                yield move.to_square
