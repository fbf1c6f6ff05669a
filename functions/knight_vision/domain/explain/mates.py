"""Statements about mates that a move allows or misses."""

from __future__ import annotations

from collections.abc import Sequence

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.statement import Statement, Theme
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.motifs import Motif, Sighting

__all__ = ["allowed_mate", "mate_words", "missed_mate"]

MOST_CITED = 4
"""Mates in at most so many moves are given in full."""
NAMES = {
    Motif.BACK_RANK_MATE: "a back-rank mate",
    Motif.SMOTHERED_MATE: "a smothered mate",
    Motif.ANASTASIA_MATE: "Anastasia's mate",
    Motif.ARABIAN_MATE: "an Arabian mate",
    Motif.BODEN_MATE: "Boden's mate",
    Motif.DOUBLE_BISHOP_MATE: "a double bishop mate",
    Motif.DOVETAIL_MATE: "a dovetail mate",
    Motif.EPAULETTE_MATE: "an epaulette mate",
    Motif.HOOK_MATE: "a hook mate",
    Motif.OPERA_MATE: "an opera mate",
}
"""Mates that players know by name."""


def allowed_mate(evidence: Evidence) -> Statement | None:
    """What follows the move where the opponent now mates and did not before: `allows mate in 2: …`."""
    opponent = not evidence.color
    moves = evidence.mate_for(evidence.judged.after, opponent)
    if moves is None or evidence.mate_for(evidence.judged.before, opponent) is not None:
        return None
    if len(evidence.played) < 2:
        return Statement(f"allows {length_words(moves)}", Theme.MATE_ALLOWED)
    words = mate_words(evidence.played, 1, moves, evidence.move.allowed)
    return Statement(f"allows {words}", Theme.MATE_ALLOWED)


def missed_mate(evidence: Evidence) -> Statement | None:
    """What follows the move where the mover had a mate and has it no more: `misses mate in 2: …`."""
    moves = evidence.mate_for(evidence.judged.before, evidence.color)
    if moves is None or evidence.mate_for(evidence.judged.after, evidence.color) is not None:
        return None
    better = evidence.better
    if better is None:
        return Statement(f"misses {length_words(moves)}", Theme.MATE_MISSED)
    words = mate_words(better, 0, moves, evidence.move.missed)
    return Statement(f"misses {words}", Theme.MATE_MISSED)


def length_words(moves: int) -> str:
    """`mate in one`, `mate in 4`: all that is known of a mate without a line (imported evaluations)."""
    return f"mate in {'one' if moves == 1 else moves}"


def mate_words(variation: Variation, first: int, moves: int, sightings: Sequence[Sighting]) -> str:
    """The mate that begins with move `first`: its length and moves where the line plays it out."""
    if not variation.line.ends_in_mate or len(variation) - first != 2 * moves - 1:
        return f"a forced mate, beginning with {variation.cite(first)}"
    name = next((NAMES[sighting.motif] for sighting in sightings if sighting.motif in NAMES), None)
    if moves == 1:
        return f"{name or length_words(moves)}: {variation.cite(first)}"
    named = f", {name}" if name else ""
    if moves > MOST_CITED:
        return f"{length_words(moves)}{named}, beginning with {variation.cite(first)}"
    return f"{length_words(moves)}{named}: {variation.cite(first, len(variation) - 1)}"
