"""The names of the queue's keys. All share one hash tag, so that one script may touch them in a cluster.

    waiting:<phase>:<priority>   zset    unit in line -> its job's place, Unix ms
    behind:<phase>               zset    "priority user enqueued_at game generation segments" -> 0
    lines                        hash    "phase priority user" -> the game that stands in line
    leases:<phase>               zset    unit -> end of its lease, Unix ms
    calls:<phase>                zset    "call_id:number" -> when that call for a function was sent, Unix ms
    attempts                     hash    unit -> "claims positions_done token", until it is finished
    holders                      hash    token -> "unit waited_ms", the unit it holds
    exhausted                    zset    unit out of attempts -> since when, Unix ms
    jobs                         zset    game id -> enqueued at, Unix ms
    records                      hash    three fields for each game: lua/shared/records.lua
    users                        hash    user id -> unfinished games
    results:<game id>            hash    the running phase: segment -> JSON of its evaluations, and who did it
    rates                        hash    phase -> moving mean of the search time of a position, ms
    activity                     hash    "minute what" -> times it happened * 2^40 + ms
    store_away                   hash    failures, until_ms, probe_token, while the store does not answer

Who writes them and how long they live: docs/protocol.md. No key has a TTL: `volatile-lru` evicts only keys
that have one, and nothing here may vanish.
"""

from __future__ import annotations

from knight_vision.domain.job import GameId, Priority
from knight_vision.domain.phase import Phase

__all__ = ["Keys"]


class Keys:
    """The names under one prefix. A shared key is an attribute, a job's own key is a method."""

    def __init__(self, prefix: str) -> None:
        """`prefix` is the hash tag. Raises ValueError when it cannot be one."""
        if not prefix or "{" in prefix or "}" in prefix:
            raise ValueError(f"the prefix {prefix!r} must not be empty nor have braces")
        self.tag = f"{{{prefix}}}:"
        self.waiting = {
            phase: [f"{self.tag}waiting:{phase}:{priority:d}" for priority in Priority] for phase in Phase
        }
        self.behind = {phase: f"{self.tag}behind:{phase}" for phase in Phase}
        self.lines = f"{self.tag}lines"
        self.leases = {phase: f"{self.tag}leases:{phase}" for phase in Phase}
        self.calls = {phase: f"{self.tag}calls:{phase}" for phase in Phase}
        self.attempts = f"{self.tag}attempts"
        self.holders = f"{self.tag}holders"
        self.exhausted = f"{self.tag}exhausted"
        self.jobs = f"{self.tag}jobs"
        self.records = f"{self.tag}records"
        self.users = f"{self.tag}users"
        self.rates = f"{self.tag}rates"
        self.activity = f"{self.tag}activity"
        self.store_away = f"{self.tag}store_away"

    def results(self, game_id: GameId) -> str:
        """Hash: what is finished of one job's running phase."""
        return f"{self.tag}results:{game_id}"

    @property
    def permanent(self) -> frozenset[str]:
        """The keys that stay when the queue is empty."""
        return frozenset({self.rates, self.activity, *self.calls.values()})
