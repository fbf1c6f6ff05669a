"""What functions of the local stack logged at level DEBUG, as calls with times."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.first_result.timeline import Call

__all__ = ["Invocation", "LogReader"]

STARTED = re.compile(
    r"^(\d+ \w+ \d+ [\d:]+,\d+) \[INFO\] \(rapid\) INVOKE START\(requestId: ([\w-]+)\)", re.MULTILINE
)
"""A line of AWS's emulator: it hands an event to the function."""


@dataclass(slots=True)
class Invocation:
    """One run of a function. Its first call is the mark `invoked`, by the emulator's clock (whole ms)."""

    calls: list[Call] = field(default_factory=list)
    correlation_ids: set[str] = field(default_factory=set)
    game_ids: set[str] = field(default_factory=set)

    @property
    def saved_ms(self) -> float:
        """When the first report was saved; 0 by who only searched."""
        return next((call.ended_ms for call in self.calls if call.name == "store.save_phase"), 0.0)


class LogReader:
    """Reads what is new in a function's log at each look."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.position = file.stat().st_size

    def invocations(self) -> list[Invocation]:
        """The invocations since the last look; to be called while none runs."""
        with self.file.open() as log:
            log.seek(self.position)
            text = log.read()
            self.position = log.tell()
        found: dict[str, Invocation] = {}
        for moment, request_id in STARTED.findall(text):
            at_ms = datetime.strptime(moment, "%d %b %Y %H:%M:%S,%f").replace(tzinfo=UTC).timestamp() * 1000
            found.setdefault(request_id, Invocation()).calls.append(Call("invoked", at_ms, at_ms))
        for line in json_lines(text):
            invocation = found.setdefault(str(line["function_request_id"]), Invocation())
            if "call" in line:
                began_ms = float(line["began_ms"])
                invocation.calls.append(Call(line["call"], began_ms, began_ms + float(line["took_ms"])))
            if line.get("correlation_id"):
                invocation.correlation_ids.add(str(line["correlation_id"]))
            if line.get("game_id"):
                invocation.game_ids.add(str(line["game_id"]))
        return list(found.values())


def json_lines(text: str) -> Iterator[dict[str, Any]]:
    """The log lines of functions among the emulator's; metrics belong to no request and are left out.

    Functions at work at once share a file: what one writes may stand behind another's on the same line.
    """
    decoder = json.JSONDecoder()
    for line in text.splitlines():
        start = line.find("{")
        while start >= 0:
            fields, end = decoder.raw_decode(line, start)
            if "function_request_id" in fields:
                yield fields
            start = line.find("{", end)
