"""The named mates that a knight or a bishop gives."""

from __future__ import annotations

import chess

from knight_vision.domain.motifs.mated_king import MatedKing, Mating, squares_of

__all__ = ["balestra", "boden", "corner", "double_bishop", "morphys", "smothered"]


def smothered(mate: MatedKing) -> Mating | None:
    """A knight checks a king that its own pieces leave no square at all."""
    knights = mate.checkers & mate.board.knights
    return (knights.bit_length() - 1, chess.BB_EMPTY) if knights and not mate.guards else None


def boden(mate: MatedKing) -> Mating | None:
    """Bishops alone attack the king and the squares around it, from both sides of its file.

    As Lichess' labels have it, which do not ask that the second bishop is needed.
    """
    bishops = mate.pieces(chess.BISHOP)
    if not is_by_bishops_alone(mate) or not crosses(mate, bishops):
        return None
    return mate.checkers.bit_length() - 1, bishops & ~mate.checkers & taking_part(mate)


def double_bishop(mate: MatedKing) -> Mating | None:
    """Two bishops alone mate, both from the same side of the king's file."""
    if not is_by_bishops_alone(mate) or crosses(mate, mate.pieces(chess.BISHOP)):
        return None
    helping = mate.pieces(chess.BISHOP) & ~mate.checkers & taking_part(mate)
    return (mate.checkers.bit_length() - 1, helping) if helping else None


def is_by_bishops_alone(mate: MatedKing) -> bool:
    """Whether its side has two bishops, and no other piece attacks the king or a square beside it."""
    bishops = mate.pieces(chess.BISHOP)
    if mate.checkers & ~bishops or bishops.bit_count() < 2:
        return False
    return not any(
        mate.board.attackers_mask(mate.mater, square) & ~bishops
        for square in (mate.king, *squares_of(mate.around))
    )


def crosses(mate: MatedKing, bishops: chess.Bitboard) -> bool:
    """Whether the king's file runs between the first two bishops, or through one."""
    first, second, *_ = squares_of(bishops)
    return (chess.square_file(first) - mate.file) * (chess.square_file(second) - mate.file) <= 0


def taking_part(mate: MatedKing) -> chess.Bitboard:
    """All pieces that check, or guard a square that the king could go to."""
    pieces = mate.checkers
    for guards in mate.guards.values():
        pieces |= guards
    return pieces


def balestra(mate: MatedKing) -> Mating | None:
    """A bishop checks from afar, the queen guards every flight that it does not."""
    bishops = mate.checkers & mate.pieces(chess.BISHOP)
    queens = mate.pieces(chess.QUEEN)
    for bishop in squares_of(bishops):
        by_queen = mate.guarded_by(queens)
        beside = square_before(mate, bishop)
        if beside is None or by_queen & chess.BB_SQUARES[beside] or by_queen.bit_count() < 2:
            continue
        helpers = queens | chess.BB_SQUARES[bishop] | mate.pieces(chess.PAWN)
        if all(guards & helpers for guards in mate.guards.values()):
            return bishop, queens
    return None


def morphys(mate: MatedKing) -> Mating | None:
    """A bishop checks from afar, and a rook on the line beside the king crosses the bishop's there."""
    bishop = mate.checker
    if bishop is None or not mate.checkers & mate.board.bishops:
        return None
    beside = square_before(mate, bishop)
    if beside is None:
        return None
    rooks = mate.guards.get(beside, chess.BB_EMPTY) & mate.pieces(chess.ROOK)
    return (bishop, rooks) if rooks else None


def square_before(mate: MatedKing, checker: chess.Square) -> chess.Square | None:
    """The square next to the king on the line of a distant piece that checks it; None for one beside it."""
    beside = chess.between(checker, mate.king) & mate.around
    return beside.bit_length() - 1 if beside else None


def corner(mate: MatedKing) -> Mating | None:
    """A knight alone checks, rook or queen shut the king in from the next file or rank.

    Lichess' labels do not insist on the corner; away from it, bishops and other rooks and queens must not be
    needed.
    """
    if mate.checker != mate.mover or mate.mover_type != chess.KNIGHT:
        return None
    jailers = chess.BB_EMPTY
    for piece in squares_of(mate.pieces(chess.ROOK, chess.QUEEN)):
        guarded = mate.guarded_by(chess.BB_SQUARES[piece])
        file, rank = chess.square_file(piece), chess.square_rank(piece)
        if (abs(file - mate.file) == 1 and guarded & chess.BB_FILES[file]) or (
            abs(rank - mate.rank) == 1 and guarded & chess.BB_RANKS[rank]
        ):
            jailers |= chess.BB_SQUARES[piece]
    enough = jailers | mate.pieces(chess.KNIGHT, chess.PAWN, chess.KING)
    if jailers and (mate.is_in_corner or all(guards & enough for guards in mate.guards.values())):
        return mate.mover, jailers
    return None
