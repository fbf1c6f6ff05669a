"""Which metrics the functions send, read from their code: every call of the observer's `measured`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from knight_vision.domain.job import Priority
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import GameLength

__all__ = ["VALUES", "SentMetric", "sent_metrics"]

FUNCTIONS = Path(__file__).parents[2] / "functions"
VALUES: dict[str, frozenset[str]] = {
    "phase": frozenset(Phase),
    "priority": frozenset(priority.label for priority in Priority),
    "length": frozenset(GameLength),
}
"""What each dimension may say."""


class SentMetric(NamedTuple):
    """A metric with one set of dimensions, without `service`, which Powertools adds."""

    name: str
    unit: str
    dimensions: frozenset[str]


def sent_metrics() -> set[SentMetric]:
    """Each metric with each set of dimensions that it is sent with."""
    return {metric for path in sorted(FUNCTIONS.rglob("*.py")) for metric in sent_by(path.read_text())}


def sent_by(source: str) -> Iterator[SentMetric]:
    """The metrics of one module."""
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        dictionaries = named_dictionaries(function)
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("measured"):
                name, _value, unit = call.args
                assert isinstance(name, ast.Constant), ast.unparse(call)
                assert isinstance(unit, ast.Constant), ast.unparse(call)
                given: set[str] = set()
                for keyword in call.keywords:
                    given |= {keyword.arg} if keyword.arg else dictionaries[ast.unparse(keyword.value)]
                yield SentMetric(str(name.value), str(unit.value), frozenset(given))


def named_dictionaries(function: ast.FunctionDef) -> dict[str, set[str]]:
    """Variable → keys, of the dictionaries that a function writes out."""
    return {
        ast.unparse(node.targets[0]): {
            str(key.value) for key in node.value.keys if isinstance(key, ast.Constant)
        }
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    }
