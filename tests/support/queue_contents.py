"""All that a queue holds, in Redis and in the pure state machine, in one form, to be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from itertools import chain
from typing import Any

from redis import Redis

from knight_vision.adapters.redis_queue.queue import RedisQueue
from knight_vision.adapters.redis_queue.texts import payload_of
from knight_vision.domain.job import GameId, Job
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_state import QueueState
from knight_vision.domain.queue_tables import JobState

__all__ = ["CLOCK_TOLERANCE_MS", "assert_same", "model_contents", "redis_contents"]

CLOCK_TOLERANCE_MS = 3_000
"""Both sides follow the same clock, a step's own time apart."""


def redis_contents(client: Redis, queue: RedisQueue) -> dict[str, Any]:
    """Everything in Redis, in one round trip."""
    keys = queue.keys
    pipe: Any = client.pipeline(transaction=False)
    hashes = ("attempts", "holders", "records", "users", "rates", "lines", "store_away")
    for name in hashes:
        pipe.hgetall(getattr(keys, name))
    every_waiting = [key for by_priority in keys.waiting.values() for key in by_priority]
    every_line = (*every_waiting, *keys.behind.values(), *keys.leases.values(), *keys.calls.values())
    zsets = (*every_line, keys.exhausted, keys.jobs)
    for key in zsets:
        pipe.zrange(key, 0, -1, withscores=True)
    games = [GameId(f"g{number}") for number in (1, 2, 3)]
    for game_id in games:
        pipe.hgetall(keys.results(game_id))
    answers = iter(pipe.execute())
    contents = {name: next(answers) for name in hashes}
    contents["rates"] = {phase: float(rate) for phase, rate in contents["rates"].items()}
    contents["records"] = {field: record(field, text) for field, text in contents["records"].items()}
    contents["holders"] = {token: named(HOLDER, text) for token, text in contents["holders"].items()}
    contents["store_away"] = {name: number_or_text(text) for name, text in contents["store_away"].items()}
    contents["waiting"] = times(chain(*(next(answers) for _ in every_waiting)))
    contents["behind"] = [member for _ in Phase for member, _score in next(answers)]
    contents["leases"] = times(chain(*(next(answers) for _ in Phase)))
    contents["calls"] = [times(next(answers)) for _ in Phase]
    contents["exhausted"] = {unit for unit, _since in next(answers)}
    contents["jobs"] = {game_id for game_id, _time in next(answers)}
    for game_id in games:
        results = next(answers)
        contents[f"results {game_id}"] = {
            name: json.loads(text) if name.isdigit() else text for name, text in results.items()
        }
    return contents


def model_contents(model: QueueState) -> dict[str, Any]:
    """The model in the same form."""
    jobs = model.jobs
    away = model.store_away
    contents: dict[str, Any] = {
        "attempts": {
            str(unit): f"{record.count} {record.positions_done} {record.token}"
            for unit, record in model.attempts.items()
        },
        "holders": {
            token: {"unit": str(unit), "waited_ms": waited_ms}
            for token, (unit, waited_ms) in model.holders.items()
        },
        "records": dict(chain(*(records_of(game_id, state) for game_id, state in jobs.items()))),
        "users": {user: str(count) for user, count in model.users.items()},
        "rates": dict(model.rates),
        "lines": {
            f"{line.phase} {line.priority:d} {line.user_id}": game_id for line, game_id in model.lines.items()
        },
        "store_away": {} if away is None else {"failures": away.failures, "until_ms": away.until_ms},
        "waiting": times(model.waiting.items()),
        "behind": [
            f"{line.priority:d} {line.user_id} {enqueued_at_ms:015d} {game_id}"
            f" {jobs[game_id].job.generation} {jobs[game_id].job.plan.segment_count}"
            for line in sorted(model.behind, key=lambda line: (line.phase.rank, line))
            for enqueued_at_ms, game_id in model.behind[line]
        ],
        "leases": times(model.leases.items()),
        "calls": [times(model.calls[phase].items()) for phase in Phase],
        "exhausted": {str(unit) for unit in model.exhausted},
        "jobs": set(jobs),
    }  # fmt: skip
    if away is not None and away.probe_token:
        contents["store_away"]["probe_token"] = away.probe_token
    for game_id in (GameId("g1"), GameId("g2"), GameId("g3")):
        state = jobs.get(game_id)
        contents[f"results {game_id}"] = results_of(state) if state else {}
    return contents


PLACE = ("place_ms", "priority", "ready_ms", "budget_percent", "enqueued_at_ms", "user")
JOB = (
    "generation", "phase", "phase_rank", "segment_count", "position_count", "call_id", "answer", "opened_by",
)  # fmt: skip
HOLDER = ("unit", "waited_ms")


def record(field: str, text: str) -> Any:
    """One of a job's records, by the field's first word."""
    if field.startswith("payload "):
        return text
    if field.startswith("job "):
        return dict(zip(JOB, text.split(" ", len(JOB) - 1), strict=True))
    return named(PLACE, text)


def named(names: tuple[str, ...], text: str) -> dict[str, Any]:
    """The words of a record by name."""
    return dict(zip(names, map(number_or_text, text.split()), strict=True))


def times(of_units: Iterable[tuple[Any, float]]) -> dict[str, float]:
    return {f"{unit}_ms": time_ms for unit, time_ms in of_units}


def number_or_text(word: str) -> Any:
    return int(word) if word.lstrip("-").isdigit() else word


def assert_same(found: Any, expected: Any) -> None:
    """Equal, but for the time that passes between a step here and the same step there."""
    if is_dataclass(expected) and not isinstance(expected, type):
        assert type(found) is type(expected)
        found, expected = asdict(found), asdict(expected)
    if isinstance(expected, dict) and isinstance(found, dict):
        assert found.keys() == expected.keys()
        for key, value in expected.items():
            if str(key).endswith("_ms") and value is not None:
                assert abs(found[key] - value) < CLOCK_TOLERANCE_MS
            else:
                assert_same(found[key], value)
    elif isinstance(expected, (list, tuple)) and isinstance(found, (list, tuple)):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)
    else:
        assert found == expected


def records_of(game_id: GameId, state: JobState) -> Iterable[tuple[str, Any]]:
    job: Job = state.job
    yield (
        game_id,
        {
            "place_ms": state.place_ms,
            "priority": int(job.priority),
            "ready_ms": state.ready_ms,
            "budget_percent": state.budget_percent,
            "enqueued_at_ms": state.enqueued_at_ms,
            "user": job.user_id,
        },
    )
    words = (
        job.generation,
        job.plan.phase,
        job.plan.phase.rank,
        job.plan.segment_count,
        job.plan.position_count,
        state.enqueue_call,
        state.enqueue_answer,
        state.opened_by or "",
    )
    yield f"job {game_id}", dict(zip(JOB, map(str, words), strict=True))
    yield f"payload {game_id}", payload_of(job, job.plan)


def results_of(state: JobState) -> dict[str, Any]:
    if not state.finished_by:
        return {}
    found: dict[str, Any] = {
        str(segment): [state.search_ms[segment], *(evaluation.to_json() for evaluation in result)]
        for segment, result in state.evaluations.items()
    }
    found["finished"] = str(len(state.finished_by))
    found["positions_finished"] = str(state.positions_finished)
    found |= {f"finished_by:{segment}": token for segment, token in state.finished_by.items()}
    if state.closed_by:
        found["closed_by"] = state.closed_by
    return found
