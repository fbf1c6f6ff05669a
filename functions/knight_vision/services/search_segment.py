"""Search the segment of a claim, telling how far it is, and leave when somebody else has it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from knight_vision.domain.game import Game
from knight_vision.domain.job import Claim, FenceAnswer, SegmentResult
from knight_vision.errors import QueueUnavailableError
from knight_vision.ports import Clock, Engine, JobQueue, Observer, PositionCache
from knight_vision.services.share_positions import NOTHING_KNOWN, KnownPositions, SharePositions

__all__ = ["FoundSegment", "LeaseLostError", "SearchSegment", "about", "game_of"]

PROGRESS_EVERY_S = 0.3
"""Progress is for people to look at; more often only costs round trips."""


class LeaseLostError(Exception):
    """Somebody else has the unit now; raised to leave the search."""


@dataclass(frozen=True, slots=True)
class FoundSegment:
    """What a search found, not yet stored."""

    result: SegmentResult
    took_ms: int
    known: int
    """How many of its positions other games' searches had found."""


@dataclass(frozen=True, slots=True)
class SearchSegment:
    """The use case of whoever holds a segment."""

    queue: JobQueue
    engine: Engine
    cache: PositionCache | None
    clock: Clock
    observer: Observer

    def search(self, claim: Claim, *, deadline_s: float) -> FoundSegment:
        """The evaluations of the claimed segment under the claim's limit, of a shared position those that
        another game's search found under the phase's.

        Raises LeaseLostError, and EngineTimeoutError or EngineError as the engine does.
        """
        job = claim.job
        began_s = self.clock.monotonic_s()
        game = game_of(job.moves, job.start_fen, job.is_chess960)
        segment = job.plan.segment(claim.unit.index)
        sharing = SharePositions(self.cache, self.observer) if self.cache is not None else None
        known = sharing.known(claim, game, segment, self.engine.name) if sharing else NOTHING_KNOWN
        started_s = reported_s = self.clock.monotonic_s()

        def on_position(done: int) -> None:
            nonlocal reported_s
            now_s = self.clock.monotonic_s()
            if now_s - reported_s >= PROGRESS_EVERY_S and done < segment.position_count:
                reported_s = now_s
                if self._report_progress(claim, done) is FenceAnswer.STALE:
                    raise LeaseLostError

        result = self.engine.search_segment(
            game,
            segment,
            claim.limit,
            deadline_s=deadline_s - (started_s - began_s),
            known=known.evaluations,
            on_position=on_position,
        )
        took_ms = round((self.clock.monotonic_s() - started_s) * 1000)
        if sharing:
            sharing.share(claim, segment, known, result)
        self._say_searched(claim, took_ms, known, result)
        return FoundSegment(result, took_ms, len(known.evaluations))

    def _say_searched(self, claim: Claim, took_ms: int, known: KnownPositions, result: SegmentResult) -> None:
        phase = claim.job.plan.phase
        segment = claim.job.plan.segment(claim.unit.index)
        searched = [
            found
            for position, found in enumerate(result, segment.first)
            if found != known.evaluations.get(position)
        ]
        nodes = sum(found.nodes or 0 for found in searched)
        self.observer.happened(
            "segment_searched",
            unit=segment.index,
            ms=took_ms,
            nodes=nodes,
            known=len(known.evaluations),
            **about(claim),
        )
        self.observer.measured("SegmentTime", took_ms, "Milliseconds", phase=phase)
        self.observer.measured("NodesSearched", nodes, "Count", phase=phase)

    def _report_progress(self, claim: Claim, done: int) -> FenceAnswer:
        try:
            return self.queue.report_progress(claim, done)
        except QueueUnavailableError as error:
            # It is for display: a search is not thrown away for it.
            self.observer.went_wrong("queue_unavailable", error, **about(claim))
            return FenceAnswer.OK


@lru_cache(maxsize=1)
def game_of(moves: tuple[str, ...], start_fen: str, is_chess960: bool) -> Game:
    """The game of a job. The last one is kept with its boards: a worker mostly searches one segment of a game
    after another."""
    return Game(moves=moves, start_fen=start_fen, is_chess960=is_chess960)


def about(claim: Claim) -> dict[str, object]:
    """The fields that every log line about a claim carries."""
    unit = claim.unit
    return {
        "game_id": unit.game_id,
        "generation": unit.generation,
        "phase": unit.phase,
        "correlation_id": claim.job.correlation_id,
    }
