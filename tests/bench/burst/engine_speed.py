"""How fast this machine's engines are when all cores search at once, as constants for the simulation."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from infra.local.engine import engine_path
from knight_vision.adapters.stockfish import Stockfish
from knight_vision.domain.game import Game
from tests.bench.burst.constants import Constants

__all__ = ["fitted", "measured_search_s"]

NEVER_S = 3600.0


def measured_search_s(constants: Constants, game: Game, engines: int) -> tuple[float, ...]:
    """Seconds for one search of each phase, with `engines` searching the same game at the same time."""
    found: list[list[float]] = [[] for _ in constants.plans]

    def search() -> None:
        engine = Stockfish(engine_path(), hash_mb=constants.settings.engine_hash_mb)
        engine.start()
        try:
            for phase, plan in enumerate(constants.plans):
                started = time.perf_counter()
                for index in range(plan.segment_count):
                    engine.search_segment(game, plan.segment(index), plan.limit, deadline_s=NEVER_S)
                found[phase].append((time.perf_counter() - started) / sum(constants.searches[phase]))
        finally:
            engine.close()

    threads = [threading.Thread(target=search) for _ in range(engines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tuple(sum(times) / len(times) for times in found)


def fitted(constants: Constants, search_s: Sequence[float]) -> Constants:
    """The constants with which one search of each phase takes that long: the initial phase has a depth as
    limit, the others numbers of nodes, and what is the same for both numbers is no searching.

    Raises ValueError where the limits do not allow that.
    """
    initial, shallow, deep = constants.plans
    if initial.limit.nodes is not None or shallow.limit.nodes is None or deep.limit.nodes is None:
        raise ValueError("the initial phase must have a depth as limit, the others nodes")
    if shallow.limit.nodes >= deep.limit.nodes or search_s[1] >= search_s[2]:
        raise ValueError("the complete phase must have more nodes, and take longer, than the intermediate")
    node_s = (search_s[2] - search_s[1]) / (deep.limit.nodes - shallow.limit.nodes)
    position_s = search_s[1] - shallow.limit.nodes * node_s
    if not 0 <= position_s <= search_s[0]:
        # No straight line through both: right for the two phases together.
        position_s = 0.0
        node_s = (search_s[1] + search_s[2]) / (shallow.limit.nodes + deep.limit.nodes)
    return replace(
        constants,
        nodes_per_s=1 / node_s,
        position_s=position_s,
        depth_position_s=search_s[0] - position_s,
    )
