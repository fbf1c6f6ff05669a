"""Motifs in words: each is said where the line bears it out, and not where the line goes another way."""

import pytest

from knight_vision.domain.explain import Theme
from tests.support.reviews import Line, explained, text

SKEWER = "4r3/8/8/3k4/8/8/8/R5K1 b - - 0 40"
FORK = "r3k2r/ppp2ppp/8/3N4/7q/8/PPP2PPP/R2QK2R b KQkq - 0 10"
PIN = "5k2/8/8/4n3/8/8/8/R5K1 b - - 0 40"
DISCOVERY = "r1b1kbnr/pp3ppp/1q2p3/3pP3/3N4/3B4/PP3PPP/RNBQK2R b KQkq - 0 8"
TRAP = "N1k5/6pp/1p6/8/8/8/PPP2PPP/2K5 w - - 0 20"
GUARD = "r1bqkb1r/pppp1ppp/2n2n2/1B2p3/4P3/3P1N2/PPP2PPP/RNBQK2R b KQkq - 0 4"
DRAWN_AWAY = "3rk3/p3pp2/8/8/8/8/4BPPP/3R2K1 b - - 0 20"

BORNE_OUT = [
    (
        FORK,
        "a6",
        (0, "O-O-O Qd2"),
        (450, "Nxc7+ Ke7 Nxa8 Rxa8 O-O Rd8 Qe2+"),
        "10...a6 allows 11.Nxc7+, which forks king and rook and wins the exchange and a pawn.",
        Theme.FORK,
    ),
    (
        PIN,
        "Ke8",
        (50, "Nf3+ Kg2 Ng5"),
        (600, "Re1 Ke7 Rxe5+ Kd6 Re1"),
        "40...Ke8 allows 41.Re1, which pins the knight on e5 to the king and wins a knight.",
        Theme.PIN,
    ),
    (
        SKEWER,
        "Ke5",
        (0, "Re4 Kg2 Kd4"),
        (900, "Re1+ Kd4 Rxe8 Kd3 Kf2"),
        "40...Ke5 allows 41.Re1+, which skewers king and rook and wins a rook.",
        Theme.SKEWER,
    ),
    (
        DISCOVERY,
        "Qxd4",
        (320, "Bd7 Nf3 Ne7"),
        (900, "Bb5+ Ke7 Qxd4 f6 O-O"),
        (
            "8...Qxd4 allows 9.Bb5+, which opens the queen's attack on the queen on d4 and wins a queen "
            "for a knight."
        ),
        Theme.DISCOVERY,
    ),
    (
        TRAP,
        "g3",
        (700, "Nxb6+ Kc7 Na4"),
        (350, "Kb7 Nxb6 Kxb6 Kd2 Kc5"),
        "20.g3 allows 20...Kb7, which traps the knight on a8 and wins a knight for a pawn.",
        Theme.TRAP,
    ),
    (
        GUARD,
        "a6",
        (25, "Bc5 c3 O-O O-O"),
        (146, "Bxc6 dxc6 Nxe5 Qd4 Nf3 Qd8 O-O"),
        "4...a6 allows 5.Bxc6, which removes the guard of the pawn on e5 and wins a pawn.",
        Theme.DEFENDER,
    ),
    (
        DRAWN_AWAY,
        "a5",
        (350, "Rxd1+ Bxd1 e5"),
        (900, "Bb5+ Kf8 Rxd8+ Kg7 Rd4"),
        (
            "20...a5 allows 21.Bb5+, which draws the king away from the defence of the rook on d8 and wins "
            "a rook."
        ),
        Theme.DEFENDER,
    ),
]


@pytest.mark.parametrize(("fen", "played", "before", "after", "sentence", "theme"), BORNE_OUT)
def test_a_motif_is_told(
    fen: str, played: str, before: Line, after: Line, sentence: str, theme: Theme
) -> None:
    found = explained(fen, played, before, after)
    assert found is not None
    assert found.text.startswith(sentence)
    assert found.theme == theme


