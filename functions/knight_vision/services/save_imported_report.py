"""The report of the initial phase at once, for a game that brought its evaluations along."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knight_vision.domain.phase import NoSearch, Phase
from knight_vision.ports import (
    AnalysisState,
    AnalysisStore,
    Observer,
    PhaseResult,
    RequestedAnalysis,
    SaveAnswer,
)

__all__ = ["SaveImportedReport"]


@dataclass(frozen=True, slots=True)
class SaveImportedReport:
    """The use case of a game whose moves all carry `[%eval]`, between its row and the queue."""

    store: AnalysisStore
    observer: Observer

    def save(self, analysis: RequestedAnalysis, correlation_id: str) -> RequestedAnalysis:
        """The analysis with its initial phase finished; the same as before where there is nothing to import.

        Whatever goes wrong costs the shortcut alone: the initial phase is then searched like any other.
        """
        if not analysis.brings_evaluations or analysis.finished_phase or analysis.state.is_final:
            return analysis
        try:
            saved = self._save(analysis)
        except Exception as error:
            # The row is written by now, so nothing here fails the request.
            self.observer.went_wrong("import_failed", error, game_id=analysis.game_id)
            return analysis
        if saved is None:
            return analysis
        self.observer.happened(
            "report_imported",
            game_id=analysis.game_id,
            generation=analysis.generation,
            correlation_id=correlation_id,
            saved=saved,
        )
        if saved is SaveAnswer.SAVED:
            return replace(analysis, state=AnalysisState.RUNNING, finished_phase=Phase.INITIAL)
        return analysis

    def _save(self, analysis: RequestedAnalysis) -> SaveAnswer | None:
        """What saving did; None when some move has no evaluation, or the game was deleted."""
        # Few requests bring evaluations: the others start without all that makes a report.
        from knight_vision.domain.imported_evaluations import IMPORTED, report_from_pgn
        from knight_vision.domain.pgn_reader import read_game

        pgn = self.store.read_pgn(analysis.game_id)
        report = None if pgn is None else report_from_pgn(read_game(pgn, max_plies=len(analysis.moves)))
        if report is None:
            return None
        return self.store.save_phase(
            PhaseResult(
                game_id=analysis.game_id,
                generation=analysis.generation,
                phase=Phase.INITIAL,
                report=report.summary,
                moves=report.moves,
                engine=IMPORTED,
                limit=NoSearch.IMPORTED,
            )
        )
