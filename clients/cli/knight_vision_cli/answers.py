"""The answers of the HTTP API (docs/protocol.md) as values. Every text in them is safe to print.

An answer that is not as expected raises ValueError (see fields.py). Unknown fields are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knight_vision_cli.fields import objects, optional, required
from knight_vision_cli.text import clean

__all__ = ["PHASES", "Analysis", "Game", "Report", "Side", "Status", "TurningPoint", "Verdict", "phase_rank"]

PHASES = ("initial", "intermediate", "complete")

Json = Mapping[str, Any]


def phase_rank(phase: str | None) -> int:
    """1 to 3 for the phases in order, 0 for none and for a phase this client does not know."""
    return PHASES.index(phase) + 1 if phase in PHASES else 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one submitted game."""

    index: int
    """The game's place in its file, from 0."""
    verdict: str
    """`accepted`, `duplicate` or `refused`."""
    game_id: str
    """Empty when refused."""
    white: str
    black: str
    ply_count: int
    reason: str
    """Why it was refused."""

    @property
    def players(self) -> str:
        """White's name and Black's."""
        return f"{self.white} - {self.black}"

    @classmethod
    def of(cls, fields: Json) -> Verdict:
        """A verdict of `submit_games`."""
        verdict = required(fields, "verdict", str)
        problem = optional(fields, "problem", dict) or {}
        return cls(
            index=required(fields, "index", int),
            verdict=verdict,
            game_id="" if verdict == "refused" else required(fields, "id", str),
            white=optional(fields, "white", str) or "?",
            black=optional(fields, "black", str) or "?",
            ply_count=optional(fields, "ply_count", int) or 0,
            reason=optional(problem, "detail", str) or optional(problem, "code", str) or "",
        )


@dataclass(frozen=True, slots=True)
class Game:
    """A stored game."""

    game_id: str
    white: str
    black: str
    analysis_state: str | None
    analysis_phase: str | None
    json: Json
    """The answer as it came."""

    @classmethod
    def of(cls, fields: Json) -> Game:
        """A game of `get_game` or `list_games`."""
        return cls(
            game_id=required(fields, "id", str),
            white=optional(fields, "white", str) or "?",
            black=optional(fields, "black", str) or "?",
            analysis_state=optional(fields, "analysis_state", str),
            analysis_phase=optional(fields, "analysis_phase", str),
            json=fields,
        )


@dataclass(frozen=True, slots=True)
class Status:
    """How far an analysis is."""

    state: str
    phase: str | None
    """The running or next phase; None when the state is final."""
    finished_phase: str | None
    plies_done: int | None
    """Of the running phase; None when the server does not say."""
    plies_total: int | None
    queue_position: int | None
    """Units of work ahead; None when nothing waits."""
    seconds_left: float | None
    failure: str
    priority: str
    """`bulk`, `premium_bulk`, `standard` or `premium`."""
    is_degraded: bool
    """The stored report ran with a smaller limit than the server means to use."""
    retry_after_s: float
    """When the server wants to be asked again; 0 when it does not say."""
    json: Json
    """The answer as it came."""

    @property
    def is_final(self) -> bool:
        """True when nothing more will happen."""
        return self.state == "done" or self.has_failed

    @property
    def has_failed(self) -> bool:
        """True when it ended before all phases were finished."""
        return self.state in ("failed", "cancelled")

    @classmethod
    def of(cls, fields: Json, retry_after_s: float | None = None) -> Status:
        """A status of `get_analysis_status`."""
        progress = optional(fields, "progress", dict) or {}
        return cls(
            state=required(fields, "state", str),
            phase=optional(fields, "phase", str),
            finished_phase=optional(fields, "finished_phase", str),
            plies_done=optional(progress, "plies_done", int),
            plies_total=optional(progress, "plies_total", int),
            queue_position=optional(fields, "queue_position", int),
            seconds_left=optional(fields, "estimated_seconds_left", float),
            failure=optional(fields, "failure", str) or "",
            priority=optional(fields, "priority", str) or "standard",
            is_degraded=optional(fields, "degraded", bool) or False,
            retry_after_s=retry_after_s or 0.0,
            json=fields,
        )


