"""Take games in: read the PGN, store what can be analysed, say of every game what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from knight_vision.domain.game import Game
from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.openings import LAST_PLY, opening_of
from knight_vision.domain.pgn_lexer import split_games
from knight_vision.domain.pgn_reader import content_hash, iter_games, pgn_text
from knight_vision.domain.quota import ByPlan, DayUsage
from knight_vision.errors import InvalidGameError, TooLargeError
from knight_vision.ports import AddedGames, AnalysisStore, NewGame, StartedBatch

__all__ = ["SubmittedGame", "SubmittedGames", "Verdict", "submit_games"]


class Verdict(StrEnum):
    """What became of one game."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    """The user had this very game already."""
    REFUSED = "refused"


GAMES_AT_ONCE = 1_000
"""Games that are read and stored together: memory is for so many, however many there are."""


@dataclass(frozen=True, slots=True)
class SubmittedGame:
    """The verdict on one game of a submission. Does not hold the game."""

    index: int
    """Place in the submission, from 0."""
    verdict: Verdict
    game_id: GameId | None = None
    """None when refused."""
    white: str | None = None
    black: str | None = None
    ply_count: int | None = None
    refusal: InvalidGameError | None = None


class SubmittedGames(list[SubmittedGame]):
    """The verdicts on a submission, in its order."""

    def __init__(
        self, games: Iterable[SubmittedGame], usage: DayUsage | None = None, batch: StartedBatch | None = None
    ) -> None:
        super().__init__(games)
        self.batch = batch
        """The analyses that were begun with them."""
        self.usage = usage
        """The user's day after these; None when none was readable."""


def submit_games(
    store: AnalysisStore,
    user_id: UserId,
    pgn: str,
    *,
    max_plies: int,
    max_games: int,
    max_characters: int | None = None,
    most_per_day: ByPlan | None = None,
    room_for: Callable[[int], int] | None = None,
) -> SubmittedGames:
    """The verdict on every game in a PGN text, in its order; accepted games are stored.

    They are read one by one and stored a thousand at a time, all of those or none. Safe to repeat: what was
    stored before is a duplicate then. Raises InvalidGameError when there is no game at all, TooLargeError for
    more than `max_games`, both with nothing stored; and DailyLimitError for more new ones than the day
    leaves, with nothing stored of the thousand in question.

    `room_for` says, of so many games, how many may be analysed, and is asked before they are stored; what it
    raises comes through. The analyses are then begun as a batch in the same transaction, unless more than
    a thousand games may come: then it is None, and they are the caller's to begin.
    """
    begins = room_for is not None and max_games <= GAMES_AT_ONCE
    if max_games > GAMES_AT_ONCE:
        # More than what is held at once: they are counted first, which takes a tenth of reading them.
        refuse_too_many(sum(1 for _ in islice(split_games(pgn), max_games + 1)), max_games)
    games = iter_games(pgn, max_plies=max_plies, max_characters=max_characters)
    verdicts: list[SubmittedGame] = []
    usage: DayUsage | None = None
    batch: StartedBatch | None = (None, []) if begins else None
    # One more than is allowed tells that there are too many, before anything is stored.
    while some := list(islice(games, min(max_games, GAMES_AT_ONCE) + (max_games <= GAMES_AT_ONCE))):
        refuse_too_many(len(some), max_games)
        new = [new_game(game) for game in some if isinstance(game, Game)]
        if new:
            room = room_for(len(new)) if room_for is not None else 0
            added = store.add_games(
                user_id, new, most_per_day=most_per_day, begin_at_most=room if begins else None
            )
            usage, batch = added.usage, added.batch
        else:
            added = AddedGames([])
        verdicts += verdicts_on(some, added, len(verdicts))
    if not verdicts:
        raise InvalidGameError("The text is empty: send PGN with at least one move, such as '1. e4 e5 *'.")
    return SubmittedGames(verdicts, usage, batch)


def refuse_too_many(count: int, max_games: int) -> None:
    """Raises TooLargeError for more than the most."""
    if count > max_games:
        raise TooLargeError(f"The request has more than {max_games} games: split it into several.")


def verdicts_on(
    games: list[Game | InvalidGameError], stored: AddedGames, first: int
) -> Iterator[SubmittedGame]:
    """The verdicts on games that come one after the other, from the store's answers on those it was given."""
    added = iter(stored)
    for index, game in enumerate(games, start=first):
        if isinstance(game, InvalidGameError):
            yield SubmittedGame(index, Verdict.REFUSED, refusal=game)
        else:
            answer = next(added)
            yield SubmittedGame(
                index,
                Verdict.ACCEPTED if answer.is_new else Verdict.DUPLICATE,
                answer.game_id,
                game.headers.get("White"),
                game.headers.get("Black"),
                game.ply_count,
            )


def new_game(game: Game) -> NewGame:
    """The game as it is stored, with its opening: the book's, or the PGN's where the book has none."""
    # All positions of a game are megabytes: no more of them than the book has.
    found = opening_of(replace(game, moves=game.moves[:LAST_PLY], texts=()).boards)
    return NewGame(
        game=game,
        pgn=pgn_text(game),
        content_hash=content_hash(game),
        eco=found.eco if found else game.headers.get("ECO"),
        opening=found.name if found else game.headers.get("Opening"),
    )
