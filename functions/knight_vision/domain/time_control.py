"""The time a game was played with, from the PGN tag TimeControl (PGN standard 9.6.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

__all__ = ["Stage", "TimeControl", "read_time_control"]

SECONDS = r"\d{1,8}(?:\.\d{1,3})?"  # engine matches have parts of seconds
STAGE = re.compile(rf"(?:(?P<moves>\d{{1,3}})/)?(?P<base>{SECONDS})(?:\+(?P<increment>{SECONDS}))?")
MINUTES_IN_WORDS = re.compile(r"(?P<minutes>\d{1,4})(?:min|minutes|m|')(?:/(?P<moves>\d{1,3})moves)?")
INCREMENT_IN_WORDS = re.compile(r"(?P<seconds>\d{1,3})(?:sec|seconds|s|'')(?:/move)?")
MOST_STAGES = 8


@dataclass(frozen=True, slots=True)
class Stage:
    """One period: the time that it adds to a player's clock, and what each of its moves adds."""

    base_s: float
    increment_s: float = 0
    moves: int | None = None
    """How many moves it lasts; None: to the end of the game."""


@dataclass(frozen=True, slots=True)
class TimeControl:
    """The stages of a game, at least one."""

    stages: tuple[Stage, ...]

    @property
    def base_s(self) -> float:
        """Seconds on a player's clock before the first move."""
        return self.stages[0].base_s

    @property
    def is_per_move(self) -> bool:
        """True where every move has its own time, as in correspondence chess: no time is saved up."""
        return self.stages[0].moves == 1

    def increment_s(self, move: int) -> float:
        """Seconds that a player's own `move`, counted from 1, adds to the clock."""
        for stage in self.stages:
            if stage.moves is None or move <= stage.moves:
                return stage.increment_s
            move -= stage.moves
        return self.stages[-1].increment_s

    def bonus_s(self, move: int) -> float:
        """Seconds that the clock gets on top when a player's own `move` ends a stage, else 0.

        A last stage that counts its moves comes again and again, as FIDE's `40/7200` does.

        >>> [TimeControl((Stage(7200, moves=40), Stage(900))).bonus_s(move) for move in (39, 40, 80)]
        [0, 900, 0]
        """
        end = 0
        for stage, following in zip(self.stages, [*self.stages[1:], self.stages[-1]], strict=True):
            if stage.moves is None:
                return 0
            end += stage.moves
            if move <= end:
                return following.base_s if move == end else 0
        last = self.stages[-1]
        return last.base_s if last.moves and (move - end) % last.moves == 0 else 0

    def in_minutes(self) -> TimeControl:
        """The same with the bases taken for minutes, as some programs write them against the standard."""
        return TimeControl(tuple(replace(stage, base_s=stage.base_s * 60) for stage in self.stages))


def read_time_control(tag: str) -> TimeControl | None:
    """What the tag says; None for `-`, `?`, hourglasses, and what cannot be understood.

    >>> read_time_control("180+2")
    TimeControl(stages=(Stage(base_s=180.0, increment_s=2.0, moves=None),))
    >>> [(stage.base_s, stage.moves) for stage in read_time_control("40/5400+30:1800+30").stages]
    [(5400.0, 40), (1800.0, None)]
    >>> read_time_control("-"), read_time_control("*180"), read_time_control("blitz")
    (None, None, None)
    """
    stages = []
    words = "".join(tag.split()).split(":")
    for word in words[: MOST_STAGES + 1]:
        found = STAGE.fullmatch(word)
        if found is None or len(words) > MOST_STAGES or found["moves"] == "0":
            return in_words(tag)
        moves = int(found["moves"]) if found["moves"] else None
        stages.append(Stage(float(found["base"]), float(found["increment"] or 0), moves))
    return TimeControl(tuple(stages))


def in_words(tag: str) -> TimeControl | None:
    """A control as broadcasts of tournaments write it.

    >>> control = in_words("90 min / 40 moves + 30 min + 30 sec / move")
    >>> [(stage.base_s, stage.increment_s, stage.moves) for stage in control.stages]
    [(5400.0, 30.0, 40), (1800.0, 30.0, None)]
    """
    stages = []
    increment_s = 0.0
    parts = "".join(tag.lower().split()).split("+")
    for part in parts[: MOST_STAGES + 1]:
        if found := MINUTES_IN_WORDS.fullmatch(part):
            moves = int(found["moves"]) if found["moves"] else None
            stages.append(Stage(60.0 * int(found["minutes"]), 0.0, moves))
        elif (found := INCREMENT_IN_WORDS.fullmatch(part)) and not increment_s:
            increment_s = float(found["seconds"])
        else:
            return None
    if not stages or len(parts) > MOST_STAGES or any(stage.moves == 0 for stage in stages):
        return None
    return TimeControl(tuple(replace(stage, increment_s=increment_s) for stage in stages))
