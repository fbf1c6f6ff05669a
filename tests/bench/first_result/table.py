"""A timeline for people: a Markdown table as in docs/benchmarks.md, with a bar for each row."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.first_result.path import ROWS
from tests.bench.first_result.timeline import UNEXPLAINED, Parts

__all__ = ["table"]

LONGEST_BAR = 40


def table(parts: Parts, *, bare_ms: float) -> Iterator[str]:
    """The lines of the table; times are also given as parts of the engine's own."""
    rows = [(label, parts[label]) for label in ROWS if label in parts]
    rows.append((UNEXPLAINED, sum(parts.values()) - sum(ms for _, ms in rows)))
    longest_ms = max(ms for _, ms in rows)
    width = max(len(label) for label, _ in rows)
    yield f"| {'what':{width}} | ms | times the engine | |"
    yield "|---|---|---|---|"
    for label, ms in rows:
        bar = "█" * round(LONGEST_BAR * ms / longest_ms)
        yield f"| {label:{width}} | {ms:5.1f} | {ms / bare_ms:.2f} | {bar} |"
    total_ms = sum(parts.values())
    yield f"| {'**request to first result**':{width}} | {total_ms:5.1f} | {total_ms / bare_ms:.2f} | |"
