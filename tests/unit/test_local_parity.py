"""docs/local-stack.md has every part of a deployment, what stands for it here, and what tests the rest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.local.cloudformation import CloudFormationLoader
from tests.support.named_tests import missing_tests, named_tests

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "local-stack.md").read_text()
ROWS = [row.split(" | ") for row in re.findall(r"^\| (?!in AWS|---)(.*) \|$", PAGE, re.MULTILINE)]
SUPABASE_PARTS = {
    "Postgres",
    "PostgREST",
    "Auth",
    "keys and gateway",
    "Realtime, where a project has it",
    "backups",
}


def templates() -> dict[str, dict[str, Any]]:
    """Every template by its path."""
    paths = [ROOT / "template.yaml", *sorted((ROOT / "infra").glob("*.yaml"))]
    read = {path.name: yaml.load(path.read_text(), CloudFormationLoader) for path in paths}  # a SafeLoader
    return {name: content for name, content in read.items() if "Resources" in content}


def test_every_type_of_every_template_is_in_the_table_and_no_other() -> None:
    assert templates().keys() >= {"template.yaml", "cache.yaml", "monitoring.yaml", "dashboards.yaml"}
    declared = {
        resource["Type"] for template in templates().values() for resource in template["Resources"].values()
    }
    assert {kind for row in ROWS for kind in re.findall(r"`(AWS::[\w:]+)`", row[0])} == declared


def test_everything_that_calls_a_function_is_in_the_table() -> None:
    events = {
        event["Type"]
        for resource in templates()["template.yaml"]["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
        for event in resource["Properties"]["Events"].values()
    }
    shown = " ".join(row[0] for row in ROWS)
    assert events == set(re.findall(r"the event `(\w+)`", shown))


def test_every_part_of_supabase_is_in_the_table() -> None:
    assert {row[0].removeprefix("Supabase: ") for row in ROWS if "Supabase" in row[0]} == SUPABASE_PARTS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_says_what_differs_and_names_tests_that_exist_or_nothing(row: list[str]) -> None:
    _there, here, differs, covered = row
    assert here
    assert differs
    assert missing_tests(covered) == []
    assert named_tests(covered) or covered.endswith("nothing")
    for module in re.findall(r"`(\w+\.py)`", here):
        assert (ROOT / "infra" / "local" / module).exists(), module


def test_commands_with_docker_name_files_and_functions_that_exist() -> None:
    text = PAGE.split("## With Docker")[1]
    for path in re.findall(r"\b((?:infra|tests)/[\w/.]+\.(?:yaml|json|py))\b", text):
        assert (ROOT / path).exists(), path
    functions = templates()["template.yaml"]["Resources"]
    assert set(re.findall(r"local invoke (\w+)", text)) <= functions.keys()
    for module in re.findall(r"-m (infra\.local\.\w+)", text):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists()
