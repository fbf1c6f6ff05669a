"""The calls that are on their way to functions: no more are sent than there is work for more functions.

A function at work takes the next unit by itself, so a call for one more is worth its price only while fewer
than the most that may run are at work or called. docs/decisions/0030 says why this may be forgotten.
"""

from __future__ import annotations

from knight_vision.domain.phase import Phase
from knight_vision.domain.queue_tables import QueueTables

__all__ = ["CALL_LIFE_MS", "QueueCalls"]

CALL_LIFE_MS = 15_000
"""A call that no function has answered after so long counts as lost: events and cold starts take seconds."""


class QueueCalls(QueueTables):
    """How many functions are to be called."""

    def allow_calls(
        self, phase: Phase, wanted: int, *, most: int, least: int = 0, call_id: str, now_ms: int
    ) -> int:
        """See ports.JobQueue; `call_id` is the same when a client repeats one and the same call."""
        calls = self.calls[phase]
        for call in [call for call, sent_ms in calls.items() if sent_ms <= now_ms - CALL_LIFE_MS]:
            del calls[call]
        repeated = 0
        while call_name(call_id, repeated) in calls:
            repeated += 1
        if repeated:
            return repeated
        at_work = sum(unit.phase is phase for unit in self.leases)
        room = max(most - at_work - len(calls), 0 if calls else least)
        allowed = max(0, min(wanted, room))
        calls.update({call_name(call_id, number): now_ms for number in range(allowed)})
        return allowed

    def call_arrived(self, phase: Phase) -> None:
        """One call is no longer on its way: the oldest, since nobody can tell them apart."""
        calls = self.calls[phase]
        if calls:
            del calls[min(calls, key=lambda call: (calls[call], call))]


def call_name(call_id: str, number: int) -> str:
    """The name of one of the calls that were allowed together."""
    return f"{call_id}:{number}"
