"""A line of moves for one side, the solver, with all its boards: what every motif detector looks at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import chess

from knight_vision.domain.motifs.board_facts import VALUES

__all__ = ["Line"]


class Line:
    """The moves of both sides, the solver first, and the boards around them.

    `boards[ply]` stands before the move `moves[ply]`, `boards[ply + 1]` after it; the solver moves at even
    plies. Each board remembers the move before it, the first two of a line two moves, if there were any, and
    must not be changed.
    """

    def __init__(self, board: chess.Board, moves: Sequence[chess.Move | str] | str) -> None:
        """Play the moves on copies of the board; ValueError for one that is illegal or no UCI."""
        self.solver: chess.Color = board.turn
        self.boards: list[chess.Board] = [board.copy(stack=2)]
        self.moves: list[chess.Move] = []
        for text in moves.split() if isinstance(moves, str) else moves:
            self._play(text)

    def _play(self, text: chess.Move | str) -> None:
        board = self.boards[-1]
        move = parse_move(text) if isinstance(text, str) else text
        if board.is_pseudo_legal(move):
            after = board.copy(stack=False if self.moves else 1)
            after.push(move)
            if not after.was_into_check():
                self.moves.append(after.peek())
                self.boards.append(after)
                return
        raise chess.IllegalMoveError(f"illegal move {move.uci()} in {board.fen()}")

    def __len__(self) -> int:
        return len(self.moves)

    def head(self, plies: int) -> Line:
        """The line of the first so many plies."""
        return self if len(self) <= plies else self._part(0, plies)

    def after_first(self) -> Line:
        """The line without its first move: the opponent is the solver."""
        return self._part(1, len(self))

    def _part(self, first: int, last: int) -> Line:
        part = object.__new__(Line)
        part.moves, part.boards = self.moves[first:last], self.boards[first : last + 1]
        part.solver = part.boards[0].turn
        return part

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
        """The type of the piece that moved at each ply; a promoting pawn is what it becomes."""
        return [
            move.promotion or board.piece_type_at(move.from_square) or chess.PAWN
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
    def struck(self) -> list[chess.PieceType | None]:
        """As `captured`, but None for a pawn taken in passing: it did not stand where the taker went."""
        return [
            None if taken == chess.PAWN and not board.occupied & chess.BB_SQUARES[move.to_square] else taken
            for taken, board, move in zip(self.captured, self.boards, self.moves, strict=False)
        ]

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

    def relative_rank(self, ply: int) -> int:
        """The rank that the solver's move goes to, 0 at the solver's side and 7 at the opponent's."""
        rank = chess.square_rank(self.landed[ply])
        return rank if self.solver == chess.WHITE else 7 - rank

    @cached_property
    def ends_in_mate(self) -> bool:
        """True when checkmate stands on the last board."""
        return self.checks[-1] and self.boards[-1].is_checkmate()

    def taken_on(self, square: chess.Square, ply: int) -> chess.PieceType | None:
        """What the move at the ply took on the square; None when nothing, or when it went elsewhere.

        Ply -1 is the opponent's move before the line, known when the first board remembers it.
        """
        if ply >= 0:
            return self.captured[ply] if self.moves[ply].to_square == square else None
        if not self.boards[0].move_stack:
            return None
        before = self.boards[0].copy(stack=1)
        move = before.pop()
        return taken_type(before, move) if move.to_square == square else None

    def may_have_been_taken_on(self, square: chess.Square) -> bool:
        """True when the move before the line is not remembered, but was perhaps a capture on the square.

        The clock of moves without capture or pawn move tells; a pawn may as well have stepped there.
        """
        board = self.boards[0]
        is_set_up = board.fullmove_number <= 1
        return not (
            board.move_stack
            or is_set_up
            or board.halfmove_clock
            or board.piece_type_at(square) in (None, chess.PAWN)
        )


@lru_cache(maxsize=4096)
def parse_move(text: str) -> chess.Move:
    """The move in UCI notation; the same few come again and again."""
    return chess.Move.from_uci(text)


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
