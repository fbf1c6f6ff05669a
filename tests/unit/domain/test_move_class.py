"""One word for each move: thresholds, misses, and what is never great or brilliant."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import chess
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.judged_moves import judged_moves
from knight_vision.domain.move_class import (
    BOOK_LOSS,
    BRILLIANT_MARGIN,
    CHANCE,
    EXCELLENT_LOSS,
    GREAT_MARGIN,
    NOISE,
    NOT_LOSING,
    WINNING,
    MoveClass,
    classify,
)
from knight_vision.domain.pgn_reader import read_game
from tests.support.builders import a_game, cp, example, mate

BOOK, FORCED, BRILLIANT, GREAT = MoveClass.BOOK, MoveClass.FORCED, MoveClass.BRILLIANT, MoveClass.GREAT
BEST, EXCELLENT, GOOD, MISS = MoveClass.BEST, MoveClass.EXCELLENT, MoveClass.GOOD, MoveClass.MISS
INACCURACY, MISTAKE, BLUNDER = MoveClass.INACCURACY, MoveClass.MISTAKE, MoveClass.BLUNDER


def second(evaluation: Evaluation, white_cp: int) -> Evaluation:
    return replace(evaluation, second_white_cp=white_cp)


def negated(score: int | None) -> int | None:
    return None if score is None else -score


def mirrored_uci(uci: str) -> str:
    move = chess.Move.from_uci(uci)
    return chess.Move(
        chess.square_mirror(move.from_square), chess.square_mirror(move.to_square), move.promotion
    ).uci()


def mirrored(evaluation: Evaluation) -> Evaluation:
    return replace(
        evaluation,
        white_cp=negated(evaluation.white_cp),
        white_mate=negated(evaluation.white_mate),
        line=tuple(map(mirrored_uci, evaluation.line)),
        second_white_cp=negated(evaluation.second_white_cp),
        second_white_mate=negated(evaluation.second_white_mate),
    )


def classes(game: Game, evaluations: Sequence[Evaluation], book_ply: int = 0) -> list[MoveClass]:
    """The classes of a game, which must be the same with colours exchanged."""
    found = classify(judged_moves(game, evaluations), book_ply=book_ply)
    other_side = Game(
        moves=tuple(map(mirrored_uci, game.moves)), start_fen=chess.Board(game.start_fen).mirror().fen()
    )
    others = classify(judged_moves(other_side, [mirrored(e) for e in evaluations]), book_ply=book_ply)
    assert others == found
    return found


def from_example(name: str, ply: int) -> Game:
    """An example game's moves to positions `ply` - 1 and `ply`, from the position before them."""
    game = read_game(example(name), max_plies=600)
    return Game(moves=game.moves[ply - 2 : ply], start_fen=game.boards[ply - 2].fen())


ONE_MOVE = a_game("Nf3")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (cp(0), cp(0), EXCELLENT),  # which move is best is not known: an imported evaluation
        (cp(0, "e2e4"), cp(40), EXCELLENT),
        (cp(0, "e2e4"), cp(-21), EXCELLENT),  # 0.0193 lost
        (cp(0, "e2e4"), cp(-22), GOOD),  # 0.0202 lost
        (cp(0, "e2e4"), cp(-54), GOOD),
        (cp(0, "e2e4"), cp(-55), INACCURACY),
        (cp(0, "e2e4"), cp(-111), MISTAKE),
        (cp(0, "e2e4"), cp(-169), BLUNDER),
        (cp(0, "e2e4"), mate(-3), BLUNDER),
        (cp(0, "g1f3"), cp(-169), BEST),  # the engine's own choice, whatever the next search says
        (cp(2000, "e2e4"), cp(1000), EXCELLENT),
    ],
)
def test_thresholds(before: Evaluation, after: Evaluation, expected: MoveClass) -> None:
    assert classes(ONE_MOVE, [before, after]) == [expected]


