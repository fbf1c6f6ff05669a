"""The PGN tag TimeControl."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.time_control import Stage, TimeControl, read_time_control


@pytest.mark.parametrize(
    ("tag", "stages"),
    [
        ("300", [Stage(300)]),
        ("180+2", [Stage(180, 2)]),
        ("0+1", [Stage(0, 1)]),
        (" 180 + 2 ", [Stage(180, 2)]),
        ("10.931+0.109", [Stage(10.931, 0.109)]),
        ("40/7200", [Stage(7200, 0, 40)]),
        ("40/5400:1800", [Stage(5400, 0, 40), Stage(1800)]),
        ("40/5400+30:1800+30", [Stage(5400, 30, 40), Stage(1800, 30)]),
        ("40/7200:20/3600:900+30", [Stage(7200, 0, 40), Stage(3600, 0, 20), Stage(900, 30)]),
        ("1/86400", [Stage(86400, 0, 1)]),
        ("90 min / 40 moves + 30 min + 30 sec / move", [Stage(5400, 30, 40), Stage(1800, 30)]),
        ("15 min + 10 sec", [Stage(900, 10)]),
        ("90'+30''", [Stage(5400, 30)]),
    ],
)
def test_controls_are_understood(tag: str, stages: list[Stage]) -> None:
    assert read_time_control(tag) == TimeControl(tuple(stages))


@pytest.mark.parametrize(
    "tag",
    ["", "-", "?", "*180", "blitz", "0/300", "-5", "3+2+1", "40/", ":", "180+2:", "1e5", "5400+-3",
     "90 min / 0 moves", "30 sec", "30 sec + 30 sec", "1:" * 500, "+" * 500, "9" * 5000],
)  # fmt: skip
def test_what_says_nothing_is_nothing(tag: str) -> None:
    assert read_time_control(tag) is None


@given(st.text(alphabet="0123456789/+:*?-. minsecov'", max_size=40))
def test_no_tag_does_harm(tag: str) -> None:
    control = read_time_control(tag)
    assert control is None or (control.base_s >= 0 and control.bonus_s(41) >= 0 <= control.increment_s(41))


def test_stages_give_their_time_when_they_begin_and_their_own_increments() -> None:
    control = read_time_control("40/7200:20/3600+5:900+30")
    assert control is not None
    assert [control.bonus_s(move) for move in (1, 39, 40, 41, 59, 60, 61, 120)] == [
        0,
        0,
        3600,
        0,
        0,
        900,
        0,
        0,
    ]
    assert [control.increment_s(move) for move in (1, 40, 41, 60, 61, 200)] == [0, 0, 5, 5, 30, 30]


def test_a_last_stage_with_moves_comes_again() -> None:
    control = read_time_control("40/7200:20/3600")
    assert control is not None
    ends = [move for move in range(1, 121) if control.bonus_s(move)]
    assert ends == [40, 60, 80, 100, 120]
