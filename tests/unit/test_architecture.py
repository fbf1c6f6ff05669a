"""The architecture is held by machines: contracts on imports, and a few rules on files."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter import api as importlinter

ROOT = Path(__file__).parents[2]
FUNCTIONS = ROOT / "functions"
MOST_LINES = 400
SOURCES = sorted(path for path in FUNCTIONS.rglob("*.py"))


def test_the_import_contracts_of_pyproject_are_about_packages_that_exist() -> None:
    """`make lint` runs the contracts; here: none of them has gone empty by a renamed package."""
    configuration = importlinter.read_configuration(str(ROOT / "pyproject.toml"))
    for package in configuration["session_options"]["root_packages"]:
        assert (FUNCTIONS / package / "__init__.py").exists(), package


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(FUNCTIONS)))
def test_a_file_has_one_job(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES
    assert ast.get_docstring(ast.parse(path.read_text())), "its first lines say which"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(FUNCTIONS)))
def test_only_bootstrap_reads_the_environment(path: Path) -> None:
    if path.name != "bootstrap.py":
        assert "os.environ" not in path.read_text()
        assert "getenv" not in path.read_text()


SLOW_TO_LOAD = (
    "asyncio",
    "boto3",
    "chess",
    "cryptography",
    "fastapi",
    "httpx",
    "jwt",
    "mangum",
    "postgrest",
    "redis",
    "supabase",
)
ALLOWED = {"api.handler": {"asyncio", "fastapi", "mangum"}}
MOST_MODULES = {"phase.handler": 160, "sweeper.handler": 160, "api.handler": 530}
"""More than an empty handler loads; with 140, 140 and 509 when this was last looked at."""


@pytest.mark.parametrize("handler", MOST_MODULES)
def test_a_function_starts_with_what_it_needs_alone(handler: str) -> None:
    """Imports are most of a cold start. What is missing here is loaded by whoever needs it first."""
    empty, loaded = modules_after("sys"), modules_after(handler)
    slow = {name for name in SLOW_TO_LOAD if name in loaded}
    assert slow <= ALLOWED.get(handler, set())
    assert len(loaded - empty) <= MOST_MODULES[handler]


def modules_after(name: str) -> set[str]:
    """The modules that a new interpreter has loaded after an import."""
    code = f"import sys, {name}; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=FUNCTIONS, capture_output=True, text=True, check=True
    )
    return set(answer.stdout.split())
