"""What a user sees of an analysis: its status, and the report of the best finished phase."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from knight_vision import __version__
from knight_vision.config import Settings
from knight_vision.domain.estimate import estimated_seconds_left, phase_seconds_left, poll_after_s
from knight_vision.domain.job import GameId, JobProgress, Priority, UserId
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_glance import NOTHING_SEEN, QueueGlance
from knight_vision.errors import (
    AnalysisNotFoundError,
    GameNotFoundError,
    QueueUnavailableError,
    StoreUnavailableError,
)
from knight_vision.ports import AnalysisState, Clock, GameLibrary, JobQueue, Observer, RequestedAnalysis
from knight_vision.services.request_analysis import BegunAnalysis

__all__ = ["AnalysisView", "ReadAnalysis"]


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """An analysis at one moment, JSON-ready as docs/protocol.md shows it."""

    status: dict[str, Any]
    report: dict[str, Any] | None
    """The best finished phase's report with its moves; None while there is none, or when it was left out."""
    report_version: str
    """Says which report it is, also when that was left out."""
    retry_after_s: int
    """When it is worth asking again."""
    job: JobProgress | None
    """What the queue said."""
    pgn: str = ""
    """The game as it was submitted; empty when it was left out."""

    @property
    def is_final(self) -> bool:
        """True when nothing more will come."""
        return AnalysisState(self.status["state"]).is_final

    @property
    def is_complete(self) -> bool:
        """True when every phase is finished."""
        return bool(self.status["state"] == AnalysisState.DONE)

    @property
    def version(self) -> str:
        """The same for the same status and report, else another: names what is shown, byte by byte."""
        return digest([self.status, self.report_version])

    @property
    def pgn_version(self) -> str:
        """The same for the annotated PGN, which changes only when a report was saved."""
        return digest(self.report_version)

    def annotated_pgn(self) -> str:
        """The annotated game. Raises AnalysisNotFoundError while no phase is finished."""
        if self.report is None:
            raise AnalysisNotFoundError("No phase of the analysis is finished yet: ask again later.")
        # A sixth of the API's start, and few ask for PGN.
        from knight_vision.domain.pgn_export import annotated_pgn
        from knight_vision.domain.pgn_reader import read_game

        game = read_game(self.pgn, max_plies=self.report["ply_count"])
        return annotated_pgn(game, self.report, self.report["moves"])


@dataclass(frozen=True, slots=True)
class ReadAnalysis:
    """The use cases of reading, with one user's own rights."""

    library: GameLibrary
    queue: JobQueue
    clock: Clock
    observer: Observer
    settings: Settings

    def view(
        self,
        user_id: UserId,
        game_id: GameId,
        *,
        with_report: bool = True,
        glance: QueueGlance = NOTHING_SEEN,
    ) -> AnalysisView:
        """The analysis now. Raises GameNotFoundError and AnalysisNotFoundError.

        A queue that is away costs the progress, not the answer; one that was glanced at is not asked.
        """
        row = self._row(user_id, game_id, with_report=with_report)
        return self._view(row, self._job_of(row, glance))

    def begun(self, begun: BegunAnalysis) -> AnalysisView:
        """An analysis that was asked for just now. Asks nobody."""
        job = begun.progress
        is_its = job is not None and job.generation == begun.requested.generation
        return self._view(begun.game, job if is_its else None)

    def cancelled(self, game_id: GameId, row: dict[str, Any] | None) -> AnalysisView:
        """A game's analysis as the store had it after cancelling. Raises as `view`. Asks nobody."""
        return self._view(existing(game_id, row), None)

    def with_report(self, user_id: UserId, view: AnalysisView) -> AnalysisView:
        """The analysis of a view without its report, with the report. Asks the store alone."""
        row = self._row(user_id, GameId(view.status["game_id"]), with_report=True)
        is_same = row["analysis"]["generation"] == view.status["generation"]
        return self._view(row, view.job if is_same else self._job_of(row))

    def _row(self, user_id: UserId, game_id: GameId, *, with_report: bool) -> dict[str, Any]:
        return existing(game_id, self.library.analysis(user_id, game_id, with_report=with_report))

    def _view(self, row: dict[str, Any], job: JobProgress | None) -> AnalysisView:
        analysis = row["analysis"]
        report = None
        if analysis.get("report") is not None:
            report = {**analysis["report"], "moves": analysis["moves"]}
        named = [analysis.get(name) for name in ("report_generation", "report_phase", "degraded")]
        status, phase_s_left = self._status(row, job)
        return AnalysisView(
            status,
            report,
            digest([row["id"], *named]),
            poll_after_s(phase_s_left),
            job,
            row.get("pgn", ""),
        )

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
                view = None if self._is_in_queue(game_id) else self.view(user_id, game_id)
                if view is not None and view.is_final:
                    return view
            except StoreUnavailableError as error:
                self.observer.went_wrong("store_unavailable", error, game_id=game_id)
            look_s = self.clock.monotonic_s() - now_s
            self.clock.sleep(pause_s)
            pause_s = min(pause_s * 1.5, 1.0)
            now_s = self.clock.monotonic_s()
        return self.view(user_id, game_id)

    def _is_in_queue(self, game_id: GameId) -> bool:
        """Whether more will come, as far as the queue knows. Asking it costs less than asking the store."""
        try:
            return self.queue.read(game_id) is not None
        except QueueUnavailableError as error:
            self.observer.went_wrong("queue_unavailable", error, game_id=game_id)
            return False

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
        row = {"id": requested.game_id, "ply_count": len(requested.moves), "analysis": analysis}
        return self._view(row, self._job_of(row))

    def _status(self, row: dict[str, Any], job: JobProgress | None) -> tuple[dict[str, Any], float | None]:
        """The status, and the seconds until the next report."""
        analysis = row["analysis"]
        state = AnalysisState(analysis["state"])
        phase = None if state.is_final else Phase(analysis["phase"])
        plies = row["ply_count"]
        phase_s_left: float | None = None
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
            known = self.settings
            rules = (known.limit_of, known.positions_per_segment_of)
            left_s = estimated_seconds_left(job, *rules, workers=known.phase_fanout)
            phase_s_left = phase_seconds_left(job, *rules, workers=known.phase_fanout)
            if state is AnalysisState.QUEUED and job.is_running:
                state = AnalysisState.RUNNING
        status = {
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
        return status, phase_s_left

    def _job_of(self, row: dict[str, Any], glance: QueueGlance = NOTHING_SEEN) -> JobProgress | None:
        """What the queue knows of a row's analysis; None when that is final, or the queue away."""
        game_id, generation = GameId(row["id"]), row["analysis"]["generation"]
        if AnalysisState(row["analysis"]["state"]).is_final:
            return None
        try:
            job = glance.progress if glance.game_id == game_id else self.queue.read(game_id)
        except QueueUnavailableError as error:
            self.observer.went_wrong("queue_unavailable", error, game_id=game_id)
            return None
        return job if job is not None and job.generation == generation else None


def existing(game_id: GameId, row: dict[str, Any] | None) -> dict[str, Any]:
    """The row of a game that was analysed. Raises GameNotFoundError, AnalysisNotFoundError."""
    if row is None:
        raise GameNotFoundError(f"There is no game {game_id} of yours.")
    if row["analysis"] is None:
        raise AnalysisNotFoundError(
            f"Nobody asked for an analysis of game {game_id} yet: POST to its enhanced-annotate."
        )
    return row


def digest(value: Any) -> str:
    """A short name for a JSON value as this release of the code shows it."""
    text = json.dumps([__version__, value], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
