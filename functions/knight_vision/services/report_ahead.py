"""Make a phase's report while its engine searches: the function's own processor time is idle then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.job import Claim
from knight_vision.ports import Observer

if TYPE_CHECKING:
    from knight_vision.domain.move_reports import MoveReports

__all__ = ["ReportAhead"]


@dataclass(slots=True)
class ReportAhead:
    """What is made of a report while the engine is at work; to be called again and again meanwhile."""

    claim: Claim
    game: Game
    observer: Observer
    made: MoveReports | None = field(init=False)
    """None where others search other segments of the game: nobody knows who makes the report."""

    def __post_init__(self) -> None:
        self.made = None
        if self.claim.job.plan.segment_count == 1:
            # Loaded here and not above: most functions search mere segments.
            from knight_vision.domain.move_reports import MoveReports

            self.made = MoveReports(self.game)

    def __call__(self, found: Mapping[int, Evaluation]) -> None:
        """See `meanwhile` of ports.Engine. What fails here fails again in the report, where it is handled."""
        if self.made is None:
            return
        try:
            self.made.make_ahead(found)
        except Exception as error:
            self.made = None
            self.observer.went_wrong("report_ahead_failed", error, game_id=self.claim.job.game_id)
