"""How long one player thought about each move, from the clock after each move or from times measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knight_vision.domain.time_control import Stage, TimeControl

__all__ = ["PlayerClock", "in_right_unit", "player_clock"]

SLACK_S = 1.0
"""Clocks in PGN are cut to whole seconds and make up for network lag: this much is no correction."""

LEAST_BASE_S = 5.0
"""Lichess begins games without a base with a few seconds."""


@dataclass(frozen=True, slots=True)
class PlayerClock:
    """One player's times, an entry for each own move; None where a time is not known."""

    spent_s: tuple[float | None, ...]
    """Seconds spent on the move."""
    before_s: tuple[float | None, ...]
    """Seconds left on the clock when the player began to think."""
    base_s: float | None
    """Seconds on the clock before the first move; None where every move has its own time, or nothing says."""


def player_clock(
    clocks_s: Sequence[float | None], measured_s: Sequence[float | None], control: TimeControl | None
) -> PlayerClock:
    """The times of one player from the clock after each own move, from measured times, or from both.

    Both sequences have an entry for each own move. A measured time (`[%emt]`) is taken before one reckoned
    from clocks. Where the clock shows more than can be (time given, a clock set right), the time is unknown.
    """
    if control is not None and control.is_per_move:
        rests = [None if clock is None else spent_or_none(control.base_s - clock) for clock in clocks_s]
        spent = prefer(measured_s, rests)
        return PlayerClock(spent, (None,) * len(spent), None)
    known = [clock for clock in clocks_s if clock is not None]
    if control is not None and known:
        control = fitting(control, clocks_s)
    base_s = control.base_s if control else max(known, default=None)
    spent = prefer(measured_s, spent_by_clock(clocks_s, control))
    if not known and control is not None:
        clocks_s = clocks_by_measure(measured_s, control)
    start = [control.base_s if control else None]
    return PlayerClock(spent, tuple([*start, *clocks_s][: len(spent)]), base_s)


def prefer(
    measured_s: Sequence[float | None], reckoned_s: Sequence[float | None]
) -> tuple[float | None, ...]:
    """The measured times, and where there is none the reckoned ones.

    Programs that measure nothing may still write zeros: unless one time is more, they say nothing.
    """
    if not any(measured_s):
        return tuple(reckoned_s)
    return tuple(
        reckoned if measured is None else round(measured, 3)
        for measured, reckoned in zip(measured_s, reckoned_s, strict=True)
    )


def in_right_unit(control: TimeControl, players_clocks_s: Iterable[Sequence[float | None]]) -> TimeControl:
    """The control in minutes, for both players, where one has more on the clock than seconds allow."""
    for clocks_s in players_clocks_s:
        first = first_known(clocks_s)
        if first is not None and first[1] > most_s(control, first[0]):
            return control.in_minutes()
    return control


def first_known(clocks_s: Sequence[float | None]) -> tuple[int, float] | None:
    """The player's own move, from 1, whose clock is the first one known, and that clock."""
    return next(((move, clock) for move, clock in enumerate(clocks_s, start=1) if clock is not None), None)


def fitting(control: TimeControl, clocks_s: Sequence[float | None]) -> TimeControl | None:
    """The control as this player's clock shows it: that of berserk, or None when it cannot be this."""
    first = first_known(clocks_s)
    if first is None:
        return control
    move, clock = first
    if clock > most_s(control, move):
        return None
    half = control.base_s / 2
    if len(control.stages) == 1 and move == 1 and half > SLACK_S and abs(clock - half) <= SLACK_S:
        # Lichess' berserk: half the time and no increment. Its clocks do not run before the first move.
        highest = max(clock for clock in clocks_s if clock is not None)
        if highest <= half + SLACK_S:
            return TimeControl((Stage(half),))
    return control


def most_s(control: TimeControl, move: int) -> float:
    """The most a clock can show after a player's own `move`: FIDE's get an increment before the first too."""
    bonuses = sum(control.bonus_s(one) for one in range(1, move + 1))
    increments = sum(control.increment_s(one) for one in range(1, move + 1)) + control.increment_s(1)
    return control.base_s + bonuses + increments + LEAST_BASE_S


def spent_by_clock(clocks_s: Sequence[float | None], control: TimeControl | None) -> list[float | None]:
    """Seconds between a player's clocks, with increments and the bonuses of stages.

    Programs disagree whether the first move adds its increment, so its time is known only without one. A
    bonus is where the clock leaps after the moves of its stage have been made. Without a time control nothing
    is known as soon as the clock rises once.
    """
    if control is None:
        known = [clock for clock in clocks_s if clock is not None]
        if any(later > earlier + SLACK_S for earlier, later in pairwise(known)):
            return [None] * len(clocks_s)
        control = TimeControl((Stage(0),))
        before = None
    else:
        before = control.base_s if control.increment_s(1) == 0 else None
    bonuses: list[float] = []
    spent: list[float | None] = []
    for move, clock in enumerate(clocks_s, start=1):
        if bonus_s := control.bonus_s(move):
            bonuses.append(bonus_s)
        seconds = None
        if before is not None and clock is not None:
            seconds = before + control.increment_s(move) - clock
            if seconds < -SLACK_S and bonuses:
                seconds += bonuses.pop(0)
            seconds = spent_or_none(seconds)
        spent.append(seconds)
        before = clock
    return spent


def spent_or_none(seconds: float) -> float | None:
    """A time, never negative; None where it is so by more than rounding and lag explain."""
    return None if seconds < -SLACK_S else round(max(0.0, seconds), 3)


def clocks_by_measure(measured_s: Sequence[float | None], control: TimeControl) -> list[float | None]:
    """The clock after each move as the measured times leave it; None from the first unknown one on."""
    clocks: list[float | None] = []
    left: float | None = control.base_s
    for move, seconds in enumerate(measured_s, start=1):
        if left is not None and seconds is not None:
            left += control.increment_s(move) + control.bonus_s(move) - seconds
        else:
            left = None
        clocks.append(left)
    return clocks
