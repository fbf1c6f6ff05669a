"""The rows of the memory store, and the shapes in which the real one hands them out."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from knight_vision.domain.job import GameId, Priority, UserId
from knight_vision.domain.phase import Phase
from knight_vision.errors import InvalidRequestError
from knight_vision.ports import AnalysisState, DeadLetter, NewGame, RequestedAnalysis
from tests.support.memory_query import day_of


class SystemTime:
    """The real time, for those who do not care."""

    def now_ms(self) -> int:
        return int(datetime.now(UTC).timestamp() * 1000)


@dataclass
class AnalysisRow:
    generation: int = 0
    state: AnalysisState = AnalysisState.QUEUED
    finished_phase: Phase | None = None
    priority: Priority = Priority.STANDARD
    report: dict[str, Any] | None = None
    report_phase: Phase | None = None
    report_generation: int | None = None
    engine: str | None = None
    degraded: bool = False
    limits: dict[str, str] = field(default_factory=dict)
    timings: dict[str, Any] = field(default_factory=dict)
    failure: str | None = None
    requested_at_ms: int = 0
    finished_at_ms: int | None = None
    updated_at_ms: int = 0
    moves: list[dict[str, Any]] = field(default_factory=list)

    @property
    def redos(self) -> int:
        """How often a new generation was begun without a saved phase, while the report stayed."""
        return self.generation - (self.report_generation or self.generation)

    def accuracy(self, side: str) -> float | None:
        """A side's in the stored report."""
        found: float | None = (self.report or {}).get(side, {}).get("accuracy")
        return found

    @property
    def phase(self) -> Phase | None:
        """The phase that is running or next; None when final."""
        if self.state.is_final:
            return None
        return Phase.INITIAL if self.finished_phase is None else self.finished_phase.next


@dataclass
class GameRow:
    id: GameId
    user_id: UserId
    new: NewGame
    created_at: datetime
    analysis: AnalysisRow | None = None


def describe(game: GameRow, row: AnalysisRow) -> RequestedAnalysis:
    return RequestedAnalysis(
        game_id=game.id,
        user_id=game.user_id,
        generation=row.generation,
        state=row.state,
        finished_phase=row.finished_phase,
        requested_at_ms=row.requested_at_ms,
        priority=row.priority,
        moves=game.new.game.moves,
        start_fen=game.new.game.start_fen,
        is_chess960=game.new.game.is_chess960,
        brings_evaluations="[%eval " in game.new.pgn,
    )


def dead_letter(game: GameRow, row: AnalysisRow) -> DeadLetter:
    return DeadLetter(
        game_id=game.id,
        user_id=game.user_id,
        generation=row.generation,
        finished_phase=row.report_phase,
        reason=row.failure or "",
        failed_at_ms=row.finished_at_ms or 0,
    )


def game_json(row: GameRow) -> dict[str, Any]:
    game, headers = row.new.game, row.new.game.headers
    return {
        "id": row.id,
        "pgn": row.new.pgn,
        "headers": dict(headers),
        "white": headers.get("White"),
        "black": headers.get("Black"),
        "result": headers.get("Result"),
        "event": headers.get("Event"),
        "site": headers.get("Site"),
        "played_on": headers.get("Date"),
        "played_day": day_of(headers.get("Date")),
        "eco": row.new.eco,
        "opening": row.new.opening,
        "start_fen": game.start_fen,
        "is_chess960": game.is_chess960,
        "moves": " ".join(game.moves),
        "ply_count": game.ply_count,
        "queue_status": row.analysis.state.value if row.analysis else None,
        "analysis_phase": row.analysis.report_phase.value
        if row.analysis and row.analysis.report_phase
        else None,
        "created_at": row.created_at.isoformat(),
    }


def analysis_json(row: AnalysisRow) -> dict[str, Any]:
    answer: dict[str, Any] = through_json(
        {
            "generation": row.generation,
            "state": row.state,
            "phase": row.phase,
            "finished_phase": row.finished_phase,
            "progress": row.finished_phase.rank if row.finished_phase else 0,
            "priority": row.priority,
            "report": row.report,
            "report_phase": row.report_phase,
            "report_generation": row.report_generation,
            "engine": row.engine,
            "limits": row.limits,
            "timings": row.timings,
            "degraded": row.degraded,
            "failure": row.failure,
            "requested_at": iso(row.requested_at_ms),
            "finished_at": None if row.finished_at_ms is None else iso(row.finished_at_ms),
            "updated_at": iso(row.updated_at_ms),
            "white_accuracy": row.accuracy("white"),
            "black_accuracy": row.accuracy("black"),
        }
    )
    return answer


def iso(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat()


def through_json(value: Any) -> Any:
    """What comes back of a value that was stored as JSON: a copy, without classes of its own."""
    return json.loads(json.dumps(value, allow_nan=False))


def in_order_of_request(analysis: RequestedAnalysis) -> tuple[int, str]:
    return analysis.requested_at_ms, analysis.game_id


def parse_cursor(text: str) -> tuple[datetime, str]:
    created_at, _, game_id = text.partition("|")
    try:
        moment = datetime.fromisoformat(created_at)
        uuid.UUID(game_id)
    except ValueError as error:
        raise InvalidRequestError("The cursor is not one that a page of games gave.") from error
    if moment.tzinfo is None:
        raise InvalidRequestError("The cursor is not one that a page of games gave.")
    return moment, game_id