def test_checkmate_is_best_whichever_mate_the_engine_chose() -> None:
    game = a_game("f3 e5 g4 Qh4#")
    assert classes(game, [cp(0), cp(-60), cp(-60), mate(-1, "d8h4"), mate(0)])[-1] is BEST
    assert classes(game, [cp(0), cp(-60), cp(-60), mate(-1), mate(0)])[-1] is BEST


def test_an_only_legal_move_is_forced_whatever_came_of_it() -> None:
    game = a_game("Kxg8", start_fen="6Rk/7p/8/8/8/8/8/K7 b - - 0 1")
    assert classes(game, [cp(0, "h8g8"), cp(0)]) == [FORCED]
    assert classes(game, [second(cp(0, "h8g8"), 900), cp(500)]) == [FORCED]


def test_known_theory_is_book_unless_it_loses_a_tenth() -> None:
    game = a_game("e4 e5 f4")
    evaluations = [cp(15), cp(30), cp(40), cp(-30)]
    assert classes(game, evaluations, book_ply=3) == [BOOK, BOOK, BOOK]  # 0.06 lost: a gambit
    assert classes(game, evaluations, book_ply=2) == [BOOK, BOOK, INACCURACY]
    assert classes(game, [cp(15), cp(30), cp(40), cp(-80)], book_ply=3)[-1] is MISTAKE


# A chance: Black's error raises White from `earlier` to `given`; White's answer leaves `kept`.
@pytest.mark.parametrize(
    ("earlier", "given_", "kept", "expected"),
    [
        (cp(0), cp(300, "d2d4"), cp(0), MISS),
        (cp(0), cp(300, "d2d4"), cp(-5), MISS),  # within the noise
        (cp(0), cp(300, "d2d4"), cp(-40), BLUNDER),  # worse than before the error
        (cp(0), cp(300, "d2d4"), cp(100), MISS),  # keeps 0.09 of 0.25
        (cp(0), cp(300, "d2d4"), cp(200), INACCURACY),  # keeps 0.18 of 0.25
        (cp(200), cp(300, "d2d4"), cp(200), INACCURACY),  # the error was worth 0.075 only
        (cp(-600), cp(0, "d2d4"), cp(-500), MISS),  # a save that was missed
        (cp(300), mate(4, "d2d4"), cp(350), MISS),  # a mate that was missed
        (cp(900), mate(4, "d2d4"), cp(1200), MISS),
        (cp(900), mate(4, "d2d4"), cp(0), MISS),
        (cp(900), mate(4, "d2d4"), cp(-40), BLUNDER),
        (cp(300), cp(300, "d2d4"), cp(0), BLUNDER),  # nobody gave anything: a won game thrown away
    ],
)
def test_misses(earlier: Evaluation, given_: Evaluation, kept: Evaluation, expected: MoveClass) -> None:
    game = a_game("e4 e5 Nf3")
    # Black's move was not the best either, but that is not asked here
    assert classes(game, [cp(15), earlier, given_, kept])[-1] is expected


def test_the_first_move_can_be_a_miss_by_a_mate_only() -> None:
    fen = "6k1/5ppp/8/8/8/8/5PPP/3R2K1 w - - 0 1"
    game = a_game("h3", start_fen=fen)
    assert classes(game, [mate(1, "d1d8"), cp(500)]) == [MISS]
    assert classes(game, [cp(500, "d1d8"), cp(0)]) == [BLUNDER]


