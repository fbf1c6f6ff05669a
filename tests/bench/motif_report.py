"""How well the motif detector agrees with labelled positions: a table per motif.

Run as `python -m tests.bench.motif_report FILE`. FILE is a CSV with the columns fen, line and themes, and
perhaps fen_before and last_move: then the detector also sees the move before the line.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import chess

from knight_vision.domain.motifs import Motif, detect

NEEDED = ("fen", "line", "themes")
NAMES = frozenset(motif.value for motif in Motif)


class BadFileError(Exception):
    """The file is missing or not of the form described above."""


@dataclass
class Count:
    """How often the detector and the labels agreed, per motif."""

    labelled: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    agreed: Counter[str] = field(default_factory=Counter)
    positions: int = 0
    seconds: float = 0.0

    def add(self, labels: frozenset[str], found: frozenset[str]) -> None:
        """Count one position."""
        self.positions += 1
        self.labelled.update(labels)
        self.found.update(found)
        self.agreed.update(labels & found)


def read(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows with their line numbers; raises BadFileError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
            if missing:
                raise BadFileError(f"{path}: no column {', '.join(missing)}; needed are {', '.join(NEEDED)}")
            for row in rows:
                if any(row[name] is None for name in NEEDED):
                    raise BadFileError(f"{path}, line {rows.line_num}: too few columns")
                yield rows.line_num, row
    except OSError as error:
        raise BadFileError(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadFileError(f"{path}: no CSV in UTF-8: {error}") from error


def board_of(row: Mapping[str, str], *, with_history: bool) -> chess.Board:
    """The position, with the move before it on the stack where the row tells it."""
    if with_history and row.get("fen_before") and row.get("last_move"):
        board = chess.Board(row["fen_before"])
        board.push_uci(row["last_move"])
        return board
    return chess.Board(row["fen"])


def count(path: Path, *, with_history: bool) -> Count:
    """Run the detector on every row."""
    result = Count()
    for number, row in read(path):
        try:
            board = board_of(row, with_history=with_history)
            started = time.perf_counter()
            found = detect(board, row["line"])
            result.seconds += time.perf_counter() - started
        except ValueError as error:
            raise BadFileError(f"{path}, line {number}: {error}") from error
        result.add(frozenset(row["themes"].split()) & NAMES, frozenset(found))
    if not result.positions:
        raise BadFileError(f"{path}: no positions")
    return result


def ratio(part: int, whole: int) -> str:
    """A share of one with four decimals, a dash of nothing."""
    return f"{part / whole:.4f}" if whole else "-"


def table(result: Count) -> Iterator[str]:
    """The lines of the report, the most frequent motif first."""
    yield f"{'motif':<20}{'labelled':>9}{'found':>7}{'agreed':>7}{'precision':>11}{'recall':>8}"
    seen = {name: result.labelled[name] for name in NAMES if result.labelled[name] or result.found[name]}
    for name in sorted(seen, key=lambda name: (-seen[name], name)):
        labelled, found, agreed = result.labelled[name], result.found[name], result.agreed[name]
        yield (
            f"{name:<20}{labelled:>9}{found:>7}{agreed:>7}"
            f"{ratio(agreed, found):>11}{ratio(agreed, labelled):>8}"
        )
    labelled, found, agreed = result.labelled.total(), result.found.total(), result.agreed.total()
    yield (
        f"{'all':<20}{labelled:>9}{found:>7}{agreed:>7}{ratio(agreed, found):>11}{ratio(agreed, labelled):>8}"
    )
    yield f"{result.positions} positions, {result.positions / result.seconds:.0f} per second"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 2 for a file that cannot be used."""
    parser = argparse.ArgumentParser(prog="motif-report", description="Measure the motif detector.")
    parser.add_argument("file", type=Path, help="CSV with the columns fen, line, themes")
    parser.add_argument("--without-history", action="store_true", help="ignore fen_before and last_move")
    options = parser.parse_args(arguments)
    try:
        result = count(options.file, with_history=not options.without_history)
    except BadFileError as error:
        print(f"motif-report: {error}", file=sys.stderr)
        return 2
    print("\n".join(table(result)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
