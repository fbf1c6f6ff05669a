"""Prints reports, statuses and lists of games for people to read."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from knight_vision_cli.answers import Game, Remark, Report, Status, TurningPoint
from knight_vision_cli.picture import waiting_text
from knight_vision_cli.text import evaluation, move_label, percent, plies, surname

__all__ = ["print_games", "print_report", "print_status"]

JUDGEMENT_STYLES = {"blunder": "red", "mistake": "yellow", "inaccuracy": "cyan"}
CLASS_STYLES = {**JUDGEMENT_STYLES, "miss": "magenta", "great": "blue", "brilliant": "bright_green"}
LESSER = "inaccuracy"
"""Its explanations are left to the report itself: a summary is short."""


def print_report(console: Console, title: str, report: Report) -> None:
    """A game's title, what it was analysed with, both sides' numbers, what happened, and what to learn."""
    console.print(Text(f"{title}  {report.result}", style="bold"))
    about = ", ".join(filter(None, (f"{report.phase} analysis", report.engine, report.limit)))
    for line in filter(None, (report.opening, about)):
        console.print(Text(f"  {line}", style="dim"), soft_wrap=True)
    console.print()
    console.print(sides_of(report))
    if report.excused:
        was = "was" if report.excused == 1 else "were"
        excuse = f"Counted as Lichess counts; {report.excused} of them {was} theory, or no loss after all."
        console.print(Text(f"  {excuse}", style="dim"), soft_wrap=True)
    if report.turning_points:
        console.print()
        console.print(Text("  Turning points", style="dim"))
        console.print(turning_points_of(report.turning_points))
    if report.words:
        console.print()
        console.print(Text("  The game", style="dim"))
        for sentence in report.words:
            console.print(Padding(Text(sentence), (0, 0, 0, 2)))
    remarks = [remark for remark in report.remarks if remark.move_class != LESSER]
    if remarks:
        console.print()
        console.print(Text("  Moves to look at", style="dim"))
        console.print(remarks_of(remarks))


def sides_of(report: Report) -> Table:
    """A line for each side."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(width=7)
    for _ in range(5):
        table.add_column(justify="right")
    heads = ("", "accuracy", "ACPL", "inaccuracies", "mistakes", "blunders")
    table.add_row(*(Text(head, style="dim") for head in heads))
    for name, side in (("White", report.white), ("Black", report.black)):
        acpl = "-" if side.acpl is None else f"{side.acpl:.0f}"
        counts = (str(number) for number in (side.inaccuracies, side.mistakes, side.blunders))
        table.add_row(f"  {name}", percent(side.accuracy), acpl, *counts)
    return table


def remarks_of(remarks: Sequence[Remark]) -> Table:
    """A line for each move that is explained: its class, and why."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for remark in remarks:
        style = CLASS_STYLES.get(remark.move_class, "")
        table.add_row(Text(f"  {remark.move_class}", style=style), Text(remark.text))
    return table


def turning_points_of(points: Sequence[TurningPoint]) -> Table:
    """A line for each move that lost much: the move, White's evaluation before and after, the best move."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column()
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    for point in points:
        table.add_row(
            f"  {move_label(point.move_number, point.side, point.san)}",
            Text(point.judgement, style=JUDGEMENT_STYLES.get(point.judgement, "")),
            evaluation(*point.before),
            "to",
            evaluation(*point.after),
            f"best {move_label(point.move_number, point.side, point.best_san)}" if point.best_san else "",
        )
    return table


def print_status(console: Console, status: Status) -> None:
    """A status as names and values."""
    table = Table.grid(padding=(0, 3, 0, 0))
    rows = {"state": status.state, "finished phase": status.finished_phase or "none"}
    if status.phase:
        progress = f"{status.plies_done or 0} of {plies(status.plies_total)}" if status.plies_total else ""
        rows["running phase" if status.plies_done else "next phase"] = ", ".join(
            filter(None, (status.phase, progress, waiting_text(status)))
        )
    if status.priority != "standard":
        rows["priority"] = status.priority.replace("_", " ")
    if status.is_degraded:
        rows["report"] = "searched less deeply under load, done again later"
    if status.failure:
        rows["failure"] = status.failure
    for name, value in rows.items():
        table.add_row(Text(name, style="dim"), value)
    console.print(table)


def print_games(console: Console, games: Sequence[Game]) -> None:
    """A line for each game: id, players, how far its analysis is."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(width=12, no_wrap=True)
    table.add_row(*(Text(head, style="dim") for head in ("game", "players", "analysis")))
    for game in games:
        # The best finished phase says more than "running".
        state = game.analysis_state or "-"
        if state in ("running", "done"):
            state = game.analysis_phase or state
        table.add_row(game.game_id, f"{surname(game.white)} - {surname(game.black)}", state)
    console.print(table)