# Evaluations recorded from Stockfish 15.1 with 100,000 nodes, the second score with 25,000.
@pytest.mark.parametrize(
    ("name", "ply", "before", "after", "expected"),
    [
        ("byrne-fischer-1956", 34, second(cp(-211, "g4e6"), 19), cp(-189), BRILLIANT),  # 17...Be6
        ("byrne-fischer-1956", 22, second(cp(-199, "b6a4"), 0), cp(-165), BRILLIANT),  # 11...Na4
        ("morphy-opera-1858", 31, second(mate(2, "b3b8"), 224), mate(1), BRILLIANT),  # 16.Qb8+
        ("kasparov-topalov-1999", 71, second(cp(265, "h3f1"), -477), cp(265), BRILLIANT),  # 36.Bf1
        ("kasparov-topalov-1999", 73, second(cp(246, "b7d7"), -8), cp(254), GREAT),  # 37.Rd7
        ("anderssen-kieseritzky-1851", 41, second(mate(3, "f5g7"), -505), mate(2), GREAT),  # 21.Nxg7+
    ],
)
def test_famous_moves(
    name: str, ply: int, before: Evaluation, after: Evaluation, expected: MoveClass
) -> None:
    game = from_example(name, ply)
    assert classes(game, [cp(0), before, after])[-1] is expected
    # Nothing is known of them without a second score, and they are not needed when another move does as well.
    assert classes(game, [cp(0), replace(before, second_white_cp=None), after])[-1] is BEST
    as_good = replace(before, second_white_cp=before.white_cp, second_white_mate=before.white_mate)
    assert classes(game, [cp(0), as_good, after])[-1] is BEST


def test_a_queen_given_up_where_another_move_mates_too_is_no_more_than_best() -> None:
    game = from_example("anderssen-kieseritzky-1851", 43)  # 22.Qf6+, mate in two; other moves mate in four
    before = Evaluation(white_mate=2, line=("f3f6",), second_white_mate=4)
    assert classes(game, [cp(0), before, mate(1)])[-1] is BEST


def test_an_offer_that_stands_is_brilliant_once() -> None:
    # Black leaves the knight on e4 twice; the second time White has just not taken it.
    fen = "4r1k1/1p3p2/2p5/b3B3/P1P1nPpq/3Q4/6K1/3R1R2 b - - 1 32"
    game = a_game("Bb6 c5 Bxc5", start_fen=fen)
    evaluations = [
        second(cp(-137, "a5b6"), 13),
        cp(-132, "d3b3"),
        second(cp(-133, "b6c5"), 18),
        cp(-141),
    ]
    assert classes(game, evaluations) == [BRILLIANT, EXCELLENT, BEST]


def test_a_sacrifice_that_gains_less_than_a_tenth_was_not_needed() -> None:
    game = from_example("karpov-kasparov-1985", 74)  # 37...Rc1
    assert classes(game, [cp(0), second(cp(-478, "c8c1"), -320), cp(-521)])[-1] is BEST
    assert classes(game, [cp(0), second(cp(-478, "c8c1"), -290), cp(-521)])[-1] is BRILLIANT


def test_a_sacrifice_in_a_won_game_is_no_more_than_best() -> None:
    game = from_example("morphy-opera-1858", 31)
    assert classes(game, [cp(0), second(mate(2, "b3b8"), 560), mate(1)])[-1] is BEST
    assert classes(game, [cp(0), second(mate(2, "b3b8"), 500), mate(1)])[-1] is BRILLIANT


def test_a_sacrifice_that_leaves_the_mover_losing_is_not_brilliant() -> None:
    game = from_example("byrne-fischer-1956", 34)
    assert classes(game, [cp(0), second(cp(60, "g4e6"), 180), cp(60)])[-1] is BEST
    assert classes(game, [cp(0), second(cp(-211, "g4e6"), 19), cp(250)])[-1] is BEST


def test_an_offer_after_an_offer_was_taken_is_new() -> None:
    fen = "6k1/pb2q1pp/3n4/2Nr1p2/1Qp5/P3P1P1/1B3P1P/2R3K1 b - - 3 33"
    game = a_game("Rxc5 Qxc5 Qe4", start_fen=fen)
    evaluations = [second(cp(-490, "d5c5"), -300), cp(-489), second(cp(-488, "e7e4"), 358), cp(-470)]
    assert classes(game, evaluations) == [BRILLIANT, EXCELLENT, BRILLIANT]


