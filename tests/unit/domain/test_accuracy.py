"""Accuracy and centipawn loss against the published numbers of Lichess (its own test table)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.accuracy import (
    PhaseAccuracies,
    average_centipawn_loss,
    game_accuracy,
    move_accuracy,
    phase_accuracy,
)
from knight_vision.domain.division import Division, GamePhase
from knight_vision.domain.win_percent import (
    FIRST_CP,
    PlainEvaluation,
    evaluation_of,
    win_percent,
    winning_chances,
)
from tests.support.builders import cp, mate

GOLDEN = [
    # evaluations after each ply, accuracy of the first and of the second player, lila's tolerances
    ([15, 15], 100, 100, 1),
    ([-900, -900], 10.664, 100, 5),
    ([15, 900], 100, 12.303, 5),
    ([-900, 0], 10.664, 11.459, 5),
    ([15] * 20, 100, 100, 0),
    ([15] * 20 + [-900], 46.853, 100, 5),
    ([15] * 21 + [900], 100, 49.388, 5),
    ([-50, 15] * 5, 77.383, 77.383, 8),
    ([-50, 15] * 50, 77.383, 77.383, 8),
    ([-135, 15] * 50, 55.001, 55.001, 8),
    ([-435, 15] * 50, 20.695, 20.695, 8),
]

ceiled_cps = st.integers(-1000, 1000)


@pytest.mark.parametrize(("cps", "white", "black", "tolerance"), GOLDEN)
def test_lichess_golden_table(cps: list[int], white: float, black: float, tolerance: float) -> None:
    accuracies = game_accuracy([FIRST_CP, *cps], white_starts=True)
    assert accuracies == pytest.approx((white, black), abs=0.0006)


@pytest.mark.parametrize(("cps", "white", "black", "tolerance"), GOLDEN)
def test_lichess_golden_table_mirrored_with_black_to_move_first(
    cps: list[int], white: float, black: float, tolerance: float
) -> None:
    """Upstream keeps the 15 centipawns of the start in its mirrored rows, hence its wide tolerance."""
    mirrored = game_accuracy([FIRST_CP, *(-cp for cp in cps)], white_starts=False)
    assert mirrored is not None
    assert mirrored.black == pytest.approx(white, abs=max(tolerance, 1))
    assert mirrored.white == pytest.approx(black, abs=max(tolerance, 1))


@pytest.mark.parametrize(("cps", "white", "black", "tolerance"), GOLDEN)
def test_golden_table_is_exact_when_the_start_is_mirrored_too(
    cps: list[int], white: float, black: float, tolerance: float
) -> None:
    mirrored = game_accuracy([-FIRST_CP, *(-cp for cp in cps)], white_starts=False)
    assert mirrored == pytest.approx((black, white), abs=0.0006)


@pytest.mark.parametrize("white_starts", [True, False])
@pytest.mark.parametrize("cps", [[], [15], [-900]])
def test_no_accuracy_unless_both_have_moved(cps: list[int], white_starts: bool) -> None:
    assert game_accuracy([FIRST_CP, *cps], white_starts=white_starts) is None


@pytest.mark.parametrize("hole", [1, 5, 10])
def test_no_aggregate_over_a_hole(hole: int) -> None:
    cps: list[int | None] = [FIRST_CP] * 11
    cps[hole] = None
    assert game_accuracy(cps, white_starts=True) is None
    assert average_centipawn_loss(cps, white_starts=True) is None


@given(st.lists(ceiled_cps, min_size=3, max_size=120), st.booleans())
def test_accuracy_is_bounded_and_the_same_with_colours_swapped(cps: list[int], white_starts: bool) -> None:
    accuracies = game_accuracy(cps, white_starts=white_starts)
    swapped = game_accuracy([-cp for cp in cps], white_starts=not white_starts)
    assert accuracies is not None
    assert swapped is not None
    assert all(0 <= accuracy <= 100 for accuracy in accuracies)
    assert swapped == pytest.approx((accuracies.black, accuracies.white), abs=1e-9)


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_a_better_outcome_is_never_less_accurate(before: float, one: float, other: float) -> None:
    worse, better = sorted((one, other))
    assert 0 <= move_accuracy(before, worse) <= move_accuracy(before, better) <= 100


@pytest.mark.parametrize(
    ("drop", "accuracy"),
    [(0, 100), (1, 96.604), (2, 92.395), (5, 80.815), (10, 64.580), (15, 51.521), (20, 41.017), (30, 25.772),
     (40, 15.909), (60, 5.399), (80, 1.000)],
)  # fmt: skip
def test_move_accuracy_values(drop: float, accuracy: float) -> None:
    assert move_accuracy(100, 100 - drop) == pytest.approx(accuracy, abs=0.0006)


@pytest.mark.parametrize(
    ("cp", "percent"),
    [(0, 50.0), (15, 51.380), (50, 54.590), (100, 59.103), (150, 63.467), (200, 67.621), (300, 75.113),
     (500, 86.307), (700, 92.940), (1000, 97.545)],
)  # fmt: skip
def test_win_percent_values(cp: int, percent: float) -> None:
    assert win_percent(cp) == pytest.approx(percent, abs=0.0006)
    assert win_percent(-cp) == pytest.approx(100 - percent, abs=0.0006)


@given(st.integers(-20_000, 20_000))
def test_winning_chances_are_the_published_formula(cp: int) -> None:
    assert winning_chances(cp) == pytest.approx(2 / (1 + math.exp(-0.00368208 * cp)) - 1, abs=1e-12)


@given(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7))
def test_winning_chances_rise_with_the_evaluation(one: int, other: int) -> None:
    lower, higher = sorted((one, other))
    assert -1 <= winning_chances(lower) <= winning_chances(higher) <= 1


@pytest.mark.parametrize(
    ("cps", "white", "black"),
    [
        ([15, 15], 0, None),
        ([15], None, None),
        ([15, -35, 115], 50, 150),
        ([15, 14, 14, 14], 1, 0),  # 0.5 is rounded up, as the JVM does
        ([1000, -1000, 1000], 2000, 2000),
    ],
)
def test_average_centipawn_loss(cps: list[int], white: int | None, black: int | None) -> None:
    assert average_centipawn_loss(cps, white_starts=True) == (white, black)


@given(st.lists(ceiled_cps, min_size=1, max_size=120), st.booleans())
def test_centipawn_loss_is_the_same_with_colours_swapped(cps: list[int], white_starts: bool) -> None:
    losses = average_centipawn_loss(cps, white_starts=white_starts)
    swapped = average_centipawn_loss([-cp for cp in cps], white_starts=not white_starts)
    assert losses is not None
    assert swapped == (losses.black, losses.white)
    assert all(loss is None or 0 <= loss <= 2000 for loss in losses)


divisions = st.tuples(st.integers(0, 40), st.integers(1, 40), st.booleans(), st.booleans()).map(
    lambda drawn: Division(drawn[0] if drawn[2] else None, drawn[0] + drawn[1] if drawn[3] else None)
)


@given(st.lists(ceiled_cps, min_size=1, max_size=80), divisions, st.booleans())
def test_every_part_is_bounded_and_the_same_with_colours_swapped(
    cps: list[int], division: Division, white_starts: bool
) -> None:
    parts = phase_accuracy(cps, division, white_starts=white_starts)
    swapped = phase_accuracy([-cp for cp in cps], division, white_starts=not white_starts)
    assert list(parts) == list(GamePhase)
    for phase, part in parts.items():
        assert all(accuracy is None or 0 <= accuracy <= 100 for accuracy in part)
        assert swapped[phase] == pytest.approx(tuple(reversed(part)), abs=1e-9)


def test_perfect_play_is_worth_a_hundred_and_no_more_however_it_is_weighted() -> None:
    """The weights made it 100.00000000000001."""
    assert game_accuracy([-325, -798, 0, -285], white_starts=False) == (100.0, 100.0)


@given(st.lists(ceiled_cps, min_size=1, max_size=80), st.booleans())
def test_a_game_that_is_all_opening_is_as_accurate_as_its_opening(cps: list[int], white_starts: bool) -> None:
    opening, middlegame, endgame = phase_accuracy(
        cps, Division(None, None), white_starts=white_starts
    ).values()
    assert middlegame == endgame == (None, None)
    whole = game_accuracy(cps, white_starts=white_starts)
    assert tuple(opening) == whole if whole else None in opening


@pytest.mark.parametrize("white_starts", [True, False])
def test_a_part_is_null_for_a_player_who_made_no_move_in_it(white_starts: bool) -> None:
    parts = phase_accuracy([15, 15, 15, -900], Division(3, None), white_starts=white_starts)
    moved, waited = (0, 1) if white_starts else (1, 0)
    assert parts[GamePhase.OPENING] == (100, 100)
    assert parts[GamePhase.MIDDLEGAME][waited] is None
    assert (parts[GamePhase.MIDDLEGAME][moved] == 100) == (not white_starts)
    assert parts[GamePhase.ENDGAME] == PhaseAccuracies(None, None)


def test_the_first_move_of_a_part_answers_for_itself_only() -> None:
    """Seeded with 15 centipawns, as once upstream, the quiet first move of a lost endgame was a blunder."""
    cps = [15, 15, 15, 15, 15, -800, -800, -800]
    assert phase_accuracy(cps, Division(None, 6), white_starts=True)[GamePhase.ENDGAME] == (100, 100)
    assert phase_accuracy(cps, Division(None, 5), white_starts=True)[GamePhase.ENDGAME].white != 100


def test_a_hole_spoils_only_the_part_it_is_in() -> None:
    cps = [15, 15, 15, None, 15, 15, 15, 15, 15]
    parts = phase_accuracy(cps, Division(5, 7), white_starts=True)
    assert parts[GamePhase.OPENING] == (None, None)
    assert parts[GamePhase.MIDDLEGAME] == parts[GamePhase.ENDGAME] == (100, 100)


def test_a_game_that_begins_in_the_endgame_has_no_other_part() -> None:
    parts = phase_accuracy([15, 15, 15], Division(None, 0), white_starts=False)
    assert list(parts.values()) == [(None, None), (None, None), (100, 100)]


def test_plain_evaluations_of_every_kind_mean_the_same() -> None:
    kinds: list[list[PlainEvaluation]] = [
        [FIRST_CP, 35, 2000, "#3", "#0"],
        ["0.15", "0.35", "20", "#3", "#0"],
        [cp(15), cp(35), cp(2000), mate(3), mate(0)],
    ]
    expected = game_accuracy([15, 35, 1000, 1000], white_starts=True)
    for evaluations in kinds:
        assert game_accuracy(evaluations, white_starts=True) == expected


@pytest.mark.parametrize("text", ["", "#", "mate 3", "1,5", "nan", "inf", "1e3", "#3.5"])
def test_text_that_is_no_evaluation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no evaluation"):
        evaluation_of(text)
