"""The game in a few sentences: opening, result, where it turned, and what went wrong for either side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

import chess

from knight_vision.domain.division import Division
from knight_vision.domain.explain.standing import Standing, position_words, standing_of
from knight_vision.domain.explain.statement import Explanation, Theme
from knight_vision.domain.explain.words import listed, plural, side, times
from knight_vision.domain.game import Game
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.openings import Opening
from knight_vision.domain.reviewed_moves import FAULTS, ReviewedMove
from knight_vision.domain.turning_points import turning_points

__all__ = ["game_summary"]

RECURRING = 2
"""From so many on a kind of error recurs."""
UNTOLD = (Theme.OTHER, Theme.POSITION, Theme.PRAISE)
"""Too general to be told as a habit."""
NOUNS = {
    MoveClass.BLUNDER: "blunder",
    MoveClass.MISTAKE: "mistake",
    MoveClass.INACCURACY: "inaccuracy",
    MoveClass.MISS: "missed chance",
}


def game_summary(
    game: Game,
    moves: Sequence[ReviewedMove],
    explanations: Sequence[Explanation | None],
    *,
    opening: Opening | None,
    division: Division,
) -> list[str]:
    """The sentences, at most six; `explanations` are those of the moves, one for each."""
    sentences = [
        opening_sentence(game, opening),
        result_sentence(game),
        turning_sentence(game, moves),
        decision_sentence(game, moves),
        *(
            errors_sentence(moves, explanations, division, color)
            for color in (chess.WHITE, chess.BLACK)
            if moves
        ),
    ]
    return [sentence for sentence in sentences if sentence]


def cited(game: Game, ply: int) -> str:
    """A move of the game with its number."""
    number, is_white = game.move_number(ply)
    return f"{number}{'.' if is_white else '...'}{game.sans[ply - 1]}"


def opening_sentence(game: Game, opening: Opening | None) -> str | None:
    """The opening and the last move that led to a named position."""
    if opening is None:
        return None
    return f"The opening was the {opening.name} ({opening.eco}), followed up to {cited(game, opening.ply)}."


def result_sentence(game: Game) -> str | None:
    """How the game ended, as far as the position and the result tag tell; None for an empty game."""
    if not game.ply_count:
        return None
    last, _is_white = game.move_number(game.ply_count)
    board = game.boards[-1]
    if board.is_checkmate():
        return f"{side(not board.turn)} won by checkmate on move {last}."
    if board.is_stalemate():
        return f"The game ended in stalemate on move {last}."
    match game.headers.get("Result", "*"):
        case "1-0":
            return f"White won on move {last}."
        case "0-1":
            return f"Black won on move {last}."
        case "1/2-1/2":
            return f"The game was drawn on move {last}."
    return f"The game breaks off after move {last}."


def turning_sentence(game: Game, moves: Sequence[ReviewedMove]) -> str | None:
    """The moves that lost most and changed who stands how."""
    points = sorted(turning_points([move.judged for move in moves]), key=lambda judged: judged.ply)
    words = []
    for judged in points:
        if judged.after.white_mate == 0:
            continue
        before = standing_of(judged.before, judged.is_white)
        after = standing_of(judged.after, judged.is_white)
        if after < before:
            words.append(f"{cited(game, judged.ply)} ({position_words(after, judged.is_white)})")
    if not words:
        return None
    return f"The game turned on {listed(words)}."


def decision_sentence(game: Game, moves: Sequence[ReviewedMove]) -> str | None:
    """The move after which one side was winning to the end; None when it was so from the first, or never."""
    judged = [move.judged for move in moves]
    if judged and judged[-1].after.white_mate == 0:
        judged.pop()
    if not judged:
        return None
    final = standing_of(judged[-1].after, chess.WHITE)
    if abs(final) != Standing.WINNING:
        return None
    winner = final > 0
    tail = list(takewhile(lambda move: standing_of(move.after, winner) == Standing.WINNING, reversed(judged)))
    if len(tail) == len(judged):
        return None
    return f"From {cited(game, tail[-1].ply)} on {side(winner)} was winning to the end."


def errors_sentence(
    moves: Sequence[ReviewedMove],
    explanations: Sequence[Explanation | None],
    division: Division,
    color: chess.Color,
) -> str:
    """The errors of one side: how many of each kind, in which part of the game, and what recurs."""
    faults = [
        (move, found)
        for move, found in zip(moves, explanations, strict=True)
        if move.judged.is_white == color and move.move_class in FAULTS
    ]
    if not faults:
        return f"{side(color)} made no errors worth naming."
    counts = Counter(move.move_class for move, _found in faults)
    kinds = listed([plural(counts[kind], noun) for kind, noun in NOUNS.items() if counts[kind]])
    where = phase_words([phase_of(move.judged.ply - 1, division) for move, _found in faults])
    themes = Counter(found.theme for _move, found in faults if found and found.theme not in UNTOLD)
    recurring = [
        f"{theme.value} ({times(count)})" for theme, count in themes.most_common(2) if count >= RECURRING
    ]
    habits = f"; what recurs: {listed(recurring)}" if recurring else ""
    return f"{side(color)} made {kinds}{where}{habits}."


def phase_of(position: int, division: Division) -> str:
    """The part of the game that a position belongs to."""
    if division.endgame_ply is not None and position >= division.endgame_ply:
        return "endgame"
    if division.middlegame_ply is not None and position >= division.middlegame_ply:
        return "middlegame"
    return "opening"


def phase_words(phases: Sequence[str]) -> str:
    """Where most of the errors were made; empty when they are spread."""
    phase, count = Counter(phases).most_common(1)[0]
    if count == len(phases):
        return f" in the {phase}" if count == 1 else f", all in the {phase}"
    return f", most of them in the {phase}" if 2 * count > len(phases) else ""
