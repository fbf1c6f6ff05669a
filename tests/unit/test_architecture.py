"""The architecture is held by machines: contracts on imports, and a few rules on files."""

import ast
from pathlib import Path

import pytest
from importlinter import api as importlinter

ROOT = Path(__file__).parents[2]
FUNCTIONS = ROOT / "functions"
MOST_LINES = 400
SOURCES = sorted(path for path in FUNCTIONS.rglob("*.py"))


def test_the_import_contracts_of_pyproject_are_about_packages_that_exist() -> None:
    """`make check` runs the contracts; here: none of them has gone empty by a renamed package."""
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


def test_phase_functions_never_load_the_web_stack() -> None:
    import subprocess
    import sys

    code = (
        "import sys, phase.handler, sweeper.handler, knight_vision.bootstrap;"
        "print([name for name in ('fastapi', 'starlette', 'mangum', 'supabase') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=FUNCTIONS, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
