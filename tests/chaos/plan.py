"""Everything that chance decides in a chaos run, decided before it begins: the same seed, the same plan."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.chaos.games import SmallGame, Toxin, random_game

__all__ = ["LANES", "Batch", "Errand", "Fault", "FaultKind", "Plan", "Way", "make_plan"]


class FaultKind(StrEnum):
    """What is done to the running stack."""

    KILL_WORKER = "SIGKILL of a busy function"
    KILL_SAVER = "SIGKILL of a function about to save a report"
    KILL_ENGINE = "SIGKILL of a busy function's engine"
    FREEZE_WORKER = "SIGSTOP of a busy function beyond its lease"
    FREEZE_SAVER = "SIGSTOP of a function about to save a report beyond its lease"
    EMPTY_VALKEY = "Valkey killed and started empty"
    FLUSH_VALKEY = "FLUSHALL"
    FREEZE_VALKEY = "Valkey frozen"
    STOP_VALKEY = "Valkey away"
    STOP_SUPABASE = "Supabase killed and away"
    STOP_BUS = "event bus killed and away"


FREEZE_S = 7.5
"""Longer than the longest lease, shorter than what is left of the function's life: see stack_settings."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Faults that must not overlap each other; those of different lanes may."""

    name: str
    kinds: tuple[FaultKind, ...]
    pause_s: tuple[float, float]
    """Shortest and longest pause before each fault."""
    lasts_s: tuple[float, float]


LANES = (
    Lane("kills", (FaultKind.KILL_WORKER, FaultKind.KILL_SAVER, FaultKind.KILL_ENGINE), (1, 3), (0, 0)),
    # Three of four at the most delicate moment: what wakes up holds a report that somebody else has saved.
    Lane(
        "freezes",
        (FaultKind.FREEZE_WORKER, *(FaultKind.FREEZE_SAVER,) * 3),
        (0.5, 3),
        (FREEZE_S, FREEZE_S),
    ),
    Lane(
        "valkey",
        (
            FaultKind.EMPTY_VALKEY,
            FaultKind.FLUSH_VALKEY,
            FaultKind.FREEZE_VALKEY,
            FaultKind.STOP_VALKEY,
        ),
        (5, 11),
        (0.5, 4),
    ),
    Lane("supabase", (FaultKind.STOP_SUPABASE,), (7, 18), (0.5, 4)),
    Lane("bus", (FaultKind.STOP_BUS,), (7, 18), (0.5, 4)),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault."""

    lane: str
    pause_s: float
    """Since the end of the one before in its lane: however slowly that was undone, there is time to work."""
    kind: FaultKind
    lasts_s: float
    choice: float
    """Which of the possible victims, as a share of their number: 0 is the first."""


class Way(StrEnum):
    """How the analysis of a game is asked for."""

    ONCE = "asked for once"
    TWICE = "asked for twice"
    CANCELLED = "asked for and cancelled"
    CANCELLED_AND_AGAIN = "asked for, cancelled and asked for again"
    BULK = "asked for in bulk"


WAYS = (Way.ONCE,) * 5 + (Way.TWICE,) * 2 + (Way.CANCELLED, Way.CANCELLED_AND_AGAIN)


@dataclass(frozen=True, slots=True)
class Errand:
    """One game with all that its user does with it."""

    game: SmallGame
    way: Way
    second_after_s: float
    """Between asking and asking again, or cancelling."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Games that a user submits in one request."""

    at_s: float
    user: int
    errands: tuple[Errand, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run."""

    seed: int
    duration_s: float
    """Faults begin during this time, games are submitted during the first four fifths of it."""
    premium: tuple[bool, ...]
    """For each user, whether he has the premium plan."""
    batches: tuple[Batch, ...]
    lanes: tuple[tuple[Fault, ...], ...]
    """More than there is time for: what is undone slowly leaves less."""

    @property
    def faults(self) -> list[Fault]:
        """Those of all lanes."""
        return [fault for lane in self.lanes for fault in lane]

    @property
    def errands(self) -> list[Errand]:
        """Those of all batches."""
        return [errand for batch in self.batches for errand in batch.errands]


USERS = 6
BATCH = (4, 10)
TOXIC_SHARE = 0.03


def make_plan(seed: int, games: int, duration_s: float) -> Plan:
    """The plan of a run with that many games."""
    # A stream of chance for each thing, so that more of one does not change the others.
    return Plan(
        seed,
        duration_s,
        tuple(user % 2 == 1 for user in range(USERS)),
        tuple(batches(random.Random(f"{seed} batches"), games, duration_s)),
        tuple(tuple(faults(seed, lane, duration_s)) for lane in LANES),
    )


def batches(chance: random.Random, games: int, duration_s: float) -> Iterator[Batch]:
    """The games in batches, in order of time; the first has one toxic game of each sort."""
    numbers = iter(range(games))
    toxins = itertools.cycle(Toxin)
    first_toxins = len(Toxin)
    while chunk := list(itertools.islice(numbers, chance.randint(*BATCH))):
        is_bulk = chance.random() < 0.2
        errands = []
        for number in chunk:
            is_toxic = number < first_toxins or chance.random() < TOXIC_SHARE
            game = random_game(chance, number, next(toxins) if is_toxic else None)
            # A toxic game is not cancelled: it is to be seen how it ends.
            way = Way.BULK if is_bulk else Way.ONCE if is_toxic else chance.choice(WAYS)
            errands.append(Errand(game, way, chance.uniform(0, 4)))
        # Early ones sooner: the queue shall be long while most faults happen.
        at_s = 0.8 * duration_s * chunk[0] / games
        yield Batch(at_s, chance.randrange(USERS), tuple(errands))


def faults(seed: int, lane: Lane, duration_s: float) -> Iterator[Fault]:
    """The faults of a lane; each kind comes once before any comes again."""
    chance = random.Random(f"{seed} {lane.name}")
    at_s = 0.0
    for kind in shuffled_for_ever(chance, lane.kinds):
        pause_s, lasts_s = chance.uniform(*lane.pause_s), chance.uniform(*lane.lasts_s)
        at_s += pause_s
        if at_s >= duration_s:
            return
        yield Fault(lane.name, pause_s, kind, lasts_s, chance.random())
        at_s += lasts_s


def shuffled_for_ever(chance: random.Random, kinds: Sequence[FaultKind]) -> Iterator[FaultKind]:
    while True:
        yield from chance.sample(kinds, len(kinds))
