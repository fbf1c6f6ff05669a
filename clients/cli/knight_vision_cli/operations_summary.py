"""Prints the operators' answers for people to read."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from knight_vision_cli.operations_answers import DeadLetter, Metrics
from knight_vision_cli.text import count, milliseconds

__all__ = ["print_dead_letters", "print_metrics"]

UNKNOWN = "unknown"


def print_metrics(console: Console, metrics: Metrics) -> None:
    """The whole in a few lines, then a table of the phases and one of what waits and was done."""
    table = Table.grid(padding=(0, 3, 0, 0))
    for name, value in overview(metrics).items():
        table.add_row(Text(name, style="dim"), value)
    console.print(table)
    if metrics.jobs is None:
        return
    console.print()
    console.print(phases_of(metrics))
    lines = priorities_of(metrics)
    if lines.row_count > 1:
        console.print()
        console.print(lines)


def overview(metrics: Metrics) -> dict[str, str]:
    """Names and values of what concerns the whole."""
    rows = {"unfinished": UNKNOWN}
    if metrics.jobs is not None:
        rows["unfinished"] = count(metrics.jobs, "game")
        if metrics.jobs:
            rows["unfinished"] += f", the oldest since {milliseconds(metrics.oldest_job_ms)}"
    rows["given up"] = UNKNOWN if metrics.dead_letters is None else count(metrics.dead_letters, "game")
    if metrics.mean_rating is not None:
        rows["satisfaction"] = f"{metrics.mean_rating:.1f} of 5 by {count(metrics.ratings, 'rating')}"
    if metrics.is_store_away:
        rows["store"] = "does not answer, functions wait for it"
    if metrics.jobs is not None:
        rows["first result"] = milliseconds(metrics.first_result_ms)
        rows["complete"] = milliseconds(metrics.complete_ms)
        rows["errors"] = "-" if metrics.error_rate is None else f"{100 * metrics.error_rate:.1f}%"
    return rows


def phases_of(metrics: Metrics) -> Table:
    """A line for each phase: units held now; in the last hour units claimed, failed, lost with their function
    and out of attempts, and mean times of short, medium and long games."""
    heads = ("phase", "held", "claims", "errors", "died", "spent", "short", "medium", "long")
    table = grid(heads, left=1)
    for phase in metrics.phases:
        numbers = (
            phase.units_in_flight,
            phase.claims,
            phase.failed_attempts,
            phase.expired_leases,
            phase.exhausted_units,
        )
        times = (milliseconds(time) for time in phase.mean_phase_ms)
        table.add_row(phase.phase, *(str(number) for number in numbers), *times)
    return table


def priorities_of(metrics: Metrics) -> Table:
    """A line for each phase and priority where anything waits or was done: units in line and games behind
    other games of their users, the first one's wait; in the last hour the mean wait, phases finished, and
    the mean time from the request until then."""
    heads = ("phase", "priority", "line", "later", "oldest", "wait", "done", "after")
    table = grid(heads, left=2)
    for phase in metrics.phases:
        for line in phase.priorities:
            if line.is_idle:
                continue
            table.add_row(
                phase.phase,
                line.priority.replace("_", " "),
                str(line.units_in_line),
                str(line.games_behind),
                milliseconds(line.oldest_ms) if line.units_in_line else "-",
                milliseconds(line.mean_wait_ms),
                str(line.phases_finished),
                milliseconds(line.mean_since_request_ms),
            )
    return table


def grid(heads: Sequence[str], *, left: int) -> Table:
    """A table with dim heads; the first `left` columns are words, the others numbers."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for index in range(len(heads)):
        table.add_column(justify="left" if index < left else "right", no_wrap=True)
    table.add_row(*(Text(head, style="dim") for head in heads))
    return table


def print_dead_letters(console: Console, letters: Sequence[DeadLetter]) -> None:
    """Of each analysis: game, when, the phase that can be read all the same; below it the reason."""
    console.print(Text(f"{'game':36}  {'given up at':19}  readable", style="dim"))
    for letter in letters:
        when = letter.failed_at[:19].replace("T", " ")
        console.print(f"{letter.game_id:36}  {when:19}  {letter.finished_phase or '-'}", soft_wrap=True)
        console.print(Text(f"  {letter.reason}", style="dim"), soft_wrap=True)
