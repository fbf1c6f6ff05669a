"""docs/contributing.md, CHANGELOG.md and README.md name what there is, and leave nothing out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.named_tests import missing_tests, named_tests

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CONTRIBUTING = (DOCS / "contributing.md").read_text()
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", CONTRIBUTING, re.MULTILINE | re.DOTALL))
CHANGES = {
    "A motif",
    "A positional metric",
    "A metric for CloudWatch",
    "A phase",
    "A route",
    "A setting",
    "A migration",
    "An alarm",
}
FOLDERS = ("functions", "infra", "clients", "docs", "tests")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
"""Of Keep a Changelog."""


def test_every_usual_change_is_told() -> None:
    assert SECTIONS.keys() - {"First"} == CHANGES


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_change_names_its_files_and_the_tests_that_complain(change: str) -> None:
    steps, complaints = SECTIONS[change].split("\n**Until then complain:** ")
    assert re.findall(r"^1\. ", steps, re.MULTILINE)
    assert named_tests(complaints)
    assert missing_tests(complaints) == []


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w/.-]+)`", CONTRIBUTING))
    assert len(named) > 40
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    bare = set(re.findall(r"`(?:explain/)?(\w+\.py)`", CONTRIBUTING))
    everywhere = {
        path.name for folder in ("functions", "clients/cli") for path in (ROOT / folder).rglob("*.py")
    }
    assert bare <= everywhere
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", CONTRIBUTING, re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }


def test_names_of_the_code_that_it_relies_on_exist() -> None:
    for path, name in {
        "tests/unit/test_template.py": "LEFT_TO_THEIR_DEFAULTS",
        "functions/knight_vision/config.py": "contradictions",
        "functions/knight_vision/domain/positional/position.py": "side_metrics",
        "infra/supabase/migrations/20261123150400_add_result_functions.sql": "v_phases",
    }.items():
        assert f"`{name}`" in CONTRIBUTING
        assert name in (ROOT / path).read_text()


def test_the_changelog_is_of_this_version_and_of_known_kinds() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.findall(r"^## \[(.+?)\] - (\S+)$", text, re.MULTILINE)[0][0] == version
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= KINDS


def test_the_readme_leads_to_every_page() -> None:
    """To each of docs/ by itself, or to the page that it is a part of."""
    readme = (ROOT / "README.md").read_text()
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)", readme))
    parts = {"analysis-", "motif-"}
    pages = {f"docs/{path.name}" for path in DOCS.glob("*.md") if not path.name.startswith(tuple(parts))}
    assert pages <= linked
    assert "](CHANGELOG.md)" in readme
    within = (DOCS / "analysis.md").read_text() + (DOCS / "analysis-motifs.md").read_text()
    for path in DOCS.glob("*.md"):
        if path.name.startswith(tuple(parts)):
            assert f"]({path.name}" in within, path.name


def test_the_architecture_names_modules_that_exist() -> None:
    text = (DOCS / "architecture.md").read_text()
    places = (ROOT, ROOT / "functions", ROOT / "functions/knight_vision")
    for name in re.findall(r"`([\w/]+\.(?:py|yaml))`", text):
        assert any((place / name).exists() for place in places), name
    services = {path.name for path in (places[2] / "services").glob("[a-z]*.py")}
    untold = {"list_games.py", "cancel_analysis.py", "operate.py", "own_data.py"}
    assert services - untold == set(re.findall(r"`services/(\w+\.py)`", text))
