"""Writes openings.tsv and opening_book.txt in functions/knight_vision/domain: the opening names of
lichess-org/chess-openings (CC0), and the positions on the way to them.

Run `PYTHONPATH=functions .venv/bin/python infra/openings/build.py` after raising the pin in requirements.txt.
The data set is not published as a package of its own; `esca` carries it unchanged as text inside its wheel,
so the wheel is downloaded and read, never installed or run.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import chess

from knight_vision.domain.openings import BOOK, TABLE, position_key

HERE = Path(__file__).parent
ROW = re.compile(rb"([A-E][0-9]{2})\t([^\t\n\0]+)\t(1\. [^\t\n\0]+)\n")
"""A row of the data set: ECO code, name, moves."""
FEWEST_ROWS = 3_800
"""A release with fewer has lost some: better no new file than a poorer one."""


def download(folder: Path) -> Path:
    """The pinned wheel; which platform's does not matter, the text in it is the same."""
    subprocess.run(  # noqa: S603 - fixed arguments
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
         "--python-version=3.12", "--platform=manylinux2014_x86_64", f"--dest={folder}",
         f"--requirement={HERE / 'requirements.txt'}"],
        check=True,
    )  # fmt: skip
    return next(folder.glob("*.whl"))


def rows_in(wheel: Path) -> list[tuple[str, str, str]]:
    """Every (ECO code, name, moves) in the wheel's library."""
    with zipfile.ZipFile(wheel) as archive:
        library = next(name for name in archive.namelist() if name.endswith(".so"))
        found = ROW.findall(archive.read(library))
    if len(found) < FEWEST_ROWS:
        raise SystemExit(f"only {len(found)} openings in {wheel.name}: has the package changed its form?")
    return [(eco.decode(), name.decode(), moves.decode()) for eco, name, moves in found]


def boards_of(moves: str) -> list[chess.Board]:
    """The positions after each of moves such as `1. e4 e5`; raises ValueError when one is illegal."""
    board = chess.Board()
    boards = []
    for word in moves.split():
        if not word[0].isdigit():
            board.push_san(word)
            boards.append(board.copy(stack=False))
    return boards


def main() -> None:
    """Write both files, sorted by position so that a new release gives a readable difference."""
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_in(download(Path(folder)))
    table = {}
    book = set()
    for eco, name, moves in rows:
        boards = boards_of(moves)
        table[boards[-1].epd()] = f"{eco}\t{name}"
        book.update(map(position_key, boards))
    TABLE.write_text("".join(f"{epd}\t{value}\n" for epd, value in sorted(table.items())), encoding="utf-8")
    BOOK.write_text("".join(f"{key}\n" for key in sorted(book)), encoding="ascii")
    print(f"{len(table)} openings in {TABLE}, {len(book)} positions in {BOOK}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
