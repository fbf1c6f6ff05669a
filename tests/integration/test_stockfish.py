"""The engine adapter on the real Stockfish: points of view, determinism, Chess960, long games."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import chess
import pytest

from infra.local.engine import engine_path
from knight_vision.adapters.segment_search import SegmentSearch
from knight_vision.adapters.stockfish import Stockfish
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.phase import Limit
from knight_vision.domain.segments import Segment

OPERA = (
    "e2e4 e7e5 g1f3 d7d6 d2d4 c8g4 d4e5 g4f3 d1f3 d6e5 f1c4 g8f6 f3b3 d8e7 b1c3 c7c6 c1g5 b7b5 c3b5 c6b5 "
    "c4b5 b8d7 e1c1 a8d8 d1d7 d8d7 h1d1 e7e6 b5d7 f6d7 b3b8 d7b8 d1d8"
)
GAME = Game(moves=tuple(OPERA.split()))


@pytest.fixture(scope="module")
def engine() -> Iterator[Stockfish]:
    engine = Stockfish(engine_path(), hash_mb=16)
    yield engine
    engine.close()


def search(engine: Stockfish, game: Game, segment: Segment, limit: Limit) -> tuple[Evaluation, ...]:
    return engine.search_segment(game, segment, limit, deadline_s=60)


def test_the_whole_opera_game(engine: Stockfish) -> None:
    evaluations = search(engine, GAME, Segment(0, 0, GAME.ply_count), Limit(depth=8))
    assert len(evaluations) == 34
    assert evaluations[-1] == Evaluation(white_mate=0)
    assert evaluations[-2].white_mate == 1
    assert evaluations[-2].best_move == "d1d8"
    assert evaluations[-4].white_mate == 2
    assert abs(evaluations[0].white_cp or 0) < 100
    assert engine.name.startswith("Stockfish")


def test_scores_are_whites_whoever_is_to_move(engine: Stockfish) -> None:
    black_wins = Game(moves=(), start_fen="6k1/5ppp/8/8/8/8/r4PPP/1r4K1 w - - 0 1")
    white_wins = Game(moves=(), start_fen="1R4k1/R4ppp/8/8/8/8/5PPP/6K1 b - - 0 1")
    # mated already: nothing is searched
    assert search(engine, black_wins, Segment(0, 0, 0), Limit(depth=1)) == (Evaluation(white_mate=0),)
    assert search(engine, white_wins, Segment(0, 0, 0), Limit(depth=1)) == (Evaluation(white_mate=0),)
    for turn in "wb":
        black_ahead = Game(moves=(), start_fen=f"4k3/pppq4/8/8/8/8/PPP5/4K3 {turn} - - 0 1")
        (evaluation,) = search(engine, black_ahead, Segment(0, 0, 0), Limit(depth=8))
        assert (evaluation.white_cp or evaluation.white_mate or 0) < 0


def test_the_same_segment_gives_the_same_evaluations_whatever_came_before(engine: Stockfish) -> None:
    segment = Segment(1, 10, 20)
    limit = Limit(nodes=5_000)
    first = search(engine, GAME, segment, limit)
    search(engine, GAME, Segment(0, 0, 9), limit)
    fresh = Stockfish(engine_path(), hash_mb=16)
    try:
        assert search(engine, GAME, segment, limit) == first
        assert search(fresh, GAME, segment, limit) == first
    finally:
        fresh.close()


def test_a_played_sacrifice_is_looked_at_twice_and_the_others_are_not(engine: Stockfish) -> None:
    segment = Segment(0, 28, 33)
    evaluations = search(engine, GAME, segment, Limit(nodes=20_000))
    looked = [segment.first + index for index, found in enumerate(evaluations) if found.second is not None]
    assert 30 in looked  # before 16.Qb8+
    assert 32 not in looked  # before 17.Rd8#, which needs no praise
    assert 33 not in looked  # mate
    queen = evaluations[2]
    assert queen.white_mate == 2
    assert queen.second is not None
    assert queen.second.white_mate is None
    assert search(engine, GAME, segment, Limit(nodes=20_000)) == evaluations
    by_depth = search(engine, GAME, segment, Limit(depth=8))
    assert all(found.second is None for found in by_depth)


def test_progress_counts_positions_of_the_segment_not_the_overlap(engine: Stockfish) -> None:
    seen: list[int] = []
    engine.search_segment(GAME, Segment(0, 3, 6), Limit(depth=1), deadline_s=60, on_position=seen.append)
    assert seen == [1, 2, 3, 4]


class TestKnownPositions:
    LIMIT = Limit(nodes=2_000)
    SEGMENT = Segment(1, 10, 20)

    def find(self, engine: Stockfish, *known: int) -> tuple[Evaluation, ...]:
        """The segment's evaluations, those of the positions in `known` taken from elsewhere."""
        return engine.search_segment(
            GAME,
            self.SEGMENT,
            self.LIMIT,
            deadline_s=60,
            known={position: elsewhere(position) for position in known},
        )

    def test_nothing_known_changes_nothing(self, engine: Stockfish) -> None:
        assert self.find(engine) == search(engine, GAME, self.SEGMENT, self.LIMIT)

    def test_positions_that_are_known_are_taken_as_they_are(self, engine: Stockfish) -> None:
        found = self.find(engine, 10, 14, 20)
        assert [found[position - 10] for position in (10, 14, 20)] == list(map(elsewhere, (10, 14, 20)))
        others = [evaluation for place, evaluation in enumerate(found, 10) if place not in (10, 14, 20)]
        assert all(evaluation.depth != 99 for evaluation in others)
        assert self.find(engine, 10, 14, 20) == found

    def test_what_is_known_of_a_beginning_leaves_the_rest_as_it_is(self, engine: Stockfish) -> None:
        whole = self.find(engine)
        assert self.find(engine, 10, 11, 12, 13)[4:] == whole[4:], "searched backwards, it comes last"

    def test_where_all_is_known_nothing_is_searched(
        self, engine: Stockfish, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(SegmentSearch, "_hand_over", lambda *_arguments: pytest.fail("a search"))
        assert self.find(engine, *range(10, 21)) == tuple(map(elsewhere, range(10, 21)))

    def test_progress_counts_them(self, engine: Stockfish) -> None:
        seen: list[int] = []
        engine.search_segment(
            GAME,
            Segment(0, 3, 6),
            Limit(depth=1),
            deadline_s=60,
            known={4: elsewhere(4), 6: elsewhere(6)},
            on_position=seen.append,
        )
        assert seen == [1, 2, 3, 4]


def elsewhere(position: int) -> Evaluation:
    """What no search of this position finds."""
    return Evaluation(white_cp=30_000 + position, line=(GAME.moves[position],), depth=99, nodes=1)


def test_leaving_a_search_by_an_exception_leaves_a_usable_engine(engine: Stockfish) -> None:
    class EnoughError(Exception):
        pass

    def stop(done: int) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        engine.search_segment(GAME, Segment(0, 0, 5), Limit(depth=2), deadline_s=60, on_position=stop)
    assert len(search(engine, GAME, Segment(0, 0, 5), Limit(depth=2))) == 6


def test_chess960_castling_is_understood_and_does_not_leak_into_the_next_game(engine: Stockfish) -> None:
    fen = "bqnbrkrn/pppppppp/8/8/8/8/PPPPPPPP/BQNBRKRN w KQkq - 0 1"
    board = chess.Board(fen, chess960=True)
    sans = ("Nd3", "Nd6", "Ng3", "Ng6", "e4", "e5", "Be2", "Be7", "O-O", "O-O")
    moves = [board.push_san(san).uci() for san in sans]
    game = Game(moves=tuple(moves), start_fen=fen, is_chess960=True)
    evaluations = search(engine, game, Segment(0, 0, game.ply_count), Limit(depth=4))
    for board, evaluation in zip(game.boards, evaluations, strict=True):
        assert board.is_legal(board.parse_uci(evaluation.best_move or ""))
    standard = search(engine, GAME, Segment(0, 20, 23), Limit(depth=6))
    for board, evaluation in zip(GAME.boards[20:24], standard, strict=True):
        assert board.is_legal(board.parse_uci(evaluation.best_move or ""))


def test_drawn_and_stalemated_positions_need_no_search(engine: Stockfish) -> None:
    for fen in ("7k/5Q2/6K1/8/8/8/8/8 b - - 0 1", "8/8/4k3/8/8/3NK3/8/8 w - - 0 1"):
        game = Game(moves=(), start_fen=fen)
        assert search(engine, game, Segment(0, 0, 0), Limit(depth=1)) == (Evaluation(white_cp=0),)


class TestAdaptiveLimit:
    LIMIT = Limit(nodes=40_000, is_adaptive=True)
    SEGMENT = Segment(0, 4, 24)

    def find(self, engine: Stockfish, known: Mapping[int, Evaluation]) -> dict[int, Evaluation]:
        found = engine.search_segment(GAME, self.SEGMENT, self.LIMIT, deadline_s=60, known=known)
        return dict(enumerate(found, self.SEGMENT.first))

    def test_it_is_spent_where_verdicts_hang(self, engine: Stockfish) -> None:
        found = self.find(engine, {})
        further = {position for position in found if found[position].nodes == 40_000}
        assert 0 < len(further) < len(found)
        assert all((found[position].nodes or 0) < 15_000 for position in set(found) - further)
        assert self.find(engine, {}) == found

    def test_what_is_known_in_full_stays_and_a_known_first_look_is_searched_further(
        self, engine: Stockfish
    ) -> None:
        known = {position: level(position) for position in range(4, 25)}
        known[10] = replace(known[10], line=("a2a3",))
        known[11] = replace(known[11], white_cp=-55)  # five win percent lost: it hangs
        assert self.find(engine, known) == known
        known[11] = replace(known[11], nodes=10_000)
        found = self.find(engine, known)
        assert found[11].nodes == 40_000
        assert {position for position in found if found[position] != known[position]} == {11}


def level(position: int) -> Evaluation:
    """The game's move is the engine's choice in a level position, by a full search."""
    return Evaluation(white_cp=0, line=(GAME.moves[position],), depth=20, nodes=40_000)


def test_an_only_move_costs_no_search(engine: Stockfish) -> None:
    game = Game(moves=("h1g2", "h8g7"), start_fen="7k/8/8/8/8/8/6q1/7K w - - 0 1")
    only, then, _over = search(engine, game, Segment(0, 0, 2), Limit(nodes=1_000))
    assert (only.nodes, only.line[0], only.line[1:]) == (0, "h1g2", then.line)
    assert only.white_cp == then.white_cp
