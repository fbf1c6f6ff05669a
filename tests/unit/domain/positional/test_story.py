"""The metrics over a game."""

import json
from dataclasses import replace

import chess
import pytest

from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.positional import Feature, PositionMetrics, Story, Stretch, metrics, story
from knight_vision.domain.positional.game_story import SERIES, TESTS, runs
from tests.support.builders import a_game, example

START = metrics(chess.Board())


def game_metrics(name: str) -> list[PositionMetrics]:
    return [metrics(board) for board in read_game(example(name), max_plies=300).boards]


def of_moves(sans: str) -> list[PositionMetrics]:
    return [metrics(board) for board in a_game(sans).boards]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("", []),
        ("....", []),
        ("####", [(0, 3)]),
        ("..##", [(2, 3)]),
        ("#..#", [(0, 3)]),  # back after two plies: an exchange
        ("#...#", [(0, 0), (4, 4)]),
        ("##...#..#.", [(0, 1), (5, 8)]),
    ],
)
def test_runs(held: str, expected: list[tuple[int, int]]) -> None:
    assert list(runs([mark == "#" for mark in held])) == expected


def test_series_have_a_number_for_each_position() -> None:
    positions = of_moves("e4 e5 Nf3 Nc6 Bb5 a6 Bxc6 dxc6")
    told = story(positions)
    assert set(told.white) == set(told.black) == set(SERIES)
    assert all(len(numbers) == 9 for side in (told.white, told.black) for numbers in side.values())
    assert told.white["material"] == [39, 39, 39, 39, 39, 39, 39, 39, 36]
    assert told.black["doubled_pawns"] == [0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert told.white["undeveloped"] == [4, 4, 4, 3, 3, 2, 2, 2, 2]


def test_no_position_and_one_position() -> None:
    assert story([]) == Story({name: [] for name in SERIES}, {name: [] for name in SERIES}, ())
    assert story([START]).stretches == ()


def with_passed_pawns(held: str) -> list[PositionMetrics]:
    passed = replace(START, white=replace(START.white, passed_pawns=(chess.D5,)))
    return [passed if mark == "#" else START for mark in held]


def test_only_what_lasts_is_told() -> None:
    assert story(with_passed_pawns(".########.")).stretches == ()
    assert story(with_passed_pawns(".#########.")).stretches == (
        Stretch(Feature.PASSED_PAWN, chess.WHITE, 1, 9),
    )
    assert story(with_passed_pawns(".###"), least_plies=2).stretches[0].last_ply == 3


def test_the_bishop_pair_after_the_spanish_exchange() -> None:
    positions = of_moves("e4 e5 Nf3 Nc6 Bb5 a6 Bxc6 dxc6 O-O f6 d4 exd4 Nxd4 c5 Nb3 Qxd1 Rxd1 Bg4")
    told = story(positions)
    assert Stretch(Feature.BISHOP_PAIR, chess.BLACK, 8, 18) in told.stretches


def test_fischer_spassky_1972() -> None:
    """The sixth game: passed pawns on either side, and in the end White dominates."""
    found = {
        (stretch.feature, stretch.side): stretch
        for stretch in story(game_metrics("fischer-spassky-1972")).stretches
    }
    assert found[Feature.PASSED_PAWN, chess.BLACK].first_ply == 40  # 20...d4
    assert found[Feature.PASSED_PAWN, chess.WHITE].first_ply == 52  # 26...exf5
    assert found[Feature.OUTPOST, chess.WHITE].first_ply == 49  # the bishop on c4 after 25.b3
    assert found[Feature.MORE_MOBILITY, chess.WHITE].last_ply >= 80


def test_the_order_is_that_of_the_game() -> None:
    stretches = story(game_metrics("carlsen-anand-2013")).stretches
    assert [stretch.first_ply for stretch in stretches] == sorted(s.first_ply for s in stretches)
    assert all(stretch.last_ply - stretch.first_ply >= 8 for stretch in stretches)


def test_colours_swapped_swap_the_story() -> None:
    boards = read_game(example("byrne-fischer-1956"), max_plies=300).boards
    told = story([metrics(board) for board in boards])
    mirrored = story([metrics(board.mirror()) for board in boards])
    assert (told.white, told.black) == (mirrored.black, mirrored.white)
    assert {(s.feature, s.side, s.first_ply, s.last_ply) for s in told.stretches} == {
        (s.feature, not s.side, s.first_ply, s.last_ply) for s in mirrored.stretches
    }


@pytest.mark.parametrize(
    ("feature", "fen"),
    [
        (Feature.MATERIAL_LEAD, "4k3/8/8/8/8/8/4P3/4K3 w - - 0 1"),
        (Feature.BISHOP_PAIR, "4k3/8/8/8/8/8/8/2B1KB2 w - - 0 1"),
        (Feature.PASSED_PAWN, "4k3/8/8/8/8/8/4P3/4K3 w - - 0 1"),
        (Feature.EXPOSED_KING, "6k1/8/8/8/8/6n1/8/q5K1 w - - 0 1"),
        (Feature.KING_IN_CENTRE, "4k3/8/8/8/8/6n1/8/q3K3 w - - 0 1"),
        (Feature.MORE_SPACE, "4k3/8/8/8/3PP3/8/8/4K3 w - - 0 1"),
        (Feature.MORE_MOBILITY, "4k3/8/8/8/8/8/8/Q3K3 w - - 0 1"),
        (Feature.BETTER_DEVELOPMENT, "1n2k1n1/8/8/8/8/8/8/4K3 w - - 0 1"),
        (Feature.OUTPOST, "4k3/pp3ppp/3p4/3N4/4P3/8/PPP2PPP/4K3 w - - 0 1"),
        (Feature.ROOK_ON_SEVENTH, "6k1/R7/8/8/8/8/8/6K1 w - - 0 1"),
        (Feature.ROOK_ON_OPEN_FILE, "6k1/8/8/8/8/8/8/R5K1 w - - 0 1"),
        (Feature.ISOLATED_PAWN, "4k3/pp3ppp/4p3/8/3P4/8/PP3PPP/4K3 w - - 0 1"),
        (Feature.BACKWARD_PAWN, "4k3/2p5/8/4p3/4P3/3P4/8/4K3 w - - 0 1"),
        (Feature.HANGING_PAWNS, "4k3/pp2pppp/8/8/2PP4/8/P4PPP/4K3 w - - 0 1"),
        (
            Feature.BAD_BISHOP,
            "r1bq1rk1/ppp2pbp/3p1np1/3Pp3/2P1P3/2NB1N2/PP3PPP/R1BQK2R w KQ - 0 1",
        ),
    ],
)
def test_each_feature_is_found_where_it_is_and_not_at_the_start(feature: Feature, fen: str) -> None:
    found = metrics(chess.Board(fen))
    assert TESTS[feature](found.white, found.black)
    assert not TESTS[feature](START.white, START.black)


def test_leads_have_to_be_clear() -> None:
    for feature, field, least in (
        (Feature.MATERIAL_LEAD, "material", 1),
        (Feature.MORE_SPACE, "space", 4),
        (Feature.MORE_MOBILITY, "mobility", 12),
    ):
        for lead in (least - 1, least):
            values: dict[str, int] = {field: getattr(START.white, field) + lead}
            side = replace(START.white, **values)  # type: ignore[arg-type]
            assert TESTS[feature](side, START.black) == (lead == least)
    for pieces in (2, 3):
        side = replace(START.white, undeveloped=START.white.undeveloped[:pieces])
        assert TESTS[Feature.BETTER_DEVELOPMENT](side, START.black) == (pieces == 2)


def test_a_king_that_may_castle_is_not_held_in_the_centre() -> None:
    uneasy = replace(START.white, king_exposure=1)
    assert not TESTS[Feature.KING_IN_CENTRE](uneasy, START.black)
    assert TESTS[Feature.KING_IN_CENTRE](replace(uneasy, can_castle=False), START.black)


def test_every_feature_has_a_test() -> None:
    assert set(TESTS) == set(Feature)


def test_an_isolated_rook_pawn_is_no_story() -> None:
    found = metrics(chess.Board("4k3/8/8/8/8/8/P6P/4K3 w - - 0 1"))
    assert not TESTS[Feature.ISOLATED_PAWN](found.white, found.black)


def test_the_json_is_compact() -> None:
    positions = game_metrics("kasparov-topalov-1999")
    written = story(positions).to_json()
    assert len(json.dumps(written, separators=(",", ":"))) < 100 * len(positions)
    assert sum(len(json.dumps(p.to_json(), separators=(",", ":"))) for p in positions) < 700 * len(positions)
    assert written["stretches"][0] == story(positions).stretches[0].to_json()
    assert set(written["stretches"][0]) == {"feature", "side", "first_ply", "last_ply"}
