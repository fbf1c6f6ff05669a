"""The operators' answers as docs/protocol.md shows them: every phase and priority, also those at zero."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from knight_vision.domain.job import Priority
from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_counts import GameLength, PhaseCounts, QueueActivity, QueueCounts, Tally
from knight_vision.ports import DeadLetter
from knight_vision.services.operate import Metrics

__all__ = ["dead_letter_json", "metrics_json"]

NEVER = Tally()


def metrics_json(metrics: Metrics) -> dict[str, Any]:
    """The service in numbers."""
    return {
        "queue": None if metrics.queue is None else queue_json(metrics.queue),
        "last_hour": None if metrics.last_hour is None else last_hour_json(metrics.last_hour),
        "dead_letters": metrics.dead_letters,
        "feedback": None
        if metrics.feedback is None
        else {"ratings": metrics.feedback.ratings, "mean_rating": rounded(metrics.feedback.mean_rating)},
        "problems": [{"code": error.code, "detail": str(error)} for error in metrics.problems],
    }


def dead_letter_json(letter: DeadLetter) -> dict[str, Any]:
    """An analysis that was given up."""
    return {
        "game_id": letter.game_id,
        "user_id": letter.user_id,
        "generation": letter.generation,
        "finished_phase": letter.finished_phase,
        "reason": letter.reason,
        "failed_at": datetime.fromtimestamp(letter.failed_at_ms / 1000, UTC).isoformat(),
    }


def queue_json(counts: QueueCounts) -> dict[str, Any]:
    return {
        "jobs": counts.jobs,
        "oldest_job_ms": counts.oldest_age_ms,
        "exhausted_units": counts.exhausted,
        "is_store_away": counts.is_store_away,
        "phases": {phase.value: phase_queue_json(count) for phase, count in counts.phases.items()},
    }


def phase_queue_json(count: PhaseCounts) -> dict[str, Any]:
    lines = {
        priority.label: {
            "units_in_line": line.units_in_line,
            "games_behind": line.games_behind,
            "oldest_ms": line.oldest_ms,
        }
        for priority, line in count.lines.items()
    }
    return {"units_in_flight": count.in_flight, "priorities": lines}


def last_hour_json(activity: QueueActivity) -> dict[str, Any]:
    return {
        **totals_json(activity, list(Phase)),
        "mean_time_to_first_result_ms": mean_since_request_ms(activity, Phase.INITIAL),
        "mean_time_to_complete_ms": mean_since_request_ms(activity, Phase.COMPLETE),
        "phases": {phase.value: phase_activity_json(activity, phase) for phase in Phase},
    }


def phase_activity_json(activity: QueueActivity, phase: Phase) -> dict[str, Any]:
    priorities = {}
    for priority in Priority:
        waited = activity.waited.get((phase, priority), NEVER)
        finished = activity.finished.get((phase, priority), NEVER)
        priorities[priority.label] = {
            "claims": waited.count,
            "mean_wait_ms": rounded(waited.mean_ms),
            "phases_finished": finished.count,
            "mean_since_request_ms": rounded(finished.mean_ms),
        }
    lengths = {}
    for length in GameLength:
        took = activity.took.get((phase, length), NEVER)
        lengths[length.value] = {"phases_finished": took.count, "mean_phase_ms": rounded(took.mean_ms)}
    positions, known = (
        tallies.get(phase, NEVER).total_ms for tallies in (activity.positions, activity.known)
    )
    return {
        **totals_json(activity, [phase]),
        "mean_segment_ms": rounded(activity.searched.get(phase, NEVER).mean_ms),
        "positions": positions,
        "known_positions": known,
        "cache_hit_rate": round(known / positions, 4) if positions else None,
        "priorities": priorities,
        "game_lengths": lengths,
    }


def totals_json(activity: QueueActivity, phases: list[Phase]) -> dict[str, Any]:
    """Counts over some phases and all priorities."""
    claims = total(tally for (phase, _), tally in activity.waited.items() if phase in phases).count
    failed, expired, exhausted, searched = (
        total(tally for phase, tally in tallies.items() if phase in phases).count
        for tallies in (activity.failed, activity.expired, activity.exhausted, activity.searched)
    )
    ended = searched + failed + expired
    return {
        "claims": claims,
        "segments_finished": searched,
        "failed_attempts": failed,
        "expired_leases": expired,
        "exhausted_units": exhausted,
        "error_rate": round((failed + expired) / ended, 4) if ended else None,
    }


def mean_since_request_ms(activity: QueueActivity, phase: Phase) -> float | None:
    """Of all priorities."""
    finished = total(tally for (done, _), tally in activity.finished.items() if done is phase)
    return rounded(finished.mean_ms)


def total(tallies: Iterable[Tally]) -> Tally:
    several = list(tallies)
    return Tally(sum(tally.count for tally in several), sum(tally.total_ms for tally in several))


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
