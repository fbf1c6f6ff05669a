"""What can always be said: how the evaluation changed, and what the better move would have kept."""

from __future__ import annotations

import chess

from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.ideas import named
from knight_vision.domain.explain.standing import Standing, position_words, score_words
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import listed, piece_name, side
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.sacrifice import VALUES

__all__ = ["drift", "remedy", "turn_of_events"]

MOST_CITED = 3
HEAVY = (chess.QUEEN, chess.ROOK)
"""Pieces whose trade changes a game's character."""


def drift(evidence: Evidence) -> str:
    """What follows the move when nothing more specific is found: `hands Black a slight advantage after …`."""
    unpunished = unpunished_words(evidence)
    if unpunished:
        return f"{unpunished} and {loss(evidence)}"
    traded = traded_piece(evidence.played)
    if traded:
        return f"{changed(evidence, 2)}, which trades {traded}"
    targets = attacked_by(evidence.played, 1) if len(evidence.played) > 1 else ()
    if not targets:
        return changed(evidence, 1)
    check = "gives check and " if evidence.played.line.checks[2] else ""
    return f"{changed(evidence, 1)}, which {check}attacks {listed(targets)}"


def changed(evidence: Evidence, last: int) -> str:
    """How the evaluation changed, with the moves of the opponent's line up to `last`."""
    last = min(last, len(evidence.played) - 1)
    return f"{loss(evidence)} after {evidence.played.cite(1, last)}" if last >= 1 else loss(evidence)


def traded_piece(variation: Variation) -> str | None:
    """`queens` or `rooks` where the opponent's first move trades them; None where not."""
    line = variation.line
    if len(line) < 3 or line.moves[1].to_square != line.moves[2].to_square or line.captured[0] is not None:
        return None
    traded = line.captured[1]
    return f"{piece_name(traded)}s" if traded in HEAVY and line.captured[2] == traded else None


def unpunished_words(evidence: Evidence) -> str | None:
    """`does not punish 17...Qe7` where the opponent had just erred; None elsewhere."""
    previous = evidence.previous
    if evidence.move.move_class != MoveClass.MISS or previous is None or previous.judged.verdict is None:
        return None
    return f"does not punish {evidence.cite_previous()}"


def attacked_by(variation: Variation, index: int) -> tuple[str, ...]:
    """Pieces that the piece just moved attacks, where they are worth more than it or have no protection.

    Nothing for captures, which are told by themselves, and for pinned pieces.
    """
    line = variation.line
    board, square = line.boards[index + 1], line.landed[index]
    color = board.turn
    if variation.takes(index) or board.is_pinned(not color, square):
        return ()
    value = VALUES[board.piece_type_at(square) or chess.KING]
    pieces = board.attacks_mask(square) & board.occupied_co[color] & ~board.pawns & ~board.kings
    return tuple(
        named(board, target)
        for target in chess.scan_forward(pieces)
        if VALUES[board.piece_type_at(target) or 0] > value > 0 or not board.attackers_mask(color, target)
    )


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


def remedy(evidence: Evidence, *, with_line: bool = False) -> str | None:
    """A sentence about the engine's move: `18...Qd8 would have kept the balance.`"""
    better = evidence.better
    if better is None:
        return None
    last = min(MOST_CITED, len(better)) - 1
    targets = attacked_by(better, 0)
    moves = better.cite(0)
    if targets:
        moves = f"{moves}, attacking {listed(targets)},"
    elif with_line and last == MOST_CITED - 1:
        moves = f"{moves}, followed by {better.cite(1, last)},"
    return f"{moves} {kept(evidence)}."


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
