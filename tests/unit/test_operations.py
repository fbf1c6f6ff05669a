"""docs/operations.md has a runbook for every alarm, each says the four things, its figures are computed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import scaling_table
from tests.support.monitoring import EVERYTHING, alarm_metrics, alarms, described_alarms

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/operations.md").read_text()
HEADINGS = ("What it means", "How to look", "What to do", "How to know it is over")
ALARM_COST_USD, FREE_ALARM_METRICS = 0.10, 10


def anchor(heading: str) -> str:
    """What GitHub calls a heading in a link.

    >>> anchor("Redis lost"), anchor("What's new?")
    ('redis-lost', 'whats-new')
    """
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def sections(chapter: str) -> dict[str, str]:
    """Anchor → text of each section of a chapter."""
    [body] = re.findall(rf"^## {chapter}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    parts = re.split(r"^### (.*)$", body, flags=re.MULTILINE)[1:]
    return {anchor(heading): text for heading, text in zip(parts[::2], parts[1::2], strict=True)}


RUNBOOKS = {**sections("Alarms"), **sections("Runbooks")}
WANTED = {
    "one-users-game",
    "pause",
    "redis-lost",
    "supabase-lost",
    "region-lost",
    "dead-letters-of-events",
    "roll-back",
    "rotate-keys",
    "upgrade-stockfish",
    "scaling",
}


def test_every_alarm_leads_to_its_runbook_and_every_runbook_is_of_an_alarm() -> None:
    assert sorted(described_alarms().values()) == sorted(sections("Alarms"))


def test_nothing_that_happens_is_without_a_runbook() -> None:
    assert sections("Runbooks").keys() == WANTED


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_runbook_says_the_four_things_in_order(name: str) -> None:
    text = RUNBOOKS[name]
    assert tuple(re.findall(r"^\*\*([^*]+)\.\*\* ", text, re.MULTILINE)) == HEADINGS
    for heading in HEADINGS:
        [said] = re.findall(rf"^\*\*{heading}\.\*\* (.+?)(?=^\*\*|\Z)", text, re.MULTILINE | re.DOTALL)
        assert len(said.split()) >= 3, heading


def test_links_within_the_page_lead_somewhere() -> None:
    there = {anchor(heading) for heading in re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= there


def test_commands_of_the_runbooks_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", TEXT)) <= targets


def test_parameters_and_metrics_of_the_runbooks_exist() -> None:
    known = (ROOT / "template.yaml").read_text() + (ROOT / "docs/metrics.md").read_text()
    outputs = (ROOT / "infra/monitoring.yaml").read_text()
    named = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)(?:=[^`]*)?`", TEXT))
    services = {"GetParameters", "PutEvents"}
    for name in named - services:
        assert name in known or name in outputs or name.endswith("Error"), name


def test_what_watching_costs_follows_from_the_alarms() -> None:
    always, all_of_them = ([*alarms(given).values()] for given in ({}, EVERYTHING))
    read, read_by_all = (
        sum(len(list(alarm_metrics(alarm))) for alarm in some) for some in (always, all_of_them)
    )
    words = {8: "eight", 11: "eleven"}
    least, most = (ALARM_COST_USD * (count - FREE_ALARM_METRICS) for count in (read, read_by_all))
    said = (
        f"The {words[len(always)]} alarms that are always there read {read} metrics, "
        f"all {words[len(all_of_them)]} {read_by_all}: so ${least:.2f} to ${most:.2f} a month"
    )
    assert said in " ".join(TEXT.split())


def test_the_scaling_guide_is_what_the_constants_give() -> None:
    for row in scaling_table.rows():
        assert row in TEXT, "PYTHONPATH=functions python -m tests.support.scaling_table prints the rows"
