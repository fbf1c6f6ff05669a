"""The men of one side with everything they attack, each piece asked once: what the metrics share."""

from __future__ import annotations

from typing import NamedTuple

import chess

from knight_vision.domain.positional.bits import diagonally_down, diagonally_up, flipped

__all__ = ["Army", "armies"]


class Army(NamedTuple):
    """One side's men as sets of squares."""

    pawns: int
    knights: int
    bishops: int
    rooks: int
    queens: int
    king: int
    """Empty on a board without this king."""
    occupied: int
    attacks: int
    """Everything that any man attacks, own men included (they are protected)."""
    officers: tuple[tuple[int, int], ...]
    """Each queen, rook, bishop and knight with what it attacks; pins are not considered."""
    king_attacks: int

    def turned(self) -> Army:
        """The same army seen from the other side of the board."""
        return Army(
            flipped(self.pawns),
            flipped(self.knights),
            flipped(self.bishops),
            flipped(self.rooks),
            flipped(self.queens),
            flipped(self.king),
            flipped(self.occupied),
            flipped(self.attacks),
            tuple((flipped(square), flipped(attacks)) for square, attacks in self.officers),
            flipped(self.king_attacks),
        )


def armies(board: chess.Board) -> tuple[Army, Army]:
    """White's army and Black's, both seen from White's side."""
    return army(board, chess.WHITE), army(board, chess.BLACK)


def army(board: chess.Board, color: chess.Color) -> Army:
    """One army seen from White's side."""
    own = board.occupied_co[color]
    pawns, kings = board.pawns & own, board.kings & own
    attacks = diagonally_up(pawns) if color == chess.WHITE else diagonally_down(pawns)
    officers = []
    for square in chess.scan_forward(own & ~pawns & ~kings):
        attacked = board.attacks_mask(square)
        attacks |= attacked
        officers.append((chess.BB_SQUARES[square], attacked))
    king_attacks = chess.BB_KING_ATTACKS[chess.msb(kings)] if kings else 0
    return Army(
        pawns,
        board.knights & own,
        board.bishops & own,
        board.rooks & own,
        board.queens & own,
        kings,
        own,
        attacks | king_attacks,
        tuple(officers),
        king_attacks,
    )