def test_a_recapture_is_not_brilliant() -> None:
    exchange = second(cp(-519, "c3e3"), -200)
    fen = "6k1/5pp1/5q1p/pb1p4/1p1Pn1P1/1Pr1B2P/P4PK1/1Q1R2N1 w - - 7 34"
    quiet = a_game("Qb2 Rxe3", start_fen=fen)
    assert classes(quiet, [cp(-500), exchange, cp(-508)])[-1] is BRILLIANT
    fen = "6k1/5pp1/5q1p/pb1p4/1p1Pn1P1/1Pr1p2P/PQ1B1PK1/3R2N1 w - - 7 34"
    capture = a_game("Bxe3 Rxe3", start_fen=fen)
    assert classes(capture, [cp(-500), exchange, cp(-508)])[-1] is BEST


def test_checkmate_is_no_more_than_best() -> None:
    game = a_game("Rd8#", start_fen="6k1/5ppp/8/8/8/8/r4PPP/3R2K1 w - - 0 1")
    assert classes(game, [second(mate(1, "d1d8"), -300), mate(0)]) == [BEST]


SCHOLAR = "r1bqkbnr/pppp1ppp/2n5/4p2Q/2B1P3/8/PPPP1PPP/RNB1K1NR b KQkq - 3 3"


@pytest.mark.parametrize(
    ("fen", "sans", "before", "after", "expected", "why"),
    [
        (SCHOLAR, "g6", second(cp(0, "g7g6"), 400), cp(0), GREAT, "one of several defences of f7"),
        (SCHOLAR, "g6", second(cp(0, "g7g6"), 90), cp(0), BEST, "the second best is not lost either"),
        (SCHOLAR, "g6", second(cp(90, "g7g6"), 250), cp(90), BEST, "0.12 do not make a great move"),
        (SCHOLAR, "g6", second(cp(260, "g7g6"), 700), cp(260), BEST, "lost in any case"),
        (SCHOLAR, "g6", second(cp(-500, "g7g6"), -170), cp(-500), GREAT, "the second best does not win"),
        (SCHOLAR, "g6", second(cp(-700, "g7g6"), -250), cp(-700), BEST, "the second best wins as well"),
    ],
)
def test_great(
    fen: str, sans: str, before: Evaluation, after: Evaluation, expected: MoveClass, why: str
) -> None:
    assert classes(a_game(sans, start_fen=fen), [before, after])[-1] is expected, why


@pytest.mark.parametrize(
    ("fen", "sans", "best", "why"),
    [
        ("4k3/8/8/8/8/3n4/8/3RK3 w - - 0 1", "Rxd3", "d1d3", "a hanging knight"),
        ("3qk3/8/8/8/8/8/8/3RK3 w - - 0 1", "Rxd8+", "d1d8", "a queen for a rook"),
        ("4k3/8/8/8/4n3/3P4/8/4K3 w - - 0 1", "dxe4", "d3e4", "a knight"),
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1", "b8=Q+", "b7b8q", "a new queen"),
        ("k3r3/8/8/8/8/8/3P1P2/3QKQ2 w - - 0 1", "Qfe2", "f1e2", "one of two answers to a check"),
    ],
)
def test_obvious_moves_are_not_great(fen: str, sans: str, best: str, why: str) -> None:
    sign = 1 if " w " in fen else -1
    evaluations = [second(cp(sign * 300, best), -sign * 300), cp(sign * 300)]
    assert classes(a_game(sans, start_fen=fen), evaluations)[-1] is BEST, why


def test_a_recapture_is_not_great() -> None:
    game = a_game("e4 d5 exd5 Qxd5 Nc3")
    evaluations = [cp(0), cp(0), cp(0), second(cp(0, "d8d5"), 300), cp(0), cp(0)]
    assert classes(game, evaluations)[3] is BEST


def test_taking_back_two_moves_later_is_not_great() -> None:
    # Carlsen - Vallejo 2011: 39...fxe4 40.cxb7+ Kxb7 41.Bxe4.
    game = a_game("fxe4 cxb7+ Kxb7 Bxe4", start_fen="2k5/1n4p1/p1P3p1/1p1P1p2/4N3/7P/K1B5/8 b - - 0 39")
    evaluations = [cp(400), cp(500), cp(550), second(cp(583, "c2e4"), 87), cp(574)]
    assert classes(game, evaluations)[-1] is BEST


