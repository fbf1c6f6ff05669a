"""docs/analysis-positional.md is shown to players as help: it must name everything."""

import re
from pathlib import Path

import pytest

from knight_vision.domain.positional import ChangeKind, Feature
from knight_vision.domain.positional.game_story import SERIES
from knight_vision.domain.positional.position import NAMES

HELP = (Path(__file__).parents[4] / "docs" / "analysis-positional.md").read_text(encoding="utf-8")
ROWS = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def named_in(section: str) -> list[str]:
    """The names in the first column of a section's table."""
    return ROWS.findall(HELP.split(f"\n## {section}\n")[1].split("\n## ")[0])


def test_every_metric_has_a_row_and_no_other_has() -> None:
    sections = ("Material", "Pawns", "King", "Pieces, space and centre")
    named = [name for section in sections for name in named_in(section)]
    assert sorted(named) == sorted([*NAMES, "imbalance"])


def test_every_change_has_a_row_in_the_order_of_importance() -> None:
    assert named_in("Changes") == [kind.value for kind in ChangeKind]


def test_every_feature_of_the_story_has_a_row() -> None:
    assert named_in("Story") == [feature.value for feature in Feature]


@pytest.mark.parametrize("name", SERIES)
def test_every_series_is_named(name: str) -> None:
    assert f"`{name}`" in HELP.split("\n## Story\n")[1]
