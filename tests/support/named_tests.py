"""The tests that a page names, as `tests/file.py` or `tests/file.py::test_name`: do they exist?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

__all__ = ["missing_tests", "named_tests"]

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def named_tests(text: str) -> list[tuple[str, str]]:
    """File and function of every test in a text; the function is empty where a whole file is meant."""
    return NAMED.findall(text)


def missing_tests(text: str) -> list[str]:
    """Those of them that there are not."""
    return [f"{path}::{name}" for path, name in named_tests(text) if not exists(path, name)]


def exists(path: str, name: str) -> bool:
    """Whether a file has tests at all, and this one."""
    file = ROOT / path
    if not file.exists():
        return False
    functions = {
        part.name
        for part in ast.parse(file.read_text()).body
        if isinstance(part, ast.FunctionDef) and part.name.startswith("test_")
    }
    return name in functions if name else bool(functions)
