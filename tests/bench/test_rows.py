"""That budgets are judged, and that the table of all benches has a line for each."""

from __future__ import annotations

import pytest

from tests.bench.all import BENCHES, rows_apart
from tests.bench.rows import Row, judged, summary


@pytest.mark.parametrize(
    ("row", "is_kept"),
    [
        (Row("most", ratio=1.3, budget=1.3), True),
        (Row("most", ratio=1.31, budget=1.3), False),
        (Row("least", ratio=0.9, budget=0.9, at_least=True), True),
        (Row("least", ratio=0.89, budget=0.9, at_least=True), False),
        (Row("seconds", ours=2.1, ratio=1.0, budget=2.0, is_of_ours=True), False),
        (Row("no budget", ratio=9.0), True),
        (Row("no figures", budget=1.0), False),
        (Row("failed", missing="nothing is built"), False),
    ],
)
def test_a_row_is_kept_within_its_budget(row: Row, is_kept: bool) -> None:
    assert row.is_kept is is_kept


def test_the_table_has_bound_ours_ratio_and_budget() -> None:
    rows = [
        Row("phase", 12.69, 13.8, "s", 1.088, 1.02),
        Row("enqueue", ratio=0.72, budget=0.65, at_least=True),
        Row("cold start", missing="failed: nothing is built"),
    ]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in summary(rows).splitlines()[2:]]
    assert cells == [
        ["phase", "12.7 s", "13.8 s", "1.09", "1.02", "FAIL"],
        ["enqueue", "", "", "0.72", "at least 0.65", "PASS"],
        ["cold start", "", "", "", "", "failed: nothing is built"],
    ]
    assert judged(rows) == "- FAIL: phase: 1.09, budget 1.02\n- PASS: enqueue: 0.72, budget at least 0.65"


def test_a_bench_that_fails_is_a_row_that_says_why() -> None:
    (row,) = rows_apart("missing", "tests.bench.no_such_bench", is_quick=True)
    assert row.missing == "failed: No module named 'tests.bench.no_such_bench'"


def test_every_bench_has_its_own_command() -> None:
    from tests.support.stack import ROOT

    makefile = (ROOT / "Makefile").read_text()
    for name, module in BENCHES.items():
        assert f"\nbench-{name}: setup" in makefile or f"\ntrace-{name}: setup" in makefile
        command = module.removesuffix(".__main__")
        assert f"-m {command} " in makefile or f"-m {command}\n" in makefile
