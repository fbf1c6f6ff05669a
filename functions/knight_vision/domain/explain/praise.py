"""Sentences about great and brilliant moves: what is offered, what it brings, what others were worth."""

from __future__ import annotations

import chess

from knight_vision.domain.explain.compensation import Price, cp_of
from knight_vision.domain.explain.evidence import Evidence
from knight_vision.domain.explain.ideas import idea_that_wins, named
from knight_vision.domain.explain.standing import Standing, standing_of
from knight_vision.domain.explain.statement import Explanation, Theme
from knight_vision.domain.explain.swing import back, swing
from knight_vision.domain.explain.variation import Variation
from knight_vision.domain.explain.words import side
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.sacrifice import best_capture_gain, captured_value

__all__ = ["explain_praise"]

MOST_CITED_MATE = 3
"""Mates in at most so many further moves are given in full."""
MOST_CITED = 7
"""Moves of a line that are cited at most."""


def explain_praise(evidence: Evidence) -> Explanation:
    """One or two sentences on why the move is good."""
    is_brilliant = evidence.move.move_class == MoveClass.BRILLIANT
    parts = [offered(evidence) if is_brilliant else None, only_move(evidence)]
    first, *rest = [part for part in parts if part] or ["is the move to find"]
    sentences = [f"{evidence.subject} {first}.", *(f"It {part}." for part in rest)]
    brought = outcome(evidence)
    if brought:
        sentences[1:] = [f"It {brought}."]
    return Explanation(" ".join(sentences), Theme.PRAISE)


def only_move(evidence: Evidence) -> str | None:
    """What any other move was worth at most; None when that is not known."""
    second = evidence.judged.before.second
    if second is None:
        return None
    # Both searches must bear it out, the one before the move and the one after it.
    now = min(evidence.standing_before, evidence.standing_after)
    other = standing_of(second, evidence.color)
    mover, opponent = side(evidence.color), side(not evidence.color)
    if other >= now:
        return "is clearly the best move"
    keeps = {
        Standing.WINNING: f"is the only move that keeps {mover} winning",
        Standing.CLEARLY_BETTER: f"is the only move that keeps {mover} clearly better",
        Standing.SLIGHTLY_BETTER: f"is the only move that keeps {mover} slightly better",
        Standing.EQUAL: "is the only move that keeps the balance",
    }.get(now, f"is the only move that keeps {mover} in the game")
    if other == Standing.LOSING:
        return f"{keeps}: any other move loses"
    if other == Standing.EQUAL:
        return f"{keeps}: any other leaves the game about equal at best"
    if other > 0:
        return f"{keeps}: any other leaves {mover} {other.words} at best"
    return f"{keeps}: any other leaves {opponent} at least {Standing(-other).words}"


def outcome(evidence: Evidence) -> str | None:
    """What the move's line brings: mate or material."""
    played, color = evidence.played, evidence.color
    mate = evidence.mate_for(evidence.judged.after, color)
    if mate is not None and len(played) > 2:
        return forced_mate(played, mate)
    found = swing(played, color, Price(None, cp_of(evidence.judged.after, color), is_decided=False))
    if found is None:
        return None
    wins = f"wins {back(found, evidence)}{found.exchange.words}"
    idea = idea_that_wins(played, evidence.move.shown, 0, found.last, found.exchange.won)
    if idea is not None and idea.index == 0:
        return f"{idea.words} and {wins}"
    if found.last == 0:
        return f"{wins} after {played.cite(1)}" if is_left_to_take(played) else wins
    if found.last < MOST_CITED:
        return f"{wins}: {played.cite(0, found.last)}"
    return None


def is_left_to_take(played: Variation) -> bool:
    """True when the opponent could take the piece that has moved, and the line has it do something else."""
    line = played.line
    taking = line.boards[1].generate_legal_captures(chess.BB_ALL, chess.BB_SQUARES[line.landed[0]])
    return len(played) > 1 and line.moves[1].to_square != line.landed[0] and any(taking)


def forced_mate(played: Variation, moves: int) -> str:
    """The mate that the move forces, with the moves where the line plays it out."""
    if not played.line.ends_in_mate or len(played) != 2 * moves + 1:
        return "forces mate"
    cited = f": {played.cite(1, 2 * moves)}" if moves <= MOST_CITED_MATE else ""
    return f"forces mate{f' in {moves}' if moves > 1 else ''}{cited}"


def offered(evidence: Evidence) -> str | None:
    """The piece whose capture would cost the mover most; None when no capture wins anything."""
    capture = dearest_capture(evidence)
    if capture is None:
        return None
    line = evidence.played.line
    board = line.boards[1]
    name = named(board, capture.to_square)
    if len(line) > 1 and line.moves[1] == capture:
        return f"sacrifices {name}"
    return f"offers {name}"


def dearest_capture(evidence: Evidence) -> chess.Move | None:
    """The opponent's capture of a piece that wins most, net of what the mover wins back at once."""
    board = evidence.played.line.boards[1].copy(stack=False)
    pieces = board.occupied_co[evidence.color] & ~board.pawns & ~board.kings
    best, most = None, 0
    for capture in list(board.generate_legal_captures(chess.BB_ALL, pieces)):
        gain = captured_value(board, capture)
        board.push(capture)
        gain -= best_capture_gain(board)
        board.pop()
        if gain > most:
            best, most = capture, gain
    return best
