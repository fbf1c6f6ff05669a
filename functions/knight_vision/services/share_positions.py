"""Take what searches of other games found of a segment, and leave for them what its own search finds."""

from __future__ import annotations

from dataclasses import dataclass

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.job import Claim, SegmentResult
from knight_vision.domain.position_cache import PositionKey, fitted, position_keys
from knight_vision.domain.segments import Segment
from knight_vision.ports import Observer, PositionCache

__all__ = ["NOTHING_KNOWN", "KnownPositions", "SharePositions"]


@dataclass(frozen=True, slots=True)
class KnownPositions:
    """What is known of a segment before it is searched, by position."""

    keys: dict[int, PositionKey]
    """Of the positions that games share."""
    evaluations: dict[int, Evaluation]
    """Those that need no search."""


NOTHING_KNOWN = KnownPositions({}, {})


@dataclass(frozen=True, slots=True)
class SharePositions:
    """Reads before a segment is searched, writes after it: one call of the cache each."""

    cache: PositionCache
    observer: Observer

    def known(self, claim: Claim, game: Game, segment: Segment, engine: str) -> KnownPositions:
        """What the cache has of the segment, as a search of this game would have found it.

        Under the full limit of the phase: a degraded job takes better evaluations than it may search for.
        """
        keys = position_keys(game, segment, engine, claim.job.plan.limit)
        shared = self.cache.read(list(keys.values()))
        fitting = {
            position: fitted(game, position, shared[key], claim.limit)
            for position, key in keys.items()
            if key in shared
        }
        evaluations = {position: found for position, found in fitting.items() if found is not None}
        phase = claim.job.plan.phase
        self.observer.measured("PositionCacheHits", len(evaluations), "Count", phase=phase)
        self.observer.measured("PositionCacheMisses", len(keys) - len(evaluations), "Count", phase=phase)
        return KnownPositions(keys, evaluations)

    def share(self, claim: Claim, segment: Segment, known: KnownPositions, result: SegmentResult) -> None:
        """Write what was searched, or searched further, unless it was with less than the full limit."""
        if claim.is_degraded:
            return
        self.cache.write(
            {
                key: result[position - segment.first]
                for position, key in known.keys.items()
                if result[position - segment.first] != known.evaluations.get(position)
            }
        )
