"""The game in a few sentences: opening, result, where it turned, what went wrong, how time was used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

import chess

from knight_vision.domain.clock import TimeUse
from knight_vision.domain.division import Division
from knight_vision.domain.explain.standing import Standing, position_words, standing_of
from knight_vision.domain.explain.statement import Explanation, Theme
from knight_vision.domain.explain.words import count_word, listed, plural, side, times
from knight_vision.domain.game import Game
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.openings import Opening
from knight_vision.domain.reviewed_moves import FAULTS, ReviewedMove
from knight_vision.domain.turning_points import turning_points

__all__ = ["game_summary"]

MOST_NAMED = 2
"""Moves made in haste, and brilliant ones, that are named."""
OF_PIECES = ("King's", "Queen's", "Bishop's", "Knight's", "Rook's")
"""An opening called after a piece has an article (the King's Gambit), one after a person has none."""
RECURRING = 2
"""From so many on a kind of error recurs."""
UNTOLD = (Theme.OTHER, Theme.THREAT, Theme.POSITION, Theme.PRAISE)
"""Too general to be told as a habit."""
NOUNS = {
    MoveClass.BLUNDER: "blunder",
    MoveClass.MISTAKE: "mistake",
    MoveClass.INACCURACY: "inaccuracy",
}


def game_summary(
    game: Game,
    moves: Sequence[ReviewedMove],
    explanations: Sequence[Explanation | None],
    *,
    opening: Opening | None,
    division: Division,
    book_ply: int = 0,
    time: TimeUse | None = None,
) -> list[str]:
    """The sentences, at most six; none for a game without moves.

    `explanations` are those of the moves, one for each; `book_ply` is the last book move's ply
    (`openings.book_ply`), 0 where it is not known; `time` is None where no clock was kept.
    """
    sentences = [
        opening_sentence(game, opening, book_ply),
        result_sentence(game, moves),
        turning_sentence(game, moves),
        errors_sentence(game, moves, explanations, division, chess.WHITE),
        errors_sentence(game, moves, explanations, division, chess.BLACK),
        time_sentence(game, time) if time else None,
    ]
    return [sentence for sentence in sentences if sentence]


def cited(game: Game, ply: int) -> str:
    """A move of the game with its number."""
    number, is_white = game.move_number(ply)
    return f"{number}{'.' if is_white else '...'}{game.sans[ply - 1]}"


def opening_sentence(game: Game, opening: Opening | None, book_ply: int) -> str | None:
    """The opening and, where it is known, the last book move."""
    if opening is None:
        return None
    first = opening.name.split()[0]
    article = "" if first.endswith("'s") and first not in OF_PIECES else "the "
    book = f"; the last book move was {cited(game, book_ply)}" if book_ply else ""
    return f"The opening was {article}{opening.name} ({opening.eco}){book}."


def result_sentence(game: Game, moves: Sequence[ReviewedMove]) -> str | None:
    """How the game ended, and since when the winner was winning; None for an empty game."""
    if not game.ply_count:
        return None
    last, _is_white = game.move_number(game.ply_count)
    board = game.boards[-1]
    result = game.headers.get("Result", "*")
    if board.is_stalemate():
        return f"The game ended in stalemate on move {last}."
    winner = not board.turn if board.is_checkmate() else WINNERS.get(result)
    if winner is not None:
        how = " by checkmate" if board.is_checkmate() else on_time(game)
        return f"{side(winner)} won{how} on move {last}{standing_words(game, moves, winner)}."
    rule = drawing_rule(board)
    if rule:
        return f"The game ended in a draw by {rule} on move {last}."
    if result == "1/2-1/2":
        return f"The game was drawn on move {last}."
    return f"The game breaks off after move {last}."


def drawing_rule(board: chess.Board) -> str | None:
    """The rule by which a game is drawn without a claim, stalemate apart; None while it is not."""
    if board.is_insufficient_material():
        return "insufficient material"
    if board.is_seventyfive_moves():
        return "the seventy-five-move rule"
    return "fivefold repetition" if board.is_fivefold_repetition() else None


WINNERS = {"1-0": chess.WHITE, "0-1": chess.BLACK}


def on_time(game: Game) -> str:
    """` on time` where the PGN's Termination tag says so, as Lichess and chess.com write it."""
    termination = game.headers.get("Termination", "").lower()
    return " on time" if "time forfeit" in termination or termination.endswith("on time") else ""


def standing_words(game: Game, moves: Sequence[ReviewedMove], winner: chess.Color) -> str:
    """Since when the winner was winning to the end, or that the loser stood better when the game ended."""
    since = won_since(moves, winner)
    if since:
        return f" and was winning from {cited(game, since)} to the end"
    last = moves[-1].judged.after if moves else None
    if last is None or last.white_mate == 0 or standing_of(last, winner) >= Standing.EQUAL:
        return ""
    return f", although {side(not winner)} was {standing_of(last, not winner).words}"


def won_since(moves: Sequence[ReviewedMove], winner: chess.Color) -> int | None:
    """The ply of the move after which a side stood winning to the end; None when never, or from the first."""
    judged = [move.judged for move in moves if move.judged.after.white_mate != 0]
    tail = list(takewhile(lambda move: standing_of(move.after, winner) == Standing.WINNING, reversed(judged)))
    return tail[-1].ply if tail and len(tail) < len(judged) else None


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
            now = position_words(after, judged.is_white)
            if after > 0:
                now = now.replace(" is ", " is only ")  # else it reads as if the move had brought that about
            words.append(f"{cited(game, judged.ply)} ({now})")
    if not words:
        return None
    return f"The game turned on {listed(words)}."


def errors_sentence(
    game: Game,
    moves: Sequence[ReviewedMove],
    explanations: Sequence[Explanation | None],
    division: Division,
    color: chess.Color,
) -> str | None:
    """The errors of one side: how many of each kind, in which part of the game, and what recurs."""
    if not any(move.judged.is_white == color for move in moves):
        return None
    faults = [
        (move, found)
        for move, found in zip(moves, explanations, strict=True)
        if move.judged.is_white == color and move.move_class in FAULTS
    ]
    brilliant = [
        move for move in moves if move.judged.is_white == color and move.move_class == MoveClass.BRILLIANT
    ]
    praise = brilliant_words(game, brilliant)
    if not faults:
        return f"{side(color)} made no errors worth naming{praise}."
    kinds = kind_words(Counter(move.move_class for move, _found in faults))
    where = phase_words([division.phase_of(move.judged.ply).value for move, _found in faults])
    themes = Counter(found.theme for _move, found in faults if found and found.theme not in UNTOLD)
    recurring = [
        f"{theme.value} ({times(count)})" for theme, count in themes.most_common(2) if count >= RECURRING
    ]
    habits = f"; what recurs: {listed(recurring)}" if recurring else ""
    return f"{side(color)} {kinds}{where}{habits}{praise}."


def kind_words(counts: Counter[MoveClass]) -> str:
    """`made two blunders and missed one chance`: how many errors of each kind, at least one."""
    made = [plural(counts[kind], noun) for kind, noun in NOUNS.items() if counts[kind]]
    missed = f"missed {plural(counts[MoveClass.MISS], 'chance')}" if counts[MoveClass.MISS] else ""
    if not made:
        return missed
    comma = "," if len(made) > 1 else ""
    return f"made {listed(made)}{f'{comma} and {missed}' if missed else ''}"


def brilliant_words(game: Game, moves: Sequence[ReviewedMove]) -> str:
    """`; brilliant: 17...Be6`, at most two; empty where there is none."""
    cites = [cited(game, move.judged.ply) for move in moves[:MOST_NAMED]]
    return f"; brilliant: {listed(cites)}" if cites else ""


def phase_words(phases: Sequence[str]) -> str:
    """Where most of the errors were made; empty when they are spread."""
    phase, count = Counter(phases).most_common(1)[0]
    if count == len(phases):
        return (
            (f" in the {phase}", f", both in the {phase}")[count - 1]
            if count < 3
            else f", all in the {phase}"
        )
    return f", mostly in the {phase}" if 2 * count > len(phases) else ""


def time_sentence(game: Game, time: TimeUse) -> str | None:
    """Time trouble, haste and the longest thought of both sides."""
    parts = [part for part in (time_words(game, color, time) for color in (chess.WHITE, chess.BLACK)) if part]
    return f"{'; '.join(parts)}." if parts else None


def time_words(game: Game, color: chess.Color, time: TimeUse) -> str | None:
    """How one side used its time; None when nothing is known."""
    player = time.white if color == chess.WHITE else time.black
    facts = []
    if player.longest_ply is not None and player.longest_s is not None and player.longest_s >= 1:
        facts.append(f"thought longest over {cited(game, player.longest_ply)} ({duration(player.longest_s)})")
    if player.trouble_moves:
        errors = sum(player.trouble_judgements.values())
        there = f" ({plural(errors, 'error')})" if errors else ""
        facts.append(f"was in time trouble {trouble_words(game, color, time)}{there}")
    if player.hasty_plies:
        facts.append(
            f"erred in haste with {listed([cited(game, ply) for ply in player.hasty_plies[:MOST_NAMED]])}"
        )
    return f"{side(color)} {listed(facts)}" if facts else None


def trouble_words(game: Game, color: chess.Color, time: TimeUse) -> str:
    """When one side was in time trouble: `from 31.Rd1 on`, `at 4.Ba4`, `on two moves from 4.Ba4 to 9.h3`."""
    own = [move for move in time.moves if game.move_number(move.ply)[1] == color]
    trouble = [move.ply for move in own if move.is_in_trouble]
    first, last = cited(game, trouble[0]), cited(game, trouble[-1])
    if len(trouble) == 1:
        return f"at {first}"
    if all(move.is_in_trouble for move in own if move.ply >= trouble[0]):
        return f"from {first} on"
    return f"on {count_word(len(trouble))} moves from {first} to {last}"


def duration(seconds: float) -> str:
    """A time in words.

    >>> duration(45), duration(211), duration(3600)
    ('45 seconds', '3:31 minutes', '60:00 minutes')
    """
    whole = round(seconds)
    if whole < 60:
        return plural_seconds(whole)
    return f"{whole // 60}:{whole % 60:02} minutes"


def plural_seconds(seconds: int) -> str:
    """`1 second`, `45 seconds`."""
    return f"{seconds} second{'s' * (seconds != 1)}"
