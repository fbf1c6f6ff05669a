"""How the service's own words are written as rows of the database functions, and read from them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from knight_vision.domain.job import GameId, Priority, UserId
from knight_vision.domain.phase import Phase
from knight_vision.domain.quota import DayUsage, Plan
from knight_vision.ports import AnalysisState, DeadLetter, NewGame, RequestedAnalysis, StartedBatch

__all__ = ["day_usage", "dead_letter", "game_row", "requested_analysis", "with_iso_times"]

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def game_row(new: NewGame) -> dict[str, Any]:
    """A game as `add_games` takes it."""
    return {
        "pgn": new.pgn,
        "headers": new.game.headers,
        "start_fen": new.game.start_fen,
        "is_chess960": new.game.is_chess960,
        "moves": " ".join(new.game.moves),
        "ply_count": new.game.ply_count,
        "content_hash": new.content_hash,
        "eco": new.eco,
        "opening": new.opening,
    }


def requested_analysis(row: dict[str, Any]) -> RequestedAnalysis:
    """An analysis as `describe_analyses` gives it."""
    return RequestedAnalysis(
        game_id=GameId(row["game_id"]),
        user_id=UserId(row["user_id"]),
        generation=row["generation"],
        state=AnalysisState(row["state"]),
        finished_phase=phase_or_none(row["finished_phase"]),
        requested_at_ms=row["requested_at_ms"],
        priority=Priority(row["priority"]),
        moves=tuple(row["moves"].split()),
        start_fen=row["start_fen"],
        is_chess960=row["is_chess960"],
        brings_evaluations=row.get("brings_evaluations", False),
    )


def dead_letter(row: dict[str, Any]) -> DeadLetter:
    """A failed analysis as `dead_letters` gives it."""
    return DeadLetter(
        game_id=GameId(row["game_id"]),
        user_id=UserId(row["user_id"]),
        generation=row["generation"],
        finished_phase=phase_or_none(row["finished_phase"]),
        reason=row["reason"],
        failed_at_ms=(datetime.fromisoformat(row["failed_at"]) - EPOCH) // timedelta(milliseconds=1),
    )


def day_usage(answer: dict[str, Any]) -> DayUsage:
    """What is used of the day as `usage` and `add_games` give it."""
    return DayUsage(Plan(answer["plan"]), answer["used"], answer["resets_in_s"])


def started_batch(answer: dict[str, Any]) -> StartedBatch:
    """What `start_batch` and `add_games` began."""
    return answer["batch_id"], [requested_analysis(row) for row in answer["analyses"]]


def with_iso_times(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """The row with its times in one form: servers differ in the zeros and the letter T."""
    return {**row, **{name: datetime.fromisoformat(row[name]).isoformat() for name in names if row[name]}}


def phase_or_none(name: str | None) -> Phase | None:
    return Phase(name) if name else None
