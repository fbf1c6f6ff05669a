"""What can always be said: how the evaluation changed, and what the better move would have kept."""

from __future__ import annotations

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.standing import Standing, position_words, score_words
from knight_vision.domain.explain.words import side

__all__ = ["drift", "remedy", "turn_of_events"]

MOST_CITED = 3


def drift(evidence: Evidence) -> str:
    """What follows the move when nothing more specific is found: `gives away a clear advantage`."""
    before, after = evidence.standing_before, evidence.standing_after
    opponent = side(not evidence.color)
    if before == after:
        scores = f"{score_words(evidence.judged.before)} to {score_words(evidence.judged.after)}"
        if before == Standing.EQUAL:
            return f"lets the evaluation slip from {scores}"
        if before > 0:
            return f"loses part of {side(evidence.color)}'s {before.advantage} advantage ({scores})"
        return f"adds to {opponent}'s {before.advantage} advantage ({scores})"
    if before > 0 and after == Standing.EQUAL:
        return f"gives away a {before.advantage} advantage: the game is now about equal"
    if before > 0 and after > 0:
        return f"turns a {before.advantage} advantage into a {after.advantage} one"
    if before >= 0:
        return f"hands {opponent} a {after.advantage} advantage"
    return f"lets {opponent}'s {before.advantage} advantage grow to a {after.advantage} one"


def remedy(evidence: Evidence, *, with_line: bool = False) -> str | None:
    """A sentence about the engine's move: `18...Qd8 would have kept the balance.`"""
    better = evidence.better
    if better is None:
        return None
    last = min(MOST_CITED, len(better)) - 1 if with_line else 0
    moves = better.cite(0) if last < 2 else f"{better.cite(0)}, followed by {better.cite(1, last)},"
    return f"{moves} {kept(evidence)}."


def kept(evidence: Evidence) -> str:
    """What the engine's move would have done for the mover."""
    before, after = evidence.standing_before, evidence.standing_after
    opponent = side(not evidence.color)
    if before > 0:
        return (
            "would have kept more of it"
            if before == after
            else f"would have kept {side(evidence.color)} {before.words}"
        )
    if before == Standing.EQUAL:
        return "would have kept the balance"
    if before == after:
        return "would have put up more resistance"
    return f"would have left {opponent} only {Standing(-before).words}"


def turn_of_events(evidence: Evidence) -> str | None:
    """A sentence on how the standing changed; None when it did not."""
    before, after = evidence.standing_before, evidence.standing_after
    if before == after:
        return None
    now = position_words(after, evidence.color)
    if before > 0:
        return f"{side(evidence.color)} was {before.words}; now {now}."
    return f"Now {now}."
