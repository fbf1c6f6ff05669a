"""How both players used their time: where it went, time trouble, and mistakes made in haste."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from knight_vision.domain.division import Division, GamePhase
from knight_vision.domain.judgement import Judgement
from knight_vision.domain.move_times import PlayerClock, in_right_unit, player_clock
from knight_vision.domain.time_control import read_time_control

__all__ = ["MoveTime", "PlayerTime", "Share", "TimeUse", "time_use"]

TROUBLE_BASE_SHARE = 0.05
"""Less than this part of the base left: time trouble (the same as FlawChess' low-clock tag)."""
MOST_TROUBLE_S = 300
"""But never more than five minutes: with less, FIDE lets players stop recording the game (Laws, 8.4)."""
HASTY_BASE_SHARE = 0.01
"""A move faster than this part of the base was made in haste (the same as FlawChess' hasty tag) …"""
HASTY_MEDIAN_SHARE = 0.5
"""… if it also took less than this part of the player's median: else it was as fast as all others …"""
AMPLE_BASE_SHARE = 0.25
"""… and if at least this part of the base was left: else there was reason to hurry."""


@dataclass(frozen=True, slots=True)
class MoveTime:
    """The time of one move."""

    ply: int
    spent_s: float | None
    """None where it is not known."""
    before_s: float | None
    """Seconds left on the mover's clock before the move; None where it is not known."""
    is_in_trouble: bool
    """True for a move begun in time trouble."""
    is_hasty: bool
    """True for a judged move made in haste, with time enough to think."""


@dataclass(frozen=True, slots=True)
class Share:
    """The known times of some of a player's moves."""

    moves: int
    total_s: float
    mean_s: float | None
    """None of no moves."""
    share: float | None
    """Part of all the player's known time, 0 to 1; None where that is nothing."""


@dataclass(frozen=True, slots=True)
class PlayerTime:
    """How one player used the time; moves whose time is not known count nowhere but in trouble."""

    base_s: float | None
    """Seconds before the first move; None where unknown, and where every move has its own time."""
    total: Share
    median_s: float | None
    phases: dict[str, Share]
    """Under "opening", "middlegame" and "endgame"; empty when no division was given."""
    judged: Share
    """Inaccuracies, mistakes and blunders."""
    unjudged: Share
    """All other moves."""
    longest_ply: int | None
    """The move that took longest, the first of equal ones; None when all took no time or unknown time."""
    longest_s: float | None
    trouble_s: float | None
    """With less than this left a player is in time trouble; None where the base is not known."""
    trouble_moves: int
    trouble_first_ply: int | None
    trouble_judgements: dict[str, int]
    """Of the moves made in time trouble: how many were inaccuracies, mistakes and blunders."""
    hasty_plies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TimeUse:
    """The time of a game."""

    moves: tuple[MoveTime, ...]
    """One for each ply."""
    white: PlayerTime
    black: PlayerTime

    def to_json(self) -> dict[str, Any]:
        """Both players, JSON-ready; the moves are for the rows of a report."""
        return {
            name: {**asdict(player), "hasty_plies": list(player.hasty_plies)}
            for name, player in (("white", self.white), ("black", self.black))
        }


def time_use(
    clocks_s: Sequence[float | None],
    elapsed_s: Sequence[float | None] = (),
    *,
    time_control: str = "?",
    white_starts: bool = True,
    division: Division | None = None,
    judgements: Mapping[int, str] | None = None,
) -> TimeUse | None:
    """How the time of a game was used; None when there is neither a clock nor an elapsed time.

    `clocks_s` are the seconds on the mover's clock after each ply (`[%clk]`), `elapsed_s` those spent on it
    (`[%emt]`); either may be empty, and any entry None. `time_control` is the PGN tag. `judgements` has
    "inaccuracy", "mistake" or "blunder" for the plies, counted from 1, that were judged. Raises ValueError
    when there are clocks for another number of plies than elapsed times.

    >>> use = time_use([180, 180, 175, 178, 100, 177], time_control="180+0", judgements={5: "blunder"})
    >>> [move.spent_s for move in use.moves], use.white.longest_ply, use.white.judged.mean_s
    ([0.0, 0.0, 5.0, 2.0, 75.0, 1.0], 5, 75.0)
    """
    plies = max(len(clocks_s), len(elapsed_s))
    if {len(clocks_s), len(elapsed_s)} - {0, plies}:
        raise ValueError(f"{len(clocks_s)} clocks and {len(elapsed_s)} elapsed times")
    if all(seconds is None for seconds in (*clocks_s, *elapsed_s)):
        return None
    control = read_time_control(time_control)
    if control is not None and not control.is_per_move:
        control = in_right_unit(control, (clocks_s[0::2], clocks_s[1::2]))
    blank = (None,) * plies
    judged = judgements or {}
    moves: list[MoveTime] = []
    players = []
    for first in (0, 1):
        times = player_clock((clocks_s or blank)[first::2], (elapsed_s or blank)[first::2], control)
        own = list(move_times(times, range(first + 1, plies + 1, 2), judged))
        moves += own
        players.append(player_time(own, times, division, judged))
    white, black = players if white_starts else reversed(players)
    return TimeUse(tuple(sorted(moves, key=lambda move: move.ply)), white, black)


def move_times(times: PlayerClock, plies: Iterable[int], judgements: Mapping[int, str]) -> Iterator[MoveTime]:
    """The moves of one player."""
    base_s = times.base_s or 0
    trouble_s = trouble_below(times.base_s) or 0
    known = [seconds for seconds in times.spent_s if seconds is not None]
    hasty_s = min(HASTY_BASE_SHARE * base_s, HASTY_MEDIAN_SHARE * median(known)) if known else 0
    for ply, spent_s, before_s in zip(plies, times.spent_s, times.before_s, strict=True):
        is_hasty = (
            ply in judgements
            and spent_s is not None
            and spent_s < hasty_s
            and before_s is not None
            and before_s >= AMPLE_BASE_SHARE * base_s
        )
        yield MoveTime(ply, spent_s, before_s, before_s is not None and before_s < trouble_s, is_hasty)


def trouble_below(base_s: float | None) -> float | None:
    """With less than this a player is in time trouble."""
    return None if base_s is None else min(TROUBLE_BASE_SHARE * base_s, MOST_TROUBLE_S)


def player_time(
    moves: Sequence[MoveTime],
    times: PlayerClock,
    division: Division | None,
    judgements: Mapping[int, str],
) -> PlayerTime:
    """One player's moves in numbers."""
    known = {move.ply: move.spent_s for move in moves if move.spent_s is not None}
    total_s = sum(known.values())

    def share(plies: Iterable[int]) -> Share:
        part = [known[ply] for ply in plies]
        part_s = round(sum(part), 3)
        return Share(
            moves=len(part),
            total_s=part_s,
            mean_s=round(part_s / len(part), 3) if part else None,
            share=round(part_s / total_s, 4) if total_s else None,
        )

    longest_ply = max(known, key=lambda ply: known[ply], default=None)
    if longest_ply is not None and not known[longest_ply]:
        longest_ply = None
    trouble = [move.ply for move in moves if move.is_in_trouble]
    phases = GamePhase if division else ()
    return PlayerTime(
        base_s=times.base_s,
        total=share(known),
        median_s=round(median(known.values()), 3) if known else None,
        phases={
            phase.value: share(ply for ply in known if division and division.phase_of(ply) == phase)
            for phase in phases
        },
        judged=share(ply for ply in known if ply in judgements),
        unjudged=share(ply for ply in known if ply not in judgements),
        longest_ply=longest_ply,
        longest_s=None if longest_ply is None else known[longest_ply],
        trouble_s=trouble_below(times.base_s),
        trouble_moves=len(trouble),
        trouble_first_ply=min(trouble, default=None),
        trouble_judgements={
            judgement.value: sum(judgements.get(ply) == judgement for ply in trouble)
            for judgement in Judgement
        },
        hasty_plies=tuple(move.ply for move in moves if move.is_hasty),
    )
