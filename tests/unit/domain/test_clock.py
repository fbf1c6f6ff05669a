"""Where the time went."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.clock import TimeUse, time_use
from knight_vision.domain.division import Division

# Clocks of games on Lichess, hundredths of seconds: CCW6EEru, 120+1, without its last two entries, which are
# the clocks when Black resigned; and the beginning of q7ZvsdUF, 300+3, in which White went berserk.
BULLET = [
    12003, 12003, 11883, 11811, 11683, 11379, 11307, 11163, 11043, 11043, 10899, 10707, 10155, 10483, 10019,
    9995, 9635, 9923, 8963, 8603, 7915, 8283, 7763, 7459, 7379, 6083, 6587, 5819, 6363, 5651, 6075, 5507,
    5675, 4803, 5059, 4515, 4547, 3555, 3971, 3411, 3235, 3123,
]  # fmt: skip
BERSERK = [15003, 30003, 14947, 30299, 14891, 30555, 14811, 30803, 14723, 30939, 14723, 31187, 14723, 31067]


def seconds(hundredths: list[int]) -> list[float]:
    return [clock / 100 for clock in hundredths]


def used(*times: Sequence[float | None], **kwargs: Any) -> TimeUse:
    use = time_use(*times, **kwargs)
    assert use is not None
    return use


def spent(use: TimeUse) -> list[float | None]:
    return [move.spent_s for move in use.moves]


def test_increments_count_as_spent_from_the_second_move_on() -> None:
    """On Lichess the first move adds none, elsewhere it does: what it took is not known."""
    use = used(seconds(BULLET), time_control="120+1")
    assert spent(use)[:8] == [None, None, 2.2, 2.92, 3.0, 5.32, 4.76, 3.16]
    white = [move for move in use.moves if move.ply % 2]
    assert use.white.total.moves == len(white) - 1
    # what is left is what there was, and what was added, less what was spent
    assert use.white.total.total_s == pytest.approx(120.03 + 20 - 32.35)
    assert use.white.longest_ply == 21
    assert use.white.longest_s == pytest.approx(89.63 + 1 - 79.15)


def test_one_who_goes_berserk_has_half_the_time_and_no_increment() -> None:
    use = used(seconds(BERSERK), time_control="300+3")
    assert (use.white.base_s, use.black.base_s) == (150, 300)
    assert spent(use)[:6] == [0.0, None, 0.56, 0.04, 0.56, 0.44]
    assert use.white.total.total_s == pytest.approx(150.03 - 147.23, abs=0.05)


def test_without_an_increment_the_first_move_is_known() -> None:
    use = used([179, 180, 170, 175], time_control="180+0")
    assert spent(use) == [1, 0, 9, 5]


def test_half_the_time_spent_on_the_first_move_is_not_berserk_when_the_clock_rises() -> None:
    use = used([150, 300, 155, 290], time_control="300+10")
    assert use.white.base_s == 300
    assert spent(use)[2] == 5


def test_elapsed_times_are_taken_as_they_are_and_give_the_clock() -> None:
    use = used([], [10, 20, 165, 5.5, 1, None, 3], time_control="180")
    assert spent(use) == [10, 20, 165, 5.5, 1, None, 3]
    assert [move.before_s for move in use.moves] == [180, 180, 170, 160, 5, 154.5, 4]
    assert [move.ply for move in use.moves if move.is_in_trouble] == [5, 7]


def test_an_elapsed_time_goes_before_the_clock_which_fills_its_gaps() -> None:
    assert spent(used([170, 160, 150, 140], [9.7, None, None, 21], time_control="180")) == [9.7, 20, 20, 21]


def test_elapsed_times_that_are_all_zero_were_not_measured() -> None:
    assert spent(used([170, 160], [0, 0], time_control="180")) == [10, 20]


def test_a_stage_adds_its_time_after_its_last_move() -> None:
    clocks = [5400 - 60 * move for move in range(1, 41)]
    white = [*clocks[:39], clocks[39] + 1800, clocks[39] + 1700, clocks[39] + 1650]
    use = used([clock for clock in white for _ in range(2)], time_control="40/5400:1800")
    assert spent(use)[::2] == [60] * 40 + [100, 50]
    assert spent(use)[1::2] == spent(use)[::2]


def test_a_stage_may_add_its_time_late() -> None:
    """Some clocks add it only when the first stage's time has run out."""
    white = [2500 - 50 * move for move in range(1, 40)] + [500, 100, 1850]
    use = used([clock for clock in white for _ in range(2)], time_control="40/2500:1800")
    assert spent(use)[::2][38:] == [50, 50, 400, 50]


