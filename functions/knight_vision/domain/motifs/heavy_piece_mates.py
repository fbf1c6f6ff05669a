"""The named mates that a rook or a queen gives."""

from __future__ import annotations

import chess

from knight_vision.domain.motifs.mated_king import MatedKing, Mating, squares_of

__all__ = [
    "anastasia",
    "arabian",
    "back_rank",
    "blind_swine",
    "dovetail",
    "epaulette",
    "hook",
    "kill_box",
    "opera",
    "pillsburys",
    "swallowstail",
    "triangle",
    "vukovic",
]

STRAIGHT = (1, -1, 8, -8)
"""Steps along a file or a rank."""


def back_rank(mate: MatedKing) -> Mating | None:
    """A check along the king's home rank; its own pieces stand on all squares before it, none attacked."""
    home, second = (0, 1) if mate.mater == chess.BLACK else (7, 6)
    checkers = mate.checkers & chess.BB_RANKS[home]
    front = mate.around & chess.BB_RANKS[second]
    if mate.rank != home or not checkers or front & ~mate.blockers:
        return None
    if any(mate.board.attackers_mask(mate.mater, square) for square in squares_of(front)):
        return None
    return checkers.bit_length() - 1, chess.BB_EMPTY


def anastasia(mate: MatedKing) -> Mating | None:
    """Rook or queen check along the edge; inward of the king its own piece, and a knight two beyond."""
    if mate.file not in (0, 7) or mate.rank in (0, 7) or mate.mover_type not in (chess.ROOK, chess.QUEEN):
        return None
    inward = 1 if mate.file == 0 else -1
    knight = chess.BB_SQUARES[mate.king + 3 * inward] & mate.pieces(chess.KNIGHT)
    if (
        chess.square_file(mate.mover) != mate.file
        or not knight
        or not mate.blockers & chess.BB_SQUARES[mate.king + inward]
    ):
        return None
    return mate.mover, knight


def arabian(mate: MatedKing) -> Mating | None:
    """A rook beside a cornered king, guarded by a knight two squares off on the long diagonal."""
    if not mate.is_in_corner or mate.mover_type != chess.ROOK or not is_beside(mate, mate.mover):
        return None
    for knight in squares_of(mate.guarding(mate.mover, chess.KNIGHT)):
        across = abs(chess.square_file(knight) - mate.file), abs(chess.square_rank(knight) - mate.rank)
        if across == (2, 2):
            return mate.mover, chess.BB_SQUARES[knight]
    return None


def hook(mate: MatedKing) -> Mating | None:
    """A rook beside the king, guarded by a knight beside it, which a pawn guards."""
    if mate.mover_type != chess.ROOK or not is_beside(mate, mate.mover):
        return None
    for knight in squares_of(mate.guarding(mate.mover, chess.KNIGHT) & mate.around):
        pawns = mate.guarding(knight, chess.PAWN)
        if pawns:
            return mate.mover, chess.BB_SQUARES[knight] | pawns
    return None


def dovetail(mate: MatedKing) -> Mating | None:
    """The queen, diagonally beside a king off the edge, alone guards all squares that are empty."""
    if mate.is_at_edge or mate.mover_type != chess.QUEEN or chess.BB_SQUARES[mate.mover] & ~mate.around:
        return None
    if chess.square_file(mate.mover) == mate.file or chess.square_rank(mate.mover) == mate.rank:
        return None
    queen = chess.BB_SQUARES[mate.mover]
    for square in squares_of(mate.around & ~queen):
        attackers = mate.board.attackers_mask(mate.mater, square)
        if attackers and (attackers != queen or mate.board.occupied & chess.BB_SQUARES[square]):
            return None
    return mate.mover, mate.board.attackers_mask(mate.mater, mate.mover)


def kill_box(mate: MatedKing) -> Mating | None:
    """Rook beside the king and queen are opposite corners of a box of three by three squares."""
    if mate.mover_type != chess.ROOK or not is_straight_beside(mate, mate.mover):
        return None
    for queen in squares_of(mate.guarding(mate.mover, chess.QUEEN)):
        if chess.square_distance(queen, mate.king) == 2 and span(queen, mate.mover) == (2, 2):
            return mate.mover, chess.BB_SQUARES[queen]
    return None


def triangle(mate: MatedKing) -> Mating | None:
    """Queen and rook touch the king diagonally, on one file or rank with one square between them."""
    diagonal = mate.around & chess.BB_DIAG_ATTACKS[mate.king][0]
    for queen in squares_of(mate.pieces(chess.QUEEN) & diagonal):
        for rook in squares_of(mate.pieces(chess.ROOK) & diagonal):
            if span(queen, rook) in ((0, 2), (2, 0)):
                return queen, chess.BB_SQUARES[rook]
    return None


