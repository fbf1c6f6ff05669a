"""Reviewed moves: what is looked at, and how a short reply is drawn out."""

from knight_vision.domain.judged_moves import judged_moves
from knight_vision.domain.motifs import Motif
from knight_vision.domain.move_class import MoveClass
from knight_vision.domain.reviewed_moves import ReviewedMove, review
from tests.support.builders import a_game, cp, mate

SKEWER = "4r3/8/8/3k4/8/8/8/R5K1 b - - 0 40"


def reviewed(sans: str, move_class: MoveClass = MoveClass.BLUNDER) -> ReviewedMove:
    """Black steps into a skewer; the engine's reply is one move long."""
    game = a_game(sans, start_fen=SKEWER)
    evaluations = [
        cp(0, "e8e4", "g1g2"),
        cp(900, "a1e1"),
        cp(900, "e5d4", "e1e8", "d4d3", "e8e1"),
        *[cp(900)] * (len(game.moves) - 2),
    ]
    judged = judged_moves(game, evaluations[: game.position_count])
    return review(judged, [move_class] + [MoveClass.BEST] * (len(judged) - 1))[0]


def test_a_short_reply_is_drawn_out_where_the_game_follows_it() -> None:
    move = reviewed("Ke5 Re1+ Kd4")
    assert move.reply == ("a1e1", "e5d4", "e1e8", "d4d3", "e8e1")
    assert [sighting.motif for sighting in move.allowed] == [Motif.SKEWER]


def test_a_short_reply_stays_short_where_the_game_goes_another_way() -> None:
    move = reviewed("Ke5 Kg2 Kd4")
    assert move.reply == ("a1e1",)
    assert move.allowed == ()


def test_a_reply_at_the_end_of_the_game_stays_as_it_is() -> None:
    assert reviewed("Ke5").reply == ("a1e1",)


def test_nothing_is_looked_for_where_nothing_was_lost() -> None:
    game = a_game("e4 e5")
    judged = judged_moves(game, [cp(15, "d2d4", "d7d5"), cp(15, "e7e5", "g1f3"), cp(15, "g1f3")])
    moves = review(judged, [MoveClass.EXCELLENT, MoveClass.BEST])
    assert [(move.missed, move.allowed, move.shown) for move in moves] == [((), (), ())] * 2


def test_a_game_without_moves_has_none() -> None:
    assert review([], []) == []


def test_a_mate_given_up_is_looked_at_although_the_game_stays_won() -> None:
    fen = "r6k/6pp/7N/8/2Q5/8/6PP/6K1 w - - 0 30"
    game = a_game("Nf7+", start_fen=fen)
    judged = judged_moves(game, [mate(2, "c4g8", "a8g8", "h6f7"), cp(1500, "h8g8", "f7d6")])
    move = review(judged, [MoveClass.INACCURACY])[0]
    assert Motif.SMOTHERED_MATE in [sighting.motif for sighting in move.missed]