def test_time_given_by_the_opponent_makes_a_move_unknown_not_negative() -> None:
    assert spent(used([170, 180, 183, 170, 175, 160], time_control="180")) == [10, 0, None, 10, 8, 10]


def test_a_second_of_rounding_is_no_correction() -> None:
    assert spent(used([180, 180, 181, 180, 170, 170], time_control="180"))[2] == 0


def test_missing_clocks_hide_the_moves_beside_them_only() -> None:
    use = used([170, 180, None, 170, 150, 160, 140, None], time_control="180")
    assert spent(use) == [10, 0, None, 10, None, 10, 10, None]


def test_without_a_time_control_clocks_that_only_fall_tell_the_time() -> None:
    use = used([590, 580, 570, 575])
    assert spent(use) == [None, None, 20, 5]
    assert (use.white.base_s, use.black.base_s) == (590, 580)


def test_without_a_time_control_clocks_that_rise_tell_nothing_of_the_time_spent() -> None:
    """World-class games in a broadcast: thirty seconds a move, but nothing says so."""
    use = used([5454, 5454, 5480, 5480, 5502, 5506, 5522, 5480], time_control="?")
    assert spent(use)[::2] == [None] * 4
    assert (use.white.total.moves, use.white.total.mean_s, use.white.total.share) == (0, None, None)
    assert use.white.base_s == 5522


def test_a_control_written_in_minutes_is_seen_by_the_clocks() -> None:
    use = used([5454, 5454, 5480, 5480, 5502, 5506, 5522, 5480], time_control="90+30")
    assert use.white.base_s == 5400
    assert spent(use) == [None, None, 4, 4, 8, 4, 10, 56]


def test_a_control_that_cannot_be_is_not_believed() -> None:
    use = used([590, 580, 570, 575], time_control="3+0")
    assert spent(use) == [None, None, 20, 5]


def test_days_are_no_trouble() -> None:
    """Correspondence: the clock begins anew with every move."""
    use = used([80_000, 86_000, 100, 86_400], time_control="1/86400")
    assert spent(use) == [6_400, 400, 86_300, 0]
    assert use.white.trouble_s is None
    assert use.white.trouble_moves == 0
    assert use.white.base_s is None


@pytest.mark.parametrize("time_control", ["-", "1/259200", "180+2", "?"])
def test_no_times_give_nothing(time_control: str) -> None:
    assert time_use([], [], time_control=time_control) is None
    assert time_use([None, None], time_control=time_control) is None


def test_time_trouble_is_a_twentieth_of_the_base_and_at_most_five_minutes() -> None:
    use = used([20, 100, 8.9, 100, 8, 100], time_control="180", judgements={5: "blunder", 2: "mistake"})
    assert use.white.trouble_s == pytest.approx(9)
    assert [move.is_in_trouble for move in use.moves] == [False, False, False, False, True, False]
    assert (use.white.trouble_moves, use.white.trouble_first_ply) == (1, 5)
    assert use.white.trouble_judgements == {"inaccuracy": 0, "mistake": 0, "blunder": 1}
    assert use.black.trouble_judgements == {"inaccuracy": 0, "mistake": 0, "blunder": 0}
    assert used([7000], time_control="7200").white.trouble_s == 300


