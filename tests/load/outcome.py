"""What a load run found: Locust's table of requests, the users' own samples, and the verdict."""

from __future__ import annotations

import csv
import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Outcome", "RequestFigures", "percentile"]


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """All requests of one kind."""

    name: str
    count: int
    failures: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    greatest_ms: float

    @classmethod
    def of(cls, row: dict[str, str]) -> RequestFigures:
        """A row of Locust's `_stats.csv`."""
        return cls(
            row["Name"],
            int(row["Request Count"]),
            int(row["Failure Count"]),
            *(float(row[column]) for column in ("50%", "95%", "99%", "100%")),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole run."""

    requests: tuple[RequestFigures, ...]
    failures: tuple[str, ...]
    """Each kind of failure, with how often it came."""
    accepted: frozenset[str]
    """Games whose analysis was accepted."""
    ended: dict[str, str]
    """The last state of each that was followed to its end."""
    first_s: tuple[float, ...]
    total_s: tuple[float, ...]
    polls: int

    @classmethod
    def read(cls, stats: Path, failures: Path, samples: Path) -> Outcome:
        """From Locust's two tables and the users' lines; a run that broke off may lack them."""
        lines = [json.loads(line) for line in read_text(samples).splitlines()]
        ends = [line for line in lines if line["kind"] == "ended"]
        rows = table(stats)
        return cls(
            requests=tuple(
                RequestFigures.of(row) for row in rows if row["Name"] != "Aggregated" and row["50%"] != "N/A"
            ),
            failures=tuple(
                f"{row['Occurrences']} x {row['Name']}: {row['Error']}" for row in table(failures)
            ),
            accepted=frozenset(line["game_id"] for line in lines if line["kind"] == "accepted"),
            ended={line["game_id"]: line["state"] for line in ends},
            first_s=numbers(ends, "first_s"),
            total_s=numbers(ends, "total_s"),
            polls=sum(line["polls"] for line in ends),
        )

    def problems(self) -> Iterator[str]:
        """Why the run is not good; nothing when no request failed and nothing accepted was lost."""
        if not self.accepted:
            yield "no analysis was accepted"
        lost = self.accepted - self.ended.keys()
        if lost:
            yield f"{len(lost)} of {len(self.accepted)} accepted analyses never ended: {sorted(lost)[:3]}"
        odd = sorted({state for state in self.ended.values() if state != "done"})
        if odd:
            yield f"analyses ended as {', '.join(odd)}"
        yield from self.failures

    def lines(self) -> Iterator[str]:
        """The report as Markdown."""
        yield "| request | count | failed | median, ms | 95 % | 99 % | greatest |"
        yield "|---|---|---|---|---|---|---|"
        for figures in self.requests:
            times = (figures.median_ms, figures.p95_ms, figures.p99_ms, figures.greatest_ms)
            yield (
                f"| {figures.name} | {figures.count:,} | {figures.failures} | "
                f"{' | '.join(f'{ms:.0f}' for ms in times)} |"
            )
        yield ""
        yield "| from the request for an analysis to | median, s | 95 % | greatest |"
        yield "|---|---|---|---|"
        for what, times_s in (("the first report seen", self.first_s), ("the complete one", self.total_s)):
            if times_s:
                row = (statistics.median(times_s), percentile(times_s, 95), max(times_s))
                yield f"| {what} | {' | '.join(f'{value:.2f}' for value in row)} |"
        yield ""
        done = sum(state == "done" for state in self.ended.values())
        polls = self.polls / max(1, len(self.ended))
        yield f"{len(self.accepted)} analyses accepted, {done} finished, {polls:.1f} polls for each."


def percentile(values: Sequence[float], percent: int) -> float:
    """The least value that so many per cent do not exceed.

    >>> percentile([3, 1, 2, 4], 50), percentile([3, 1, 2, 4], 95)
    (2, 4)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def numbers(lines: Sequence[dict[str, Any]], key: str) -> tuple[float, ...]:
    """The values that are there."""
    return tuple(line[key] for line in lines if line[key] is not None)


def table(path: Path) -> list[dict[str, str]]:
    """A CSV file; nothing when there is none."""
    return list(csv.DictReader(read_text(path).splitlines()))


def read_text(path: Path) -> str:
    """The text; empty when the file is not there."""
    return path.read_text() if path.exists() else ""
