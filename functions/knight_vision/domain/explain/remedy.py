"""What would have been better, and how things stand now: the sentence that follows a statement."""

from __future__ import annotations

from knight_vision.domain.explain.aims import AimKind, aims
from knight_vision.domain.explain.comparison import better_numbers
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.instead import better_threats, guarded, let_in, prevented, trading
from knight_vision.domain.explain.reply import attacked_by, reply_words
from knight_vision.domain.explain.standing import Standing, position_words
from knight_vision.domain.explain.words import listed, side

__all__ = ["contrast", "full_remedy", "plain_remedy", "remedy", "turn_of_events"]

MOST_CITED = 3
ALIKE = frozenset({AimKind.DEVELOP, AimKind.CENTRE, AimKind.SPACE})
"""Aims that another piece or pawn serves as well."""


def remedy(evidence: Evidence) -> str | None:
    """A sentence about the engine's move, and what it attacks: `18...Qd8 would have kept the balance.`"""
    if evidence.better is None:
        return None
    return told(evidence, better_does(evidence) or attacking(evidence))


def plain_remedy(evidence: Evidence) -> str | None:
    """The shortest such sentence; None where the engine's move is not known."""
    return told(evidence, None) if evidence.better is not None else None


def full_remedy(evidence: Evidence, *, room_for_numbers: int = 0) -> str | None:
    """The longest: what the move guards, threatens, prevents or else does; or what comes after it.

    Where that is not found, and nothing else tells why it is better, numbers do in so many characters.
    """
    better = evidence.better
    if better is None:
        return None
    guards, does = guarded(evidence), better_does(evidence)
    if does and not guards:
        return told(evidence, does)
    stops = None if guards or let_in(evidence) else prevented(evidence)
    if guards or stops:
        instead = f"guarded {guards}" if guards else f"prevented {stops}"
        return f"{better.cite(0)} would have {instead} and {kept(evidence).removeprefix('would have ')}."
    does = attacking(evidence) or doing(evidence)
    if room_for_numbers and not does:
        for moves, words in better_numbers(evidence):
            sentence = f"{moves} {kept(evidence)}, with {words}."
            if len(sentence) <= room_for_numbers:
                return sentence
    line = f"followed by {better.cite(1, MOST_CITED - 1)}" if len(better) >= MOST_CITED else None
    return told(evidence, does or line)


def told(evidence: Evidence, does: str | None) -> str:
    """The engine's move, what it does, and what it would have kept."""
    better = evidence.better
    assert better is not None  # noqa: S101 - asked for only where it is known
    return f"{better.cite(0)}{f', {does},' if does else ''} {kept(evidence)}."


def better_does(evidence: Evidence) -> str | None:
    """`trading queens`, `attacking the knight on d5`, `threatening mate on h7`; None for nothing."""
    traded = trading(evidence)
    if traded:
        return traded
    found = better_threats(evidence)
    return found.words("ing") if found else None


def attacking(evidence: Evidence) -> str | None:
    """What the engine's move attacks, whatever comes of it; None for nothing."""
    targets = attacked_by(evidence.better, 0) if evidence.better is not None else ()
    return f"attacking {listed(targets)}" if targets else None


def doing(evidence: Evidence) -> str | None:
    """What else the engine's move does and neither the move played nor the reply to it: `castling`."""
    better, played = evidence.better, evidence.played
    if better is None:
        return None
    reply, done = reply_words(evidence), set(aims(played, 0))
    kinds = {aim.kind for aim in done} & ALIKE
    for aim in aims(better, 0):
        if aim not in done and aim.kind not in kinds and not (reply and aim.words() == reply.words):
            return aim.words("ing")
    return None


def kept(evidence: Evidence) -> str:
    """What the engine's move would have done for the mover."""
    before, after = evidence.standing_before, evidence.standing_after
    opponent = side(not evidence.color)
    if before == Standing.EQUAL:
        return "would have kept the balance"
    if before == after:
        if before > 0:
            return "would have kept more of the advantage"
        if before == Standing.LOSING:
            return "would have put up more resistance"
        return f"would have kept {opponent}'s advantage smaller"
    if before > 0:
        return f"would have kept {side(evidence.color)} {before.words}"
    return f"would have left {opponent} only {Standing(-before).words}"


def contrast(evidence: Evidence) -> str | None:
    """How things stand now, and the engine's move beside it; None where that is not known."""
    better = remedy(evidence)
    return better and f"Now {position_words(evidence.standing_after, evidence.color)}; {better}"


def turn_of_events(evidence: Evidence) -> str | None:
    """A sentence on how the standing changed; None when it did not and nothing is won."""
    before, after = evidence.standing_before, evidence.standing_after
    if before == after:
        return f"{side(evidence.color)} is still winning." if after == Standing.WINNING else None
    mover = side(evidence.color)
    if before > 0 and after > 0:
        return f"{mover} was {before.words} and is now only {after.words}."
    now = position_words(after, evidence.color)
    return f"{mover} was {before.words}; now {now}." if before > 0 else f"Now {now}."
