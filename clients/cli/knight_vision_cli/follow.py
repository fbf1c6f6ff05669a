"""Asks for analyses and follows them until they are as far as wanted, telling a view whatever is new."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from knight_vision_cli.answers import Analysis, Report, Status, Verdict, phase_rank
from knight_vision_cli.api_client import ApiClient
from knight_vision_cli.errors import ClientError, ExitCode
from knight_vision_cli.text import surname

__all__ = ["FollowedGame", "View", "follow", "request_analyses"]

EAGER_S = 3.0
"""For this long a server that wants to be asked each second is asked more often: a verdict is near."""
SHORTEST_PAUSE_S = 0.25
"""Pause between two questions about a game in the eager time."""
LONGEST_PAUSE_S = 2.0
"""The pause grows up to this where the server does not say when to come back."""
LONGEST_RETRY_AFTER_S = 60.0
"""The longest that our server asks for; whatever another one says, the bars move once a minute."""
GAMES_AT_ONCE = 8
"""With more games than this each is asked about less often, so that the server has no more to answer."""


@dataclass
class FollowedGame:
    """A submitted game and the newest that is known about its analysis."""

    source: str
    """The file it came from."""
    verdict: Verdict
    until: str
    """The phase that is waited for."""
    number: int = 0
    """Tells it apart where there are several games; 0 where it is the only one."""
    status: Status | None = None
    """None until its analysis was asked for."""
    report: Report | None = None
    """Of the best finished phase."""
    lost: str = ""
    """Why the server does not know it any more."""
    asked_at_s: float = 0.0
    """When the server was last asked about it, on the monotonic clock."""

    @property
    def title(self) -> str:
        """Its number and players."""
        return f"{self.number}. {self.verdict.players}" if self.number else self.verdict.players

    @property
    def short_title(self) -> str:
        """Its number and the players' surnames, where they are written surname first."""
        return f"{self.number}. {surname(self.verdict.white)} - {surname(self.verdict.black)}"

    @property
    def is_settled(self) -> bool:
        """True when there is nothing more to wait for."""
        if self.lost or self.status is None:
            return bool(self.lost)
        return self.status.is_final or phase_rank(self.status.finished_phase) >= phase_rank(self.until)

    @property
    def has_failed(self) -> bool:
        """True when there will be no complete analysis."""
        return bool(self.lost) or (self.status is not None and self.status.has_failed)


class View(Protocol):
    """Shows the user what happens."""

    def show(self, games: Sequence[FollowedGame]) -> None:
        """Show the games as they are now; called after every answer."""

    def notice(self, text: str) -> None:
        """Show why a call is tried again."""


def request_analyses(client: ApiClient, games: Sequence[FollowedGame]) -> None:
    """Ask for every game's analysis and return at once."""
    for game in games:
        ask(client, game)


def follow(client: ApiClient, games: Sequence[FollowedGame], view: View) -> None:
    """Return when every analysis has finished the phase that is waited for, or ended before."""
    started_s = time.monotonic()
    view.show(games)
    while waiting := [game for game in games if not game.is_settled]:
        game = min(waiting, key=lambda game: (game.status is not None, game.asked_at_s))
        if game.status is not None:
            pause_s = pause(time.monotonic() - started_s, game.status.retry_after_s)
            time.sleep(pause_s / min(len(waiting), GAMES_AT_ONCE))
        ask(client, game)
        view.show(games)


def pause(elapsed_s: float, retry_after_s: float) -> float:
    """Seconds between two questions about one game.

    >>> pause(1, 1), pause(1, 5), pause(4, 0), pause(10, 0), pause(3600, 0), pause(10, 5), pause(10, 3600)
    (0.25, 5.0, 0.4, 1.0, 2.0, 5.0, 60.0)
    """
    if elapsed_s < EAGER_S and retry_after_s <= 1:
        return SHORTEST_PAUSE_S
    if retry_after_s:
        return min(float(retry_after_s), LONGEST_RETRY_AFTER_S)
    return max(SHORTEST_PAUSE_S, min(elapsed_s / 10, LONGEST_PAUSE_S))


def ask(client: ApiClient, game: FollowedGame) -> None:
    """Bring what is known about a game up to date; the first time, ask for its analysis."""
    try:
        if game.status is None:
            remember(game, client.request_analysis(game.verdict.game_id))
        else:
            game.status = client.status(game.verdict.game_id)
        known = game.report.phase if game.report else None
        if game.status and game.status.finished_phase and game.status.finished_phase != known:
            remember(game, client.analysis(game.verdict.game_id))
    except ClientError as error:
        if error.exit_code != ExitCode.NOT_FOUND:
            raise
        game.lost = str(error)
    game.asked_at_s = time.monotonic()


def remember(game: FollowedGame, analysis: Analysis) -> None:
    """Take over an answer."""
    game.status = analysis.status
    game.report = analysis.report or game.report
