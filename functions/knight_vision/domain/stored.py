"""What crosses the port of the store: analyses as the services know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from knight_vision.domain.job import GameId, Priority, UserId
from knight_vision.domain.phase import AnalysisState, Limit, NoSearch, Phase

__all__ = [
    "CancelledAnalysis",
    "DeadLetter",
    "PhaseResult",
    "RequestedAnalysis",
    "SaveAnswer",
    "StartedBatch",
]


@dataclass(frozen=True, slots=True)
class RequestedAnalysis:
    """An analysis that was asked for, as the store knows it afterwards."""

    game_id: GameId
    user_id: UserId
    generation: int
    state: AnalysisState
    finished_phase: Phase | None
    """The best finished phase of this generation; None at the start of a new one."""
    requested_at_ms: int
    priority: Priority
    moves: tuple[str, ...]
    start_fen: str
    is_chess960: bool
    brings_evaluations: bool = False
    """True when the game's PGN has evaluations, of all its moves or some."""


StartedBatch = tuple[str | None, list[RequestedAnalysis]]
"""A batch's id, None when there was nothing to begin, and its analyses."""


class SaveAnswer(StrEnum):
    """What saving under a generation did."""

    SAVED = "saved"
    ALREADY_SAVED = "already_saved"
    """This phase, or a later one, of this generation was there: nothing changed."""
    STALE = "stale"
    """The store has a newer generation, or this one is final: nothing changed."""
    UNKNOWN = "unknown"
    """No such analysis: the game was deleted."""


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """One finished phase, ready to be saved."""

    game_id: GameId
    generation: int
    phase: Phase
    report: dict[str, Any]
    """The report without its moves, JSON-ready (see `domain/report.py`)."""
    moves: list[dict[str, Any]]
    """One row for each ply, JSON-ready."""
    engine: str
    """The engine's own name, such as `Stockfish 17.1`."""
    limit: Limit | NoSearch
    is_degraded: bool = False
    """True when the limit is smaller than configured: it is done again when the queue is idle."""
    timings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CancelledAnalysis:
    """What cancelling did."""

    answer: SaveAnswer
    """SAVED, ALREADY_SAVED (it was cancelled before), STALE (it is done or failed) or UNKNOWN."""
    generation: int
    """What the queue must forget; 0 when UNKNOWN."""
    game: dict[str, Any] | None = None
    """The game with its analysis afterwards, as `GameLibrary.analysis` has it without a report; None when
    there is no such game of the user's."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An analysis that was given up, for an operator to look at and to start again."""

    game_id: GameId
    user_id: UserId
    generation: int
    finished_phase: Phase | None
    """The best phase that is readable all the same."""
    reason: str
    failed_at_ms: int
    """Unix ms."""
