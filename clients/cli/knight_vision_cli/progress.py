"""Shows running analyses: a live picture on a terminal, one line for each finished phase elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from knight_vision_cli.follow import FollowedGame
from knight_vision_cli.picture import picture, so_far

__all__ = ["LiveView", "PlainView", "view_for"]


def view_for(console: Console) -> LiveView | PlainView:
    """The live view on a terminal that can redraw lines, the plain one elsewhere."""
    return LiveView(console) if console.is_interactive and console.file.isatty() else PlainView(console)


class PlainView:
    """A line whenever a game has finished a phase or has ended. No control characters."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves what was printed."""

    def show(self, games: Sequence[FollowedGame]) -> None:
        """Print what is new."""
        for game in games:
            line = line_of(game)
            if line and self._said.get(game.verdict.game_id) != line:
                self._said[game.verdict.game_id] = line
                self._console.print(f"{game.title}: {line}", soft_wrap=True)

    def notice(self, text: str) -> None:
        """Print it."""
        self._console.print(text, soft_wrap=True)


class LiveView:
    """The games with their bars, drawn anew after every answer and gone at the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False)
        self._games: Sequence[FollowedGame] = ()

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, games: Sequence[FollowedGame]) -> None:
        """Draw the games as they are now."""
        self._games = games
        self._live.update(picture(games, self._console.height), refresh=True)

    def notice(self, text: str) -> None:
        """Draw it below the games until the next answer."""
        line = Text(text, style="yellow", no_wrap=True, overflow="ellipsis")
        self._live.update(Group(picture(self._games, self._console.height - 1), line), refresh=True)


def line_of(game: FollowedGame) -> str:
    """What is known about a game in one line, without what changes from second to second."""
    if game.lost:
        return game.lost
    if game.status is None:
        return ""
    if game.has_failed:
        return f"{game.status.state}: {game.status.failure}" if game.status.failure else game.status.state
    if game.report:
        return f"{game.report.phase} done, {so_far(game.report)}"
    return "analysis asked for"
