"""Which evaluations games share: the same position however reached, and none that its history colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit
from knight_vision.domain.position_cache import (
    MOST_QUIET_PLIES,
    PositionKey,
    fitted,
    is_shareable,
    position_keys,
)
from knight_vision.domain.second_look import deserves_second_look
from knight_vision.domain.segments import Segment
from tests.support.builders import a_game, cp, example

ENGINE = "Stockfish 17.1"
LIMIT = Limit(nodes=100_000)
SHUFFLE = "Nf3 Nf6 Ng1 Ng8"


def keys(game: Game, engine: str = ENGINE, limit: Limit = LIMIT) -> dict[int, PositionKey]:
    return position_keys(game, Segment(0, 0, game.ply_count), engine, limit)


def last_key(game: Game) -> PositionKey:
    return keys(game)[game.ply_count]


def shareable(game: Game) -> Sequence[int]:
    return [position for position in range(game.position_count) if is_shareable(game, position)]


class TestKeys:
    def test_the_same_position_has_one_key_whatever_the_order_of_moves(self) -> None:
        one, other = a_game("d4 Nf6 c4 e6 Nc3"), a_game("c4 e6 Nc3 Nf6 d4")
        assert last_key(one) == last_key(other)
        assert keys(one)[0] == keys(other)[0]
        assert len({*keys(one).values(), *keys(other).values()}) == 10

    def test_a_position_has_another_key_under_another_limit_or_engine(self) -> None:
        game = a_game("e4")
        limits = [LIMIT, Limit(nodes=1_000), Limit(depth=8)]
        found = {keys(game, engine, limit)[1] for engine in (ENGINE, "Stockfish 17") for limit in limits}
        assert len(found) == 6

    def test_a_key_is_short_and_stays_what_it_is(self) -> None:
        """All that is in the caches is lost when this changes: do it with FORMAT, and knowingly."""
        assert keys(a_game("e4"))[0] == "3f783ca582f146a7df83a9bbf223ff29"

    def test_a_capture_en_passant_that_nobody_can_make_is_no_difference(self) -> None:
        without = "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1"
        assert last_key(a_game("e4")) == last_key(Game((), without))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("4k3/8/8/8/8/8/8/4K2R w K - 0 1", "4k3/8/8/8/8/8/8/4K2R w - - 0 1"),
            ("4k3/8/8/3pP3/8/8/8/4K3 w - d6 0 1", "4k3/8/8/3pP3/8/8/8/4K3 w - - 0 1"),
            ("4k3/8/8/8/8/8/8/4K2R w K - 0 1", "4k3/8/8/8/8/8/8/4K2R b K - 0 1"),
        ],
        ids=["castling", "en passant", "side to move"],
    )
    def test_what_makes_another_position_makes_another_key(self, one: str, other: str) -> None:
        assert last_key(Game((), one)) != last_key(Game((), other))

    def test_chess960_is_apart(self) -> None:
        assert last_key(Game((), is_chess960=True)) != last_key(Game(()))

    def test_only_the_segments_own_positions_have_keys(self) -> None:
        game = a_game("e4 e5 Nf3 Nc6 Bb5 a6")
        assert list(position_keys(game, Segment(1, 2, 4), ENGINE, LIMIT)) == [2, 3, 4]


class TestHistory:
    def test_a_position_that_came_before_is_not_shared_and_nothing_after_it_until_a_pawn_moves(self) -> None:
        game = a_game(f"{SHUFFLE} Nc3 e5 Nf3")
        assert shareable(game) == [0, 1, 2, 3, 6, 7]

    def test_a_repetition_before_the_last_pawn_move_is_forgotten(self) -> None:
        game = a_game(f"e4 e5 {SHUFFLE} d4 Nf6")
        assert shareable(game) == [0, 1, 2, 3, 4, 5, 7, 8]

    def test_no_position_far_from_the_last_capture_or_pawn_move_is_shared(self) -> None:
        game = a_game("Nf3 Nf6 Nc3 Nc6 Rb1 Rb8 Ra1 Ra8 e4")
        assert MOST_QUIET_PLIES == 6
        assert shareable(game) == [0, 1, 2, 3, 4, 5, 6, 9]

    def test_the_counter_of_a_position_that_was_set_up_counts(self) -> None:
        assert shareable(Game(("e1e2",), "4k3/4p3/8/8/8/8/3P4/4K3 w - - 5 40")) == [0, 1]
        assert shareable(Game(("e1e2",), "4k3/4p3/8/8/8/8/3P4/4K3 w - - 6 40")) == [0]

    @pytest.mark.parametrize(
        "fen",
        [
            "7k/5Q2/6K1/8/8/8/8/8 b - - 0 1",
            "8/8/4k3/8/8/3NK3/8/8 w - - 0 1",
            "R5k1/5ppp/8/8/8/8/8/K7 b - - 0 1",
        ],
        ids=["stalemate", "bare", "mate"],
    )
    def test_a_finished_position_needs_no_cache(self, fen: str) -> None:
        assert shareable(Game((), fen)) == []


class TestFitted:
    """Before 16.Qb8+, a sacrifice."""

    PLY = 30
    OPERA = read_game(example("morphy-opera-1858"), max_plies=600)
    ELSEWHERE = Game((*OPERA.moves[:PLY], "g5e3"))
    SHARED = Evaluation(white_mate=2, line=("b3b8", "d7b8", "d1d8"), depth=20, nodes=100_000)
    WITH_SECOND = replace(SHARED, second_white_cp=150)

    def test_it_is_taken_as_it_is_where_no_second_look_is_due(self) -> None:
        assert fitted(self.ELSEWHERE, self.PLY, self.SHARED, LIMIT) == self.SHARED

    def test_a_second_score_that_this_game_would_not_have_is_left_out(self) -> None:
        assert fitted(self.ELSEWHERE, self.PLY, self.WITH_SECOND, LIMIT) == self.SHARED

    def test_where_a_second_look_is_due_it_must_have_been_taken(self) -> None:
        assert deserves_second_look(self.OPERA, self.PLY, self.SHARED, LIMIT)
        assert fitted(self.OPERA, self.PLY, self.SHARED, LIMIT) is None
        assert fitted(self.OPERA, self.PLY, self.WITH_SECOND, LIMIT) == self.WITH_SECOND

    def test_a_second_mate_is_a_second_score(self) -> None:
        shared = replace(self.SHARED, second_white_mate=5)
        assert fitted(self.OPERA, self.PLY, shared, LIMIT) == shared

    def test_by_depth_no_second_look_is_due(self) -> None:
        assert fitted(self.OPERA, self.PLY, self.SHARED, Limit(depth=8)) == self.SHARED

    def test_the_last_position_has_no_move_to_praise(self) -> None:
        assert fitted(Game(()), 0, cp(20, "e2e4"), LIMIT) == cp(20, "e2e4")
