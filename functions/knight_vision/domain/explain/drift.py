"""What can always be said: how the evaluation changed, and what the opponent's reply does."""

from __future__ import annotations

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.instead import let_in
from knight_vision.domain.explain.manner import chased_king, retaking, wasted_time
from knight_vision.domain.explain.reply import reply_words
from knight_vision.domain.explain.standing import Standing, score_words
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.words import side
from knight_vision.domain.move_class import MoveClass

__all__ = ["changed", "drift", "loss"]


def drift(evidence: Evidence) -> Statement:
    """What follows the move when nothing more specific is found: `hands Black a slight advantage after …`.

    With what the reply does, where it trades, threatens or attacks something, and what kind of mistake it is.
    """
    unpunished, chased = unpunished_words(evidence), chased_king(evidence)
    if chased and not unpunished:
        return Statement(f"{chased.words} and {changed(evidence, chased.last)}", chased.theme)
    reply = reply_words(evidence)
    does = f", which {reply.words}" if reply else ""
    allowed = let_in(evidence) if reply is None or reply.last == 1 else None
    if allowed and not unpunished:
        return Statement(f"allows {allowed}{does}{',' if does else ''} and {loss(evidence)}", Theme.THREAT)
    wasted = wasted_time(evidence) if reply is None and not unpunished else None
    if wasted:
        return Statement(f"{wasted.words} and {changed(evidence, wasted.last)}", wasted.theme)
    retaken = None if unpunished else retaking(evidence)
    how = unpunished or retaken
    start = f"{how} and " if how else ""
    if reply is None:
        words = start + (loss(evidence) if unpunished else changed(evidence, 1))
        return Statement(words, Theme.OTHER, is_bare=retaken is None)
    return Statement(f"{start}{changed(evidence, reply.last)}{does}", reply.theme)


def changed(evidence: Evidence, last: int) -> str:
    """How the evaluation changed, with the moves of the opponent's line up to `last`."""
    last = min(last, len(evidence.played) - 1)
    return f"{loss(evidence)} after {evidence.played.cite(1, last)}" if last >= 1 else loss(evidence)


def unpunished_words(evidence: Evidence) -> str | None:
    """`does not punish 17...Qe7` where the opponent had just erred; None elsewhere."""
    previous = evidence.previous
    if evidence.move.move_class != MoveClass.MISS or previous is None or previous.judged.verdict is None:
        return None
    return f"does not punish {evidence.cite_previous()}"


def loss(evidence: Evidence) -> str:
    """How the evaluation changed, from either side's view."""
    before, after = evidence.standing_before, evidence.standing_after
    opponent = side(not evidence.color)
    if before == after:
        scores = f"(from {score_words(evidence.judged.before)} to {score_words(evidence.judged.after)})"
        if before == Standing.EQUAL:
            return f"makes the position a little worse {scores}"
        if before > 0:
            return f"loses part of {side(evidence.color)}'s {before.advantage} advantage {scores}"
        return f"adds to {opponent}'s {before.advantage} advantage {scores}"
    if before > 0 and after == Standing.EQUAL:
        return f"lets {side(evidence.color)}'s {before.advantage} advantage go"
    if before > 0 and after > 0:
        return f"turns a {before.advantage} advantage into a {after.advantage} one"
    if before >= 0:
        return f"hands {opponent} a {after.advantage} advantage"
    return f"lets {opponent}'s {before.advantage} advantage grow to a {after.advantage} one"