def opera(mate: MatedKing) -> Mating | None:
    """A rook beside the king checks, guarded by a bishop."""
    for rook in squares_of(mate.checkers & mate.board.rooks & mate.around):
        bishops = mate.guarding(rook, chess.BISHOP)
        if bishops:
            return rook, bishops
    return None


def pillsburys(mate: MatedKing) -> Mating | None:
    """A rook checks; a bishop that does not guard it joins in the check or guards a flight it leaves.

    A bishop that guards must be needed: without it there is no mate.
    """
    for rook in squares_of(mate.checkers & mate.board.rooks):
        if mate.mover_type == chess.QUEEN:
            break
        bishops = mate.pieces(chess.BISHOP)
        if chess.BB_SQUARES[rook] & mate.around:
            bishops &= ~mate.guarding(rook, chess.BISHOP)
        confining = bishops & mate.checkers
        for square, guards in mate.guards.items():
            if not guards & chess.BB_SQUARES[rook] and not mate.board.occupied & chess.BB_SQUARES[square]:
                confining |= guards & bishops
        if confining & mate.checkers or any(map(mate.needs, squares_of(confining))):
            return rook, confining
    return None


def vukovic(mate: MatedKing) -> Mating | None:
    """King, guarded rook and knight stand in a row without a gap."""
    if mate.mover_type != chess.ROOK or not is_straight_beside(mate, mate.mover):
        return None
    behind = 2 * mate.mover - mate.king
    guards = mate.board.attackers_mask(mate.mater, mate.mover)
    if not 0 <= behind < 64 or chess.square_distance(behind, mate.mover) != 1 or not guards:
        return None
    knight = chess.BB_SQUARES[behind] & mate.pieces(chess.KNIGHT)
    return (mate.mover, knight | guards) if knight else None


def epaulette(mate: MatedKing) -> Mating | None:
    """Rook or queen check along a file or rank; at both sides of the king, across it, pieces stand."""
    for checker in squares_of(mate.checkers & (mate.board.rooks | mate.board.queens)):
        if chess.square_file(checker) == mate.file:
            shoulders = mate.around & chess.BB_RANKS[mate.rank]
        elif chess.square_rank(checker) == mate.rank:
            shoulders = mate.around & chess.BB_FILES[mate.file]
        else:
            continue
        if shoulders.bit_count() == 2 and not shoulders & ~mate.board.occupied:
            return checker, chess.BB_EMPTY
    return None


def swallowstail(mate: MatedKing) -> Mating | None:
    """The queen before the king; behind, an empty square between two of its own pieces."""
    if mate.mover_type != chess.QUEEN or not is_straight_beside(mate, mate.mover):
        return None
    step = mate.king - mate.mover
    behind = mate.king + step
    tail = (behind - 1, behind + 1) if abs(step) == 8 else (behind - 8, behind + 8)
    if not all(0 <= square < 64 and mate.around & chess.BB_SQUARES[square] for square in (behind, *tail)):
        return None
    feathers = chess.BB_SQUARES[tail[0]] | chess.BB_SQUARES[tail[1]]
    others = mate.around & ~chess.BB_SQUARES[mate.mover] & mate.board.occupied_co[mate.mater]
    if feathers & ~mate.blockers or others or chess.BB_SQUARES[behind] & mate.board.occupied:
        return None
    return mate.mover, mate.board.attackers_mask(mate.mater, mate.mover)


def blind_swine(mate: MatedKing) -> Mating | None:
    """Two rooks side by side, on the line next to the king's, one of them straight beside it."""
    if mate.mover_type != chess.ROOK:
        return None
    for step in STRAIGHT:
        other = mate.mover + step
        if not 0 <= other < 64 or chess.square_distance(mate.mover, other) != 1:
            continue
        if not chess.BB_SQUARES[other] & mate.pieces(chess.ROOK):
            continue
        pair = (mate.mover, other)
        off_line = (
            abs(chess.square_file(other) - mate.file)
            if abs(step) == 8
            else abs(chess.square_rank(other) - mate.rank)
        )
        if off_line == 1 and any(is_straight_beside(mate, rook) for rook in pair):
            return mate.mover, chess.BB_SQUARES[other]
    return None


def is_beside(mate: MatedKing, square: chess.Square) -> bool:
    """Whether a square is one step from the king."""
    return bool(mate.around & chess.BB_SQUARES[square])


def is_straight_beside(mate: MatedKing, square: chess.Square) -> bool:
    """Whether a square is one step from the king along file or rank."""
    return is_beside(mate, square) and span(square, mate.king) in ((0, 1), (1, 0))


def span(first: chess.Square, second: chess.Square) -> tuple[int, int]:
    """How many files and ranks lie from one square to another."""
    return (
        abs(chess.square_file(first) - chess.square_file(second)),
        abs(chess.square_rank(first) - chess.square_rank(second)),
    )
