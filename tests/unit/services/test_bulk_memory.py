"""A thousand games in one text: each gets its verdict, and memory is for the text and a chunk of games."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from itertools import count

import pytest

from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.quota import ByPlan
from knight_vision.errors import TooLargeError
from knight_vision.ports import AddedGame, AddedGames, NewGame
from knight_vision.services import submit_games as module
from knight_vision.services.submit_games import Verdict, submit_games
from tests.support.memory_store import MemoryStore
from tests.support.small_world import USER

GAMES = 1_000
AT_ONCE = 200


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of what is stored at once, so that a fifth of the games will do."""
    monkeypatch.setattr(module, "GAMES_AT_ONCE", AT_ONCE)


class Sink(MemoryStore):
    """Keeps nothing of what it is given, so that what the service holds is measured alone."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = count()
        self.calls: list[int] = []

    def add_games(
        self,
        user_id: UserId,
        games: Sequence[NewGame],
        *,
        most_per_day: ByPlan | None = None,
        begin_at_most: int | None = None,
    ) -> AddedGames:
        self.calls.append(len(games))
        return AddedGames(AddedGame(GameId(str(next(self.numbers))), is_new=True) for _ in games)


def many(games: int) -> str:
    return "\n\n".join(
        f'[White "{number}"]\n[Black "B"]\n\n'
        + ("1. e4 Qxh9 *" if number % 50 == 7 else "1. e4 e5 2. Nf3 Nc6 *")
        for number in range(games)
    )


def peak_bytes(games: int) -> int:
    text = many(games)
    tracemalloc.start()
    try:
        verdicts = submit_games(Sink(), USER, text, max_plies=100, max_games=games)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(verdicts) == games
    return peak - len(text)


def test_memory_grows_by_the_verdicts_alone() -> None:
    """A game that is held takes ten times what its verdict does."""
    submit_games(Sink(), USER, many(1), max_plies=100, max_games=1)  # the book of openings is loaded once
    small, large = peak_bytes(AT_ONCE), peak_bytes(GAMES)
    assert large - small < 900 * (GAMES - AT_ONCE)
    assert large < 2_000_000


def test_every_game_has_its_verdict_in_its_place() -> None:
    store = Sink()
    verdicts = submit_games(store, USER, many(GAMES), max_plies=100, max_games=GAMES)
    assert [one.index for one in verdicts] == list(range(GAMES))
    assert [one.index for one in verdicts if one.verdict is Verdict.REFUSED] == list(range(7, GAMES, 50))
    refused = verdicts[57].refusal
    assert refused is not None
    assert str(refused).startswith("Game 58 (57 - B): move 1")
    assert verdicts[999].white == "999"
    assert len(store.calls) == 5


@pytest.mark.parametrize("most", [1, 3, 199, 200, 201, 500])
def test_one_too_many_is_refused_with_nothing_stored(most: int) -> None:
    store = Sink()
    with pytest.raises(TooLargeError, match=str(most)):
        submit_games(store, USER, many(most + 1), max_plies=100, max_games=most)
    assert store.calls == []
    assert len(submit_games(store, USER, many(most), max_plies=100, max_games=most)) == most
