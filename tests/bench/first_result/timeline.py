"""The arithmetic of a timeline: calls one after the other between a start and an end, and the gaps.

Whatever the calls are, the parts add up to the whole: each begins where the one before it ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["UNEXPLAINED", "Call", "added", "mean", "middle", "timeline"]

UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Call:
    """Something that took its time, in Unix milliseconds; a mere mark begins and ends at once."""

    name: str
    began_ms: float
    ended_ms: float


Parts = dict[str, float]
"""Milliseconds by label, in the order of time."""


def timeline(
    start_ms: float,
    calls: Sequence[Call],
    end_ms: float,
    *,
    labels: Mapping[str, str],
    gaps: Mapping[str, str],
) -> Parts:
    """What the time from start to end went into; the values add up to `end_ms - start_ms`.

    `labels` names calls, those without one are left out of the path. `gaps` names what leads to a call (and
    to the end, under `end`) from the one before it; time without a name is UNEXPLAINED. Calls that overlap
    count from where the one before ended.
    """
    parts: Parts = {}
    now_ms = start_ms
    for call in sorted(calls, key=lambda call: (call.began_ms, call.ended_ms)):
        if call.name not in labels:
            continue
        began_ms = min(max(call.began_ms, now_ms), end_ms)
        ended_ms = min(max(call.ended_ms, began_ms), end_ms)
        add(parts, gaps.get(call.name, UNEXPLAINED), began_ms - now_ms)
        add(parts, labels[call.name], ended_ms - began_ms)
        now_ms = ended_ms
    add(parts, gaps.get("end", UNEXPLAINED), end_ms - now_ms)
    return parts


def add(parts: Parts, label: str, ms: float) -> None:
    """More time under a label; marks take none and get no row."""
    if ms > 0:
        parts[label] = parts.get(label, 0.0) + ms


def added(*timelines: Parts) -> Parts:
    """Timelines that follow each other as one."""
    whole: Parts = {}
    for parts in timelines:
        for label, ms in parts.items():
            whole[label] = whole.get(label, 0.0) + ms
    return whole


def middle(runs: Sequence[Parts]) -> list[Parts]:
    """The third of the runs around the median of their totals: neither lucky nor disturbed."""
    by_total = sorted(runs, key=lambda parts: sum(parts.values()))
    third = len(runs) // 3
    return by_total[third : len(runs) - third] if third else by_total


def mean(runs: Sequence[Parts]) -> Parts:
    """The mean of timelines, label by label: unlike medians, means add up to the mean of the totals."""
    whole = added(*runs)
    return {label: ms / len(runs) for label, ms in whole.items()}
