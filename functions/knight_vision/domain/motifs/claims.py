"""Motifs worth telling a person about a line that a player missed or allowed.

In a puzzle every move is forced; in an engine's line a motif may be mere geometry. So only motifs of the
first moves count, and only where the line shows that they pay: with mate, or with material kept to its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import chess

from knight_vision.domain.motifs import simple
from knight_vision.domain.motifs.line import Line, taken_type
from knight_vision.domain.motifs.motif import Motif, Sighting
from knight_vision.domain.motifs.payoffs import PAYOFFS, balance_before, is_offer
from knight_vision.domain.motifs.registry import mates_by_name, sightings_in
from knight_vision.domain.sacrifice import REAL_SACRIFICE, best_capture_gain

__all__ = ["claims"]

MOST_CLAIMS = 3
LAST_PLY = 2
"""Motifs that begin later than with the solver's second move are the line's, not the position's."""
HORIZON = 12
"""Plies of a line that are looked at: what comes later is not what the player missed."""
LONGEST_MATE = 7
"""Plies of the longest mate that is told by its pattern and means: mate in four."""
MEANS_OF_MATE = (
    Motif.DOUBLE_CHECK,
    Motif.DISCOVERED_CHECK,
    Motif.DEFLECTION,
    Motif.ATTRACTION,
    Motif.SACRIFICE,
)
IMPLIED = {
    Motif.DISCOVERED_ATTACK: Motif.DISCOVERED_CHECK,
    Motif.DISCOVERED_CHECK: Motif.DOUBLE_CHECK,
    Motif.PROMOTION: Motif.UNDER_PROMOTION,
}
"""A motif that says nothing beside another one of the same move."""
RANKS = {motif: rank for rank, motif in enumerate(PAYOFFS)}


def claims(
    line: Line, *, pawns_needed: int = REAL_SACRIFICE, played: chess.Move | None = None
) -> tuple[Sighting, ...]:
    """The sightings that the line bears out, at most three, the most telling first, each motif once.

    Let its first board remember two moves, else a recapture may pass for a piece won. `pawns_needed`:
    material in pawns that a motif must win, both with its own captures and to the end of the line. `played`:
    the move made in place of the line; what it takes itself it does not miss.
    """
    whole = line.head(HORIZON)
    if whole.ends_in_mate:
        return most_telling(sightings_of_mate(whole, sightings_in(whole.head(LONGEST_MATE))))
    before = balance_before(whole)
    # Before the motifs, which take far longer: most lines win nothing.
    if settled_balance(whole, len(whole)) - before < pawns_needed:
        return ()
    taken = played.to_square if played and taken_type(whole.boards[0], played) else None
    return most_telling(paying(whole, sightings_in(whole.head(LONGEST_MATE)), before, pawns_needed, taken))


def sightings_of_mate(line: Line, found: Sequence[Sighting]) -> Iterator[Sighting]:
    """The length and the pattern of a mate, and what forces it; of a long one the length alone."""
    length = simple.mate_distance(line)
    yield from (sighting for sighting in length if sighting.motif != Motif.MATE)
    if len(line) <= LONGEST_MATE:
        yield from mates_by_name(line)
        yield from (sighting for sighting in found if is_means_of_mate(line, sighting))


def is_means_of_mate(line: Line, sighting: Sighting) -> bool:
    """True of a motif of the first moves without which there would be no mate."""
    if sighting.motif not in MEANS_OF_MATE or sighting.ply > LAST_PLY:
        return False
    if sighting.motif in (Motif.SACRIFICE, Motif.ATTRACTION, Motif.DEFLECTION):
        return is_offer(line, sighting.ply)
    return True


def paying(
    line: Line, found: Sequence[Sighting], before: int, pawns_needed: int, taken: chess.Square | None
) -> Iterator[Sighting]:
    """The motifs of the first moves that win so much material by themselves, up to and with their payoff.

    None that pays on the square `taken`, where the player has taken in any case.
    """
    for sighting in found:
        payoff = PAYOFFS.get(sighting.motif)
        if payoff is None or sighting.ply > LAST_PLY:
            continue
        ply = payoff(line, sighting)
        if ply is None or (line.captured[ply] and line.moves[ply].to_square == taken):
            continue
        at_start = before if sighting.ply == 0 else line.balance[sighting.ply]
        settled = settled_balance(line, ply + 1)
        if settled - at_start >= pawns_needed and settled - line.balance[ply] >= pawns_needed:
            yield sighting


def most_telling(found: Iterator[Sighting]) -> tuple[Sighting, ...]:
    """At most three sightings in order, each motif once, none that another one implies."""
    first: dict[Motif, Sighting] = {}
    for sighting in sorted(found, key=lambda sighting: sighting.ply):
        first.setdefault(sighting.motif, sighting)
    telling = [
        sighting
        for motif, sighting in first.items()
        if motif not in IMPLIED
        or (implying := first.get(IMPLIED[motif])) is None
        or implying.ply > sighting.ply
    ]
    return tuple(sorted(telling, key=rank)[:MOST_CLAIMS])


def rank(sighting: Sighting) -> tuple[int, int]:
    """Mates come before all else."""
    return RANKS.get(sighting.motif, -1), sighting.ply


def settled_balance(line: Line, index: int) -> int:
    """The solver's balance of material when the captures that follow board `index` are over.

    At the end of the line what the opponent could still take is counted as taken.
    """
    while index < len(line) and line.captured[index]:
        index += 1
    if index < len(line):
        return line.balance[index]
    board = line.boards[index]
    return line.balance[index] - (best_capture_gain(board) if board.turn != line.solver else 0)
