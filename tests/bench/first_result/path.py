"""The way to a first result: which calls lie on it, and what the gaps between them are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.bench.first_result.logs import Invocation
from tests.bench.first_result.timeline import Call, Parts, added, timeline

__all__ = ["ROWS", "SEARCH", "first_result_path"]

SEARCH = "engine: the segment that was done last"
PYTHON_OF_API = "API: Python between calls"
PYTHON_OF_PHASE = "phase: Python between calls"
REPORT = "phase: the report"

REQUEST_LABELS = {
    "invoked": "mark",
    "handler began": "mark",
    "gate.enter": "API: Redis, gate",
    "store.request_analysis": "API: Supabase, request_analysis",
    "queue.admit": "API: Redis, admit",
    "bus.phase_ready": "API: EventBridge, put_events",
}
REQUEST_GAPS = {
    "invoked": "to the API: client, API Gateway, Lambda",
    "handler began": "to the API: Lambda's runtime",
    "gate.enter": "API: FastAPI, token",
    "store.request_analysis": PYTHON_OF_API,
    "queue.admit": PYTHON_OF_API,
    "bus.phase_ready": PYTHON_OF_API,
}
PHASE_LABELS = {
    "invoked": "mark",
    "handler began": "mark",
    "engine.start": PYTHON_OF_PHASE,
    "queue.claim": "phase: Redis, claim",
    "cache.read": "phase: Redis, position cache",
    "engine.search_segment": SEARCH,
    "cache.write": "phase: Redis, position cache",
    "queue.finish_and_claim": "phase: Redis, finish_and_claim",
    "queue.read_evaluations": "phase: Redis, read_evaluations",
    "queue.report_progress": "phase: Redis, report_progress",
    "store.save_phase": "phase: Supabase, save_phase",
}
PHASE_GAPS = {
    **dict.fromkeys(PHASE_LABELS, PYTHON_OF_PHASE),
    "invoked": "to the phase: EventBridge, SQS, Lambda",
    "handler began": "to the phase: Lambda's runtime",
    "queue.report_progress": REPORT,
}
STATUS_LABELS = {
    "poll sent": "mark",
    "invoked": "mark",
    "handler began": "mark",
    "gate.enter": "status: Redis, gate",
    "library.analysis": "status: Supabase, read_analysis",
    "handler ended": "mark",
}
STATUS_GAPS = {
    "poll sent": "client: pause between two polls",
    "invoked": "status: client, API Gateway, Lambda",
    "handler began": "status: Lambda's runtime",
    "gate.enter": "status: FastAPI, token",
    "library.analysis": "status: Python between calls",
    "handler ended": "status: the answer, FastAPI",
    "end": "status: the answer, Lambda to client",
}


def rows() -> Iterator[str]:
    """The labels of all rows in the order of time; some come twice."""
    ways = ((REQUEST_LABELS, REQUEST_GAPS), (PHASE_LABELS, PHASE_GAPS), (STATUS_LABELS, STATUS_GAPS))
    for labels, gaps in ways:
        for call in (*labels, "end"):
            yield from (gaps[call],) if call in gaps else ()
            yield from (labels[call],) if call in labels else ()


ROWS = tuple(dict.fromkeys(rows()))
"""All rows in the order of time."""


def first_result_path(
    sent_ms: float,
    request: Invocation,
    phase: Invocation,
    poll_sent_ms: float,
    status: Invocation,
    read_ms: float,
) -> Parts:
    """What the time from request sent to first result read went into; it adds up.

    `request` asked for the analysis, `phase` made its first report, and `status` said so, to a poll sent at
    `poll_sent_ms`.
    """
    called_ms = ended(request.calls, "bus.phase_ready")
    saved_ms = ended(phase.calls, "store.save_phase")
    until_called = timeline(
        sent_ms, with_marks(request.calls), called_ms, labels=REQUEST_LABELS, gaps=REQUEST_GAPS
    )
    # A function may be called before the API has its answer, but nothing is on the way twice.
    until_saved = timeline(called_ms, with_marks(phase.calls), saved_ms, labels=PHASE_LABELS, gaps=PHASE_GAPS)
    poll = Call("poll sent", poll_sent_ms, poll_sent_ms)
    until_read = timeline(
        saved_ms, [poll, *with_marks(status.calls)], read_ms, labels=STATUS_LABELS, gaps=STATUS_GAPS
    )
    return added(until_called, until_saved, until_read)


def with_marks(calls: Sequence[Call]) -> list[Call]:
    """The calls inside of the handler, with marks for its own beginning and end."""
    marks = []
    for call in calls:
        if call.name == "handler":
            marks += [Call("handler began", call.began_ms, call.began_ms)]
            marks += [Call("handler ended", call.ended_ms, call.ended_ms)]
    return [*calls, *marks]


def ended(calls: Sequence[Call], name: str) -> float:
    """When the first call of a name ended. Raises LookupError when there was none."""
    for call in sorted(calls, key=lambda call: call.began_ms):
        if call.name == name:
            return call.ended_ms
    raise LookupError(f"{name} was not called")
