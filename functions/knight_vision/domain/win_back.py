"""Whether what a move offers comes back at once by a double attack with check: then it is no sacrifice."""

from __future__ import annotations

import chess

from knight_vision.domain.sacrifice import (
    REAL_SACRIFICE,
    best_capture_gain,
    captured_value,
    exchange_gain,
    offered_pieces,
)

__all__ = ["is_won_back"]


def is_won_back(board: chess.Board, move: chess.Move) -> bool:
    """True when after every capture that wins an exchange or more a check forks as much back.

    Counted as `sacrifice.given_up` does. The check comes from a piece that cannot be taken for nothing, and
    that attacks something else of that worth.

    >>> board = chess.Board("6k1/1b2bppp/8/2p2q2/r3pN2/4P1P1/PB1Q1PP1/2R3K1 w - - 0 1")
    >>> is_won_back(board, chess.Move.from_uci("b2g7"))  # 29...Kxg7 30.Qb2+ and 31.Qxb7
    True
    """
    taken = captured_value(board, move)
    after = board.copy(stack=False)
    after.push(move)
    pieces = offered_pieces(after, move, taken)
    for capture in list(after.generate_legal_captures(chess.BB_ALL, pieces)):
        lost = captured_value(after, capture) - taken
        after.push(capture)
        lost -= best_capture_gain(after)
        is_kept = lost >= REAL_SACRIFICE and not forks_back(after, lost)
        after.pop()
        if is_kept:
            return False
    return True


def forks_back(board: chess.Board, pawns: int) -> bool:
    """True when the side to move has a safe check that attacks something of at least that worth."""
    for move in list(board.legal_moves):
        if not board.gives_check(move):
            continue
        after = board.copy(stack=False)
        after.push(move)
        if exchange_gain(after, move.to_square):
            continue
        after.turn = board.turn  # were the check answered without a gain
        targets = after.attacks_mask(move.to_square) & after.occupied_co[not board.turn] & ~after.kings
        if any(exchange_gain(after, target) >= pawns for target in chess.scan_forward(targets)):
            return True
    return False
