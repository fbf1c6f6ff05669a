"""Reads what explanations say of threats, of moves prevented or allowed, and of the manner of mistakes.

Shares no code with what writes them, beyond python-chess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import chess

from tests.support.cited_lines import (
    PIECES,
    RUN,
    TYPES,
    VALUE,
    Played,
    arrived,
    at,
    landing,
    names,
    place,
    struck,
)

__all__ = ["manners", "preventions", "threats"]

THREATS = re.compile(
    rf"({RUN.pattern}), (?:which )?((?:gives check|attack(?:s|ing)|threaten(?:s|ing)) .*?)"
    r"(?:, would|, and |$)"
)


def threats(sentence: str, played: Played, better: Played) -> Iterator[str]:
    """What a move attacks or threatens, it attacks, or could do if it were that side's turn again."""
    for run, claims in THREATS.findall(sentence):
        after, attacked = struck(run, played, better)
        again = passed(after)
        for claim in re.split(r" and (?=attack|threaten)", claims):
            for name, square in names(claim):
                goal = chess.parse_square(square)
                if at(after, square) != TYPES[name] or after.color_at(goal) != after.turn:
                    yield f"there is no {name} on {square} to take"
                elif claim.startswith("attack") and goal not in attacked | behind(after, run, played, better):
                    yield f"{run} does not attack {square}"
                elif (claim.startswith("threaten") or name == "pawn") and won_on(again, goal) < 1:
                    yield f"nothing is won on {square}"
            mate = re.search(r"threaten\w+ mate on ([a-h][1-8])", claim)
            if mate and not any(mates_with(again, move) for move in to(again, chess.parse_square(mate[1]))):
                yield f"there is no mate on {mate[1]}"
        if "threaten" in claims and after.is_check():
            yield f"{run} gives check"


def passed(board: chess.Board) -> chess.Board:
    """The position with the other side to move."""
    again = board.copy(stack=False)
    again.push(chess.Move.null())
    return again


def to(board: chess.Board, square: chess.Square) -> list[chess.Move]:
    """The legal moves to a square."""
    return [move for move in board.legal_moves if move.to_square == square]


def mates_with(board: chess.Board, move: chess.Move) -> bool:
    """True when the move is mate."""
    after = board.copy(stack=False)
    after.push(move)
    return after.is_checkmate()


def won_on(board: chess.Board, square: chess.Square) -> int:
    """The most that captures on a square can win, whoever takes first; 0 for nothing."""
    piece = board.piece_type_at(square)
    takers = [move for move in to(board, square) if board.is_capture(move)]
    if piece is None or not takers:
        return 0
    worth_of = {kind: VALUE.get(name, 0) for name, kind in TYPES.items()}
    taker = min(takers, key=lambda move: worth_of[board.piece_type_at(move.from_square) or 1] or 99)
    after = board.copy(stack=False)
    after.push(taker)
    return max(0, worth_of[piece] - won_on(after, square))


def behind(after: chess.Board, run: str, played: Played, better: Played) -> chess.SquareSet:
    """What the moved piece would attack if pieces of its side that hide it were away."""
    before = struck(run, played, better, 0)[0]
    mover, own = landing(before, after), not after.turn
    found = chess.SquareSet()
    for square in after.attacks(mover):
        if after.color_at(square) == own:
            without = after.copy(stack=False)
            without.remove_piece_at(square)
            found |= without.attacks(mover) & after.attacks(square)
    return found


def preventions(sentence: str, played: Played, better: Played) -> Iterator[str]:
    """What is prevented or allowed can be played now, and not, or at a loss, on the other board."""
    for run in re.findall(rf"would have prevented ({RUN.pattern})", sentence):
        if place(played, run) != (1, 1):
            yield f"{run} is not the reply"
        elif can_be_played(played, better.boards[1]):
            yield f"{run} is not prevented"
    change = "hands|lets|turns|loses part|adds|makes"
    for run in re.findall(rf"allows ({RUN.pattern})(?:, which [^:]*,)? and (?:{change})", sentence):
        if place(played, run) != (1, 1):
            yield f"{run} is not the reply"
        elif can_be_played(played, passed(played.boards[0])) or can_be_played(played, better.boards[1]):
            yield f"{run} was possible anyhow"
    for claim in re.findall(r"would have guarded (.*?) and (?:kept|left|put)", sentence):
        after = better.boards[1].copy(stack=False)
        guarding = [after.attacks(square) for square in arrived(*better.boards[:2])]
        after.push_san(played.sans[1])
        for name, square in names(claim):
            goal = chess.parse_square(square)
            if at(after, square) != TYPES[name] or not any(goal in one for one in guarding):
                yield f"{square} is not guarded"
            elif won_on(passed(after), goal) or not won_on(passed(played.boards[2]), goal):
                yield f"{square} falls all the same, or does not fall at all"


def can_be_played(played: Played, board: chess.Board) -> bool:
    """True when the reply is possible on another board as well, and its piece is not lost there."""
    reply = next(
        move for move in played.boards[1].legal_moves if played.boards[1].san(move) == played.sans[1]
    )
    if reply not in board.legal_moves:
        return False
    after = board.copy(stack=False)
    after.push(reply)
    return won_on(after, reply.to_square) < (1 if board.piece_type_at(reply.from_square) == chess.PAWN else 2)


def manners(sentence: str, played: Played, better: Played) -> Iterator[str]:
    """How a move is bad, or another good: the king runs from checks, the wrong piece takes, queens go."""
    exposed = re.search(r"exposes (White|Black)'s king to checks", sentence)
    if exposed:
        runs = played.boards[2].king(played.boards[0].turn) != played.boards[3].king(played.boards[0].turn)
        if (exposed[1] == "White") != played.boards[0].turn or not runs:
            yield "it is another king, or it stays"
        if [board.is_check() for board in played.boards[2:5:2]] != [True, True]:
            yield "there are no checks"
    if " loses time and " in sentence:
        first, again = (played.boards[index].parse_san(played.sans[index]) for index in (0, 2))
        straight = chess.Move(first.from_square, again.to_square)
        if first.to_square != again.from_square or any(mark in "".join(played.sans[:3]) for mark in "x+"):
            yield "another piece moves on, or not quietly"
        if straight not in played.boards[0].legal_moves and again.to_square != first.from_square:
            yield "the piece could not have gone there at once"
    for own, other in re.findall(rf"takes (?:back )?with the ({PIECES}) instead of the ({PIECES})", sentence):
        for name, line in ((own, played), (other, better)):
            first = line.boards[0].parse_san(line.sans[0])
            if line.boards[0].piece_type_at(first.from_square) != TYPES[name] or "x" not in line.sans[0]:
                yield f"the {name} does not take"
        if landing(*played.boards[:2]) != landing(*better.boards[:2]):
            yield "they take elsewhere"
    if "trading queens" in sentence and (better.boards[:4][-1].queens or not played.boards[:4][-1].queens):
        yield "queens are not traded, or in both lines"