NOT_BORNE_OUT = [
    (FORK, "a6", (0, "O-O-O Qd2"), (450, "Nxc7+ Ke7 Nd5+ Ke6 Nf4+ Qxf4"), "forks"),
    (PIN, "Ke8", (50, "Nf3+ Kg2 Ng5"), (20, "Re1 Ke7 Kg2 Kd6 Kg3"), "pins"),
    (SKEWER, "Ke5", (0, "Re4 Kg2 Kd4"), (0, "Re1+ Kd4 Rd1+ Ke5 Re1+"), "skewers"),
    (DISCOVERY, "Qxd4", (320, "Bd7 Nf3 Ne7"), (250, "O-O Qxe5 Nc3 Ne7 Re1 Qc7"), "opens"),
    (TRAP, "g3", (700, "Nxb6+ Kc7 Na4"), (600, "Kb7 Kd2 g6 Kd3 h6"), "traps"),
    (GUARD, "a6", (25, "Bc5 c3 O-O O-O"), (146, "Bxc6 dxc6 O-O Bd6 Nbd2"), "removes"),
    (DRAWN_AWAY, "a5", (350, "Rxd1+ Bxd1 e5"), (500, "Bb5+ Kf8 Kf1 Rxd1+ Ke2"), "draws"),
]


@pytest.mark.parametrize(("fen", "played", "before", "after", "verb"), NOT_BORNE_OUT)
def test_a_motif_is_not_told_where_the_line_goes_another_way(
    fen: str, played: str, before: Line, after: Line, verb: str
) -> None:
    assert verb not in text(fen, played, before, after)


def test_a_motif_that_was_missed_is_told_of_the_better_move() -> None:
    fen = "r6r/ppp1kppp/p7/3N4/7q/8/PPP2PPP/R2QK2R w KQ - 0 11"
    said = text(fen, "Nf4", (300, "Qe2+ Kf8 O-O-O"), (-300, "Rae8 Qe2+ Kf8"))
    assert "forks" not in said
    said = text(
        "r3k2r/ppp2ppp/p7/3N4/7q/8/PPP2PPP/R2QK2R w KQkq - 0 11",
        "Nf4",
        (450, "Nxc7+ Ke7 Nxa8 Rxa8 O-O Rd8 Qe2+"),
        (0, "O-O Qf3 Rae8+"),
    )
    assert said == (
        "11.Nf4 misses 11.Nxc7+, which forks king and rook and wins the exchange and a pawn. "
        "White was winning; now the game is about equal."
    )


TAKEN_BEFORE = "r1b5/1p3kn1/5N1p/4R3/3B2Pp/p7/5P1P/6K1 b - - 0 33"


def test_what_an_idea_wins_is_counted_from_its_first_move() -> None:
    """Black has taken a knight before: the line wins a rook, of which the exchange is left."""
    better = (-285, "Ra4 Re4 Rc4 Be5 Rc5 f4 b5 Rb4 a2 Ne4")
    said = text(TAKEN_BEFORE, "Kxf6", better, (291, "Ra5+ Kf7 Rxa8 Bxg4 Rxa3 Ne6 f3 Bf5 Bf2 b5"))
    assert said == (
        "33...Kxf6 allows 34.Ra5+, which gives a discovered check and wins a rook. "
        "Now White is clearly better; "
        "33...Ra4, attacking the bishop on d4, would have kept Black clearly better."
    )


def test_what_an_idea_only_takes_back_is_counted_with_what_was_taken() -> None:
    """Black has taken a knight before, and its taker is taken back: that bishop is not won."""
    fen = "r3k2r/ppp2ppp/3b4/3N4/7q/N7/PPP2PPP/R2QK2R b KQkq - 0 10"
    said = text(fen, "Bxa3", (0, "Bb4+ c3 O-O-O"), (450, "Nxc7+ Ke7 Nxa8 Rxa8 bxa3 Rd8 Qe2+"))
    assert said.startswith(
        "10...Bxa3 allows 11.Nxc7+, which forks king and rook and wins the exchange and a pawn."
    )
