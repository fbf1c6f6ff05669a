"""The operators' answers of the HTTP API as values, like those in answers.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knight_vision_cli.answers import PHASES
from knight_vision_cli.fields import objects, optional, required
from knight_vision_cli.text import clean

__all__ = ["DeadLetter", "Metrics", "PhaseNumbers", "PriorityNumbers", "redriven_of"]

PRIORITIES = ("premium", "standard", "premium_bulk", "bulk")
GAME_LENGTHS = ("short", "medium", "long")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An analysis that was given up."""

    game_id: str
    finished_phase: str | None
    """The best phase that can be read all the same."""
    reason: str
    failed_at: str
    json: Json
    """The answer as it came."""

    @classmethod
    def of(cls, fields: Json) -> DeadLetter:
        """An entry of `list_dead_letters`."""
        return cls(
            game_id=required(fields, "game_id", str),
            finished_phase=optional(fields, "finished_phase", str),
            reason=optional(fields, "reason", str) or "",
            failed_at=required(fields, "failed_at", str),
            json=fields,
        )


@dataclass(frozen=True, slots=True)
class PriorityNumbers:
    """One phase at one priority: what waits now, and what was done in the last hour."""

    priority: str
    units_in_line: int
    games_behind: int
    oldest_ms: float
    mean_wait_ms: float | None
    phases_finished: int
    mean_since_request_ms: float | None

    @property
    def is_idle(self) -> bool:
        """True when there is nothing to tell."""
        return not (
            self.units_in_line or self.games_behind or self.phases_finished or self.mean_wait_ms is not None
        )

    @classmethod
    def of(cls, priority: str, now: Json, last_hour: Json) -> PriorityNumbers:
        """From the two places where the answer has them."""
        return cls(
            priority=priority,
            units_in_line=optional(now, "units_in_line", int) or 0,
            games_behind=optional(now, "games_behind", int) or 0,
            oldest_ms=optional(now, "oldest_ms", float) or 0.0,
            mean_wait_ms=optional(last_hour, "mean_wait_ms", float),
            phases_finished=optional(last_hour, "phases_finished", int) or 0,
            mean_since_request_ms=optional(last_hour, "mean_since_request_ms", float),
        )


@dataclass(frozen=True, slots=True)
class PhaseNumbers:
    """One phase."""

    phase: str
    units_in_flight: int
    claims: int
    failed_attempts: int
    expired_leases: int
    exhausted_units: int
    mean_phase_ms: tuple[float | None, ...]
    """For short, medium and long games."""
    priorities: tuple[PriorityNumbers, ...]
    """Most urgent first."""

    @classmethod
    def of(cls, phase: str, now: Json, last_hour: Json) -> PhaseNumbers:
        """From the two places where the answer has them."""
        lines, done = part(now, "priorities"), part(last_hour, "priorities")
        lengths = part(last_hour, "game_lengths")
        return cls(
            phase=phase,
            units_in_flight=optional(now, "units_in_flight", int) or 0,
            claims=optional(last_hour, "claims", int) or 0,
            failed_attempts=optional(last_hour, "failed_attempts", int) or 0,
            expired_leases=optional(last_hour, "expired_leases", int) or 0,
            exhausted_units=optional(last_hour, "exhausted_units", int) or 0,
            mean_phase_ms=tuple(
                optional(part(lengths, length), "mean_phase_ms", float) for length in GAME_LENGTHS
            ),
            priorities=tuple(
                PriorityNumbers.of(priority, part(lines, priority), part(done, priority))
                for priority in PRIORITIES
            ),
        )


@dataclass(frozen=True, slots=True)
class Metrics:
    """The service in numbers."""

    jobs: int | None
    """Unfinished analyses; None when the queue does not answer."""
    oldest_job_ms: float
    is_store_away: bool
    dead_letters: int | None
    """None when the store does not answer."""
    ratings: int
    """How often users rated a report in the last 30 days."""
    mean_rating: float | None
    """1 to 5; None without ratings."""
    error_rate: float | None
    """0 to 1; None when nothing was tried in the last hour."""
    first_result_ms: float | None
    complete_ms: float | None
    phases: tuple[PhaseNumbers, ...]
    problems: tuple[str, ...]
    """Why some numbers are missing."""
    json: Json
    """The answer as it came."""

    @classmethod
    def of(cls, fields: Json) -> Metrics:
        """The answer of `get_operations_metrics`."""
        queue, last_hour = part(fields, "queue"), part(fields, "last_hour")
        now, done = part(queue, "phases"), part(last_hour, "phases")
        return cls(
            jobs=optional(queue, "jobs", int),
            oldest_job_ms=optional(queue, "oldest_job_ms", float) or 0.0,
            is_store_away=optional(queue, "is_store_away", bool) or False,
            dead_letters=optional(fields, "dead_letters", int),
            ratings=optional(part(fields, "feedback"), "ratings", int) or 0,
            mean_rating=optional(part(fields, "feedback"), "mean_rating", float),
            error_rate=optional(last_hour, "error_rate", float),
            first_result_ms=optional(last_hour, "mean_time_to_first_result_ms", float),
            complete_ms=optional(last_hour, "mean_time_to_complete_ms", float),
            phases=tuple(PhaseNumbers.of(phase, part(now, phase), part(done, phase)) for phase in PHASES),
            problems=tuple(required(one, "detail", str) for one in objects(fields, "problems")),
            json=fields,
        )


def redriven_of(fields: Json) -> list[str]:
    """The answer of `redrive_dead_letters`."""
    return [clean(str(game_id)) for game_id in required(fields, "game_ids", list)]


def part(fields: Json, name: str) -> Json:
    """An object that may be null or missing."""
    return optional(fields, name, dict) or {}
