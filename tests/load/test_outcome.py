"""The report of a load run says what was lost."""

from __future__ import annotations

import json
from pathlib import Path

from tests.load.outcome import Outcome

STATS = """Type,Name,Request Count,Failure Count,Median Response Time,50%,95%,99%,100%
GET,poll,40,1,12,12,30,41,50
POST,ask,0,0,0,N/A,N/A,N/A,N/A
,Aggregated,40,1,12,12,30,41,50
"""
FAILURES = "Method,Name,Error,Occurrences\nGET,poll,503 Server Error,1\n"


def outcome(folder: Path, *samples: dict[str, object], failures: str = "") -> Outcome:
    """What is read of a run that left these files."""
    (folder / "stats").write_text(STATS)
    (folder / "failures").write_text(failures)
    (folder / "samples").write_text("".join(json.dumps(sample) + "\n" for sample in samples))
    return Outcome.read(folder / "stats", folder / "failures", folder / "samples")


def ended(game: str, state: str = "done", first_s: float | None = 0.5) -> dict[str, object]:
    """The line of a user whose game came to its end."""
    return {
        "kind": "ended",
        "game_id": game,
        "state": state,
        "first_s": first_s,
        "total_s": 3.0,
        "polls": 4,
    }


ACCEPTED: list[dict[str, object]] = [{"kind": "accepted", "game_id": game} for game in ("a", "b")]


def test_a_run_without_losses_is_good(tmp_path: Path) -> None:
    found = outcome(tmp_path, *ACCEPTED, ended("a"), ended("b", first_s=1.5))
    assert list(found.problems()) == []
    report = "\n".join(found.lines())
    assert "| poll | 40 | 1 | 12 | 30 | 41 | 50 |" in report
    assert "| the first report seen | 1.00 | 1.50 | 1.50 |" in report
    assert "2 analyses accepted, 2 finished, 4.0 polls for each." in report


def test_an_accepted_analysis_that_never_ends_is_lost(tmp_path: Path) -> None:
    assert list(outcome(tmp_path, *ACCEPTED, ended("a")).problems()) == [
        "1 of 2 accepted analyses never ended: ['b']"
    ]


def test_failed_analyses_and_failed_requests_are_told(tmp_path: Path) -> None:
    found = outcome(tmp_path, *ACCEPTED, ended("a"), ended("b", "failed", None), failures=FAILURES)
    assert list(found.problems()) == ["analyses ended as failed", "1 x poll: 503 Server Error"]


def test_a_run_in_which_nobody_did_anything_is_not_good(tmp_path: Path) -> None:
    found = Outcome.read(tmp_path / "none", tmp_path / "none", tmp_path / "none")
    assert list(found.problems()) == ["no analysis was accepted"]
