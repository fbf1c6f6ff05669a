"""The rows of docs/configuration.md, made from the code; `python -m tests.support.settings_table` prints."""

from __future__ import annotations

import ast
from dataclasses import MISSING, fields
from pathlib import Path

from knight_vision import config
from tests.support.settings_readers import readers


def rows() -> list[str]:
    """One Markdown row for each setting: name, default, meaning, the modules that read it."""
    docs, read_by = docstrings(), readers()
    return [
        row(item.name, item.default, docs[item.name], read_by.get(item.name, []))
        for item in fields(config.Settings)
    ]


def row(name: str, default: object, meaning: str, modules: list[str]) -> str:
    """The row of one setting."""
    shown = "required" if default is MISSING else f"`{default}`" if default not in ("", None) else "none"
    variable = f"`{name.upper()}`"
    if name.upper() in config.SECRETS:
        variable += f" or `{name.upper()}_PARAMETER`"
    read_by = ", ".join(f"`{path.removeprefix('knight_vision/').removesuffix('.py')}`" for path in modules)
    return f"| {variable} | {shown} | {meaning} | {read_by} |"


def docstrings() -> dict[str, str]:
    """Field name → the sentence under it."""
    tree = ast.parse(Path(config.__file__).read_text())
    settings = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    found = {}
    for item, after in zip(settings.body, settings.body[1:], strict=False):
        if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[item.target.id] = " ".join(str(after.value.value).split())
    return found


if __name__ == "__main__":
    print("\n".join(rows()))  # noqa: T201
