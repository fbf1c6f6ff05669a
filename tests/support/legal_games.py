"""Games at the edges of the rules and of PGN, for every part that must take any legal game."""

from __future__ import annotations

import random

import chess

__all__ = ["LEGAL_GAMES", "VARIANTS", "long_game"]

SHUFFLE = "Nf3 Nf6 Ng1 Ng8"


def long_game(plies: int, seed: int) -> str:
    """A legal game of that many plies: pieces wander, and a pawn moves before fifty moves are over."""
    board = chess.Board()
    chance = random.Random(seed)
    sans: list[str] = []
    while len(sans) < plies:
        moves = [move for move in board.legal_moves if not board.is_capture(move)]
        wanted = [move for move in moves if board.is_zeroing(move) == (board.halfmove_clock > 90)]
        sans.append(board.san_and_push(chance.choice(wanted or moves or list(board.legal_moves))))
    return " ".join(sans)


def from_position(fen: str, moves: str, **tags: str) -> str:
    """A PGN game from a set-up position."""
    lines = [f'[{name} "{value}"]' for name, value in {"SetUp": "1", "FEN": fen, **tags}.items()]
    return "\n".join([*lines, "", moves])


LEGAL_GAMES = {
    "one move": "1. e4 *",
    "one move that ends it": from_position("7k/5K2/8/8/8/8/8/6R1 w - - 0 1", "1. Rh1# 1-0"),
    "600 plies": long_game(600, seed=0),
    "unterminated": '[White "A"]\n\n1. e4 e5 2. Nf3',
    "black to move first": from_position(
        "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq e3 0 1", "1... e5 2. Nf3 Nc6 *"
    ),
    "black to move first and alone": from_position("4k3/8/8/8/8/8/4P3/4K3 b - - 99 80", "80... Kd7 *"),
    "a set-up position late in a game": from_position(
        "8/5pk1/6p1/8/8/1R6/5PPP/6K1 w - - 12 57", "57. Rb7 Kf6 58. Kf1 g5 1/2-1/2"
    ),
    "chess960 by X-FEN": from_position(
        "1rk3r1/pppppppp/8/8/8/8/PPPPPPPP/1RK3R1 w KQkq - 0 1", "1. O-O O-O-O 2. e4 e5 *", Variant="Chess960"
    ),
    "chess960 by Shredder-FEN": from_position(
        "1rk3r1/pppppppp/8/8/8/8/PPPPPPPP/1RK3R1 w GBgb - 0 1", "1. O-O-O O-O *", Variant="fischerandom"
    ),
    "chess960 with an inner rook's right": from_position(
        "1rkr3r/pppppppp/8/8/8/8/PPPPPPPP/1RKR3R w BDbd - 0 1", "1. O-O O-O 2. Rbc1 *", Variant="Chess960"
    ),
    "chess960 where the king stays": from_position(
        "6kr/pppppppp/8/8/8/8/PPPPPPPP/6KR w Kk - 0 1", "1. O-O O-O *", Variant="Chess960"
    ),
    "chess960 from the usual position": '[Variant "Chess960"]\n\n1. e4 e5 2. Nf3 Nf6 3. Bc4 Bc5 4. O-O O-O *',
    "under-promotions to all pieces": from_position(
        "8/PPP4k/8/8/8/8/4Kppp/8 w - - 0 1", "1. a8=N h1=B 2. b8=R g1=N+ 3. Kxf2 Bb7 4. c8=B *"
    ),
    "en passant": "1. e4 a6 2. e5 d5 3. exd6 e5 4. dxc7 *",
    "en passant that is discovered check": from_position(
        "7k/8/8/3pP3/8/8/1B6/K7 w - d6 0 2", "2. exd6+ Kg8 3. d7 *"
    ),
    "threefold repetition, and on": f"{SHUFFLE} {SHUFFLE} e4 e5 1/2-1/2",
    "fivefold repetition, and on": f"{SHUFFLE} {SHUFFLE} {SHUFFLE} {SHUFFLE} e4 e5 Nf3 1/2-1/2",
    "fifty moves, and on": from_position(
        "4k3/8/8/8/8/8/4P3/4K2R w - - 99 120", "120. Rh2 Kd8 121. Rh3 Ke8 *"
    ),
    "seventy-five moves, and on": from_position(
        "4k3/8/8/8/8/8/4P3/4K2R w - - 148 120", "120. Rh2 Kd8 121. Rh3 Ke8 122. e4 *"
    ),
    "insufficient material, and on": from_position("4k3/8/8/8/8/8/3p4/4K3 w - - 0 1", "1. Kxd2 Ke7 2. Ke3 *"),
    "stalemate": from_position("7k/8/6K1/8/8/8/8/5Q2 w - - 0 1", "1. Qf7 1/2-1/2"),
    "checkmate": "1. f3 e5 2. g4 Qh4# 0-1",
    "comments, NAGs, variations and escapes": (
        "% a line for some program\n1. e4 $1 {good} (1. d4 {or} d5 (1... Nf6 $14 2. c4) 2. c4) 1... e5 ;\n"
        "{[%csl Re5][%cal Gf1c4]} 2. Nf3 $6 $140 Nc6 {} {two} 3. Bb5 a6 $146 *"
    ),
    "names in other letters": '[White "Каспаров"]\n[Black "丁立人 🏆"]\n[Event "Zürich"]\n\n1. e4 c5 1/2-1/2',
}
"""PGN by what is special about it."""

VARIANTS = [
    "Crazyhouse", "Atomic", "Three-check", "Antichess", "Horde", "King of the Hill", "Racing Kings",
    "Bughouse", "Giveaway", "Suicide", "Losers", "Duck", "Fog of War", "Xiangqi",
]  # fmt: skip
"""Names in `Variant` tags of games that the engine does not play."""
