"""Which modules read which setting: found in the code, for docs/configuration.md and against dead ones."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from knight_vision import config

__all__ = ["FUNCTIONS", "readers"]

FUNCTIONS = Path(config.__file__).parents[1]
TYPES = {"Settings", "OrderSettings"}
"""The second has some of the first's, under the same names."""


def readers() -> dict[str, list[str]]:
    """Field name → the modules that read it, by their paths below functions/; other than config.py itself."""
    members = fields_of_members()
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(FUNCTIONS.rglob("*.py")):
        if path != Path(config.__file__):
            for member in members_read(ast.parse(path.read_text())):
                for name in members.get(member, ()):
                    found[name].add(str(path.relative_to(FUNCTIONS)))
    return {name: sorted(paths) for name, paths in found.items()}


def fields_of_members() -> Mapping[str, set[str]]:
    """What each field, property and method of Settings reads of the fields."""
    names = {item.name for item in fields(config.Settings)}
    members = {name: {name} for name in names}
    tree = ast.parse(Path(config.__file__).read_text())
    settings = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    for part in settings.body:
        if isinstance(part, ast.FunctionDef):
            members[part.name] = names & attributes_of({"self"}, part)
    return members


def members_read(tree: ast.Module) -> set[str]:
    """The attributes that a module takes of settings."""
    known = {"settings", "_settings", *names_of_settings(tree)}
    return attributes_of(known, tree)


def names_of_settings(tree: ast.Module) -> Iterator[str]:
    """The names that are given to settings: by assignment, or as an argument's type."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and last_name(node.value) == "settings":
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        if isinstance(node, ast.arg) and last_name(node.annotation) in TYPES:
            yield node.arg


def attributes_of(owners: set[str], tree: ast.AST) -> set[str]:
    """The attributes of `owner.attribute`, `x.owner.attribute` and `owner().attribute`."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and last_name(node.value) in owners
    }


def last_name(node: ast.AST | None) -> str | None:
    """`c` of `a.b.c`, of `a.b.c()` and of `c`."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
