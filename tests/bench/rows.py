"""One line of what a bench found, and the table that `make bench` prints of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Row", "Table", "aligned", "judged", "summary"]

Table = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """Ours beside what it can at best be, in a budget."""

    what: str
    bound: float | None = None
    """What the engine, or whatever is ours around, takes alone."""
    ours: float | None = None
    unit: str = ""
    """Of both."""
    ratio: float | None = None
    """Ours to the bound, as the bench defines it: often the median of the rounds' ratios."""
    budget: float | None = None
    is_of_ours: bool = False
    """The budget is for ours in its unit, not for the ratio."""
    at_least: bool = False
    """The budget is the least there must be, not the most."""
    missing: str = ""
    """Why there are no figures. Never within the budget."""

    @property
    def is_kept(self) -> bool:
        """True when there are figures, and within the budget if there is one.

        >>> Row("report", ours=140, unit="ms", ratio=2.9, budget=150, is_of_ours=True).is_kept
        True
        >>> Row("enqueue", ratio=0.64, budget=0.65, at_least=True).is_kept
        False
        """
        value = self.ours if self.is_of_ours else self.ratio
        if self.missing:
            return False
        if self.budget is None or value is None:
            return self.budget is None
        return value >= self.budget if self.at_least else value <= self.budget

    @property
    def verdict(self) -> str:
        """One word for the last column; none where there is no budget."""
        if self.missing:
            return self.missing
        if self.budget is None:
            return ""
        return "PASS" if self.is_kept else "FAIL"

    @property
    def limit(self) -> str:
        """The budget in words.

        >>> Row("enqueue", budget=0.65, at_least=True).limit
        'at least 0.65'
        >>> Row("first result", budget=2, is_of_ours=True, unit="s").limit
        '2.00 s'
        """
        if self.budget is None:
            return ""
        shown = figure(self.budget, self.unit if self.is_of_ours else "")
        return f"at least {shown}" if self.at_least else shown

    def __str__(self) -> str:
        value = figure(self.ours, self.unit) if self.is_of_ours else figure(self.ratio)
        return f"{self.what}: {value}{f', budget {self.limit}' if self.limit else ''}"


def figure(value: float | None, unit: str = "") -> str:
    """A number as short as it is still clear.

    >>> figure(0.456), figure(12.34, "s"), figure(331399, "nodes/s"), figure(None)
    ('0.46', '12.3 s', '331,399 nodes/s', '')
    """
    if value is None:
        return ""
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:,.{digits}f} {unit}".rstrip()


def judged(rows: Sequence[Row]) -> str:
    """A line for each row that has a budget: `PASS: what: 0.72, budget at least 0.65`."""
    return "\n".join(f"- {row.verdict}: {row}" for row in rows if row.budget is not None)


def summary(rows: Sequence[Row]) -> str:
    """The table of all benches."""
    lines = [["what", "bound", "ours", "ratio", "budget", "verdict"]]
    lines += [
        [
            row.what,
            figure(row.bound, row.unit),
            figure(row.ours, row.unit),
            figure(row.ratio),
            row.limit,
            row.verdict,
        ]
        for row in rows
    ]
    return aligned(lines)


def aligned(rows: Table) -> str:
    """A markdown table that is also readable as text; the first row is its head.

    >>> print(aligned([["a", "b"], ["one", "2"]]))
    | a   | b |
    |-----|---|
    | one | 2 |
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
