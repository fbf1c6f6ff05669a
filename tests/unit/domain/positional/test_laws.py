"""What holds in every position: colours swap, numbers have bounds, nothing but the position counts."""

import json
from typing import Any

import chess
from hypothesis import given, settings
from hypothesis import strategies as st

from knight_vision.domain.positional import PositionMetrics, SideMetrics, changes, metrics
from knight_vision.domain.positional.position import NAMES
from tests.support.positions import random_position, random_set_up

SEEDS = st.integers(0, 2**32)


def a_position(seed: int, is_set_up: bool) -> chess.Board:
    return random_set_up(seed) if is_set_up else random_position(seed)


def flipped(side: SideMetrics) -> SideMetrics:
    """The metrics as they must be for the other colour of the mirrored board."""
    values = {name: getattr(side, name) for name in NAMES}
    mirrored = {
        name: tuple(sorted(chess.square_mirror(square) for square in value))
        for name, value in values.items()
        if isinstance(value, tuple)
    }
    return SideMetrics(**{**values, **mirrored})


@settings(max_examples=40)
@given(seed=SEEDS, is_set_up=st.booleans())
def test_colours_swapped_swap_the_sides(seed: int, is_set_up: bool) -> None:
    board = a_position(seed, is_set_up)
    found, mirrored = metrics(board), metrics(board.mirror())
    assert flipped(found.white) == mirrored.black
    assert flipped(found.black) == mirrored.white
    swapped = found.imbalance and (found.imbalance.black, found.imbalance.white)
    assert swapped == (mirrored.imbalance and (mirrored.imbalance.white, mirrored.imbalance.black))


@settings(max_examples=40)
@given(seed=SEEDS)
def test_colours_swapped_swap_the_changes(seed: int) -> None:
    before = random_position(seed)
    after = random_position(seed + 1)
    mirrored = (metrics(before.mirror()), metrics(after.mirror()))
    for color in chess.COLORS:
        found = changes(metrics(before), metrics(after), color)
        other = changes(*mirrored, not color)
        assert [(change.kind, change.is_gain) for change in found] == [
            (change.kind, change.is_gain) for change in other
        ]
        assert [{chess.square_mirror(square) for square in change.squares} for change in found] == [
            set(change.squares) for change in other
        ]


@settings(max_examples=40)
@given(seed=SEEDS)
def test_the_way_back_undoes_every_change_but_castling(seed: int) -> None:
    """What is a gain one way is a loss the other, weak pawns shed with material apart."""
    before, after = metrics(random_position(seed)), metrics(random_position(seed + 1))
    one_sided = {"castling", "isolated_pawn", "doubled_pawns", "backward_pawn", "hanging_pawns"}
    one_sided |= {"passed_pawn", "pawn_islands"}
    for color in chess.COLORS:
        there = {c.kind: c.is_gain for c in changes(before, after, color) if c.kind not in one_sided}
        back = {c.kind: not c.is_gain for c in changes(after, before, color) if c.kind not in one_sided}
        assert there == back


@settings(max_examples=40)
@given(seed=SEEDS, is_set_up=st.booleans())
def test_bounds(seed: int, is_set_up: bool) -> None:
    board = a_position(seed, is_set_up)
    for color in chess.COLORS:
        side = metrics(board).of(color)
        own, enemy = board.occupied_co[color], board.occupied_co[not color]
        assert 0 <= side.pawn_islands <= 4
        assert 0 <= side.space <= 24
        assert 0 <= side.mobility <= 27 * (own & ~board.pawns & ~board.kings).bit_count()
        assert len(side.king_open_files) <= 3
        assert 0 <= side.king_exposure <= 6 + len(side.king_attackers)
        assert len(side.hanging_pawns) in (0, 2)
        assert set(side.outposts) <= set(side.outpost_squares)
        assert not set(side.isolated_pawns) & set(side.backward_pawns)
        assert not set(side.passed_pawns) & set(side.backward_pawns)
        for name in NAMES:
            value = getattr(side, name)
            if isinstance(value, tuple):
                assert list(value) == sorted(set(value))
        for name in ("isolated_pawns", "doubled_pawns", "backward_pawns", "passed_pawns", "shield_pawns"):
            assert set(getattr(side, name)) <= set(chess.SquareSet(own & board.pawns))
        assert set(side.king_attackers) <= set(chess.SquareSet(enemy & ~board.pawns & ~board.kings))


@settings(max_examples=40)
@given(seed=SEEDS)
def test_only_the_position_counts(seed: int) -> None:
    board = random_position(seed)
    other = board.copy(stack=False)
    other.turn = not board.turn
    other.halfmove_clock = 0
    assert metrics(board) == metrics(other)


@settings(max_examples=40)
@given(seed=SEEDS)
def test_measuring_changes_nothing(seed: int) -> None:
    board = random_position(seed)
    fen = board.fen()
    metrics(board)
    assert board.fen() == fen
    assert changes(metrics(board), metrics(board), chess.WHITE) == ()


@settings(max_examples=40)
@given(seed=SEEDS, is_set_up=st.booleans())
def test_the_json_is_small_and_complete(seed: int, is_set_up: bool) -> None:
    found: PositionMetrics = metrics(a_position(seed, is_set_up))
    assert len(json.dumps(found.to_json(), separators=(",", ":"))) < 2000
    for side, written in ((found.white, found.to_json()["white"]), (found.black, found.to_json()["black"])):
        read: dict[str, Any] = {
            name: tuple(chess.parse_square(square) for square in value) if isinstance(value, list) else value
            for name, value in written.items()
        }
        missing: dict[str, Any] = {name: type(getattr(side, name))() for name in NAMES if name not in read}
        assert SideMetrics(**read, **missing) == side
