"""The operators' routes of the fake server: made-up numbers, and dead letters that can be redriven."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

PHASES = ("initial", "intermediate", "complete")
PRIORITIES = ("bulk", "premium_bulk", "standard", "premium")


@dataclass
class FakeOperations:
    """Answers as status and JSON object."""

    is_operator: bool = True
    page_size: int = 50
    failed: list[str] = field(default_factory=list)
    """Ids of games whose analysis was given up, the last one first."""
    redriven: list[list[str]] = field(default_factory=list)
    """The games asked for in each call."""
    is_queue_away: bool = False

    def answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if not self.is_operator:
            return 403, {"code": "forbidden", "detail": "This is for operators."}
        if (method, path) == ("GET", "/v1/operations/metrics"):
            return 200, self.metrics()
        if (method, path) == ("GET", "/v1/operations/dead-letters"):
            return 200, self.dead_letters(dict(part.split("=") for part in query.split("&") if part))
        if (method, path) == ("POST", "/v1/operations/dead-letters/redrive"):
            asked = json.loads(body)["game_ids"]
            self.redriven.append(asked)
            begun = [game_id for game_id in asked if game_id in self.failed]
            self.failed = [game_id for game_id in self.failed if game_id not in begun]
            return 200, {"redriven": len(begun), "game_ids": begun}
        return 404, {"code": "not_found", "detail": "There is no such route."}

    def dead_letters(self, parameters: dict[str, str]) -> dict[str, Any]:
        first = int(parameters.get("cursor", 0))
        after = first + min(self.page_size, int(parameters["limit"]))
        letters = [
            {
                "game_id": game_id,
                "user_id": "11111111-1111-4111-8111-111111111111",
                "generation": 1,
                "finished_phase": "initial",
                "reason": "3 workers died\x1b[31m over it",
                "failed_at": "2026-11-23T14:00:00.123000+00:00",
            }
            for game_id in self.failed[first:after]
        ]
        return {
            "dead_letters": letters,
            "next_cursor": str(after) if after < len(self.failed) else None,
        }

    def metrics(self) -> dict[str, Any]:
        problem = {"code": "queue_unavailable", "detail": "Redis does not answer."}
        return {
            "queue": None if self.is_queue_away else queue_json(),
            "last_hour": None if self.is_queue_away else last_hour_json(),
            "dead_letters": len(self.failed),
            "feedback": None if self.is_queue_away else {"ratings": 31, "mean_rating": 4.26},
            "problems": [problem] if self.is_queue_away else [],
        }


def queue_json() -> dict[str, Any]:
    idle = {"units_in_line": 0, "games_behind": 0, "oldest_ms": 0}
    busy = {"units_in_line": 12_345, "games_behind": 678, "oldest_ms": 3_599_000}
    phases = {
        phase: {
            "units_in_flight": 10,
            "priorities": {
                one: busy if (phase, one) == ("intermediate", "premium_bulk") else idle for one in PRIORITIES
            },
        }
        for phase in PHASES
    }
    return {
        "jobs": 1_234,
        "oldest_job_ms": 3_661_000,
        "exhausted_units": 0,
        "is_store_away": True,
        "phases": phases,
    }


def last_hour_json() -> dict[str, Any]:
    totals = {
        "claims": 10_000,
        "segments_finished": 9_990,
        "failed_attempts": 7,
        "expired_leases": 3,
        "exhausted_units": 1,
        "error_rate": 0.001,
    }
    idle = {"claims": 0, "mean_wait_ms": None, "phases_finished": 0, "mean_since_request_ms": None}
    busy = {
        "claims": 5_000,
        "mean_wait_ms": 3_599_000.4,
        "phases_finished": 9_999,
        "mean_since_request_ms": 3_599_000.4,
    }
    lengths: dict[str, Any] = {
        one: {"phases_finished": 9, "mean_phase_ms": 1_259.5} for one in ("short", "medium", "long")
    }
    lengths["long"] = {"phases_finished": 0, "mean_phase_ms": None}
    phases = {
        phase: {
            **totals,
            "mean_segment_ms": 812.4,
            "positions": 9_000,
            "known_positions": 3_000,
            "cache_hit_rate": 0.3333,
            "priorities": {
                one: busy if (phase, one) == ("intermediate", "premium_bulk") else idle for one in PRIORITIES
            },
            "game_lengths": lengths,
        }
        for phase in PHASES
    }
    return {
        **totals,
        "mean_time_to_first_result_ms": 812.4,
        "mean_time_to_complete_ms": 61_000.0,
        "phases": phases,
    }
