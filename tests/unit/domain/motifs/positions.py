"""Positions that show a motif, and tempting ones that do not, each with a line for the side to move."""

from __future__ import annotations

from dataclasses import dataclass

import chess

from knight_vision.domain.motifs import Motif

__all__ = ["ABSENT", "SHOWN", "Position"]


@dataclass(frozen=True)
class Position:
    """A board and a line; `before` is the opponent's move that led there, played on `fen`."""

    motif: Motif
    story: str
    fen: str
    line: str
    before: str = ""
    chess960: bool = False

    @property
    def board(self) -> chess.Board:
        board = chess.Board(self.fen, chess960=self.chess960)
        if self.before:
            board.push_uci(self.before)
        return board

    def __str__(self) -> str:
        return f"{self.motif.value}: {self.story}"


SHOWN = (
    Position(Motif.FORK, "knight on king and rook", "r3k3/8/8/3N4/8/8/8/4K3 w - - 0 1", "d5c7 e8d8 c7a8"),
    Position(Motif.FORK, "pawn on two pieces", "6k1/8/2n1b3/8/2PP4/8/8/6K1 w - - 0 1", "d4d5 g8f7 d5c6"),
    Position(
        Motif.FORK,
        "a promoted knight on king and queen",
        "8/4P1k1/3q4/8/8/8/8/6K1 w - - 0 1",
        "e7e8n g7f7 e8d6",
    ),
    Position(Motif.PIN, "a knight that may not leave", "4k3/8/2n5/8/8/8/8/K4B2 w - - 0 1", "f1b5 e8d7 b5c6"),
    Position(
        Motif.PIN,
        "a knight that may not take the queen",
        "4k3/1p6/2n5/8/3Q4/8/8/K4B2 w - - 0 1",
        "f1b5",
    ),
    Position(Motif.SKEWER, "king and rook in line", "8/8/8/r3k3/8/8/8/1K5R w - - 0 1", "h1h5 e5d4 h5a5"),
    Position(
        Motif.X_RAY_ATTACK,
        "a rook through the queen that takes",
        "3r2k1/8/1B6/3q4/8/8/8/3R2K1 w - - 0 1",
        "b6d8 d5d8 d1d8",
    ),
    Position(
        Motif.DISCOVERED_ATTACK,
        "a bishop opens the rook's file",
        "3q2k1/8/8/8/3B4/8/8/3R2K1 w - - 0 1",
        "d4e5 g8f7 d1d8",
    ),
    Position(
        Motif.DISCOVERED_ATTACK, "a discovered check is one", "4k3/8/8/4N3/8/8/8/4R1K1 w - - 0 1", "e5c6"
    ),
    Position(
        Motif.DISCOVERED_CHECK, "a knight opens the rook's file", "4k3/8/8/4N3/8/8/8/4R1K1 w - - 0 1", "e5c6"
    ),
    Position(Motif.DISCOVERED_CHECK, "a double check is one", "4k3/8/8/8/4N3/8/8/4R1K1 w - - 0 1", "e4f6"),
    Position(Motif.DOUBLE_CHECK, "knight and rook", "4k3/8/8/8/4N3/8/8/4R1K1 w - - 0 1", "e4f6"),
    Position(Motif.HANGING_PIECE, "a knight nobody defends", "6k1/8/8/3n4/8/8/8/3R2K1 w - - 0 1", "d1d5"),
    Position(
        Motif.HANGING_PIECE,
        "a queen that took a pawn where it can be taken",
        "6k1/8/8/3P3q/8/8/8/3R2K1 b - - 0 20",
        "d1d5",
        before="h5d5",
    ),
    Position(
        Motif.TRAPPED_PIECE, "a knight in the corner", "6k1/8/8/8/8/8/5K2/7n w - - 0 1", "f2g2 g8f7 g2h1"
    ),
    Position(
        Motif.DEFLECTION,
        "the queen is drawn away from a rook",
        "3q2k1/5ppp/8/3r4/8/5Q2/5PPP/2R3K1 w - - 0 1",
        "c1c8 d8c8 f3d5",
    ),
    Position(
        Motif.DEFLECTION,
        "a guard of the square of promotion is drawn away",
        "1r4k1/P7/8/8/8/8/8/1R4K1 w - - 0 1",
        "b1b7 b8b7 a7a8q",
    ),
    Position(
        Motif.ATTRACTION,
        "the king is lured into a check",
        "6k1/5p2/8/8/2B5/5N2/8/6K1 w - - 0 1",
        "c4f7 g8f7 f3e5",
    ),
    Position(
        Motif.ATTRACTION,
        "the rook is lured and taken",
        "2r3k1/1P6/8/1N6/8/8/8/R5K1 w - - 0 1",
        "a1a8 c8a8 b5c7 g8f7 c7a8",
    ),
    Position(
        Motif.CAPTURING_DEFENDER,
        "the knight that guarded a knight",
        "6k1/6p1/5n2/3n2B1/8/8/3R4/6K1 w - - 0 1",
        "g5f6 g7f6 d2d5",
    ),
    Position(
        Motif.INTERFERENCE,
        "a knight cuts the rook off",
        "3r2k1/8/8/8/3b4/2N5/8/3R3K w - - 0 1",
        "c3d5 g8f7 d1d4",
    ),
    Position(
        Motif.INTERFERENCE,
        "the king has to step between",
        "3n3r/5k2/8/8/8/8/4B3/3R2K1 w - - 0 1",
        "e2c4 f7f8 d1d8",
    ),
    Position(
        Motif.INTERMEZZO,
        "a check before the knight is retaken",
        "4k3/5p2/2n5/8/2BN4/8/8/3QK3 b - - 0 20",
        "c4f7 e8f7 d1d4",
        before="c6d4",
    ),
    Position(
        Motif.CLEARANCE,
        "a bishop makes way for the rook",
        "6k1/pp3ppp/8/8/8/3B4/PP3PPP/3R2K1 w - - 0 1",
        "d3f5 a7a6 d1d7",
    ),
    Position(
        Motif.SACRIFICE,
        "a queen for a smothered mate",
        "5r1k/6pp/7N/8/2Q5/8/8/6K1 w - - 0 1",
        "c4g8 f8g8 h6f7",
    ),
    Position(
        Motif.QUIET_MOVE, "a rook lift before the check", "6k1/8/8/8/8/8/8/R3K3 w - - 0 1", "a1a2 g8f7 a2a7"
    ),
    Position(Motif.DEFENSIVE_MOVE, "the king steps out of check", "4r1k1/8/8/8/8/8/8/4K3 w - - 0 1", "e1d2"),
    Position(
        Motif.DEFENSIVE_MOVE,
        "the check comes in the middle of the line",
        "6k1/8/8/8/8/4r3/8/R5K1 w - - 0 1",
        "g1f2 e3e8 a1a7 e8f8 f2g3",
    ),
    Position(Motif.COLLINEAR_MOVE, "a rook slides before a rook", "r5k1/8/8/8/8/8/8/R5K1 w - - 0 1", "a1a4"),
    Position(Motif.ADVANCED_PAWN, "to the seventh rank", "6k1/8/P7/8/8/8/8/6K1 w - - 0 1", "a6a7"),
    Position(Motif.ADVANCED_PAWN, "promotion is one too", "6k1/P7/8/8/8/8/8/6K1 w - - 0 1", "a7a8q"),
    Position(Motif.PROMOTION, "a queen", "6k1/P7/8/8/8/8/8/6K1 w - - 0 1", "a7a8q"),
    Position(Motif.UNDER_PROMOTION, "a knight", "6k1/P7/8/8/8/8/8/6K1 w - - 0 1", "a7a8n"),
    Position(Motif.UNDER_PROMOTION, "a rook that mates", "7k/P7/6K1/8/8/8/8/8 w - - 0 1", "a7a8r"),
    Position(Motif.EN_PASSANT, "a pawn in passing", "6k1/8/8/3pP3/8/8/8/6K1 w - d6 0 2", "e5d6"),
    Position(Motif.CASTLING, "short", "4k3/8/8/8/8/8/8/4K2R w K - 0 1", "e1g1"),
    Position(
        Motif.CASTLING,
        "long in Chess960, written as king takes rook",
        "4k3/8/8/8/8/8/8/RK6 w A - 0 1",
        "b1a1",
        chess960=True,
    ),
    Position(Motif.MATE, "on the back rank", "6k1/5ppp/8/8/8/8/8/R5K1 w - - 0 1", "a1a8"),
    Position(Motif.MATE_IN_1, "one move", "6k1/5ppp/8/8/8/8/8/R5K1 w - - 0 1", "a1a8"),
    Position(Motif.MATE_IN_2, "two moves", "5r1k/6pp/7N/8/2Q5/8/8/6K1 w - - 0 1", "c4g8 f8g8 h6f7"),
    Position(
        Motif.MATE_IN_5,
        "six moves count as five",
        "7k/8/8/8/8/8/8/RR4K1 w - - 0 1",
        "a1a2 h8g8 a2a3 g8h8 a3a4 h8g8 a4a5 g8h8 a5a7 h8g8 b1b8",
    ),
    Position(Motif.BACK_RANK_MATE, "the rook behind the pawns", "6k1/5ppp/8/8/8/8/8/R5K1 w - - 0 1", "a1a8"),
    Position(Motif.ROOK_ENDGAME, "rooks and pawns", "r5k1/8/8/8/8/8/P7/R5K1 w - - 0 1", "a1b1"),
)

