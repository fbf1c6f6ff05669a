"""Lines of moves with their boards, and what sentences about them cite: for readers of explanations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import chess

__all__ = [
    "NAMED",
    "PIECES",
    "RUN",
    "TYPES",
    "VALUE",
    "Played",
    "arrived",
    "at",
    "landing",
    "names",
    "place",
    "play",
    "struck",
]

SAN = r"(?:O-O(?:-O)?|[KQRBN]?[a-h]?[1-8]?x?[a-h][1-8](?:=[QRBN])?)[+#]?"
RUN = re.compile(rf"\d+\.(?:\.\.)?{SAN}(?: (?:\d+\.)?{SAN})*")
VALUE = {"pawn": 1, "knight": 3, "bishop": 3, "rook": 5, "queen": 9}
TYPES = {name: piece for piece, name in enumerate(chess.PIECE_NAMES) if name}
PIECES = "pawn|knight|bishop|rook|queen|king"
NAMED = re.compile(rf"the ({PIECES}) on ([a-h][1-8])")


@dataclass(frozen=True)
class Played:
    """A line with its boards."""

    boards: list[chess.Board]
    sans: list[str]
    first: int
    """Half-move count of its first move: twice the move number, plus one for Black."""


def play(board: chess.Board, moves: Sequence[str]) -> Played:
    """A line from a board."""
    line = Played([board.copy(stack=False)], [], 2 * board.fullmove_number + (not board.turn))
    for move in moves:
        after = line.boards[-1].copy(stack=False)
        line.sans.append(after.san(after.parse_uci(move)))
        after.push(after.parse_uci(move))
        line.boards.append(after)
    return line


def place(line: Played, run: str) -> tuple[int, int] | None:
    """First and last index of cited moves in a line; None when they are not its moves."""
    words = run.split()
    number = re.match(r"(\d+)\.(\.\.)?", words[0])
    assert number is not None
    first = 2 * int(number[1]) + bool(number[2]) - line.first
    for offset, word in enumerate(words):
        numbered = re.match(r"(\d+)\.(\.\.)?", word)
        if numbered and (2 * int(numbered[1]) + bool(numbered[2]) - line.first) != first + offset:
            return None
        san = re.sub(r"^\d+\.(\.\.)?", "", word)
        if first < 0 or first + offset >= len(line.sans) or line.sans[first + offset] != san:
            return None
    return first, first + len(words) - 1


def at(board: chess.Board, square: str) -> int | None:
    """The type of the piece on a square."""
    return board.piece_type_at(chess.parse_square(square))


def names(text: str) -> list[tuple[str, str]]:
    """Pieces with their squares: `the knight on c4`, `the pawns on b7 and f7`."""
    several = re.findall(rf"the ({PIECES})s on ((?:[a-h][1-8](?:, | and )?)+)", text)
    squares = [(name, square) for name, listed in several for square in re.findall("[a-h][1-8]", listed)]
    return [*NAMED.findall(text), *squares]


def struck(run: str, played: Played, better: Played, later: int = 1) -> tuple[chess.Board, chess.SquareSet]:
    """The board after the last move of a run, or before it, and what the moved piece attacks in the end."""
    for line in (played, better):
        found = place(line, run)
        if found is not None:
            before, after = line.boards[found[1] : found[1] + 2]
            return (before, after)[later], after.attacks(landing(before, after))
    raise AssertionError(f"{run} is in neither line")


def landing(before: chess.Board, after: chess.Board) -> chess.Square:
    """Where the piece that moved now stands."""
    return arrived(before, after)[0]


def arrived(before: chess.Board, after: chess.Board) -> list[chess.Square]:
    """The same of all pieces that moved, as castling moves two."""
    return [
        square
        for square in chess.SQUARES
        if after.color_at(square) == before.turn and after.piece_at(square) != before.piece_at(square)
    ]
