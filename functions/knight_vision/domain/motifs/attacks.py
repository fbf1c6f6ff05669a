"""Attacks on the enemy king along a line: a king without shelter, a castled king, f2 and f7.

As Lichess' themes have them. A line is given by all its boards and moves: `boards[ply]` stands before
`moves[ply]`, the last board is the final one; the solver moves at even plies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import chess

from knight_vision.domain.motifs.motif import Motif, Sighting

__all__ = ["OUTRANKED_BY", "king_attacks"]

OUTRANKED_BY = {
    Motif.KINGSIDE_ATTACK: frozenset({Motif.FORK, Motif.BACK_RANK_MATE}),
    Motif.QUEENSIDE_ATTACK: frozenset({Motif.FORK, Motif.BACK_RANK_MATE}),
}
"""Motifs that say nothing more where one of these is found in the same line."""

ATTACK_SCORE = 2
"""Checks, and captures near the corner, less moves far from it, that make an attack on a castled king."""
NEAR_CORNER = 3
"""At most so many steps from the corner: a capture counts for the attack."""
FAR_FROM_CORNER = 5
"""At least so many steps from the corner: a move counts against it."""
SHELTER_RANKS = 3
"""A king further out than this many ranks is on a walk, not exposed at home."""


@dataclass(frozen=True, slots=True)
class Wing:
    """A side of the board that a king castles to."""

    motif: Motif
    king_files: chess.Bitboard
    corner_file: int
    least_pieces: int
    """With fewer men on the board it is no attack of the middlegame."""


WINGS = (
    Wing(Motif.KINGSIDE_ATTACK, chess.BB_FILE_G | chess.BB_FILE_H, 7, 20),
    Wing(Motif.QUEENSIDE_ATTACK, chess.BB_FILE_A | chess.BB_FILE_B | chess.BB_FILE_C, 0, 18),
)
NEVER_LABELLED = chess.A1
"""Lichess' labels never hold for a king on this square (its number is 0), though they do for one on a8."""


def king_attacks(boards: Sequence[chess.Board], moves: Sequence[chess.Move]) -> Iterator[Sighting]:
    """Exposed king, attack on a castled king, and capture on f2 or f7; the target is the enemy king."""
    solver_plies = range(0, len(moves), 2)
    if not solver_plies:
        return
    king = boards[0].king(not boards[0].turn)
    if king is None:
        return
    wing, exposed = wing_of(boards[0], king), is_exposed(boards[0], king)
    checks = [ply for ply in solver_plies if boards[ply + 1].is_check()] if wing or exposed else []
    middle_checks = [ply for ply in checks if 0 < ply < solver_plies[-1]]
    if middle_checks and exposed:
        yield sighting(Motif.EXPOSED_KING, middle_checks[0], boards, moves)
    if wing and checks and attack_score(wing, king, boards, moves, checks) >= ATTACK_SCORE:
        yield sighting(wing.motif, checks[0], boards, moves)
    capture = next((ply for ply in solver_plies if takes_on_f(boards[ply], moves[ply])), None)
    if capture is not None and is_beside_home_king(boards[capture + 1], moves[capture].to_square):
        yield sighting(Motif.ATTACKING_F2_F7, capture, boards, moves)


def sighting(motif: Motif, ply: int, boards: Sequence[chess.Board], moves: Sequence[chess.Move]) -> Sighting:
    """The motif shown by the solver's move at `ply`, against the enemy king as it stands then."""
    king = boards[ply + 1].king(boards[ply + 1].turn)
    return Sighting(motif, ply, moves[ply].to_square, () if king is None else (king,))


def is_exposed(board: chess.Board, king: chess.Square) -> bool:
    """Whether a king on its first three ranks has no pawn of its own beside or before it."""
    color = not board.turn
    rank = chess.square_rank(king)
    if (rank if color == chess.WHITE else 7 - rank) >= SHELTER_RANKS:
        return False
    before = rank + 1 if color == chess.WHITE else rank - 1
    shelter = chess.BB_KING_ATTACKS[king] & (chess.BB_RANKS[rank] | chess.BB_RANKS[before])
    return not shelter & board.pieces_mask(chess.PAWN, color)


def wing_of(board: chess.Board, king: chess.Square) -> Wing | None:
    """The wing on which the king of the side not to move sits at home, with enough men on the board."""
    home = chess.BB_RANK_1 if board.turn == chess.BLACK else chess.BB_RANK_8
    if not chess.BB_SQUARES[king] & home or king == NEVER_LABELLED:
        return None
    for wing in WINGS:
        if chess.BB_SQUARES[king] & wing.king_files and board.occupied.bit_count() >= wing.least_pieces:
            return wing
    return None


def attack_score(
    wing: Wing,
    king: chess.Square,
    boards: Sequence[chess.Board],
    moves: Sequence[chess.Move],
    checks: Sequence[int],
) -> int:
    """One for each check and each capture near the corner, one less for each move far from it."""
    corner = chess.square(wing.corner_file, chess.square_rank(king))
    score = len(checks)
    for ply in range(0, len(moves), 2):
        distance = chess.square_distance(corner, moves[ply].to_square)
        score += distance <= NEAR_CORNER and boards[ply].is_capture(moves[ply])
        score -= distance >= FAR_FROM_CORNER
    return score


def takes_on_f(board: chess.Board, move: chess.Move) -> bool:
    """Whether a move takes what stands on f2 or f7."""
    return move.to_square in (chess.F2, chess.F7) and bool(
        board.occupied_co[not board.turn] & chess.BB_SQUARES[move.to_square]
    )


def is_beside_home_king(board: chess.Board, square: chess.Square) -> bool:
    """Whether the king to move stands on e1 and the square is f2, or on e8 and it is f7."""
    return (board.king(board.turn), square) in ((chess.E1, chess.F2), (chess.E8, chess.F7))
