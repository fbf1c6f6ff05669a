"""What a user sees of an analysis: its status, and the report of the best finished phase."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from knight_vision.config import Settings
from knight_vision.domain.estimate import estimated_seconds_left
from knight_vision.domain.game import Game
from knight_vision.domain.job import GameId, JobProgress, Priority, UserId
from knight_vision.domain.pgn_export import annotated_pgn
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Phase
from knight_vision.errors import (
    AnalysisNotFoundError,
    GameNotFoundError,
    QueueUnavailableError,
    StoreUnavailableError,
)
from knight_vision.ports import AnalysisState, Clock, GameLibrary, JobQueue, Observer, RequestedAnalysis

__all__ = ["AnalysisView", "ReadAnalysis"]

SOONEST_POLL_S = 1
LATEST_POLL_S = 5
"""Bounds of Retry-After: a first result within a second or two, then a bar that still moves."""


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """An analysis at one moment, JSON-ready as docs/protocol.md shows it."""

    status: dict[str, Any]
    report: dict[str, Any] | None
    """The best finished phase's report with its moves; None while there is none."""
    pgn: str
    """The game as it was submitted."""

    @property
    def is_final(self) -> bool:
        """True when nothing more will come."""
        return AnalysisState(self.status["state"]).is_final

    @property
    def is_complete(self) -> bool:
        """True when every phase is finished."""
        return bool(self.status["state"] == AnalysisState.DONE)

    @property
    def retry_after_s(self) -> int:
        """When it is worth asking again."""
        left_s = self.status["estimated_seconds_left"] or 0
        return min(max(math.ceil(left_s / 4), SOONEST_POLL_S), LATEST_POLL_S)

    def annotated_pgn(self) -> str:
        """The annotated game. Raises AnalysisNotFoundError while no phase is finished."""
        if self.report is None:
            raise AnalysisNotFoundError("No phase of the analysis is finished yet: ask again later.")
        game: Game = read_game(self.pgn, max_plies=self.report["ply_count"])
        return annotated_pgn(game, self.report, self.report["moves"])


@dataclass(frozen=True, slots=True)
class ReadAnalysis:
    """The use cases of reading, with one user's own rights."""

    library: GameLibrary
    queue: JobQueue
    clock: Clock
    observer: Observer
    settings: Settings

    def view(self, user_id: UserId, game_id: GameId, *, with_report: bool = True) -> AnalysisView:
        """The analysis now. Raises GameNotFoundError and AnalysisNotFoundError.

        A queue that is away costs the progress, not the answer.
        """
        row = self.library.analysis(user_id, game_id, with_moves=with_report)
        if row is None:
            raise GameNotFoundError(f"There is no game {game_id} of yours.")
        analysis = row["analysis"]
        if analysis is None:
            raise AnalysisNotFoundError(
                f"Nobody asked for an analysis of game {game_id} yet: POST to its enhanced-annotate."
            )
        report = None
        if with_report and analysis["report"] is not None:
            report = {**analysis["report"], "moves": analysis["moves"]}
        return AnalysisView(self._status(row, analysis), report, row["pgn"])

    def wait(self, user_id: UserId, game_id: GameId, at_most_s: float) -> AnalysisView:
        """The analysis as soon as nothing more will come, or the best there is after that long.

        Looks that fail do not end the wait; only the last one may raise StoreUnavailableError.
        """
        now_s = self.clock.monotonic_s()
        end_s = now_s + at_most_s
        pause_s, look_s = 0.1, 0.0
        # The last look comes after the loop and may take as long as this one did.
        while now_s + pause_s + 2 * look_s < end_s:
            try:
                if self.view(user_id, game_id, with_report=False).is_final:
                    break
            except StoreUnavailableError as error:
                self.observer.went_wrong("store_unavailable", error, game_id=game_id)
            look_s = self.clock.monotonic_s() - now_s
            self.clock.sleep(pause_s)
            pause_s = min(pause_s * 1.5, 1.0)
            now_s = self.clock.monotonic_s()
        return self.view(user_id, game_id)

    def accepted(self, requested: RequestedAnalysis) -> AnalysisView:
        """The view of an analysis that was asked for just now, when the store does not answer any more."""
        done = requested.finished_phase
        analysis = {
            "state": requested.state,
            "phase": None if requested.state.is_final else (done.next if done else Phase.INITIAL),
            "finished_phase": done,
            "generation": requested.generation,
            "priority": requested.priority,
            "degraded": False,  # nothing is shown that could be
            "requested_at": datetime.fromtimestamp(requested.requested_at_ms / 1000, UTC).isoformat(),
            "failure": None,
        }
        row = {"id": requested.game_id, "ply_count": len(requested.moves)}
        return AnalysisView(self._status(row, analysis), None, "")

    def _status(self, row: dict[str, Any], analysis: dict[str, Any]) -> dict[str, Any]:
        state = AnalysisState(analysis["state"])
        phase = None if state.is_final else Phase(analysis["phase"])
        job = None if phase is None else self._job(GameId(row["id"]), analysis["generation"])
        plies = row["ply_count"]
        progress = None
        queue_position = None
        left_s: int | None = 0 if state.is_final else None
        if job is not None and phase is not None:
            # Between saving a phase and opening the next, the queue is still at the finished one.
            positions = job.positions_done if job.phase is phase else 0
            done = min(positions, plies)
            percent = round(100 * positions / job.position_count, 1)
            progress = {"plies_done": done, "plies_total": plies, "percent": percent}
            queue_position = job.units_ahead
            left_s = estimated_seconds_left(
                job,
                self.settings.limit_of,
                positions_per_segment=self.settings.positions_per_segment,
                workers=self.settings.phase_fanout,
            )
            if state is AnalysisState.QUEUED and job.is_running:
                state = AnalysisState.RUNNING
        return {
            "game_id": row["id"],
            "state": state,
            "generation": analysis["generation"],
            "phase": phase,
            "finished_phase": analysis["finished_phase"],
            "progress": progress,
            "queue_position": queue_position,
            "estimated_seconds_left": left_s,
            "priority": Priority(analysis["priority"]).label,
            "degraded": analysis["degraded"],
            "requested_at": analysis["requested_at"],
            "failure": analysis["failure"],
        }

    def _job(self, game_id: GameId, generation: int) -> JobProgress | None:
        try:
            job = self.queue.read(game_id)
        except QueueUnavailableError as error:
            self.observer.went_wrong("queue_unavailable", error, game_id=game_id)
            return None
        return job if job is not None and job.generation == generation else None
