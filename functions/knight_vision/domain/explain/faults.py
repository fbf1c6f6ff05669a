"""Sentences about a move that was not good enough: the most telling statement, then what was better."""

from __future__ import annotations

from knight_vision.domain.explain.draws import allowed_draw, missed_draw
from knight_vision.domain.explain.drift import drift
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.material import MaterialStory
from knight_vision.domain.explain.mates import allowed_mate, missed_mate
from knight_vision.domain.explain.positional_loss import positional_loss
from knight_vision.domain.explain.promotions import allowed_promotion, missed_promotion
from knight_vision.domain.explain.remedy import contrast, full_remedy, plain_remedy, remedy, turn_of_events
from knight_vision.domain.explain.statement import Explanation, Statement, Theme

__all__ = ["explain_fault"]

MOST_CHARACTERS = 220
MOST_WITH_NUMBERS = 250
"""Where nothing but the scores and a comparison is told, which cites moves of both lines."""


def explain_fault(evidence: Evidence) -> Explanation:
    """One or two sentences: what the move allows or misses, and what would have been better or is now so."""
    first, second = reasons(evidence)
    text = f"{evidence.subject} {first.words}."
    most = MOST_WITH_NUMBERS if first.is_bare else MOST_CHARACTERS
    for more in (second, shorter(evidence, second)):
        if more and len(text) + 1 + len(more) <= most:
            return Explanation(f"{text} {more}", first.theme)
    return Explanation(text, first.theme)


def shorter(evidence: Evidence, sentence: str | None) -> str | None:
    """A sentence about the engine's move without what it does; None for other sentences."""
    better = evidence.better
    is_remedy = sentence and better is not None and sentence.startswith(better.cite(0))
    return plain_remedy(evidence) if is_remedy else None


def reasons(evidence: Evidence) -> tuple[Statement, str | None]:
    """The most telling statement that holds, and a sentence to follow it."""
    missed, allowed = missed_mate(evidence), allowed_mate(evidence)
    if missed:
        instead = allowed or allowed_draw(evidence)
        return missed, f"Instead it {instead.words}." if instead else turn_of_events(evidence)
    if allowed:
        return allowed, remedy(evidence)
    story = MaterialStory(evidence)
    lost, chance = story.lost_words(), story.missed_words()
    is_left = story.first_capture is not None
    if is_left and chance and chance.theme != Theme.FREE_PIECE:
        chance = None  # what the opponent takes at once comes before what a longer line would have won
    if chance and (lost is None or story.pawns_missed > story.pawns_lost):
        is_worth_adding = lost and (is_left or 2 * story.pawns_lost >= story.pawns_missed)
        return chance, f"Instead it {lost.words}." if lost and is_worth_adding else turn_of_events(evidence)
    if lost:
        is_told = lost.theme == Theme.MATERIAL  # with all that it costs
        return lost, contrast(evidence) if story.is_half_the_story and not is_told else remedy(evidence)
    for find, follow in REST:
        found = find(evidence)
        if found:
            return found, follow(evidence)
    found = drift(evidence)
    room = MOST_WITH_NUMBERS - len(f"{evidence.subject} {found.words}. ") if found.is_bare else 0
    return found, full_remedy(evidence, room_for_numbers=room)


REST = (
    (allowed_promotion, remedy),
    (missed_promotion, turn_of_events),
    (allowed_draw, remedy),
    (missed_draw, turn_of_events),
    (positional_loss, remedy),
)
"""Statements that are made where neither mate nor material explains the loss, with what follows them."""
