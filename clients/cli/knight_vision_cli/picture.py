"""Draws followed games for the live view: in full when they are few, one line each when they are many."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from knight_vision_cli.answers import PHASES, Report, Status, phase_rank
from knight_vision_cli.follow import FollowedGame
from knight_vision_cli.text import count, duration, evaluation, percent, plies

__all__ = ["picture", "so_far", "waiting_text"]

WIDTH = 80
"""Wider terminals get no wider picture: long bars are hard to read."""
LINES_OF_A_GAME = 6
"""Title, three phases, what is known so far, an empty line."""
MOST_GAMES_IN_FULL = 3
LINES_AROUND = 4
"""Overview, heads, a notice and the cursor's line."""


def picture(games: Sequence[FollowedGame], height: int) -> RenderableType:
    """The games as a picture of at most `height` lines."""
    if len(games) <= min(MOST_GAMES_IN_FULL, max(1, height // LINES_OF_A_GAME)):
        parts = [part for game in games for part in (in_full(game), Text())]
        return Constrain(Group(*parts[:-1]), WIDTH)
    return Constrain(in_lines(games, max(1, height - LINES_AROUND)), WIDTH)


def in_full(game: FollowedGame) -> RenderableType:
    """A bar for each phase, and what is known so far."""
    title = Text(game.title, style="bold", no_wrap=True, overflow="ellipsis")
    title.append(f"  {plies(game.verdict.ply_count)}", style="dim")
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(width=14, no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(width=9, no_wrap=True, justify="right")
    table.add_column(width=18, no_wrap=True)
    for phase in PHASES:
        table.add_row(f"  {phase}", *row_of(phase, game))
    known = so_far(game.report) if game.report else "-"
    return Group(
        title, table, Text.assemble(("  so far".ljust(16), "dim"), known, no_wrap=True, overflow="ellipsis")
    )


def so_far(report: Report) -> str:
    """Accuracy and blunders of both sides, and the evaluation of the last position."""
    sides = [
        f"{name} {percent(side.accuracy)} {count(side.blunders, 'blunder')}"
        for name, side in (("White", report.white), ("Black", report.black))
    ]
    return "  ".join([*sides, evaluation(*report.last)])


def waiting_text(status: Status) -> str:
    """When the running phase goes on, or how long it will take; empty when the server does not say."""
    if not status.plies_done and status.queue_position is not None:
        return (
            f"{count(status.queue_position, 'unit')} ahead" if status.queue_position else "next in the queue"
        )
    return f"ready in {duration(status.seconds_left)}" if status.seconds_left is not None else ""


def row_of(phase: str, game: FollowedGame) -> tuple[ProgressBar, str, Text]:
    """The bar of a phase, its plies and a note."""
    status, finished = game.status, phase_rank(game.status.finished_phase if game.status else None)
    if phase_rank(phase) <= finished:
        return bar(1, 1), "", Text("done", style="green")
    if game.has_failed:
        state = "lost" if game.lost or status is None else status.state
        return bar(0, 1), "", Text(state if phase_rank(phase) == finished + 1 else "", style="red")
    if status is None or status.phase != phase:
        return bar(0, 1), "", Text()
    note = Text(waiting_text(status), style="dim")
    if status.plies_done is None or not status.plies_total:
        return bar(0, 1), "", note
    return bar(status.plies_done, status.plies_total), f"{status.plies_done}/{status.plies_total}", note


def bar(done: int, total: int) -> ProgressBar:
    """A calm bar."""
    return ProgressBar(total, done, style="bright_black", complete_style="cyan", finished_style="green")


def in_lines(games: Sequence[FollowedGame], height: int) -> RenderableType:
    """One line for each game: those that run, then those that wait, then those that are done, as they fit."""
    chosen = sorted(range(len(games)), key=lambda index: (activity(games[index]), index))[:height]
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(ratio=1, no_wrap=True)
    table.add_column(width=12, no_wrap=True)
    table.add_column(width=8)
    for width in (11, 8, 6):
        table.add_column(width=width, no_wrap=True, justify="right")
    table.add_row(*(Text(head, style="dim") for head in ("", "", "", "accuracy", "blunders", "eval")))
    for index in sorted(chosen):
        table.add_row(*cells_of(games[index]))
    told = overview(games, hidden=len(games) - len(chosen))
    return Group(Text(told, style="bold", no_wrap=True, overflow="ellipsis"), table)


def activity(game: FollowedGame) -> int:
    """0 for a game that runs, 1 for one that waits, 2 for one that has ended."""
    if game.is_settled:
        return 2
    return 0 if game.status and (game.status.plies_done or game.status.state == "running") else 1


def overview(games: Sequence[FollowedGame], hidden: int) -> str:
    """How many games run, wait, are done and failed."""
    failed = sum(game.has_failed for game in games)
    running, waiting, ended = ([activity(game) for game in games].count(kind) for kind in (0, 1, 2))
    numbers = {"done": ended - failed, "running": running, "waiting": waiting, "failed": failed}
    told = ", ".join(f"{number} {what}" for what, number in numbers.items() if number)
    return f"{count(len(games), 'game')}: {told}" + (f" ({hidden} not shown)" if hidden else "")


def cells_of(game: FollowedGame) -> tuple[Text | ProgressBar | str, ...]:
    """A game's line: title, phase, bar, and of both sides accuracy and blunders, evaluation."""
    status, report = game.status, game.report
    if game.has_failed:
        word, drawn = Text("lost" if game.lost or status is None else status.state, style="red"), bar(0, 1)
    elif game.is_settled:
        word, drawn = Text("done", style="green"), bar(1, 1)
    elif status is None or not status.phase:
        word, drawn = Text(), bar(0, 1)
    else:
        word, drawn = Text(status.phase), bar(status.plies_done or 0, status.plies_total or 1)
    known = ("", "", "")
    if report:
        white, black = report.white, report.black
        accuracies = [
            "-" if side.accuracy is None else f"{side.accuracy:.0f}%" for side in (report.white, report.black)
        ]
        known = (" - ".join(accuracies), f"{white.blunders} - {black.blunders}", evaluation(*report.last))
    return Text(game.short_title), word, drawn, *known
