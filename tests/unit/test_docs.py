"""The documentation is complete: what the code has, the docs name."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from infra.local.cloudformation import CloudFormationLoader
from infra.local.template import load_template
from knight_vision.config import Settings
from tests.support import cost_tables, emitted_metrics, settings_readers, settings_table
from tests.support.named_tests import missing_tests, named_tests

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_every_setting_is_documented_with_default_meaning_and_readers() -> None:
    text = (DOCS / "configuration.md").read_text()
    missing = [row for row in settings_table.rows() if row not in text]
    assert not missing, "PYTHONPATH=functions python -m tests.support.settings_table prints the rows"


def test_every_variable_that_the_template_sets_is_documented() -> None:
    template = load_template(
        ROOT / "template.yaml", {"SupabaseUrl": "https://x", "SupabasePublishableKey": "x"}
    )
    variables = set().union(*(function.environment for function in template.functions.values()))
    text = (DOCS / "configuration.md").read_text()
    assert [name for name in sorted(variables) if f"`{name}`" not in text] == []


def test_every_setting_is_read_by_some_module() -> None:
    read = settings_readers.readers()
    assert {item.name for item in fields(Settings)} == read.keys()
    assert read["phase"] == ["phase/handler.py"]


def test_every_parameter_of_the_template_is_documented() -> None:
    text = (DOCS / "deploying.md").read_text()
    table = "".join(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE))
    documented = set(re.findall(r"`([A-Z][A-Za-z]+)`", table))
    declared = yaml.load((ROOT / "template.yaml").read_text(), CloudFormationLoader)[
        "Parameters"
    ]  # a SafeLoader
    assert documented == declared.keys()


def test_no_documented_setting_is_unknown() -> None:
    known = {row.split("|")[1].split("`")[1] for row in settings_table.rows()}
    table = (DOCS / "configuration.md").read_text().split("## Of the commands")[0]
    documented = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))
    assert documented == known


def test_every_endpoint_is_documented() -> None:
    from api.app import create_app

    text = (DOCS / "protocol.md").read_text()
    paths = create_app().openapi()["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            documented = path.replace("{game_id}", "{id}")
            row = re.search(rf"\| `{method.upper()} {re.escape(documented)}[^|]*\| `([a-z_]+)` \|", text)
            assert row, f"{method.upper()} {documented}"
            assert row[1] == operation["operationId"]


def test_every_problem_code_is_documented() -> None:
    from api.errors import PROBLEMS

    text = (DOCS / "protocol.md").read_text()
    for code, (status, _title) in PROBLEMS.items():
        assert re.search(rf"^\|[^|]*`{code}`[^|]*\|[^|]*{status}", text, re.MULTILINE), code


def test_every_script_and_key_is_documented() -> None:
    text = (DOCS / "protocol.md").read_text()
    scripts = sorted((ROOT / "functions/knight_vision/adapters/redis_queue/lua").glob("[a-z]*.lua"))
    assert scripts
    for script in scripts:
        assert f"`{script.stem}`" in text, script.name


@pytest.mark.parametrize(
    "page", [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"], ids=lambda path: path.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_decisions_are_numbered_once_and_say_how_they_are_checked() -> None:
    numbers = []
    for path in sorted((DOCS / "decisions").glob("*.md")):
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name), path.name
        numbers.append(path.name[:4])
        text = path.read_text()
        for heading in ("## Problem", "## Decision", "## Consequences", "## Check"):
            assert heading in text, f"{path.name} lacks {heading}"
        for check in re.findall(r"`(tests/[\w/.-]+)`", text):
            assert (ROOT / check).exists(), f"{path.name} names {check}"
    assert len(numbers) == len(set(numbers))


def test_every_threat_has_a_test_that_exists() -> None:
    text = (DOCS / "security.md").read_text()
    listed = text.split("## Threats")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (?!threat|---)(.*) \|$", listed, re.MULTILINE)
    assert len(rows) > 20
    for row in rows:
        threat, stopped_by, proof = row.split(" | ")
        assert threat
        assert stopped_by
        named = named_tests(proof)
        assert ", ".join(f"`{path}{name and '::' + name}`" for path, name in named) == proof, threat
        assert missing_tests(proof) == [], threat
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= set(targets)


def test_every_metric_is_documented_with_its_unit_and_dimensions() -> None:
    documented: set[tuple[str, str, frozenset[str]]] = set()
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|([^|]*)\|", (DOCS / "metrics.md").read_text(), re.MULTILINE)
    for name, unit, sets in rows:
        documented |= {(name, unit, frozenset(one.split(" and ")) - {""}) for one in sets.strip().split("; ")}
    sent = set(map(tuple, emitted_metrics.sent_metrics()))
    assert len(sent) > 15
    assert documented == sent


def test_everything_in_a_report_is_explained() -> None:
    from api.report_schemas import MoveReport, Report, SideReport
    from knight_vision.domain.motifs import Motif
    from knight_vision.domain.move_class import MoveClass

    pages = {path.stem: path.read_text() for path in DOCS.glob("analysis*.md")}
    for motif in Motif:
        assert re.search(rf"^\| `{motif}` \|", pages["analysis-motifs"], re.MULTILINE), motif
    for move_class in MoveClass:
        assert f"`{move_class}`" in pages["analysis-classes"], move_class
    everything = "\n".join([*pages.values(), (DOCS / "protocol.md").read_text()])
    for model in (Report, SideReport, MoveReport):
        for name, field in model.model_fields.items():
            assert re.search(rf'[`"]{field.alias or name}[`"]', everything), name


def test_every_price_is_what_the_prices_give() -> None:
    made = [
        *cost_tables.phases(),
        *cost_tables.besides(),
        *cost_tables.idle(),
        *cost_tables.server(),
        *cost_tables.bursts(),
    ]
    lines = (DOCS / "cost.md").read_text().splitlines()
    missing = [row for row in made if row not in lines]
    assert not missing, "PYTHONPATH=functions python -m tests.support.cost_tables prints the rows"
    # The large bursts take seconds: tests/bench/burst/test_simulation.py plays them again.
    others = ("| games |", "| 10,000 |", "| 100,000 |", "| 1,000,000 |")
    numbers = [line for line in lines if re.match(r"\|.*\| [\d.,]+", line) and not line.startswith(others)]
    assert set(numbers) == set(made)