def test_a_mistake_in_haste_is_fast_faster_than_usual_and_without_need() -> None:
    judgements = dict.fromkeys(range(1, 20), "mistake")
    #         calm, hasty, slow enough, calm, calm
    unhurried = used(
        [590, 600, 588, 600, 580, 600, 560, 600, 540, 600], time_control="600", judgements=judgements
    )
    assert unhurried.white.hasty_plies == (3,)
    assert [move.ply for move in unhurried.moves if move.is_hasty and move.ply % 2] == [3]
    always_fast = used([599, 600, 598, 600, 597, 600], time_control="600", judgements=judgements)
    assert always_fast.white.hasty_plies == ()
    in_need = used([590, 600, 120, 600, 118, 600, 60, 600], time_control="600", judgements=judgements)
    assert in_need.white.hasty_plies == ()
    good_moves = used([590, 600, 588, 600, 580, 600, 560, 600], time_control="600")
    assert good_moves.white.hasty_plies == ()


def test_time_is_split_by_part_of_the_game_and_by_judgement() -> None:
    clocks = [590, 599, 570, 598, 470, 597, 465, 596]
    use = used(
        clocks, time_control="600", division=Division(3, 7), judgements={5: "blunder", 6: "inaccuracy"}
    )
    phases = use.white.phases
    assert [phases[phase].total_s for phase in ("opening", "middlegame", "endgame")] == [10, 120, 5]
    assert [phases[phase].moves for phase in ("opening", "middlegame", "endgame")] == [1, 2, 1]
    assert phases["middlegame"].mean_s == 60
    assert phases["middlegame"].share == pytest.approx(120 / 135, abs=1e-4)
    assert (use.white.judged.moves, use.white.judged.mean_s) == (1, 100)
    assert use.white.unjudged.mean_s == pytest.approx(35 / 3, abs=0.001)
    assert (use.white.longest_ply, use.white.longest_s) == (5, 100)
    assert use.white.median_s == 15


def test_black_may_move_first() -> None:
    clocks = [170, 100, 160, 90]
    white_first = used(clocks, time_control="180")
    black_first = used(clocks, time_control="180", white_starts=False)
    assert (black_first.white, black_first.black) == (white_first.black, white_first.white)
    assert black_first.moves == white_first.moves


def test_clocks_and_elapsed_times_must_be_of_the_same_moves() -> None:
    with pytest.raises(ValueError, match="3 clocks and 2 elapsed times"):
        time_use([1, 2, 3], [1, 2])


times = st.none() | st.floats(0, 20_000).map(lambda value: round(value, 1))
controls = st.sampled_from(
    ["?", "-", "180+2", "60", "0+1", "40/5400+30:1800+30", "40/7200", "1/86400", "90+30", "3+2", "", "x"]
)


@given(st.data(), controls, st.booleans())
def test_whatever_the_clocks_say_the_numbers_add_up(
    data: st.DataObject, control: str, white_starts: bool
) -> None:
    plies = data.draw(st.integers(0, 30))
    clocks = data.draw(st.lists(times, min_size=plies, max_size=plies) | st.just([]))
    elapsed = data.draw(st.lists(times, min_size=plies, max_size=plies) | st.just([]))
    judgements = data.draw(st.dictionaries(st.integers(1, 30), st.sampled_from(["mistake", "blunder"])))
    use = time_use(
        clocks,
        elapsed,
        time_control=control,
        white_starts=white_starts,
        division=Division(4, 9),
        judgements=judgements,
    )
    if use is None:
        assert not any(seconds is not None for seconds in (*clocks, *elapsed))
        return
    assert [move.ply for move in use.moves] == list(range(1, plies + 1))
    assert all(move.spent_s is None or move.spent_s >= 0 for move in use.moves)
    for player in (use.white, use.black):
        assert player.judged.moves + player.unjudged.moves == player.total.moves
        assert sum(phase.moves for phase in player.phases.values()) == player.total.moves
        assert sum(phase.total_s for phase in player.phases.values()) == pytest.approx(
            player.total.total_s, abs=0.01
        )
    json.dumps(use.to_json(), allow_nan=False)


def test_the_unit_of_the_time_control_is_one_for_both_players() -> None:
    """A player with ten seconds left had a base of seconds, and his opponent one of minutes."""
    use = time_use([9000.0, 10.0, 8990.0, 9.0], time_control="180+0")
    assert use is not None
    assert (use.white.base_s, use.black.base_s) == (10_800, 10_800)
