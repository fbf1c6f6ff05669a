"""The position a game starts from, by its `Variant` and `FEN` tags."""

from __future__ import annotations

import chess

from knight_vision.errors import InvalidGameError

__all__ = ["is_chess960_name", "start_board"]

CHESS = frozenset({"", "?", "-", "chess", "standard", "classical", "normal", "from position"})
CHESS960 = frozenset({"chess960", "chess 960", "fischerandom", "fischerrandom", "fischer random"})
MOST_FEN_CHARACTERS = 120
MOST_MOVE_NUMBER = 5_000
"""Longer than any game can be; a larger number is an error, and engines count with small integers."""

PROBLEMS = {
    chess.STATUS_NO_WHITE_KING: "White has no king",
    chess.STATUS_NO_BLACK_KING: "Black has no king",
    chess.STATUS_TOO_MANY_KINGS: "there are too many kings",
    chess.STATUS_TOO_MANY_WHITE_PAWNS: "White has too many pawns",
    chess.STATUS_TOO_MANY_BLACK_PAWNS: "Black has too many pawns",
    chess.STATUS_PAWNS_ON_BACKRANK: "a pawn stands on the first or last rank",
    chess.STATUS_TOO_MANY_WHITE_PIECES: "White has too many pieces",
    chess.STATUS_TOO_MANY_BLACK_PIECES: "Black has too many pieces",
    chess.STATUS_BAD_CASTLING_RIGHTS: "the castling rights do not fit the kings and rooks",
    chess.STATUS_INVALID_EP_SQUARE: "the en-passant square is impossible",
    chess.STATUS_OPPOSITE_CHECK: "the side that just moved is in check",
    chess.STATUS_EMPTY: "the board is empty",
    chess.STATUS_TOO_MANY_CHECKERS: "too many pieces give check at once",
    chess.STATUS_IMPOSSIBLE_CHECK: "no move can have led to these checks",
}


def is_chess960_name(variant: str) -> bool:
    """True for the names that PGN files give to Chess960."""
    return variant.strip().lower() in CHESS960


def start_board(variant: str, fen: str) -> chess.Board:
    """The start of a game. Raises InvalidGameError for other variants and impossible positions."""
    if variant.strip().lower() not in CHESS | CHESS960:
        raise InvalidGameError(f"the variant '{variant[:40]}' is not chess or Chess960")
    try:
        if len(fen) > MOST_FEN_CHARACTERS:
            raise ValueError("too long")
        board = chess.Board(fen, chess960=is_chess960_name(variant))
    except ValueError as error:
        raise InvalidGameError(
            f"the FEN '{fen[:MOST_FEN_CHARACTERS]}' is not a position ({error})"
        ) from error
    # Some programs leave the Variant out.
    board.chess960 = board.chess960 or board.has_chess960_castling_rights()
    status = board.status()
    problems = [text for flag, text in PROBLEMS.items() if status & flag]
    if board.fullmove_number > MOST_MOVE_NUMBER or board.halfmove_clock > 2 * MOST_MOVE_NUMBER:
        problems.append("its move numbers are too large")
    if problems:
        raise InvalidGameError(f"the position in FEN is impossible: {', '.join(problems)}")
    return board
