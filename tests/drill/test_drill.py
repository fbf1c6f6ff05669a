"""`make drill` fails when anything does. The loss of a region is played here; tests/e2e/test_faults.py and
`make chaos` lose Redis and Supabase."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.drill import __main__ as command
from tests.drill.drills import DRILLS, region_lost
from tests.drill.outcome import Outcome, table


def outcome(*checks: bool, under_way: int = 3) -> Outcome:
    made = Outcome("Redis lost", "killed", games=4, under_way=under_way)
    for number, is_ok in enumerate(checks):
        made.must(f"check {number}", is_ok)
    return made


@pytest.mark.parametrize(
    ("played", "is_ok"),
    [
        (outcome(True, True), True),
        (outcome(True, False), False),
        (outcome(), False),  # nothing was looked at
        (outcome(True, under_way=0), False),  # nothing was there to be lost
    ],
)
def test_a_drill_passes_only_with_work_under_way_and_every_check(played: Outcome, is_ok: bool) -> None:
    assert played.is_ok is is_ok
    assert table([played]).startswith("PASS" if is_ok else "FAIL")


@pytest.mark.parametrize(("is_ok", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_is_the_verdict(
    is_ok: bool,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["drill", "--only", "redis", "region"])
    monkeypatch.setitem(DRILLS, "redis", lambda *_: outcome(True))
    monkeypatch.setitem(DRILLS, "region", lambda *_: outcome(is_ok))
    assert command.main() == code
    assert ("FAIL" in capsys.readouterr().out) is not is_ok
    assert list((tmp_path / ".local/drill").iterdir()) == [] or not is_ok


def test_a_drill_that_breaks_is_a_failed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Outcome:
        raise TimeoutError("the stack does not start")

    monkeypatch.setitem(DRILLS, "redis", broken)
    [check] = command.run("redis", command.stacks(tmp_path, is_quick=False), tmp_path, False).checks
    assert "does not start" in check.seen
    assert not check.is_ok


@pytest.mark.timeout(600)
def test_after_the_loss_of_a_region_every_game_has_its_report(tmp_path: Path) -> None:
    played = region_lost(command.stacks(tmp_path, is_quick=True), tmp_path / "stack", True)
    assert played.is_ok, table([played])
