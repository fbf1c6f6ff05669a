"""The names of the queue's keys. All share one hash tag, so that one script may touch them in a cluster.

    waiting:<phase>          zset    unit -> score, the lowest is claimed first
    leases:<phase>           zset    unit -> end of its lease, Unix ms
    attempts                 hash    unit -> "claims positions_done token", until it is finished
    holders                  hash    token -> the unit it holds
    exhausted                zset    unit out of attempts -> since when, Unix ms
    jobs                     zset    game id -> enqueued at, Unix ms
    places                   hash    game id -> "score priority"
    payloads                 hash    game id -> JSON of the job with its running plan
    users                    hash    user id -> unfinished games
    job:<game id>            hash    the rest of one job's state
    evaluations:<game id>    hash    segment -> JSON of its evaluations
    rates                    hash    phase -> moving mean of the search time of a position, ms
    dead_letters             stream  unit, user_id, reason; an entry's id is its time

Who writes them and how long they live: docs/protocol.md. No key has a TTL: `volatile-lru` evicts only keys
that have one, and nothing here may vanish.
"""

from __future__ import annotations

from knight_vision.domain.job import GameId
from knight_vision.domain.phase import Phase

__all__ = ["Keys"]


class Keys:
    """The names under one prefix. A shared key is an attribute, a job's own key is a method."""

    def __init__(self, prefix: str) -> None:
        """`prefix` is the hash tag. Raises ValueError when it cannot be one."""
        if not prefix or "{" in prefix or "}" in prefix:
            raise ValueError(f"the prefix {prefix!r} must not be empty nor have braces")
        self.tag = f"{{{prefix}}}:"
        self.waiting = {phase: f"{self.tag}waiting:{phase}" for phase in Phase}
        self.leases = {phase: f"{self.tag}leases:{phase}" for phase in Phase}
        self.attempts = f"{self.tag}attempts"
        self.holders = f"{self.tag}holders"
        self.exhausted = f"{self.tag}exhausted"
        self.jobs = f"{self.tag}jobs"
        self.places = f"{self.tag}places"
        self.payloads = f"{self.tag}payloads"
        self.users = f"{self.tag}users"
        self.rates = f"{self.tag}rates"
        self.dead_letters = f"{self.tag}dead_letters"

    def job(self, game_id: GameId) -> str:
        """Hash: the state of one job."""
        return f"{self.tag}job:{game_id}"

    def evaluations(self, game_id: GameId) -> str:
        """Hash: the evaluations of one job's running phase."""
        return f"{self.tag}evaluations:{game_id}"

    @property
    def permanent(self) -> frozenset[str]:
        """The keys that stay when the queue is empty."""
        return frozenset({self.rates, self.dead_letters})
