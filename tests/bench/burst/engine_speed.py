"""How fast this machine's engines are when all cores search at once, as constants for the simulation.

In processor time, not by the clock: what other programs take meanwhile is no slowness of the engine.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from infra.local.engine import engine_path
from knight_vision.adapters.stockfish import Stockfish
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.phase import Phase
from knight_vision.domain.report import build_report
from tests.bench.burst.constants import PHASES, Constants
from tests.bench.burst.cores import processor_s

__all__ = ["Speed", "fitted", "measured_speed"]

NEVER_S = 3600.0


@dataclass(frozen=True, slots=True)
class Speed:
    """Processor seconds on this machine."""

    search_s: tuple[float, ...]
    """Of one search of each phase: the engine's and our own around it."""
    report_s: float
    """Of one report, the mean of the phases."""


def measured_speed(constants: Constants, game: Game, engines: int) -> Speed:
    """What `engines` take that search the same game at the same time, and its reports afterwards."""
    found: list[list[float]] = [[] for _ in PHASES]
    evaluations: dict[Phase, tuple[Evaluation, ...]] = {}

    def search() -> None:
        engine = Stockfish(engine_path(), hash_mb=constants.settings.engine_hash_mb)
        engine.start()
        assert engine.pid is not None
        try:
            for phase, plan in enumerate(constants.plans):
                before_s = time.thread_time() + (processor_s(engine.pid) or 0.0)
                results = [
                    engine.search_segment(game, plan.segment(index), plan.limit, deadline_s=NEVER_S)
                    for index in range(plan.segment_count)
                ]
                used_s = time.thread_time() + (processor_s(engine.pid) or 0.0) - before_s
                found[phase].append(used_s / constants.whole_searches(phase))
                evaluations[plan.phase] = tuple(one for result in results for one in result)
        finally:
            engine.close()

    threads = [threading.Thread(target=search) for _ in range(engines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    began_s = time.thread_time()
    for plan in constants.plans:
        build_report(game, evaluations[plan.phase], phase=plan.phase, engine="", limit=plan.limit)
    report_s = (time.thread_time() - began_s) / len(PHASES)
    return Speed(tuple(sum(times) / len(times) for times in found), report_s)


def fitted(constants: Constants, search_s: Sequence[float]) -> Constants:
    """The constants with which one search of each phase takes that long: the initial phase has a depth as
    limit, the others numbers of nodes, and what is the same for both numbers is no searching.

    Raises ValueError where the limits do not allow that.
    """
    initial, shallow, deep = (plan.limit.expected_nodes for plan in constants.plans)
    if initial is not None or shallow is None or deep is None:
        raise ValueError("the initial phase must have a depth as limit, the others nodes")
    if shallow >= deep or search_s[1] >= search_s[2]:
        raise ValueError("the complete phase must have more nodes, and take longer, than the intermediate")
    node_s = (search_s[2] - search_s[1]) / (deep - shallow)
    position_s = search_s[1] - shallow * node_s
    if not 0 <= position_s <= search_s[0]:
        # No straight line through both: right for the two phases together.
        position_s = 0.0
        node_s = (search_s[1] + search_s[2]) / (shallow + deep)
    return replace(
        constants,
        nodes_per_s=1 / node_s,
        position_s=position_s,
        depth_position_s=search_s[0] - position_s,
    )
