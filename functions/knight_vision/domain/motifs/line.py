"""A line of moves for one side, the solver, with all its boards: what every motif detector looks at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import chess

from knight_vision.domain.motifs.board_facts import VALUES

__all__ = ["Line"]

LAST_RANKS = chess.BB_RANK_7 | chess.BB_RANK_8
FIRST_RANKS = chess.BB_RANK_1 | chess.BB_RANK_2


class Line:
    """The moves of both sides, the solver first, and the boards around them.

    `boards[ply]` stands before the move `moves[ply]`, `boards[ply + 1]` after it; the solver moves at even
    plies. Each board remembers the one move before it, if there was one, and must not be changed.
    """

    def __init__(self, board: chess.Board, moves: Sequence[chess.Move | str] | str) -> None:
        """Play the moves on copies of the board; ValueError for one that is illegal or no UCI."""
        self.solver: chess.Color = board.turn
        self.boards: list[chess.Board] = [board.copy(stack=1)]
        self.moves: list[chess.Move] = []
        for text in moves.split() if isinstance(moves, str) else moves:
            self._play(text)

    def _play(self, text: chess.Move | str) -> None:
        board = self.boards[-1]
        move = board.parse_uci(text) if isinstance(text, str) else text
        if not isinstance(text, str) and not board.is_legal(move):
            raise chess.IllegalMoveError(f"illegal move {move.uci()} in {board.fen()}")
        after = board.copy(stack=False)
        after.push(move)
        self.moves.append(move)
        self.boards.append(after)

    def __len__(self) -> int:
        return len(self.moves)

    @property
    def solver_plies(self) -> range:
        """The plies at which the solver moves."""
        return range(0, len(self.moves), 2)

    @property
    def later_solver_plies(self) -> range:
        """The solver's plies but the first: those that have a move of each side before them in the line."""
        return range(2, len(self.moves), 2)

    @cached_property
    def moved(self) -> list[chess.PieceType]:
        """The type of the piece that moved at each ply: a promoting pawn counts as a pawn."""
        return [
            board.piece_type_at(move.from_square) or chess.PAWN
            for board, move in zip(self.boards, self.moves, strict=False)
        ]

    @cached_property
    def landed(self) -> list[chess.Square]:
        """Where the moved piece stands after each ply; of castling, the king."""
        return [
            landing_square(board, move) if moved == chess.KING else move.to_square
            for board, move, moved in zip(self.boards, self.moves, self.moved, strict=False)
        ]

    @cached_property
    def captured(self) -> list[chess.PieceType | None]:
        """The type of the piece taken at each ply, None where nothing was."""
        return [taken_type(board, move) for board, move in zip(self.boards, self.moves, strict=False)]

    @cached_property
    def checks(self) -> list[bool]:
        """For every board, whether the side to move is in check."""
        return [board.is_check() for board in self.boards]

    @cached_property
    def balance(self) -> list[int]:
        """For every board, the solver's material less the opponent's, in pawns."""
        balance = [material(self.boards[0], self.solver) - material(self.boards[0], not self.solver)]
        for ply, (taken, move) in enumerate(zip(self.captured, self.moves, strict=True)):
            won = VALUES[taken] if taken else 0
            if move.promotion:
                won += VALUES[move.promotion] - VALUES[chess.PAWN]
            balance.append(balance[-1] + (won if ply % 2 == 0 else -won))
        return balance

    def is_castling(self, ply: int) -> bool:
        """True when the move at the ply castles."""
        return self.moved[ply] == chess.KING and self.boards[ply].is_castling(self.moves[ply])

    def is_advanced_pawn_move(self, ply: int) -> bool:
        """True when the solver's pawn goes to one of the last two ranks at the ply."""
        last_ranks = LAST_RANKS if self.solver == chess.WHITE else FIRST_RANKS
        return self.moved[ply] == chess.PAWN and bool(chess.BB_SQUARES[self.landed[ply]] & last_ranks)

    @cached_property
    def ends_in_mate(self) -> bool:
        """True when checkmate stands on the last board."""
        return self.checks[-1] and self.boards[-1].is_checkmate()

    def taken_before(self, square: chess.Square) -> chess.PieceType | None:
        """What the opponent's move before the line took on the square, None when nothing or not there.

        When the first board does not remember that move, its clock of moves without a capture tells whether
        there was one. Then the piece on the square is taken to be the one that made it, and what it took to
        be worth as much as itself.
        """
        board = self.boards[0]
        if board.move_stack:
            before = board.copy(stack=1)
            move = before.pop()
            return taken_type(before, move) if move.to_square == square else None
        is_set_up = board.fullmove_number <= 1
        if is_set_up or board.halfmove_clock or board.ep_square is not None:
            return None
        return board.piece_type_at(square)


def landing_square(board: chess.Board, king_move: chess.Move) -> chess.Square:
    """Where the king stands after its move; castling may be written as king takes rook."""
    if not board.is_castling(king_move):
        return king_move.to_square
    file = 6 if board.is_kingside_castling(king_move) else 2
    return chess.square(file, chess.square_rank(king_move.from_square))


def taken_type(board: chess.Board, move: chess.Move) -> chess.PieceType | None:
    """The type of the piece that a legal move takes, None when it takes nothing."""
    if board.is_castling(move):
        return None  # written as king takes rook in Chess960
    return chess.PAWN if board.is_en_passant(move) else board.piece_type_at(move.to_square)


def material(board: chess.Board, color: chess.Color) -> int:
    """The value of a side's pieces in pawns, kings not counted."""
    own = board.occupied_co[color]
    return (
        (board.pawns & own).bit_count() * VALUES[chess.PAWN]
        + (board.knights & own).bit_count() * VALUES[chess.KNIGHT]
        + (board.bishops & own).bit_count() * VALUES[chess.BISHOP]
        + (board.rooks & own).bit_count() * VALUES[chess.ROOK]
        + (board.queens & own).bit_count() * VALUES[chess.QUEEN]
    )