ABSENT = (
    Position(
        Motif.FORK, "the fork's square is guarded", "r3k3/8/1b6/3N4/8/8/8/4K3 w - - 0 1", "d5c7 b6c7 e1e2"
    ),
    Position(Motif.FORK, "the last move attacks two", "r3k3/8/8/3N4/8/8/8/4K3 w - - 0 1", "d5c7"),
    Position(
        Motif.FORK,
        "pawns are no targets",
        "6k1/2p1p3/8/8/3N4/8/8/6K1 w - - 0 1",
        "d4b5 g8f7 b5d4",
    ),
    Position(Motif.PIN, "a defended knight", "4k3/1p6/2n5/8/8/8/8/K4B2 w - - 0 1", "f1b5 e8d7 b5c6"),
    Position(
        Motif.SKEWER,
        "the piece in front is worth less",
        "8/k7/8/r3b3/8/8/8/1K5R w - - 0 1",
        "h1h5 e5d6 h5a5",
    ),
    Position(
        Motif.X_RAY_ATTACK,
        "the queen came from elsewhere",
        "3r2k1/8/1B6/8/7q/8/8/3R2K1 w - - 0 1",
        "b6d8 h4d8 d1d8",
    ),
    Position(
        Motif.DISCOVERED_ATTACK,
        "the file was open",
        "3q2k1/8/8/8/4B3/8/8/3R2K1 w - - 0 1",
        "e4f5 g8f7 d1d8",
    ),
    Position(
        Motif.DISCOVERED_CHECK, "the knight itself gives check", "4k3/8/8/8/4N3/8/8/3R2K1 w - - 0 1", "e4f6"
    ),
    Position(Motif.DOUBLE_CHECK, "one checker", "4k3/8/8/4N3/8/8/8/4R1K1 w - - 0 1", "e5c6"),
    Position(
        Motif.HANGING_PIECE, "a defended knight", "6k1/8/4p3/3n4/8/8/8/3R2K1 w - - 0 1", "d1d5 e6d5 g1f2"
    ),
    Position(
        Motif.HANGING_PIECE,
        "a recapture",
        "6k1/8/1n6/3N4/8/8/8/3R2K1 b - - 0 20",
        "d1d5",
        before="b6d5",
    ),
    Position(Motif.HANGING_PIECE, "a pawn is no piece", "6k1/8/8/3p4/8/8/8/3R2K1 w - - 0 1", "d1d5"),
    Position(
        Motif.TRAPPED_PIECE,
        "the knight could have left",
        "6k1/8/8/n7/8/1P6/8/6K1 w - - 0 1",
        "b3b4 g8f7 b4a5",
    ),
    Position(
        Motif.DEFLECTION,
        "rooks were traded",
        "2rq2k1/5ppp/8/3r4/8/5Q2/5PPP/2R3K1 w - - 0 1",
        "c1c8 d8c8 f3d5",
    ),
    Position(
        Motif.ATTRACTION,
        "nothing hits the king there",
        "6k1/5p2/8/8/2B5/5N2/8/6K1 w - - 0 1",
        "c4f7 g8f7 g1f1",
    ),
    Position(
        Motif.CAPTURING_DEFENDER,
        "a pawn guards it too",
        "6k1/6p1/4pn2/3n2B1/8/8/3R4/6K1 w - - 0 1",
        "g5f6 g7f6 d2d5",
    ),
    Position(
        Motif.INTERFERENCE,
        "a pawn guards it too",
        "3r2k1/8/8/4p3/3b4/2N5/8/3R3K w - - 0 1",
        "c3d5 g8f7 d1d4",
    ),
    Position(
        Motif.INTERMEZZO,
        "the knight had not taken anything",
        "4k3/5p2/2n5/8/2B5/8/8/3QK3 b - - 5 20",
        "c4f7 e8f7 d1d4",
        before="c6d4",
    ),
    Position(
        Motif.CLEARANCE,
        "the bishop was not in the way",
        "6k1/pp3ppp/8/8/4B3/8/PP3PPP/3R2K1 w - - 0 1",
        "e4f5 a7a6 d1d7",
    ),
    Position(
        Motif.BACK_RANK_MATE, "the king is not hemmed in by its own", "7k/8/6K1/8/8/8/8/R7 w - - 0 1", "a1a8"
    ),
    Position(Motif.ROOK_ENDGAME, "a knight is there too", "r5k1/8/8/8/8/8/P6N/R5K1 w - - 0 1", "a1b1"),
)
