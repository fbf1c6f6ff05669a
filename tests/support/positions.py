"""Positions for tests: after moves, from random play, and set up at random."""

from __future__ import annotations

import random

import chess

from knight_vision.domain.positional import SideMetrics, metrics

__all__ = ["after", "black", "names", "random_position", "random_set_up", "white"]


def after(sans: str) -> chess.Board:
    """The position after moves such as `e4 e5 Nf3`."""
    board = chess.Board()
    for san in sans.split():
        board.push_san(san)
    return board


def white(position: str | chess.Board) -> SideMetrics:
    """White's metrics of a board or FEN."""
    return metrics(chess.Board(position) if isinstance(position, str) else position).white


def black(position: str | chess.Board) -> SideMetrics:
    """Black's metrics of a board or FEN."""
    return metrics(chess.Board(position) if isinstance(position, str) else position).black


def names(squares: tuple[chess.Square, ...]) -> str:
    """Squares as in `d4 f3`."""
    return " ".join(chess.SQUARE_NAMES[square] for square in squares)


def random_position(seed: int, *, most_plies: int = 90) -> chess.Board:
    """A position from random play, in every fourth case of a random Chess960 start."""
    dice = random.Random(seed)
    board = chess.Board.from_chess960_pos(dice.randrange(960)) if dice.random() < 0.25 else chess.Board()
    for _ in range(dice.randrange(most_plies)):
        moves = list(board.generate_legal_moves())
        if not moves:
            break
        board.push(dice.choice(moves))
    return board


def random_set_up(seed: int) -> chess.Board:
    """Two kings and any men anywhere, pawns not on the first and last rank; mostly no legal position."""
    dice = random.Random(seed)
    board = chess.Board(None)
    squares = dice.sample(chess.SQUARES, dice.randint(2, 34))
    board.set_piece_at(squares[0], chess.Piece(chess.KING, chess.WHITE))
    board.set_piece_at(squares[1], chess.Piece(chess.KING, chess.BLACK))
    for square in squares[2:]:
        kinds = [chess.KNIGHT, chess.BISHOP, chess.ROOK, chess.QUEEN]
        if chess.BB_SQUARES[square] & ~chess.BB_BACKRANKS:
            kinds += [chess.PAWN] * 6
        board.set_piece_at(square, chess.Piece(dice.choice(kinds), dice.random() < 0.5))
    return board
