"""A mated king and what stands around it: the facts that the named mates are told by."""

from __future__ import annotations

from dataclasses import dataclass

import chess

__all__ = ["MatedKing", "Mating", "squares_of"]

Mating = tuple[chess.Square, chess.Bitboard]
"""The piece that gives the mate, and the pieces of its side that the pattern needs besides."""
squares_of = chess.scan_forward
"""The squares of a mask, from a1 on."""


@dataclass(frozen=True, slots=True)
class MatedKing:
    """A position of checkmate, by its geometry. All masks are bitboards of python-chess."""

    board: chess.Board
    mater: chess.Color
    king: chess.Square
    file: int
    rank: int
    around: chess.Bitboard
    """The squares one step from the king."""
    blockers: chess.Bitboard
    """The king's own pieces among them."""
    mover: chess.Square
    """Where the piece stands that moved last."""
    mover_type: chess.PieceType
    checkers: chess.Bitboard
    guards: dict[chess.Square, chess.Bitboard]
    """For each square one step from the king without a piece of its own: what would take the king there,
    lines that run through the king's present square included."""

    @classmethod
    def of(cls, board: chess.Board) -> MatedKing:
        """The facts of a board on which mate stands and whose move stack ends with the mating move."""
        mater = not board.turn
        king = (board.kings & board.occupied_co[board.turn]).bit_length() - 1
        around = chess.BB_KING_ATTACKS[king]
        blockers = around & board.occupied_co[board.turn]
        mover = board.peek().to_square
        without_king = board.occupied ^ chess.BB_SQUARES[king]
        guards = {
            square: board.attackers_mask(mater, square, without_king)
            for square in squares_of(around & ~blockers)
        }
        return cls(
            board=board,
            mater=mater,
            king=king,
            file=chess.square_file(king),
            rank=chess.square_rank(king),
            around=around,
            blockers=blockers,
            mover=mover,
            mover_type=board.piece_type_at(mover) or chess.PAWN,
            checkers=board.checkers_mask(),
            guards=guards,
        )

    def pieces(self, *types: chess.PieceType) -> chess.Bitboard:
        """The mating side's pieces of these types."""
        mask = chess.BB_EMPTY
        for piece_type in types:
            mask |= self.board.pieces_mask(piece_type, self.mater)
        return mask

    def guarded_by(self, pieces: chess.Bitboard) -> chess.Bitboard:
        """The squares one step from the king that at least one of these pieces guards."""
        return sum(chess.BB_SQUARES[square] for square, guards in self.guards.items() if guards & pieces)

    def guarding(self, square: chess.Square, piece_type: chess.PieceType) -> chess.Bitboard:
        """The mating side's pieces of a type that guard a square as the board stands."""
        return self.board.attackers_mask(self.mater, square) & self.board.pieces_mask(piece_type, self.mater)

    def needs(self, square: chess.Square) -> bool:
        """True when without the piece on the square it would be no mate."""
        without = self.board.copy(stack=False)
        without.remove_piece_at(square)
        return not without.is_checkmate()

    @property
    def checker(self) -> chess.Square | None:
        """The only piece that gives check; None for a double check."""
        return None if self.checkers & (self.checkers - 1) else self.checkers.bit_length() - 1

    @property
    def is_at_edge(self) -> bool:
        """Whether the king stands on an outer file or rank."""
        return self.file in (0, 7) or self.rank in (0, 7)

    @property
    def is_in_corner(self) -> bool:
        """Whether the king stands on a1, a8, h1 or h8."""
        return self.file in (0, 7) and self.rank in (0, 7)
