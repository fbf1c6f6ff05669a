"""Reads PGN files and writes results under names that are safe on every system."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from knight_vision_cli.errors import ClientError, ExitCode

__all__ = ["in_halves", "make_folder", "name_of", "read_sources", "write_results"]

LONGEST_NAME = 60
"""Characters of the players in a file name: the whole stays far below any system's limit."""
GAME_BORDER = re.compile(rb"(?<=\S)\s*\n\s*\n(?=\[Event )")
"""Event is the first of the seven tags that every exported game has."""
ID_CHARACTERS = 8
"""Characters of a game's id in a file name: tells games of the same players apart."""


def read_sources(sources: Sequence[str]) -> dict[str, bytes]:
    """The contents of the files by name, `-` being standard input; each file once."""
    contents = {}
    for source in dict.fromkeys(sources):
        try:
            contents[source] = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        except OSError as error:
            raise ClientError(f"Cannot read {source}: {error.strerror}.", ExitCode.USAGE) from error
        if not contents[source].strip():
            what = "Standard input" if source == "-" else source
            raise ClientError(f"{what} is empty: a PGN text was expected.", ExitCode.USAGE)
    return contents


def in_halves(pgn: bytes) -> tuple[bytes, bytes] | None:
    """A PGN text cut between two games, as near to its middle as can be; None when there is no such place.

    >>> in_halves(b'[Event "a"]\\n\\n1. e4 *\\n\\n[Event "b"]\\n\\n1. d4 *')
    (b'[Event "a"]\\n\\n1. e4 *', b'[Event "b"]\\n\\n1. d4 *')
    >>> in_halves(b'[Event "a"]\\n[Event "b"]') is None
    True
    """
    cuts = [match.span() for match in GAME_BORDER.finditer(pgn)]
    if not cuts:
        return None
    start, end = min(cuts, key=lambda cut: abs(cut[0] - len(pgn) // 2))
    return pgn[:start], pgn[end:]


def make_folder(folder: Path) -> None:
    """The folder is there afterwards."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClientError(f"Cannot make the folder {folder}: {error.strerror}.", ExitCode.USAGE) from error


def name_of(players: str, game_id: str, taken: set[str]) -> str:
    """A file name without its ending, added to `taken`; the same game gets the same name in every run.

    >>> name_of("Tal, M. - Ivkov/../é", "5F-33c1-77", taken := set()), name_of("", "..", taken)
    ('tal-m-ivkov-e-5f33c177', 'game')
    """
    marks = slug(game_id).replace("-", "")
    players = slug(players)[:LONGEST_NAME].strip("-") or "game"
    name = "-".join(filter(None, (players, marks[:ID_CHARACTERS])))
    if name in taken:
        name = f"{players}-{marks}"
    number, first = 2, name
    while name in taken:
        name, number = f"{first}-{number}", number + 1
    taken.add(name)
    return name


def slug(text: str) -> str:
    """The text in small ASCII letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def write_results(folder: Path, name: str, pgn: bytes, report: Mapping[str, Any]) -> list[Path]:
    """Write `<name>.pgn` and `<name>.json`, replacing what an earlier run wrote."""
    contents = {
        folder / f"{name}.pgn": pgn,
        folder / f"{name}.json": (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode(
            "utf-8", "backslashreplace"
        ),
    }
    for path, content in contents.items():
        try:
            path.write_bytes(content)
        except OSError as error:
            raise ClientError(f"Cannot write {path}: {error.strerror}.", ExitCode.USAGE) from error
    return list(contents)