def test_what_was_found_is_not_great_again_when_the_game_comes_back_to_it() -> None:
    # Karjakin - Carlsen 2019: 10...Bd7 11.Qb4 Bf5 12.Qa4+ Bd7.
    start = "r1bqkb1r/pp3ppp/3p2n1/1N1Pp3/Q1P5/8/PP3PPP/R1B1KB1R b KQkq - 3 10"
    only = second(cp(55, "c8d7"), 263)
    evaluations = [only, cp(54), cp(54), cp(54), second(cp(48, "f5d7"), 280), cp(51)]
    found = classes(a_game("Bd7 Qb4 Bf5 Qa4 Bd7", start_fen=start), evaluations)
    assert (found[0], found[4]) == (GREAT, BEST)


@pytest.mark.parametrize(
    ("fen", "move", "evaluation", "after"),
    [
        ("6k1/1b2bppp/8/2p2q2/r3pN2/4P1P1/PB1Q1PP1/2R3K1 w - - 0 29", "Bxg7", ("b2g7", 284, 28), 260),
        ("8/1Q3pkp/5b2/2p2q2/4pN2/4P1P1/r4PP1/2R3K1 w - - 0 32", "Rxc5", ("c1c5", 534, 116), 511),
    ],
)  # fmt: skip
def test_what_a_fork_with_check_wins_back_at_once_is_no_sacrifice(
    fen: str, move: str, evaluation: tuple[str, int, int], after: int
) -> None:
    # Korchnoi - Nikolic 2000: 29.Bxg7 Kxg7 30.Qb2+ and 31.Qxb7; 32.Rxc5 Qxc5 33.Ne6+.
    best, score, other = evaluation
    assert classes(a_game(move, start_fen=fen), [second(cp(score, best), other), cp(after)])[-1] is GREAT


scores = st.one_of(st.integers(-2500, 2500).map(cp), st.integers(-9, 9).filter(bool).map(mate))
GAME = read_game(example("byrne-fischer-1956"), max_plies=600)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_classes_say_what_the_verdicts_say(data: st.DataObject) -> None:
    ply = data.draw(st.integers(2, GAME.ply_count - 1))
    game = Game(moves=GAME.moves[ply - 2 : ply], start_fen=GAME.boards[ply - 2].fen())
    best = data.draw(st.sampled_from([str(move) for move in game.boards[1].legal_moves]))
    first, between, last = (data.draw(scores) for _ in range(3))
    between = replace(between, line=(best,), second_white_cp=data.draw(st.integers(-2500, 2500)))
    verdict = judged_moves(game, [first, between, last])[-1].verdict
    found = classes(game, [first, between, last])[-1]
    if verdict is None:
        assert found not in (INACCURACY, MISTAKE, BLUNDER, MISS)
    else:
        assert found in (verdict.judgement.value, MISS)
    if found in (GREAT, BRILLIANT):
        assert best == game.moves[-1]


def test_every_move_of_a_game_has_one_class() -> None:
    evaluations = [cp(20)] * GAME.position_count
    assert len(classes(GAME, evaluations)) == GAME.ply_count
    assert classes(a_game(""), [cp(20)]) == []


def test_the_page_of_help_names_every_class_and_threshold() -> None:
    page = (Path(__file__).parents[3] / "docs/analysis-classes.md").read_text(encoding="utf-8")
    assert [one for one in MoveClass if f"`{one.value}`" not in page] == []
    thresholds = (EXCELLENT_LOSS, BOOK_LOSS, CHANCE, NOISE, GREAT_MARGIN, BRILLIANT_MARGIN)
    bounds = (WINNING, NOT_LOSING)
    assert [one for one in (*thresholds, *bounds) if f"{one:.2f}" not in page] == []
