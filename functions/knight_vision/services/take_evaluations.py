"""Take a segment's evaluations from the PGN instead of searching: a first report with no engine."""

from __future__ import annotations

from dataclasses import dataclass

from knight_vision.domain.job import Claim
from knight_vision.ports import AnalysisStore, Clock, Observer
from knight_vision.services.search_segment import FoundSegment, about

__all__ = ["TakeEvaluations"]


@dataclass(frozen=True, slots=True)
class TakeEvaluations:
    """The use case of whoever holds a segment of a game that may have brought its evaluations along."""

    store: AnalysisStore
    clock: Clock
    observer: Observer

    def take(self, claim: Claim) -> FoundSegment | None:
        """The evaluations of the claimed segment as the PGN has them; None where it must be searched: beyond
        the initial phase, or when some move has no evaluation.

        Raises StoreUnavailableError.
        """
        if not claim.may_be_imported:
            return None
        # Few games bring evaluations: a function starts without what reads them.
        from knight_vision.domain.imported_evaluations import evaluations_from_pgn
        from knight_vision.domain.pgn_reader import read_game

        started_s = self.clock.monotonic_s()
        plan = claim.job.plan
        pgn = self.store.read_pgn(claim.job.game_id)
        found = evaluations_from_pgn(read_game(pgn, max_plies=plan.position_count)) if pgn else None
        if found is None:
            return None
        segment = plan.segment(claim.unit.index)
        result = found[segment.first : segment.last + 1]
        took_ms = round((self.clock.monotonic_s() - started_s) * 1000)
        self.observer.happened("evaluations_taken", unit=segment.index, ms=took_ms, **about(claim))
        # All known: what nobody searched says nothing about how long a search takes.
        return FoundSegment(result, took_ms, known=len(result))
