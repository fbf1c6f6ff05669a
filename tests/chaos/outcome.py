"""What a chaos run came to: all that the checks look at, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knight_vision.domain.phase import Phase
from tests.chaos.games import SmallGame

__all__ = ["Accepted", "Outcome", "Reading", "Row", "Save"]

FINAL_STATES = ("done", "failed", "cancelled")


@dataclass(slots=True)
class Accepted:
    """A game whose analysis was accepted, as its user knows it."""

    game_id: str
    game: SmallGame
    generation: int
    """The last one that the API named."""
    wanted: frozenset[str]
    """States that it may end in."""


@dataclass(frozen=True, slots=True)
class Row:
    """An analysis in the store at one moment."""

    game_id: str
    generation: int
    state: str
    finished_phase: str | None
    report_phase: str | None
    report_generation: int | None
    failure: str | None

    @property
    def is_final(self) -> bool:
        """True when nothing more will happen in this generation."""
        return self.state in FINAL_STATES


@dataclass(frozen=True, slots=True)
class Save:
    """A line of a function's log: a phase's report was saved."""

    game_id: str
    generation: int
    phase: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as a user read it over HTTP."""

    game_id: str
    report: dict[str, Any] | None


@dataclass(slots=True)
class Outcome:
    """Everything that was seen."""

    games: Sequence[Accepted]
    asked: int
    """Games that were to be accepted."""
    rows: Mapping[str, Row]
    """Every analysis in the store at the end, by game."""
    expected: Callable[[str, Phase], dict[str, Any]]
    """The right report of a game (its PGN) and phase."""
    samples: Sequence[Row] = ()
    """Rows seen during the run, in order."""
    final_reports: Sequence[Reading] = ()
    early_reports: Sequence[Reading] = ()
    """Read while faults happened."""
    saves: Sequence[Save] = ()
    dead_letters: Mapping[str, str] = field(default_factory=dict)
    """What the operators are told was given up: the reason by game."""
    keys_left: Sequence[str] = ()
    """In Redis at the end, but for the permanent ones."""
    orphans: Sequence[str] = ()
    """Processes of the stack that belonged to no part of it at the end."""
    survivors: Sequence[str] = ()
    """Processes of the stack after its end."""
    surprises: Sequence[str] = ()
    """Answers of the API that no fault explains."""
    faults_planned: Mapping[str, int] = field(default_factory=dict)
    """By kind."""
    faults_done: Mapping[str, int] = field(default_factory=dict)
    """By kind."""
    fault_errors: Sequence[str] = ()
    """Faults that could not be done or undone."""
    hanging: Sequence[str] = ()
    """What was not final when the run was given up, with all that is known about it."""
