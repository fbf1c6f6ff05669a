"""One side's pieces: mobility, space, centre, rooks on files and the seventh, outposts, bad bishops.

Sources: chessprogramming.org ("Mobility", "Space", "Rook on Open File", "Rook on Seventh", "Outposts", "Bad
Bishop"); Stockfish's classical evaluation; Nimzowitsch, "My System".
"""

from __future__ import annotations

import chess

from knight_vision.domain.positional.army import Army
from knight_vision.domain.positional.pawns import PawnStructure

__all__ = [
    "CENTRE",
    "bad_bishops",
    "centre_control",
    "has_bishop_pair",
    "mobility",
    "outpost_squares",
    "rooks_on_files",
    "rooks_on_seventh",
    "space",
]

CENTRE = chess.BB_D4 | chess.BB_E4 | chess.BB_D5 | chess.BB_E5
CENTRAL_FILES = chess.BB_FILE_C | chess.BB_FILE_D | chess.BB_FILE_E | chess.BB_FILE_F
SPACE_ZONE = CENTRAL_FILES & (chess.BB_RANK_2 | chess.BB_RANK_3 | chess.BB_RANK_4)
"""Where space is counted (Stockfish's classical evaluation)."""
SHADES = (chess.BB_LIGHT_SQUARES, chess.BB_DARK_SQUARES)
BARRED = 3
"""A bishop that sees at most so many squares ahead past the pawns is shut in."""


def mobility(own: Army, pawns: PawnStructure) -> int:
    """Squares that queens, rooks, bishops and knights can go to, safe from enemy pawns."""
    barred = own.occupied | pawns.enemy_attacks
    return sum((attacks & ~barred).bit_count() for _, attacks in own.officers)


def space(own: Army, enemy: Army, pawns: PawnStructure) -> int:
    """Safe squares of the own centre, those sheltered behind an own pawn counted twice."""
    safe = SPACE_ZONE & ~own.pawns & ~pawns.enemy_attacks
    sheltered = own.pawns >> 8 | own.pawns >> 16 | own.pawns >> 24
    return safe.bit_count() + (safe & sheltered & ~enemy.attacks).bit_count()


def centre_control(own: Army) -> int:
    """Attacks of all men on the four squares of the centre; a square attacked twice counts twice."""
    left = (own.pawns & ~chess.BB_FILE_A) << 7 & CENTRE
    right = (own.pawns & ~chess.BB_FILE_H) << 9 & CENTRE
    attacks = sum((attacks & CENTRE).bit_count() for _, attacks in own.officers)
    return left.bit_count() + right.bit_count() + (own.king_attacks & CENTRE).bit_count() + attacks


def has_bishop_pair(own: Army) -> bool:
    """True with bishops on squares of both colours."""
    return all(own.bishops & shade for shade in SHADES)


def rooks_on_files(own: Army, pawns: PawnStructure) -> tuple[int, int]:
    """Rooks on files without any pawn, and on files without an own one."""
    no_own = own.rooks & ~(pawns.files * chess.BB_FILE_A)
    half_open = no_own & pawns.enemy_files * chess.BB_FILE_A
    return no_own & ~half_open, half_open


def rooks_on_seventh(own: Army, enemy: Army) -> int:
    """Rooks on the seventh rank that find something there: pawns to eat, or a king to shut in behind it."""
    targets = enemy.pawns & chess.BB_RANK_7 or enemy.king & chess.BB_RANK_8
    return own.rooks & chess.BB_RANK_7 if targets else 0


def outpost_squares(own: Army, pawns: PawnStructure) -> int:
    """Outposts that a minor piece of this side could use: for a bishop only those of its colour."""
    if own.knights:
        return pawns.outposts
    return pawns.outposts & sum(shade for shade in SHADES if own.bishops & shade)


def bad_bishops(own: Army, enemy: Army, pawns: PawnStructure) -> int:
    """Bishops hindered by their own central pawns.

    Ahead of the bishop, on the files c to f, stand at least two own pawns on its colour, one of them fixed by
    an enemy pawn, and it sees at most three squares ahead even if nothing but pawns were on the board. So a
    bishop outside its pawn chain is not bad.
    """
    bad = 0
    for square in chess.scan_forward(own.bishops):
        bishop = chess.BB_SQUARES[square]
        shade = SHADES[0] if bishop & SHADES[0] else SHADES[1]
        ahead = ~(bishop - 1) & ~chess.BB_RANKS[chess.square_rank(square)]
        obstacles = own.pawns & CENTRAL_FILES & shade & ahead
        if pawns.fixed & obstacles and obstacles & (obstacles - 1):
            diagonals = chess.BB_DIAG_ATTACKS[square][chess.BB_DIAG_MASKS[square] & (own.pawns | enemy.pawns)]
            if (diagonals & ahead & ~own.pawns).bit_count() <= BARRED:
                bad |= bishop
    return bad
