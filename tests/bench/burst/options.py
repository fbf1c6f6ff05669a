"""The constants of the simulation as options of a command line, with their own docstrings as help."""

from __future__ import annotations

import argparse
import ast
from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from knight_vision.config import Settings, parse
from knight_vision.domain.cost import Architecture
from tests.bench.burst import constants as module
from tests.bench.burst.constants import PHASES, Constants

__all__ = ["add_options", "constants_of", "meanings"]

BY_PHASE = {"timeouts_s": float, "reserved": int}


def meanings() -> dict[str, str]:
    """Constant → the words under it, in order."""
    tree = ast.parse(Path(module.__file__).read_text())
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef)).body
    found = {item.name: "" for item in fields(Constants)}
    for item, after in pairwise(body):
        if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[item.target.id] = " ".join(str(after.value.value).split())
    return found


def add_options(parser: argparse.ArgumentParser) -> None:
    """An option for each constant, and `--set` for the product's settings."""
    told = meanings()
    for item in fields(Constants):
        option = f"--{item.name.replace('_', '-')}"
        help_text = f"{told[item.name]} Default: {item.default}".replace("%", "%%").strip()
        if item.name in BY_PHASE:
            parser.add_argument(
                option, nargs=len(PHASES), type=BY_PHASE[item.name], metavar=tuple(PHASES), help=help_text
            )
        elif item.name == "architecture":
            parser.add_argument(option, choices=[*Architecture], type=Architecture, help=help_text)
        elif item.name == "call_order":
            parser.add_argument(option, choices=["oldest", "newest", "any"], help=help_text)
        elif item.name != "settings":
            parser.add_argument(option, type=type(item.default), help=help_text)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="SETTING=VALUE",
        help="a setting of docs/configuration.md, such as PHASE_FANOUT=5 or 'COMPLETE_LIMIT=nodes 300000'",
    )


def constants_of(options: argparse.Namespace) -> Constants:
    """The constants with what was given. Raises ValueError for an impossible setting."""
    given: dict[str, Any] = {
        item.name: getattr(options, item.name)
        for item in fields(Constants)
        if item.name != "settings" and getattr(options, item.name) is not None
    }
    for name in BY_PHASE:
        if name in given:
            given[name] = tuple(given[name])
    constants = replace(Constants(), **given)
    return replace(constants, settings=with_settings(constants.settings, options.set))


def with_settings(settings: Settings, texts: Sequence[str]) -> Settings:
    """The settings with `NAME=value` applied."""
    kinds = {item.name: str(item.type) for item in fields(Settings)}
    for text in texts:
        name, _, value = text.partition("=")
        if name.lower() not in kinds:
            raise ValueError(f"{name} is no setting")
        settings = replace(settings, **{name.lower(): parse(kinds[name.lower()], value)})
    return settings
