"""Take games in: read the PGN, store what can be analysed, say of every game what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from knight_vision.domain.game import Game
from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.pgn_reader import content_hash, pgn_text, read_games
from knight_vision.domain.quota import ByPlan, DayUsage
from knight_vision.errors import InvalidGameError, TooLargeError
from knight_vision.ports import AddedGames, AnalysisStore, NewGame

__all__ = ["SubmittedGame", "SubmittedGames", "Verdict", "submit_games"]


class Verdict(StrEnum):
    """What became of one game."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    """The user had this very game already."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SubmittedGame:
    """The verdict on one game of a submission."""

    index: int
    """Place in the submission, from 0."""
    verdict: Verdict
    game_id: GameId | None = None
    """None when refused."""
    game: Game | None = None
    refusal: InvalidGameError | None = None


class SubmittedGames(list[SubmittedGame]):
    """The verdicts on a submission, in its order."""

    def __init__(self, games: Iterable[SubmittedGame], usage: DayUsage | None = None) -> None:
        super().__init__(games)
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
) -> SubmittedGames:
    """The verdict on every game in a PGN text, in its order; accepted games are stored, all or none.

    Raises InvalidGameError when there is no game at all, TooLargeError for more than `max_games`,
    DailyLimitError for more new ones than the day leaves, with nothing stored.
    """
    games = read_games(pgn, max_plies=max_plies, max_games=max_games + 1, max_characters=max_characters)
    if len(games) > max_games:
        raise TooLargeError(f"The request has more than {max_games} games: split it into several.")
    if not games:
        raise InvalidGameError("The text is empty: send PGN with at least one move, such as '1. e4 e5 *'.")
    readable = [game for game in games if isinstance(game, Game)]
    new = [NewGame(game=game, pgn=pgn_text(game), content_hash=content_hash(game)) for game in readable]
    stored = store.add_games(user_id, new, most_per_day=most_per_day) if new else AddedGames([])
    added = iter(stored)
    verdicts = []
    for index, game in enumerate(games):
        if isinstance(game, InvalidGameError):
            verdicts.append(SubmittedGame(index, Verdict.REFUSED, refusal=game))
        else:
            answer = next(added)
            verdict = Verdict.ACCEPTED if answer.is_new else Verdict.DUPLICATE
            verdicts.append(SubmittedGame(index, verdict, answer.game_id, game))
    return SubmittedGames(verdicts, stored.usage)
