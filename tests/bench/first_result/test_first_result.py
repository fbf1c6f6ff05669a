"""The timeline's arithmetic: whatever the logs say, its parts add up to the time that passed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.first_result.logs import Invocation, LogReader
from tests.bench.first_result.path import SEARCH, first_result_path
from tests.bench.first_result.table import table
from tests.bench.first_result.timeline import UNEXPLAINED, Call, mean, middle, timeline

OTHER = {"message": "unit_claimed", "function_request_id": "r-2"}
LABELS = {"a": "first", "b": "second", "mark": "mark"}
GAPS = {"b": "before the second", "mark": "before the mark", "end": "rest"}


def test_each_part_begins_where_the_one_before_it_ended() -> None:
    calls = [Call("b", 30, 70), Call("a", 10, 25), Call("unknown", 26, 29), Call("mark", 80, 80)]
    assert timeline(5, calls, 100, labels=LABELS, gaps=GAPS) == {
        UNEXPLAINED: 5,
        "first": 15,
        "before the second": 5,
        "second": 40,
        "before the mark": 10,
        "rest": 20,
    }


def test_what_overlaps_is_counted_once() -> None:
    calls = [Call("a", 0, 50), Call("b", 20, 60)]
    assert timeline(0, calls, 60, labels=LABELS, gaps=GAPS) == {"first": 50, "second": 10}


times = st.floats(-50, 150)
some_calls = st.builds(
    lambda name, began, took: Call(name, began, began + took),
    st.sampled_from(["a", "b", "mark", "unknown"]),
    times,
    st.floats(0, 80),
)


@given(st.lists(some_calls, max_size=9))
def test_the_parts_add_up(calls: list[Call]) -> None:
    parts = timeline(0, calls, 100, labels=LABELS, gaps=GAPS)
    assert sum(parts.values()) == pytest.approx(100)
    assert all(ms > 0 for ms in parts.values())


def test_the_mean_of_the_middle_adds_up_to_the_mean_total() -> None:
    runs = [{"a": 10.0, "b": 5.0}, {"a": 900.0}, {"a": 11.0}, {"b": 1.0}, {"a": 12.0, "c": 1.0}, {"a": 14.0}]
    shown = middle(runs)
    assert shown == [{"a": 12.0, "c": 1.0}, {"a": 14.0}]
    assert mean(shown) == {"a": 13.0, "c": 0.5}
    assert middle(runs[:2]) == [{"a": 10.0, "b": 5.0}, {"a": 900.0}]


def test_the_way_to_a_first_result() -> None:
    request = [
        Call("invoked", 2, 2),
        Call("handler", 3, 40),
        Call("store.request_analysis", 5, 10),
        Call("bus.phase_ready", 11, 15),
        Call("library.analysis", 16, 35),
    ]
    phase = [
        Call("invoked", 20, 20),
        Call("handler", 21, 300),
        Call("engine.search_segment", 25, 125),
        Call("store.read_pgn", 126, 130),
        Call("queue.report_progress", 140, 141),
        Call("store.save_phase", 142, 160),
    ]
    status = [Call("invoked", 172, 172), Call("handler", 173, 180), Call("library.analysis", 174, 178)]
    searched = Invocation(phase)
    assert (searched.saved_ms, Invocation(request).saved_ms) == (160, 0)
    parts = first_result_path(0, Invocation(request), searched, 170, Invocation(status), 183)
    assert sum(parts.values()) == 183
    assert parts[SEARCH] == 100
    assert parts["phase: the report"] == 15
    assert parts["to the phase: EventBridge, SQS, Lambda"] == 5
    assert parts["client: pause between two polls"] == 10
    assert UNEXPLAINED not in parts
    *_, total = table(parts, bare_ms=90)
    assert " 183.0 | 2.03 |" in total


def test_logs_are_read_invocation_by_invocation(tmp_path: Path) -> None:
    file = tmp_path / "Function.log"
    file.write_text("26 Nov 2026 10:00:00,000 [INFO] (rapid) INVOKE START(requestId: old)\n")
    log = LogReader(file)
    line = {"message": "timed", "function_request_id": "r-1", "call": "queue.claim"}
    lines = [
        "START RequestId: r-1 Version: $LATEST",
        "26 Nov 2026 10:00:00,250 [INFO] (rapid) INVOKE START(requestId: r-1)",
        json.dumps({**line, "began_ms": 5.5, "took_ms": 1.5}),
        json.dumps({"_aws": {}, "WaitTime": [3.0]}) + json.dumps({**OTHER, "game_id": "h"}),
        json.dumps(
            {"message": "unit_claimed", "function_request_id": "r-1", "game_id": "g", "correlation_id": "c"}
        ),
    ]
    with file.open("a") as out:
        out.write("\n".join([*lines, ""]))
    at_ms = 1795687200250.0
    calls = [Call("invoked", at_ms, at_ms), Call("queue.claim", 5.5, 7.0)]
    assert log.invocations() == [Invocation(calls, {"c"}, {"g"}), Invocation(game_ids={"h"})]
    assert log.invocations() == []