@dataclass(frozen=True, slots=True)
class Side:
    """How well one side played. Accuracy and ACPL are None where the analysis has a hole."""

    accuracy: float | None
    acpl: float | None
    inaccuracies: int
    mistakes: int
    blunders: int

    @classmethod
    def of(cls, fields: Json) -> Side:
        """A side of a report."""
        return cls(
            accuracy=optional(fields, "accuracy", float),
            acpl=optional(fields, "acpl", float),
            inaccuracies=required(fields, "inaccuracies", int),
            mistakes=required(fields, "mistakes", int),
            blunders=required(fields, "blunders", int),
        )


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """One of the moves that lost the most. Evaluations are White's: `(centipawns, mate)`."""

    move_number: int
    side: str
    san: str
    judgement: str
    before: tuple[int | None, int | None]
    after: tuple[int | None, int | None]
    best_san: str

    @classmethod
    def of(cls, fields: Json) -> TurningPoint:
        """A turning point of a report."""
        return cls(
            move_number=required(fields, "move_number", int),
            side=required(fields, "side", str),
            san=required(fields, "san", str),
            judgement=optional(fields, "judgement", str) or "",
            before=(optional(fields, "white_cp_before", int), optional(fields, "white_mate_before", int)),
            after=(optional(fields, "white_cp_after", int), optional(fields, "white_mate_after", int)),
            best_san=optional(fields, "best_san", str) or "",
        )


@dataclass(frozen=True, slots=True)
class Remark:
    """A move that the report explains."""

    move_class: str
    text: str

    @classmethod
    def of(cls, fields: Json) -> Remark | None:
        """A move of a report; None when nothing is said of it."""
        text = optional(fields, "explanation", str)
        return cls(optional(fields, "class", str) or "", text) if text else None


FAULTS = frozenset({"inaccuracy", "mistake", "blunder", "miss"})
"""The classes of moves that are told to be wrong."""


@dataclass(frozen=True, slots=True)
class Report:
    """One finished phase."""

    phase: str
    engine: str
    limit: str
    result: str
    opening: str
    white: Side
    black: Side
    turning_points: tuple[TurningPoint, ...]
    words: tuple[str, ...]
    """The game in a few sentences."""
    remarks: tuple[Remark, ...]
    excused: int
    """Moves that are counted as judged, as Lichess counts them, but are theory or lost nothing after all."""
    last: tuple[int | None, int | None]
    """White's evaluation of the last position."""
    json: Json
    """The answer as it came."""

    @classmethod
    def of(cls, fields: Json) -> Report:
        """A report of `get_analysis`."""
        opening = optional(fields, "opening", dict) or {}
        moves = objects(fields, "moves")
        last = moves[-1] if moves else optional(fields, "start", dict) or {}
        return cls(
            phase=required(fields, "phase", str),
            engine=optional(fields, "engine", str) or "",
            limit=optional(fields, "limit", str) or "",
            result=optional(fields, "result", str) or "*",
            opening=clean(f"{opening.get('eco') or ''} {opening.get('name') or ''}"),
            white=Side.of(required(fields, "white", dict)),
            black=Side.of(required(fields, "black", dict)),
            turning_points=tuple(TurningPoint.of(point) for point in objects(fields, "turning_points")),
            words=tuple(clean(str(sentence)) for sentence in optional(fields, "words", list) or ()),
            remarks=tuple(remark for move in moves if (remark := Remark.of(move))),
            excused=sum(bool(move.get("judgement")) and move.get("class") not in FAULTS for move in moves),
            last=(optional(last, "white_cp", int), optional(last, "white_mate", int)),
            json=fields,
        )


@dataclass(frozen=True, slots=True)
class Analysis:
    """The status with the report of the best finished phase, if any."""

    status: Status
    report: Report | None

    @classmethod
    def of(cls, fields: Json, retry_after_s: float | None = None) -> Analysis:
        """The answer of `get_analysis` or `enhanced_annotate_game`."""
        report = optional(fields, "report", dict)
        status = Status.of(required(fields, "status", dict), retry_after_s)
        return cls(status, Report.of(report) if report else None)
