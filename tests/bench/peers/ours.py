"""Ours as the peers are measured: from a PGN's text to the report as JSON, in processes of this machine.

The parts are those of the functions: the reader, the plan of a phase, the engine's segments, the report. Left
out is what lies between them (queue, store, events), which `make bench-main` measures.
"""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from multiprocessing.synchronize import Barrier

from knight_vision.adapters.stockfish import Stockfish
from knight_vision.config import Settings
from knight_vision.domain.game import Game
from knight_vision.domain.job import SegmentResult
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import build_report
from knight_vision.domain.segments import PhasePlan, Segment
from knight_vision.services.request_analysis import plan_of
from knight_vision.services.search_segment import game_of
from tests.bench.burst.constants import Constants

__all__ = ["OneWorker", "TwoWorkers", "settings_with"]

DEADLINE_S = 3600.0
START_DEADLINE_S = 60.0
WORKERS = 2


def settings_with(depth: int, hash_mb: int) -> Settings:
    """The product's settings, with this depth as the limit of all phases."""
    limit = Limit(depth=depth)
    return replace(
        Constants().settings,
        initial_limit=limit,
        intermediate_limit=limit,
        complete_limit=limit,
        engine_hash_mb=hash_mb,
    )


class OneWorker:
    """One engine that takes the segments one after the other."""

    def __init__(self, path: str, settings: Settings) -> None:
        self._engine = Stockfish(path, hash_mb=settings.engine_hash_mb)
        self._engine.start()
        self._settings = settings

    def analyse(self, pgn: str, phase: Phase) -> str:
        """The report of a phase."""
        game = read_game(pgn, max_plies=self._settings.max_plies)
        plan = plan_of(self._settings, phase, game.position_count)
        found = [
            self._engine.search_segment(game, segment, plan.limit, deadline_s=DEADLINE_S)
            for segment in segments_of(plan)
        ]
        return report_json(game, plan, found, self._engine.name)

    def close(self) -> None:
        """End the engine."""
        self._engine.close()


class TwoWorkers:
    """Two processes with an engine each; whoever is free takes the next segment, as functions do."""

    def __init__(self, path: str, settings: Settings) -> None:
        self._settings = settings
        processes = multiprocessing.get_context("spawn")
        ready = processes.Barrier(WORKERS + 1)
        self._pool = processes.Pool(WORKERS, start_engine, (path, settings.engine_hash_mb, ready))
        ready.wait(START_DEADLINE_S)

    def analyse(self, pgn: str, phase: Phase) -> str:
        """The report of a phase."""
        game = read_game(pgn, max_plies=self._settings.max_plies)
        plan = plan_of(self._settings, phase, game.position_count)
        units = [
            (game.moves, game.start_fen, game.is_chess960, segment, plan.limit)
            for segment in segments_of(plan)
        ]
        answers = self._pool.map(search_unit, units, chunksize=1)
        return report_json(game, plan, [found for found, _ in answers], answers[0][1])

    def close(self) -> None:
        """End the processes, and with their pipes the engines."""
        self._pool.terminate()
        self._pool.join()


def segments_of(plan: PhasePlan) -> list[Segment]:
    """The segments of a plan, in the order in which they are claimed."""
    return [plan.segment(index) for index in range(plan.segment_count)]


def report_json(game: Game, plan: PhasePlan, found: list[SegmentResult], engine: str) -> str:
    """The report of a phase whose segments are all searched."""
    evaluations = [evaluation for result in found for evaluation in result]
    report = build_report(game, evaluations, phase=plan.phase, engine=engine, limit=plan.limit)
    return json.dumps([report.summary, report.moves], separators=(",", ":"))


Unit = tuple[tuple[str, ...], str, bool, Segment, Limit]
engine_here: list[Stockfish] = []
"""The engine of a worker's process."""


def start_engine(path: str, hash_mb: int, ready: Barrier) -> None:
    """Make a process a worker."""
    engine_here.append(Stockfish(path, hash_mb=hash_mb))
    engine_here[0].start()
    ready.wait(START_DEADLINE_S)


def search_unit(unit: Unit) -> tuple[SegmentResult, str]:
    """A segment's evaluations, and the engine's name; the game is made from its moves, as functions do."""
    moves, start_fen, is_chess960, segment, limit = unit
    game = game_of(moves, start_fen, is_chess960)
    engine = engine_here[0]
    return engine.search_segment(game, segment, limit, deadline_s=DEADLINE_S), engine.name
