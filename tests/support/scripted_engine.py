"""An in-memory Engine: legal lines, scores that follow from the position, and faults when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game
from knight_vision.domain.job import SegmentResult
from knight_vision.domain.phase import Limit
from knight_vision.domain.segments import Segment
from knight_vision.errors import EngineError
from tests.support.recording import ManualClock

VALUES = {chess.PAWN: 100, chess.KNIGHT: 300, chess.BISHOP: 300, chess.ROOK: 500, chess.QUEEN: 900}


@dataclass
class MaterialEngine:
    """Counts material and takes `ms_per_position` of the clock; deterministic like the real one."""

    clock: ManualClock
    ms_per_position: int = 1
    name: str = "Material 1"
    faults: list[Exception] = field(default_factory=list)
    """Raised, one for each search, before anything is searched."""
    searched: list[tuple[int, int]] = field(default_factory=list)
    positions_searched: int = 0
    """Those that were not known before."""
    before_position: Callable[[], None] | None = None
    is_broken: bool = False

    def start(self) -> None:
        if self.is_broken:
            raise EngineError("no engine")

    def search_segment(
        self,
        game: Game,
        segment: Segment,
        limit: Limit,
        *,
        deadline_s: float,
        known: Mapping[int, Evaluation] = MappingProxyType({}),
        on_position: Callable[[int], None] | None = None,
    ) -> SegmentResult:
        if self.faults:
            raise self.faults.pop(0)
        self.searched.append((segment.first, segment.last))
        evaluations = []
        for position in range(segment.last, segment.first - 1, -1):
            if self.before_position is not None:
                self.before_position()
            if position in known:
                evaluations.append(known[position])
            else:
                self.clock.advance(self.ms_per_position)
                self.positions_searched += 1
                evaluations.append(self.evaluate(game.boards[position], limit))
            if on_position is not None:
                on_position(len(evaluations))
        return tuple(reversed(evaluations))

    def evaluate(self, board: chess.Board, limit: Limit) -> Evaluation:
        finished = evaluation_of_finished(board)
        if finished is not None:
            return finished
        white_cp = sum(
            value * (len(board.pieces(kind, chess.WHITE)) - len(board.pieces(kind, chess.BLACK)))
            for kind, value in VALUES.items()
        )
        best = min(board.legal_moves, key=lambda move: move.uci()).uci()
        return Evaluation(white_cp=white_cp, line=(best,), depth=limit.depth or 1, nodes=limit.nodes or 1)

    def close(self) -> None:
        pass
