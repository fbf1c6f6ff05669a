"""The jobs that ours is fed with: the shapes that the service makes."""

from __future__ import annotations

import json
import uuid
from functools import cache

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.job import GameId, Job, Priority, SegmentResult, UserId
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.segments import PhasePlan
from tests.support.builders import example

__all__ = ["SEGMENTS", "initial_job", "payload", "segmented_job", "small_result", "whole_result"]

SEGMENTS = 10
"""A game of 83 positions at the default of nine a segment."""
REQUEST = "0e0f4a8e-3f2b-4a57-9d0b-6a4e1d2c3b4a"


@cache
def the_game() -> Game:
    """A game of usual length."""
    return read_game(example("byrne-fischer-1956"), max_plies=600)


def a_job(plan: PhasePlan, user: str, priority: Priority) -> Job:
    game = the_game()
    return Job(
        game_id=GameId(str(uuid.uuid4())),
        generation=1,
        user_id=UserId(user),
        plan=plan,
        moves=game.moves,
        start_fen=game.start_fen,
        priority=priority,
        correlation_id=REQUEST,
    )


def initial_job(user: str, priority: Priority = Priority.STANDARD) -> Job:
    """What a request for an analysis enqueues: the initial phase, in one segment."""
    plan = PhasePlan(Phase.INITIAL, Limit(depth=8), the_game().position_count, 1)
    return a_job(plan, user, priority)


def segmented_job(user: str, priority: Priority = Priority.STANDARD, *, positions: int = SEGMENTS) -> Job:
    """What a phase of ten segments consists of, with that many positions in all."""
    plan = PhasePlan(Phase.INTERMEDIATE, Limit(nodes=100_000), positions, SEGMENTS)
    return a_job(plan, user, priority)


def payload() -> str:
    """A text as large as what the queue keeps of a job: what the peers' jobs and the bound carry."""
    job = initial_job(str(uuid.uuid4()))
    fields = {
        "game_id": job.game_id,
        "user_id": job.user_id,
        "limit": str(job.plan.limit),
        "position_count": job.plan.position_count,
        "segment_count": job.plan.segment_count,
        "moves": " ".join(job.moves),
        "start_fen": job.start_fen,
        "is_chess960": job.is_chess960,
        "correlation_id": job.correlation_id,
    }
    return json.dumps(fields, separators=(",", ":"))


def small_result() -> SegmentResult:
    """One position's evaluation, the least a segment yields."""
    return (Evaluation(white_cp=20, line=("e2e4", "e7e5"), depth=8, nodes=1000),)


def whole_result() -> SegmentResult:
    """Nine positions with lines of ten moves: what a segment yields."""
    moves = the_game().moves
    return tuple(
        Evaluation(white_cp=20 + first, line=moves[first : first + 10], depth=18, nodes=100_000)
        for first in range(9)
    )
