"""Reports as they must be: made in this process by an ordinary engine and the domain alone, with no fault."""

from __future__ import annotations

import json
from typing import Any

from infra.local.engine import engine_path
from knight_vision.adapters.stockfish import Stockfish
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Phase
from knight_vision.domain.report import build_report
from knight_vision.domain.segments import PhasePlan
from tests.chaos.stack_settings import LIMITS, POSITIONS_PER_SEGMENT

__all__ = ["ExpectedReports"]


class ExpectedReports:
    """The right report of any game and phase, each made once. Close it to end its engine."""

    def __init__(self) -> None:
        self.engine = Stockfish(engine_path(), hash_mb=32)
        self.known: dict[tuple[str, Phase], dict[str, Any]] = {}

    def of(self, pgn: str, phase: Phase) -> dict[str, Any]:
        """As the HTTP API answers it."""
        if (pgn, phase) not in self.known:
            self.known[pgn, phase] = self.make(pgn, phase)
        return self.known[pgn, phase]

    def make(self, pgn: str, phase: Phase) -> dict[str, Any]:
        game = read_game(pgn, max_plies=600)
        plan = PhasePlan.of(phase, LIMITS[phase], game.position_count, POSITIONS_PER_SEGMENT)
        evaluations = [
            evaluation
            for index in range(plan.segment_count)
            for evaluation in self.engine.search_segment(
                game, plan.segment(index), plan.limit, deadline_s=120
            )
        ]
        report = build_report(game, evaluations, phase=phase, engine=self.engine.name, limit=plan.limit)
        answer: dict[str, Any] = json.loads(json.dumps({**report.summary, "moves": report.moves}))
        return answer

    def close(self) -> None:
        """End the engine."""
        self.engine.close()
